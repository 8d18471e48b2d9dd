"""Every program in app is in the README, by a link to a source of its own, and whatever file a README links to exists.

examples.py --source DIR --build DIR README
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

LINK = re.compile(r'\]\((?!\w+:|#)([^)#\s]+)')
passed, failed = 0, 0


def expect(what, is_true):
    global passed, failed
    passed, failed = passed + bool(is_true), failed + (not is_true)
    if not is_true:
        print(f'FAILED: {what}')


def programs(build, app):
    """(name, the sources in app that belong to it alone) of each program that is built there."""
    targets = json.loads(subprocess.check_output(['meson', 'introspect', '--targets', str(build)]))
    found = {}
    for target in targets:
        if target['type'] == 'executable' and Path(target['defined_in']).is_relative_to(app):
            found[target['name']] = {Path(source) for group in target['target_sources'] for source in group['sources']}
    shared = {source for own in found.values() for source in own
              if sum(source in others for others in found.values()) > 1}
    return {name: own - shared for name, own in found.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=Path)
    parser.add_argument('--build', type=Path)
    parser.add_argument('readme', type=Path)
    options = parser.parse_args()

    readme, app = options.readme.resolve(), options.source.resolve() / 'app'
    linked = [readme.parent / link for link in LINK.findall(readme.read_text(encoding='utf-8'))]
    for path in linked:
        expect(f'{readme.name} links to {path.relative_to(readme.parent)}, which exists', path.exists())
    found = programs(options.build, app)
    expect('there are programs', found)
    for name, sources in found.items():
        expect(f'{readme.name} links to a source of the program {name}', sources & set(linked))
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
