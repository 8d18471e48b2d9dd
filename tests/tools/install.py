"""Installs Griddle into a temporary folder and uses it from there as a package would: every public header is there, a
program builds by pkg-config against whatever kind of library there is, shared, static or both, and so does one that
embeds it in a loop of libuv; the libraries are hardened and complete; ldconfig finds them; and uninstalling leaves
nothing behind.

install.py --source DIR --build DIR -- COMPILER [ARGUMENT...]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = '''
#include <griddle.h>
#include <string.h>
int main(void) { return strcmp(gr_version(), GR_VERSION) == 0 ? 0 : 1; }
'''
EMBEDDING = '''
#include <griddle.h>
#include <uv.h>
static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "x");
}
GR_GET("/", root);
int main(void)
{
    uv_loop_t loop;
    gr_server *server;
    gr_server_options options = {.size = sizeof options};
    gr_app *app = gr_app_create("Embedded", "1");
    gr_app_add(app, &root_route);
    int rc = uv_loop_init(&loop);
    if (rc == 0)
        rc = gr_server_start(&server, app, &options, &loop);
    if (rc)
        return 1;
    gr_server_stop(server);
    while (!gr_server_stopped(server))
        uv_run(&loop, UV_RUN_ONCE);
    gr_server_destroy(server);
    gr_app_destroy(app);
    return uv_loop_close(&loop) == 0 ? 0 : 1;
}
'''
CARELESS = '''
#include <griddle.h>
static const int unused = 1;
int main(void) { return 0; }
'''
STRICT = ['-Werror=unused-result', '-Werror=unused-variable', '-Werror=return-type', '-Werror=format',
          '-DGR_STRICT=1']
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
SECURITY_PROGRAM = '''
#include <griddle/security.h>
int main(void)
{
    gr_keys *keys = gr_keys_create();
    int rc = keys ? gr_keys_add_generated(keys, "HS256") : 1;
    gr_keys_destroy(keys);
    return rc;
}
'''
OPTIONAL = {'griddle/fetch.h': 'griddle-fetch'} | {
    f'griddle/{name}.h': 'griddle-security' for name in ('jwt', 'keys', 'password', 'seal', 'security', 'token')}
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


def options_of(build):
    listed = json.loads(subprocess.check_output(['meson', 'introspect', '--buildoptions', build]))
    return {option['name']: option['value'] for option in listed}


def install(build, root):
    status, output = command('meson', 'install', '-C', build, '--no-rebuild', DESTDIR=str(root))
    expect('meson install succeeds', status == 0, output)


def uninstall(build, root):
    status, output = command('ninja', '-C', build, 'uninstall')
    left = [str(path) for path in root.rglob('*') if not path.is_dir()]
    expect('uninstalling removes every file', status == 0 and not left, '\n'.join([output, *left]))


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


def build(compiler, source, program, flags):
    return command(*compiler, '-Wall', '-Wextra', source, '-o', program, *flags)


def build_and_run(what, compiler, source, program, flags, libdir):
    status, output = build(compiler, source, program, ['-Werror', *flags])
    expect(f'a program builds against {what}', status == 0, output)
    if status == 0:
        status, output = command(program, LD_LIBRARY_PATH=str(libdir))
        expect(f'the program built against {what} runs', status == 0, output)


def check_flags(package, compiler, root):
    """griddle.pc carries what safety needs, griddle-strict.pc the errors for code of the user's own."""
    safe, strict = package.flags('--cflags'), package.flags('--cflags', name='griddle-strict')
    expect('griddle.pc protects the stack', '-fstack-clash-protection' in safe, safe)
    expect('griddle.pc makes no errors', not [flag for flag in safe if flag.startswith('-W')], safe)
    expect('griddle.pc keeps what only the library is built with to itself', not any('llhttp' in f.lower() for f in strict), strict)
    expect('griddle-strict.pc makes errors, and protects the stack too', set(STRICT + safe) <= set(strict), strict)
    source = root / 'careless.c'
    source.write_text(CARELESS)
    status, output = build(compiler, source, root / 'careless', safe + package.flags('--libs'))
    expect('a program with an unused variable builds', status == 0, output)
    status, output = build(compiler, source, root / 'careless', strict + package.flags('--libs', name='griddle-strict'))
    expect('but not by griddle-strict', status != 0 and 'unused' in output, output)


def check_shared(package, compiler, source, root, libdir):
    build_and_run('the shared library', compiler, source, root / 'shared', package.flags('--cflags', '--libs'), libdir)
    dynamic = command('readelf', '--wide', '--dynamic', '--segments', libdir / 'libgriddle.so')[1]
    expect('the shared library has full RELRO', 'GNU_RELRO' in dynamic and 'NOW' in dynamic, dynamic)
    stack = [line.split() for line in dynamic.splitlines() if 'GNU_STACK' in line]
    expect('its stack is not executable', stack and 'RWE' not in stack[0], dynamic)
    ldconfig = shutil.which('ldconfig', path=os.environ['PATH'] + ':/sbin:/usr/sbin')
    if ldconfig:
        (root / 'ld.so.conf').write_text(f'{libdir}\n')
        command(ldconfig, '-f', root / 'ld.so.conf', '-C', root / 'ld.so.cache')
        known = command(ldconfig, '-p', '-C', root / 'ld.so.cache')[1]
        expect('ldconfig finds the shared library', f'=> {libdir}/libgriddle.so.0' in known, known)


def all_are_static(compiler, flags, folder):
    """Whether each library is there as a static one (Debian has no such libuv), and no sanitizer wants shared ones."""
    if any(argument.startswith(('-fsanitize', '-flto')) for argument in compiler):
        return False
    names = [f'lib{flag[2:]}.a' for flag in flags if flag.startswith('-l')]
    return all((folder / name).exists() or command(*compiler, f'-print-file-name={name}')[1].strip() != name
               for name in names)


def check_static(package, compiler, source, root, libdir):
    """By its name, as where there is no shared one; and whole, so that each of its objects must find what it refers to,
    llhttp's functions too."""
    only_static = root / 'only-static'
    only_static.mkdir()
    for archive in libdir.glob('*.a'):
        shutil.copy(archive, only_static)
    flags = package.flags('--cflags') + [f'-L{only_static}'] + package.flags('--static', '--libs')
    build_and_run('the static library', compiler, source, root / 'static', flags, 'nowhere')
    others = [flag for flag in flags if flag != '-lgriddle']
    build_and_run('the whole static library', compiler, source, root / 'whole',
                  ['-Wl,--whole-archive', libdir / 'libgriddle.a', '-Wl,--no-whole-archive'] + others, 'nowhere')
    if all_are_static(compiler, flags, only_static):
        build_and_run('nothing but static libraries', compiler, source, root / 'all-static', ['-static', *flags], 'nowhere')
    # of what they need the shared ones: what libcurl's own static one asks for is in a dozen packages more
    check_static_optional('griddle-fetch', FETCH_PROGRAM, ['libcurl'], package, compiler, source, root, libdir, flags)
    check_static_optional('griddle-security', SECURITY_PROGRAM, ['jose', 'libsodium', 'libcrypto'], package, compiler,
                          source, root, libdir, flags)


def check_static_optional(name, program, needs, package, compiler, source, root, libdir, griddle_flags):
    if not package.has(name):
        return
    source.write_text(program)
    flags = package.flags('--cflags', '--libs', name=name)
    for library in needs:
        flags += package.flags('--libs', name=library)
    flags = [f"-L{root / 'only-static'}"] + [flag for flag in flags + griddle_flags if flag != f'-L{libdir}']
    build_and_run(f'the static {name}', compiler, source, root / f'static-{name}', flags, 'nowhere')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=Path)
    parser.add_argument('--build', type=Path)
    parser.add_argument('compiler', nargs='+')
    options = parser.parse_args()

    settings = options_of(options.build)
    kind = settings['default_library']
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        prefix = root / 'root' / settings['prefix'].lstrip('/')
        libdir, include = prefix / settings['libdir'], options.source / 'include'
        install(options.build, root / 'root')
        package = Package(prefix, settings['libdir'])
        for header in sorted([*include.rglob('*.h'), *include.rglob('*.hpp')]):
            name = header.relative_to(include)
            if package.has(OPTIONAL.get(str(name), 'griddle')):
                expect(f'{name} is installed (else add it to include/meson.build)', (prefix / 'include' / name).exists())
        expect('the kinds of library are those that were asked for',
               [(libdir / f'libgriddle.{end}').exists() for end in ('so', 'a')] == [kind != 'static', kind != 'shared'])

        source = root / 'program.c'
        source.write_text(PROGRAM)
        if kind != 'static':
            check_shared(package, options.compiler, source, root, libdir)
        if kind != 'shared':
            check_static(package, options.compiler, source, root, libdir)
        check_flags(package, options.compiler, root)
        source.write_text(EMBEDDING)
        build_and_run('Griddle and libuv, on a loop of its own', options.compiler, source, root / 'embedding',
                      package.flags('--cflags', '--libs'), libdir)
        if package.has('griddle-fetch'):
            source.write_text(FETCH_PROGRAM)
            build_and_run('griddle-fetch', options.compiler, source, root / 'fetch',
                          package.flags('--cflags', '--libs', name='griddle-fetch'), libdir)
        if package.has('griddle-security'):
            source.write_text(SECURITY_PROGRAM)
            build_and_run('griddle-security', options.compiler, source, root / 'security',
                          package.flags('--cflags', '--libs', name='griddle-security'), libdir)
        uninstall(options.build, root / 'root')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
