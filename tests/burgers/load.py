"""A thousand clients that wait, sixty-four that block threads, and one that does neither, at one process, on real time.

load.py BURGERS LOAD [--untimed]
"""
import re
import resource
import signal
import sys

from sample import Results, Sample, run

HELLOS, RESULTS, ROUNDS = 1000, 64, 3
HELLO_MS, BURGER_MS = 500, 150  # what they may take


def measure(load, server, *groups):
    """{target: (answered, ms to the last answer)}"""
    arguments = [str(argument) for group in groups for argument in group]
    status, output, errors = run(load, str(server.port), *arguments)
    if status != 0 or errors:
        print(output + errors)
    lines = re.findall(r'^(\S+) answered=(\d+) first_ms=(\d+) last_ms=(\d+)$', output, re.M)
    for target, answered, first_ms, last_ms in lines:
        print(f'{target}: {answered} answered, the first after {first_ms} ms, the last after {last_ms} ms')
    return {target: (int(answered), int(last_ms)) for target, answered, _, last_ms in lines}


def load_once(results, load, server):
    """(ms of the hellos, ms of the burger)"""
    got = measure(load, server, (0, RESULTS, '/results'), (0, HELLOS, '/hello?delay_ms=100'), (50, 1, '/burgers/1'))
    hellos, hello_ms = got['/hello?delay_ms=100']
    burgers, burger_ms = got['/burgers/1']
    results.equal(f'all {HELLOS} hellos are answered', HELLOS, hellos)
    results.equal(f'all {RESULTS} results are answered', RESULTS, got['/results'][0])
    results.equal('the burger meanwhile is answered', 1, burgers)
    return hello_ms, burger_ms


def main():
    program, load, timed = sys.argv[1], sys.argv[2], '--untimed' not in sys.argv
    results = Results()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Sample(program, '--no-access-log') as server:
        # the best of some rounds: other programs want the processors too
        rounds = [load_once(results, load, server) for _ in range(ROUNDS if timed else 1)]
        if timed:
            hello_ms, burger_ms = (min(times) for times in zip(*rounds))
            results.check(f'the hellos took less than {HELLO_MS} ms', hello_ms < HELLO_MS, f'{hello_ms} ms')
            results.check(f'the burger took at most {BURGER_MS} ms', burger_ms <= BURGER_MS, f'{burger_ms} ms')
        server.signal(signal.SIGTERM)
        results.equal('the server stops with status 0', 0, server.status())
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
