"""Installs Griddle into a temporary folder and uses it from there as a package would: every public header is there, a
program builds by pkg-config against the shared and the static library, and both are hardened and complete.

install.py --source DIR --build DIR -- COMPILER [ARGUMENT...]
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = '''
#include <griddle.h>
#include <string.h>
int main(void) { return strcmp(gr_version(), GR_VERSION) == 0 ? 0 : 1; }
'''
FETCH_PROGRAM = '''
#include <griddle/fetch.h>
int main(void)
{
    gr_client *client;
    int rc = gr_client_create(&client, NULL);
    if (rc == 0)
        gr_client_destroy(client);
    return rc;
}
'''
OPTIONAL = {'griddle/fetch.h': 'griddle-fetch'}
passed, failed = 0, 0


def expect(what, is_true, details=''):
    global passed, failed
    if is_true:
        passed += 1
        return
    failed += 1
    print(f'FAILED: {what}\n{details}')


def command(*args, **environment):
    done = subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, **environment})
    return done.returncode, done.stdout


def install(build, root):
    status, output = command('meson', 'install', '-C', build, '--no-rebuild', DESTDIR=str(root))
    expect('meson install succeeds', status == 0, output)
    listed = json.loads(subprocess.check_output(['meson', 'introspect', '--buildoptions', build]))
    options = {option['name']: option['value'] for option in listed}
    return root / options['prefix'].lstrip('/'), options['libdir']


class Package:
    """What pkg-config says of the installed Griddle."""

    def __init__(self, prefix, libdir):
        self.prefix, self.path = prefix, prefix / libdir / 'pkgconfig'

    def has(self, name):
        return (self.path / f'{name}.pc').exists()

    def flags(self, *args, name='griddle'):
        status, output = command('pkg-config', f'--define-variable=prefix={self.prefix}', *args, name,
                                 PKG_CONFIG_PATH=str(self.path))
        expect(f'pkg-config finds {name}.pc: ' + ' '.join(args), status == 0, output)
        return output.split()


def build_and_run(what, compiler, source, program, flags, libdir):
    status, output = command(*compiler, '-Wall', '-Wextra', '-Werror', source, '-o', program, *flags)
    expect(f'a program builds against {what}', status == 0, output)
    if status == 0:
        status, output = command(program, LD_LIBRARY_PATH=str(libdir))
        expect(f'the program built against {what} runs', status == 0, output)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=Path)
    parser.add_argument('--build', type=Path)
    parser.add_argument('compiler', nargs='+')
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        prefix, libdir_name = install(options.build, root / 'root')
        libdir, include = prefix / libdir_name, options.source / 'include'
        package, static = Package(prefix, libdir_name), libdir / 'libgriddle.a'
        for header in sorted(include.rglob('*.h')):
            name = header.relative_to(include)
            if package.has(OPTIONAL.get(str(name), 'griddle')):
                expect(f'{name} is installed (else add it to include/meson.build)', (prefix / 'include' / name).exists())

        source = root / 'program.c'
        source.write_text(PROGRAM)
        cflags = package.flags('--cflags')
        build_and_run('the shared library', options.compiler, source, root / 'shared',
                      cflags + package.flags('--libs'), libdir)
        # the whole archive: each of its objects must find what it refers to, llhttp's functions too
        others = [flag for flag in package.flags('--static', '--libs') if flag != '-lgriddle']
        build_and_run('the static library', options.compiler, source, root / 'static',
                      cflags + ['-Wl,--whole-archive', static, '-Wl,--no-whole-archive'] + others, libdir)

        if package.has('griddle-fetch'):
            source.write_text(FETCH_PROGRAM)
            build_and_run('griddle-fetch', options.compiler, source, root / 'fetch',
                          package.flags('--cflags', '--libs', name='griddle-fetch'), libdir)

        dynamic = command('readelf', '--wide', '--dynamic', '--segments', libdir / 'libgriddle.so')[1]
        expect('the shared library has full RELRO', 'GNU_RELRO' in dynamic and 'NOW' in dynamic, dynamic)
        stack = [line.split() for line in dynamic.splitlines() if 'GNU_STACK' in line]
        expect('its stack is not executable', stack and 'RWE' not in stack[0], dynamic)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
