"""slowhttptest (Debian) in its four modes, 500 connections each: slow heads, slow bodies, ranges, slow readers. The
server answers others all the time, and its deadlines end what is slow.

slow.py BURGERS
"""
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / 'burgers'))
sys.path.insert(0, str(Path(__file__).parent))
from sample import Results, Sample, wait_until  # noqa: E402
from storm import descriptors, is_served, settled  # noqa: E402

CONNECTIONS, SECONDS = '500', '12'
MODES = {
    'slow heads': ['-H', '-i', '1', '-u', '/burgers/1'],
    'slow bodies': ['-B', '-i', '1', '-s', '8192', '-u', '/orders', '-f', 'application/json'],
    'ranges': ['-R', '-u', '/burgers/1', '-a', '1', '-b', '3000'],
    'slow readers': ['-X', '-u', '/burgers/100', '-k', '10', '-n', '1', '-z', '16', '-w', '256', '-y', '512'],
}


def command(server, mode):
    arguments = [f'http://127.0.0.1:{server.port}{a}' if a.startswith('/') else a for a in MODES[mode]]
    return ['slowhttptest', '-c', CONNECTIONS, '-r', '250', '-l', SECONDS, '-p', '3', *arguments]


def test_mode(results, program, mode):
    deadlines = ['--head-ms', '3000', '--body-ms', '3000', '--write-ms', '3000', '--keep-alive-ms', '2000']
    with Sample(program, '--no-access-log', *deadlines) as server:
        few, probes, most = settled(server), [], 0
        attack = subprocess.Popen(command(server, mode), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while attack.poll() is None:
            began = time.monotonic()
            probes.append(is_served(server))
            most = max(most, descriptors(server) - few)
            time.sleep(max(0, 0.25 - (time.monotonic() - began)))
        results.check(f'{mode}: others are served all the time', probes and all(probes),
                      f'{sum(probes)} of {len(probes)}')
        results.check(f'{mode}: there were many at once', most >= 50 or mode == 'ranges', str(most))
        results.check(f'{mode}: all their descriptors are back', wait_until(lambda: descriptors(server) <= few),
                      f'{descriptors(server)}, before {few}')
        print(f'{mode}: at most {most} connections at once, {sum(probes)} of {len(probes)} probes answered')


def main():
    program = os.path.abspath(sys.argv[1])
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    results = Results()
    results.check('slowhttptest is installed', shutil.which('slowhttptest') is not None)
    for mode in MODES:
        test_mode(results, program, mode)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
