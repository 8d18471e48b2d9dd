"""Each cell of docs/lifetimes.md, and each end that has a line, names its tests, and each of them exists; ends with
"N passed, N failed".

lifetimes.py SOURCE_DIR
"""
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])
tests = {name for file in source.glob('tests/**/*.c') for name in re.findall(r'START_TEST\((\w+)\)', file.read_text())}


def cells(title):
    """The cells of the table below that title, by state and event."""
    text = (source / 'docs/lifetimes.md').read_text().split(f'## {title}\n')[1].split('\n## ')[0]
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in text.splitlines() if line.startswith('|')]
    head, _, *states = rows
    return {(state[0], event): cell for state in states for event, cell in zip(head[1:], state[1:], strict=True)}


def fault(names):
    """What is wrong with the names that a cell has, or nothing."""
    return ', '.join(f'no test is called {name}' for name in names if name not in tests) or not names and 'no test'


named = {cell: re.findall(r'`(\w+)`', text) for cell, text in cells('The test of each cell').items()}
named_ends = {cell: re.findall(r'`(\w+)`', text) for cell, text in cells('What an operator sees').items() if cell[1] == 'test'}
faults = {cell: fault(named.get(cell, [])) for cell in cells('Events').keys() | named.keys()}
faults |= {cell: fault(names) for cell, names in named_ends.items()}
for cell in sorted(cell for cell in faults if faults[cell]):
    print(*cell, faults[cell], sep=': ')
failed = sum(map(bool, faults.values()))
print(f'{len(faults) - failed} passed, {failed} failed')
sys.exit(bool(failed) or not faults)
