"""An application in C++17 and C++20, by griddle.hpp and the flags that pkg-config gives."""
import sys
import tempfile

import program

options = program.arguments()
from sample import Results, run # noqa: E402

results = Results()


def main():
    with tempfile.TemporaryDirectory() as folder:
        for compiler in program.compilers('g++', 'clang++'):
            for std in '-std=c++17', '-std=c++20':
                label = f'{compiler} {std}'
                compiled = program.build(options, folder, 'shop.cpp', compiler, std, libraries=['-lstdc++'])
                results.check(f'{label}: compiles', compiled)
                if compiled:
                    status, output, errors = run(compiled)
                    results.check(f'{label}: all checks hold', status == 0 and ' 0 failed' in output, output + errors)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
