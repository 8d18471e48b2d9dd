"""Names the circles between source files: each reaches the next by a symbol, and the last the first.

circles.py OBJECTS FOLDER...

OBJECTS is the build folder of a library's objects; files of the FOLDERs of src are looked at.
"""
import re
import subprocess
import sys
from pathlib import Path


def symbols(objects):
    """{symbol: object that defines it}, {object: symbols that it asks for}"""
    defined, wanted = {}, {}
    out = subprocess.run(['nm', '-A', '-P', *map(str, objects)], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        name, symbol, kind = re.match(r'(.*?): (\S+) (\S)', line).groups()
        if kind == 'U':
            wanted.setdefault(name, set()).add(symbol)
        elif kind.isupper():
            defined[symbol] = name
    return defined, wanted


def circles(edges):
    """The strongly connected components of more than one file (Tarjan)."""
    found, index, low, stack = [], {}, {}, []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for to in edges.get(node, ()):
            if to not in index:
                visit(to)
            if to in stack:
                low[node] = min(low[node], low[to])
        if low[node] == index[node]:
            at = stack.index(node)
            found.append(stack[at:])
            del stack[at:]

    for node in edges:
        if node not in index:
            visit(node)
    return [sorted(circle) for circle in found if len(circle) > 1]


def source_of(name):
    return re.sub(r'\.[cS]\.o$', '', Path(name).name.replace('src_', '', 1)).replace('_', '/', 1)


def main():
    folder, rooms = sys.argv[1], set(sys.argv[2:])
    objects = [o for o in Path(folder).glob('src_*.o') if source_of(o).split('/')[0] in rooms]
    if not objects:
        sys.exit(f'{folder}: no objects')
    defined, wanted = symbols(objects)
    edges = {name: {defined[s] for s in asked if defined.get(s, name) != name} for name, asked in wanted.items()}
    found = circles(edges)
    for circle in found:
        print('a circle of ' + ', '.join(source_of(name) + '.c' for name in circle) + ': move what they share to a file below')
        for name in circle:
            for to in sorted(edges[name] & set(circle)):
                asked = sorted(s for s in wanted[name] if defined.get(s) == to)
                print(f'    {source_of(name)}.c asks {source_of(to)}.c for {", ".join(asked)}')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
