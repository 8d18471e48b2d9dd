"""Whatever overflows a coroutine's stack, in a program compiled by pkg-config's flags, is named, and ends the process by
the signal of a fault."""
import resource
import signal
import sys
import tempfile
import urllib.request

import program

options = program.arguments()
from sample import Results, Sample, run # noqa: E402

PLACES = {'handler': ('handler', 65536), 'larger': ('larger', 131072), 'task': ('task', 65536),
          'teardown': ('deferring', 65536), 'middleware': ('wrapped', 65536)}
WAYS = ['frame', 'alloca', 'recursion']
FAULTS = {-signal.SIGSEGV, -signal.SIGBUS}
results = Results()


def ask(server, target):
    try:
        urllib.request.urlopen(server.url(target), timeout=30).read()
    except OSError:
        pass # it died, as it should


def check(compiled, label, place, way):
    name, size = PLACES[place]
    wanted = f'griddle: coroutine "{name}" overflowed its stack of {size * options.slower} bytes\n'
    with Sample(compiled, '--no-access-log', '--watchdog-ms', '0') as server:
        ask(server, f'/{place}?way={way}')
        status, output = server.status(), server.output()
        results.check(f'{label}: {way} in {place}', status in FAULTS and wanted in output,
                      f'wanted {wanted!r} and SIGSEGV\n       got {status} and\n{output}')


def check_command_line(compiled):
    with Sample(compiled, '--no-access-log', '--stack-bytes', '1000000') as server:
        with urllib.request.urlopen(server.url('/handler?way=frame'), timeout=30) as answer:
            results.equal('--stack-bytes makes room for it', 200, answer.status)
    for size in '32767', '67108865', '0', '-1', '64k':
        status, _, errors = run(compiled, '--stack-bytes', size)
        results.equal(f'--stack-bytes {size} is refused',
                      (2, f'{compiled}: --stack-bytes: "{size}" is not a size in bytes, 32768 to 67108864\n'),
                      (status, errors))


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kib = 140 if options.slower == 1 else 1000 # a sanitizer widens the stacks
    with tempfile.TemporaryDirectory() as folder:
        for compiler in program.compilers('gcc', 'clang'):
            for optimise, places in ('-O2', PLACES), ('-O0', ['handler']):
                compiled = program.build(options, folder, 'overflow.c', compiler, '-std=c11', '-D_GNU_SOURCE', optimise,
                                         f'-DFRAME_KIB={kib}')
                label = f'{compiler} {optimise}'
                results.check(f'{label}: compiles', compiled)
                for place in places if compiled else []:
                    for way in WAYS + (['wide'] if place == 'handler' else []):
                        check(compiled, label, place, way)
        if compiled:
            check_command_line(compiled)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
