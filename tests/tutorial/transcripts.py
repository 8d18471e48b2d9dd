"""Does what the comment at the head of a program's source says: its curl commands go to the program, and print what stands
below them, "..." for anything. Ends with "N passed, N failed".

transcripts.py TOOLS [--build DIR] PROGRAM SOURCE [PROGRAM SOURCE...]
"""
import argparse
import re
import sys
import tempfile
from pathlib import Path


def transcript(readme, source):
    """The block of the commands; None: the head has none."""
    head = re.match(r'/\*(.*?)\*/', source.read_text(encoding='utf-8'), re.DOTALL)
    block = readme.Block(source, 1, 'sh')
    for line in head[1].splitlines() if head else []:
        shown = re.match(r' \*     (.*)', line)
        if shown:
            block.lines.append(shown[1].rstrip())
    return block if any(line.startswith('$ ') for line in block.lines) else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tools', type=Path)
    parser.add_argument('--build', type=Path)
    parser.add_argument('programs', type=Path, nargs='+')
    options = parser.parse_args()
    sys.path.insert(0, str(options.tools))
    import readme

    paths = [path.resolve() for path in options.programs]
    options.source, options.compiler, options.build = options.tools, [], options.build.resolve()
    shown = 0
    with tempfile.TemporaryDirectory() as temporary:
        reader = readme.Reader(options, Path(temporary))
        for program, source in zip(paths[::2], paths[1::2]):
            block = transcript(readme, source)
            if block:
                shown += 1
                reader.serve(block, program)
                reader.run_curls(block, readme.commands(block), None)
                reader.stop()
    readme.expect('transcripts', 'there are some', shown)
    print(f'{readme.passed} passed, {readme.failed} failed')
    return 1 if readme.failed else 0


if __name__ == '__main__':
    sys.exit(main())
