"""C++ exceptions stay with their coroutine, and one that leaves a function that Griddle calls ends the process by name."""
import re
import resource
import signal
import sys
import tempfile

import program

options = program.arguments()
from sample import Results, run # noqa: E402

PLACES = ['handler', 'blocking_handler', 'task', 'job', 'stack', 'shield', 'teardown', 'blocking_teardown', 'middleware',
          'answer_to_an_error', 'caught_too_late', 'caught_too_late_on_a_thread']
results = Results()


def check_places(compiled, label):
    for place in PLACES:
        status, _, errors = run(compiled, place)
        said = re.search(r'griddle: an exception left a function of "(.*)": catch it there\n', errors)
        name = said[1] if said else None
        wanted = {'task': 'fly_from_task'}.get(place, place)
        results.check(f'{label}: one that leaves a {place} ends the process, by name',
                      status == -signal.SIGABRT and name == wanted and 'nobody catches me' in errors,
                      f'status {status}\n{errors}')


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        for compiler in program.compilers('g++', 'clang++'):
            for flags in ['-std=c++17', '-O2'], ['-std=c++20', '-O0']:
                label = ' '.join([compiler, *flags])
                compiled = program.build(options, folder, 'exceptions.cpp', compiler, *flags, libraries=['-lstdc++'])
                results.check(f'{label}: compiles', compiled)
                if compiled:
                    status, output, errors = run(compiled)
                    results.check(f'{label}: all checks hold', status == 0 and ' 0 failed' in output, output + errors)
                    check_places(compiled, label)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
