"""What a running server shows of itself: SIGUSR1, /debug/tasks, and the watchdog.

seeing.py SAMPLES SERVER    SAMPLES: the folder of sample.py
"""
import json
import signal
import sys
import threading
import time
import urllib.request

sys.path.insert(0, sys.argv[1])
from sample import Results, Sample, wait_until  # noqa: E402

results = Results()


def get(server, target):
    with urllib.request.urlopen(server.url(target), timeout=30) as answer:
        return answer.read().decode()


def ask_meanwhile(server, *targets):
    """Requests that run while the caller goes on; join them by the list that comes back."""
    def ask(target):
        try:
            get(server, target)
        except OSError:
            pass
    threads = [threading.Thread(target=ask, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def tasks(server):
    return json.loads(get(server, '/debug/tasks'))


def names_waiting(server, waits_for):
    return sorted(t['name'] for t in tasks(server)['tasks'] if t['waits_for'] == waits_for)


def counts(stats):
    """Two that sleep, one on a thread, and the one that asks; a job waits in the queue until its thread has started."""
    return (stats['coroutines'], stats['busy']) == (4, 1) and stats['jobs'] >= 1


def lists_what_runs(server):
    asked = ask_meanwhile(server, '/waits?ms=1500', '/waits?ms=1500', '/works?ms=1500')
    results.check('the coroutines that sleep are listed',
                  wait_until(lambda: names_waiting(server, 'sleep') == ['waits', 'waits']), tasks(server))
    results.check('the one that waits for a thread is', wait_until(lambda: names_waiting(server, 'offload') == ['works']))
    shown = tasks(server)
    results.equal('the one that asks runs', ['debug_tasks'],
                  [t['name'] for t in shown['tasks'] if t['state'] == 'running'])
    results.check('the counters count', wait_until(lambda: counts(tasks(server)['stats'])), shown['stats'])
    server.signal(signal.SIGUSR1)
    results.check('SIGUSR1 prints a table', wait_until(lambda: 'WAITS FOR' in server.output()), server.output())
    output = server.output()
    results.check('with a line for each', wait_until(lambda: server.output().count('  waits  ') == 2 and
                                                     'offload' in server.output()), output)
    for thread in asked:
        thread.join()
    results.check('the server goes on', get(server, '/waits?ms=0') == 'fine')


def lists_zombies(server):
    asked = ask_meanwhile(server, '/works-late?ms=800')
    results.check('a request that got its 504 is listed as a zombie',
                  wait_until(lambda: [t['name'] for t in tasks(server)['tasks'] if t['is_zombie']] == ['works_late']))
    zombie = [t for t in tasks(server)['tasks'] if t['is_zombie']]
    results.equal('with the reason', ['its deadline passed'], [t['cancelled'] for t in zombie])
    results.equal('and counted', 1, tasks(server)['stats']['zombies'])
    for thread in asked:
        thread.join()
    results.check('until it ends', wait_until(lambda: tasks(server)['stats']['zombies'] == 0))


def names_who_blocks(server, target, name):
    results.equal(f'{target} is answered', 'sorry', get(server, target))
    held, back = f'coroutine "{name}" has held the loop for more than', f'coroutine "{name}" gave the loop back after'
    results.check(f'the watchdog names {name}', wait_until(lambda: held in server.output()), server.output())
    results.check('says when it is over', wait_until(lambda: back in server.output()), server.output())
    report = server.output().split(held)[1].split(back)[0]
    results.check('and shows where it was', report.count('\n') > 3 and 'tests/tools/stuck' in report, report)


def is_silent(server):
    before = server.output()
    get(server, '/waits?ms=400')
    get(server, '/works?ms=400')
    results.check('nobody is blamed for an await, or for a thread', 'held the loop' not in server.output()[len(before):],
                  server.output()[len(before):])


def is_off(program):
    with Sample(program, '--watchdog-ms', '0') as server:
        get(server, '/stuck?ms=400')
        time.sleep(0.1)
        results.check('--watchdog-ms 0 turns it off', 'held the loop' not in server.output(), server.output())
        server.signal(signal.SIGTERM)
        results.equal('and the server stops', 0, server.status())


def main():
    program = sys.argv[2]
    with Sample(program, '--watchdog-ms', '100') as server:
        lists_what_runs(server)
        lists_zombies(server)
        names_who_blocks(server, '/stuck?ms=400', 'stuck')
        names_who_blocks(server, '/spins?ms=400', 'spins')
        is_silent(server)
        server.signal(signal.SIGTERM)
        results.equal('the server stops', 0, server.status())
    is_off(program)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
