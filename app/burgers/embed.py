"""Writes a C file with the bytes of each file given: `const unsigned char NAME[]` and `const size_t NAME_len`.

embed.py OUTPUT FILE...    NAME: "page_" and the file's name with '_' for '.'
"""
import sys
from pathlib import Path


def literal(data):
    lines = [data[i:i + 24] for i in range(0, len(data), 24)]
    return '\n    '.join(','.join(str(byte) for byte in line) + ',' for line in lines)


def main():
    parts = ['#include "page.h"\n']
    for path in map(Path, sys.argv[2:]):
        name, data = 'page_' + path.name.replace('.', '_'), path.read_bytes()
        parts.append(f'const unsigned char {name}[] = {{\n    {literal(data)}\n}};\nconst size_t {name}_len = sizeof {name};\n')
    Path(sys.argv[1]).write_text('\n'.join(parts), encoding='ascii')


if __name__ == '__main__':
    main()
