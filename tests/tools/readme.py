"""Does what a README says, block by block, and ends with "N passed, N failed".

  ```c     is compiled; a block with main() is linked and run: one that calls gr_main() is started as a server, any other
           runs to its end
  ```sh    the curl commands (a leading "$ " is ignored) go to the server that was started last, or to the sample once a
           block says scripts/run; each ":8000" becomes the port that it really has. A script of the repository that a
           block names must exist. A block that installs is run as it is written, in a scratch root: see Installation.
           Nothing else of it is run.
  ```text, ```json    right after an sh block: what its curl commands print; right after a program: what that prints.
           "..." in text stands for anything. In an sh block with "$ " prompts the other lines are the output.

readme.py --source DIR --build DIR README -- COMPILER [ARGUMENT...]
"""
import argparse
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FENCE = re.compile(r'^( *)(`{3,}|~{3,}) *([\w+-]*)')
WAIT_S = 20
passed, failed = 0, 0


def expect(where, what, is_true, details=''):
    global passed, failed
    if is_true:
        passed += 1
        return
    failed += 1
    print(f'FAILED: {where}: {what}\n{details}\n')


class Block:
    def __init__(self, readme, line, language):
        self.where, self.language, self.lines = f'{readme.name}:{line}', language, []

    @property
    def text(self):
        return '\n'.join(self.lines) + '\n'


def blocks(readme):
    """The fenced blocks, in order."""
    found, fence = [], None
    for number, line in enumerate(readme.read_text(encoding='utf-8').splitlines(), 1):
        match = FENCE.match(line)
        if fence is None and match:
            indent, fence, language = match.groups()
            found.append(Block(readme, number, language))
        elif fence is not None and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = None
        elif fence is not None:
            found[-1].lines.append(line[len(indent):] if line.startswith(indent) else line.lstrip())
    return found


def commands(block):
    """(command, output that the block itself shows, or None) for each command of an sh block."""
    prompted = any(line.startswith('$ ') for line in block.lines)
    found, open_ended = [], False
    for line in block.lines:
        if open_ended:
            found[-1][0] += '\n' + line
        elif prompted and not line.startswith('$ '):
            if found:
                found[-1][1] = (found[-1][1] or '') + line + '\n'
            continue
        elif line.strip() and not line.lstrip().startswith('#'):
            found.append([line[2:] if prompted else line, None])
        else:
            continue
        open_ended = not is_whole(found[-1][0])
    return found


def is_whole(command):
    """Whether no quote and no backslash goes on in the next line."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return not command.endswith('\\')


def matches(wanted, got):
    """JSON by value, text line by line with "..." for anything."""
    try:
        return json.loads(wanted) == json.loads(got)
    except ValueError:
        pass
    plain = ['\n'.join(line.rstrip() for line in text.strip().splitlines()) for text in (wanted, got)]
    pattern = '.*'.join(re.escape(part) for part in plain[0].split('...'))
    return re.fullmatch(pattern, plain[1], re.DOTALL) is not None


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class Server:
    """A program that serves until it is stopped."""

    def __init__(self, where, program, folder, environment):
        self.where, self.port = where, free_port()
        self.log = open(folder / 'server.log', 'w+', encoding='utf-8', errors='replace')
        self.process = subprocess.Popen([program, '--port', str(self.port)], cwd=folder, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        expect(where, 'the server starts and listens', self.listens(), self.output())

    def listens(self):
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.02)
        return False

    def output(self):
        self.log.flush()
        return Path(self.log.name).read_text(encoding='utf-8', errors='replace')

    def stop(self):
        self.process.terminate()
        try:
            status = self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = f'{self.process.wait()}, killed after {WAIT_S} seconds'
        expect(self.where, f'the server stops on SIGTERM (its status: {status})',
               status in (0, -signal.SIGTERM, 128 + signal.SIGTERM), self.output())
        self.log.close()


class Installation:
    """Where the commands of a block that installs take place. Stand-ins for the tools that they name put everything into
    a scratch root; `meson setup` is what set up the build folder of this test. The first program of the README lies
    there as hello.c; `./hello`, the last command, is started as a server, which finds the library where ldconfig did."""

    def __init__(self, options, folder):
        self.folder, self.bin = folder / 'installation', folder / 'installation/bin'
        self.bin.mkdir(parents=True)
        listed = json.loads(subprocess.check_output(['meson', 'introspect', '--buildoptions', options.build]))
        settings = {option['name']: option['value'] for option in listed}
        prefix = self.folder / 'root' / settings['prefix'].lstrip('/')
        libdir = prefix / settings['libdir']
        self.cache = self.folder / 'ld.so.cache'
        (self.folder / 'ld.so.conf').write_text(f'{libdir}\n')
        self.stand_in('sudo', 'exec "$@"')
        the_real = 'PATH=${PATH#*:}:/sbin:/usr/sbin exec'
        self.stand_in('meson', f'[ "$1" = setup ] || DESTDIR={self.folder}/root {the_real} meson install -C {options.build} '
                               '--no-rebuild')
        self.stand_in('ldconfig', f'{the_real} ldconfig -f {self.folder}/ld.so.conf -C {self.cache}')
        self.stand_in('pkg-config', f'PKG_CONFIG_PATH={libdir}/pkgconfig {the_real} pkg-config '
                                    f'--define-variable=prefix={prefix} "$@"')
        self.stand_in('cc', f'{the_real} {shlex.join(options.compiler)} "$@"')

    def stand_in(self, name, text):
        path = self.bin / name
        path.write_text(f'#!/bin/sh\n{text}\n')
        path.chmod(0o755)

    def run(self, command, program):
        """Its status and what it printed."""
        (self.folder / 'hello.c').write_text(program)
        environment = {**os.environ, 'PATH': f'{self.bin}:{os.environ["PATH"]}'}
        done = subprocess.run(['sh', '-ec', command], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    def library_path(self):
        """Where ldconfig found the library; empty where it was not asked."""
        if not self.cache.exists():
            return ''
        known = subprocess.run(['ldconfig', '-p', '-C', self.cache], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, 'PATH': os.environ['PATH'] + ':/sbin:/usr/sbin'}).stdout
        found = re.search(r'libgriddle\.so\.\d+ .*=> (.*)/', known)
        return found[1] if found else ''


class Reader:
    def __init__(self, options, folder):
        self.options, self.folder, self.server, self.first_program = options, folder, None, ''
        curl_settings = folder / '.curlrc'
        curl_settings.write_text(f'silent\nshow-error\nmax-time = {WAIT_S}\nnoproxy = "*"\n')
        self.environment = {**os.environ, 'CURL_HOME': str(folder), 'LD_LIBRARY_PATH': str(options.build)}
        jansson = subprocess.check_output(['pkg-config', '--cflags', '--libs', 'jansson'], text=True).split()
        self.compiler = [*options.compiler, '-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-g',
                         '-I', str(options.source / 'include')]
        self.libraries = ['-L', str(options.build), '-lgriddle', *jansson, '-lpthread', '-lm']

    def serve(self, block, program):
        self.server = Server(block.where, program, self.folder, self.environment)

    def stop(self):
        if self.server:
            self.server.stop()
        self.server = None

    def compile(self, block, extra):
        source = self.folder / 'block.c'
        own_include = '' if '<griddle' in block.text else '#include <griddle.h>\n'
        name, line = block.where.rsplit(':', 1)
        source.write_text(f'{own_include}#line {int(line) + 1} "{name}"\n{block.text}')
        done = subprocess.run([*self.compiler, source, *extra], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        expect(block.where, 'the block compiles', done.returncode == 0, done.stdout)
        return done.returncode == 0

    def c_block(self, block, wanted):
        if not re.search(r'\bmain\s*\(', block.text):
            self.compile(block, ['-Wno-unused', '-c', '-o', '/dev/null'])
            return
        self.first_program = self.first_program or block.text
        program = self.folder / ('program-' + block.where.rpartition(':')[2])
        self.stop()
        if not self.compile(block, ['-o', program, *self.libraries]):
            return
        if 'gr_main' in block.text:
            self.serve(block, program)
        else:
            self.output_of(block, [program], wanted)

    def sh_block(self, block, wanted):
        for script in re.findall(r'(?<![\w/.-])(?:\./)?(scripts/[\w-]+)', block.text):
            expect(block.where, f'{script} can be run', os.access(self.options.source / script, os.X_OK))
        if re.search(r'\bscripts/run\b', block.text):
            sample = self.options.build / 'app/burgers/burgers'
            expect(block.where, 'the burgers sample is built', sample.exists())
            self.stop()
            if sample.exists():
                self.serve(block, sample)
        if 'meson install' in block.text:
            self.install(block)
        curls = [(command, shown) for command, shown in commands(block) if re.match(r'\s*curl\b', command)]
        if not curls:
            return
        expect(block.where, 'there is a server that these curl commands go to', self.server is not None)
        if self.server:
            self.run_curls(block, curls, wanted)

    def install(self, block):
        installation = Installation(self.options, self.folder)
        *steps, program = [command for command, _ in commands(block)]
        for step in steps:
            status, output = installation.run(step, self.first_program)
            expect(block.where, f'it works in a scratch root: {step}', status == 0, output)
        self.stop()
        if (installation.folder / program).exists():
            environment = {**self.environment, 'LD_LIBRARY_PATH': installation.library_path()}
            self.server = Server(block.where, installation.folder / program, self.folder, environment)

    def run_curls(self, block, curls, wanted):
        printed = ''
        for command, shown in curls:
            command = re.sub(r':8000\b', f':{self.server.port}', command)
            printed += self.output_of(block, ['sh', '-c', command], shown, command) + '\n'
        if wanted is not None:
            expect(block.where, 'the commands print what the README shows', matches(wanted, printed),
                   f'wanted:\n{wanted}\ngot:\n{printed}')

    def output_of(self, block, arguments, wanted, name='the program'):
        try:
            done = subprocess.run(arguments, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=3 * WAIT_S)
        except subprocess.TimeoutExpired:
            expect(block.where, f'{name} ends', False)
            return ''
        output = done.stdout.decode(errors='replace')
        expect(block.where, f'{name} ends with status 0', done.returncode == 0,
               f'status {done.returncode}\n{output}{done.stderr.decode(errors="replace")}')
        if wanted is not None:
            expect(block.where, f'{name} prints what the README shows', matches(wanted, output),
                   f'wanted:\n{wanted}\ngot:\n{output}')
        return output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=Path)
    parser.add_argument('--build', type=Path)
    parser.add_argument('readme', type=Path)
    parser.add_argument('compiler', nargs='+')
    options = parser.parse_args()

    all_blocks = blocks(options.readme)
    expect(options.readme.name, 'there is a C block', any(b.language == 'c' for b in all_blocks))
    with tempfile.TemporaryDirectory() as temporary:
        reader = Reader(options, Path(temporary))
        for block, after in zip(all_blocks, all_blocks[1:] + [None]):
            wanted = after.text if after and after.language in ('text', 'json') else None
            if block.language == 'c':
                reader.c_block(block, wanted)
            elif block.language in ('sh', 'bash', 'console'):
                reader.sh_block(block, wanted)
        reader.stop()
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
