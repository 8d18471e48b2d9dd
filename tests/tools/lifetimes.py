"""Each test that docs/lifetimes.md names is one; ends with "N passed, N failed".

lifetimes.py SOURCE_DIR
"""
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])
table = (source / 'docs/lifetimes.md').read_text().split('## The test of each cell')[1]
named = re.findall(r'`(\w{12,})`', table.split('|---|', 1)[1])
tests = {name for file in source.glob('tests/**/*.c') for name in re.findall(r'START_TEST\((\w+)\)', file.read_text())}
passed = failed = 0
for name in named:
    passed, failed = passed + (name in tests), failed + (name not in tests)
    print('ok    ' if name in tests else 'FAILED', name)
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0 or passed < 40)
