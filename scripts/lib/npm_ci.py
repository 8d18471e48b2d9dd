"""Installs the npm packages that a lock file pins, without running any script of theirs.

npm_ci.py NPM LOCK DIR PACKAGE...

LOCK is a package-lock.json, beside its package.json and .npmrc. The PACKAGEs are copied to DIR/PACKAGE, without their
source maps. Nothing is done where DIR has what that lock file says. Ends with status 1 and a text that says what went
wrong.
"""
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_S = 300
# A registry that is not there is noticed at once, not after minutes.
OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--no-progress', '--loglevel=error',
           '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000']


def install(npm, lock, folder):
    for name in (lock.name, 'package.json', '.npmrc'):
        shutil.copyfile(lock.parent / name, folder / name)
    try:
        done = subprocess.run([npm, 'ci', *OPTIONS], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors='replace', timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        sys.exit(f'npm ci took more than {LIMIT_S} seconds')
    if done.returncode:
        sys.exit(f'{done.stdout}npm ci failed')


def main():
    npm, lock, folder, packages = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    stamp = folder / 'stamp'
    wanted = ' '.join([hashlib.sha256(lock.read_bytes()).hexdigest(), *packages])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        install(npm, lock, Path(temporary))
        for name in packages:
            shutil.copytree(Path(temporary, 'node_modules', name), folder / name, ignore=shutil.ignore_patterns('*.map'))
    stamp.write_text(wanted)


if __name__ == '__main__':
    main()
