"""A program of one source file, compiled as a user compiles it, and served.

Arguments of a test: --sample DIR of sample.py, --build DIR, --slower N (how much larger a sanitizer makes stacks), and
the command that links: programs are linked by the compiler that made the library, with its sanitizers.
"""
import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror']


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--sample')
    parser.add_argument('--build', type=Path)
    parser.add_argument('--slower', type=int)
    parser.add_argument('link', nargs='+')
    options = parser.parse_args()
    sys.path.insert(0, options.sample)
    os.environ['LD_LIBRARY_PATH'] = str(options.build)
    os.environ['PKG_CONFIG_PATH'] = str(options.build / 'meson-uninstalled')
    return options


def pkg_config(*what):
    return subprocess.run(['pkg-config', *what, 'griddle'], check=True, capture_output=True, text=True).stdout.split()


def compilers(*names):
    return [name for name in names if shutil.which(name)]


def build(options, folder, source, compiler, *flags, libraries=()):
    """The program's path, or None with the compiler's words on standard output."""
    name = '-'.join([Path(source).stem, compiler, *(flag.strip('-').replace('=', '') for flag in flags)])
    program, made = Path(folder) / name, Path(folder) / f'{name}.o'
    for command in ([compiler, *STRICT, *flags, *pkg_config('--cflags'), '-c', HERE / source, '-o', made],
                    [*options.link, made, '-o', program, *pkg_config('--libs'), *libraries]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode or done.stdout:
            print(' '.join(map(str, command)), done.stdout, sep='\n')
            return None
    return program
