"""Builds a program that has Griddle as a subproject, found through the wrap file that the README shows: it runs, it is
compiled with the flags that pkg-config gives to others, and neither tests nor samples are built for it.

subproject.py --source DIR --work DIR static|shared
"""
import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = '''
project('around', 'c', default_options: 'c_std=gnu11')
executable('careless', 'careless.c', dependencies: dependency('griddle'), install: true)
executable('strict', 'strict.c', dependencies: dependency('griddle-strict'))
'''
PROGRAM = '''
#include <griddle.h>
#include <string.h>
#include <uv.h>
%s
int main(void) { return uv_version() && strcmp(gr_version(), GR_VERSION) == 0 ? 0 : 1; }
'''
CARELESS = 'static const int unused = 1;'
STRICT = ['-Werror=unused-result', '-Werror=unused-variable', '-Werror=return-type', '-Werror=format',
          '-DGR_STRICT=1']
passed, failed = 0, 0


def expect(what, is_true, details=''):
    global passed, failed
    if is_true:
        passed += 1
        return
    failed += 1
    print(f'FAILED: {what}\n{details}')


def must(what, *args, cwd=None):
    done = subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd)
    expect(what, done.returncode == 0, done.stdout[-8000:])
    return done.returncode == 0


def wrap_file(readme):
    """The ini block of the README that is a wrap file."""
    found = re.search(r'```ini\n(\[wrap-.*?)```', readme.read_text(encoding='utf-8'), re.S)
    if not found:
        sys.exit('the README shows no wrap file')
    return found[1]


def write_project(work, source):
    (work / 'subprojects').mkdir(parents=True)
    (work / 'meson.build').write_text(PROJECT)
    (work / 'careless.c').write_text(PROGRAM % CARELESS)
    (work / 'strict.c').write_text(PROGRAM % '')
    (work / 'subprojects/griddle.wrap').write_text(wrap_file(source / 'README.md'))
    (work / 'subprojects/griddle').symlink_to(source)


def introspect(build, what):
    return json.loads(subprocess.check_output(['meson', 'introspect', f'--{what}', str(build)]))


def flags_of(build, file):
    commands = json.loads((build / 'compile_commands.json').read_text())
    return next(c['command'].split() for c in commands if c['file'].endswith(file))


def check_project(build):
    names = [target['name'] for target in introspect(build, 'targets')]
    wanted = ['careless', 'strict', 'griddle', 'griddle-fetch', 'griddle-private', 'griddle-fetch-private',
              'griddle-security', 'griddle-security-private', 'llhttp']
    expect('only what the program uses is built', set(names) <= set(wanted), names)
    expect('there are no tests', introspect(build, 'tests') == [])
    careless, strict = flags_of(build, 'careless.c'), flags_of(build, 'strict.c')
    expect('griddle protects the stack', '-fstack-clash-protection' in careless, careless)
    expect('griddle makes no errors', not [flag for flag in careless if flag.startswith('-Werror')], careless)
    expect('griddle-strict makes them, and protects the stack', set(STRICT + ['-fstack-clash-protection']) <= set(strict),
           strict)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=Path)
    parser.add_argument('--work', type=Path)
    parser.add_argument('kind', choices=('static', 'shared'))
    options = parser.parse_args()

    work = options.work / f'subproject-{options.kind}'
    build = work / 'build'
    shutil.rmtree(work, ignore_errors=True)
    write_project(work, options.source)
    if must('meson sets it up', 'meson', 'setup', '-Dbuildtype=plain', f'-Dgriddle:default_library={options.kind}',
            '-Dgriddle:docs_ui=disabled', build, work):
        check_project(build)
        if must('it builds', 'ninja', '-C', build):
            must('the program runs', build / 'careless')
            must('the strict program runs', build / 'strict')
            must('it installs', 'meson', 'install', '-C', build, '--no-rebuild', '--destdir', work / 'root')
        ends = {path.suffix for path in build.glob('subprojects/griddle/libgriddle.*') if path.is_file()}
        expect(f'the library is {options.kind}', ('.a' in ends) == (options.kind == 'static'), ends)
    shutil.rmtree(work, ignore_errors=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
