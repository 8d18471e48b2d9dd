"""docs/limits.md against the defaults in the source and against --help, and ends with "N passed, N failed".

limits.py SOURCE_DIR PROGRAM
"""
import re
import subprocess
import sys
from pathlib import Path

ROW = re.compile(r'^\| `(\w+)` \| (?:`(--[\w-]+)`)? *\| (\d+) \|', re.M)
DEFAULT = re.compile(r'^\s+\.(\w+) = ([\d <]+),$', re.M)
MEMBER = re.compile(r'^    (?:size_t|int64_t) (\w+);', re.M)
OPTION = re.compile(r'^  (--[\w-]+) .*\((\d+)\)$', re.M)

source, program = Path(sys.argv[1]), sys.argv[2]
rows = {name: (option, int(value)) for name, option, value in ROW.findall((source / 'docs/limits.md').read_text())}
defaults = {name: eval(value) for name, value in DEFAULT.findall((source / 'src/http/limits.c').read_text())}
members = set(MEMBER.findall((source / 'include/griddle/limits.h').read_text())) - {'size'}
options = dict(OPTION.findall(subprocess.run([program, '--help'], capture_output=True, text=True, check=True).stdout))
passed = failed = 0


def expect(holds, text):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print('ok    ' if holds else 'FAILED', text)


expect(len(rows) > 10, 'the table has rows')
for name in sorted(members | rows.keys()):
    expect(name in rows, f'{name} is in docs/limits.md')
    expect(name in members, f'{name} is a member of gr_limits')
    option, value = rows.get(name, ('', None))
    expect(value == defaults.get(name), f'{name} is {value} by default')
    if option:
        expect(options.get(option) == str(value), f'{option} says so in --help')
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
