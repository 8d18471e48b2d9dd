"""Runs meson's tests, adds up the closing lines of the programs, and ends with "N passed, N failed".

A program that ends without its closing line (it crashed, hung, or was stopped), or well-closed but with a bad status
(a leak, say), counts as one failure more.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys

CLOSING = re.compile(r'(\d+) passed, (\d+) failed')
PROGRESS = re.compile(r' *(\d+/\d+) (?:\S+ / )?(.*\S)')
OUTPUT_LINES = 300
ENVIRONMENT = {
    'ASAN_OPTIONS': 'allocator_may_return_null=1:strict_string_checks=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1',
    'TSAN_OPTIONS': 'second_deadlock_stack=1',
}


def answers_to(test):
    """What a test may be called on the command line: its name, the first word of it, its suites."""
    return {test['name'], test['name'].split()[0], *(suite.split(':')[-1] for suite in test['suite'])}


def choose(build, names, full):
    """The names of the tests to run, and the names that no test answers to."""
    listed = json.loads(subprocess.check_output(['meson', 'introspect', '--tests', build]))
    if not names:
        return [t['name'] for t in listed if full or 'full' not in answers_to(t)], []
    chosen = [t for t in listed if answers_to(t) & set(names)]
    return [t['name'] for t in chosen], sorted(set(names).difference(*map(answers_to, chosen)))


def run(build, tests, limit):
    """Runs the tests, a line for each as it ends. Whether they all ended within `limit` seconds."""
    process = subprocess.Popen(
        ['timeout', '--foreground', '--kill-after=20', str(limit), 'meson', 'test', '-C', build, '--no-rebuild']
        + ['griddle:' + name for name in dict.fromkeys(tests)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
        env={**ENVIRONMENT, **os.environ, 'PYTHONUNBUFFERED': '1'})
    other = []
    for line in process.stdout:
        match = PROGRESS.match(line)
        if match:
            print(f'{match[1]} {match[2]}', flush=True)
        else:
            other.append(line)
    status = process.wait()
    log = os.path.join(build, 'meson-logs', 'testlog.json')
    if not os.path.exists(log):
        print(''.join(other), end='')
    return status not in (124, 128 + signal.SIGKILL, -signal.SIGKILL)


def results(build):
    log = os.path.join(build, 'meson-logs', 'testlog.json')
    if not os.path.exists(log):
        return []
    with open(log, encoding='utf-8', errors='replace') as lines:
        return [json.loads(line) for line in lines if line.strip()]


def judge(result):
    """Passed, failed, and what is wrong beyond that (None: nothing)."""
    lines = result.get('stdout', '').strip().splitlines()
    closing = CLOSING.fullmatch(lines[-1].strip()) if lines else None
    passed, failed = map(int, closing.groups()) if closing else (0, 0)
    if result['result'] == 'SKIP':
        return 0, 0, None
    if result['result'] == 'TIMEOUT':
        return passed, failed + 1, 'took too long and was stopped'
    if not closing:
        return 0, 1, f'ended with status {result["returncode"]}, without its closing line "N passed, N failed"'
    if result['returncode'] != 0 and failed == 0:
        return passed, 1, f'ended with status {result["returncode"]} after its closing line'
    if passed + failed == 0 and 'CK_RUN_CASE' not in os.environ:
        return 0, 1, 'holds no test'
    return passed, failed, None


def show(name, result, wrong):
    print(f'\n--- {name}: {wrong or "failed"}')
    output = (result.get('stdout', '') + '\n' + result.get('stderr', '')).strip().splitlines()
    if len(output) > OUTPUT_LINES:
        print(f'(the last {OUTPUT_LINES} of {len(output)} lines)')
    print('\n'.join(output[-OUTPUT_LINES:]) + '\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--full', action='store_true')
    parser.add_argument('--limit', type=int, default=240)
    parser.add_argument('build')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()

    tests, unknown = choose(options.build, options.names, options.full)
    all_passed, all_failed = 0, len(unknown)
    for name in unknown:
        print(f'there is no test and no suite called "{name}"')
    log = os.path.join(options.build, 'meson-logs', 'testlog.json')
    if os.path.exists(log):
        os.unlink(log)
    if tests and not run(options.build, tests, options.limit):
        print(f'\nthe tests took more than {options.limit} seconds and were stopped')
    ended = results(options.build)
    for result in ended:
        name = result['name'].split(' / ', 1)[-1]
        passed, failed, wrong = judge(result)
        if failed:
            show(name, result, wrong)
        all_passed, all_failed = all_passed + passed, all_failed + failed
        if name in tests:
            tests.remove(name)
    for name in tests:
        print(f'--- {name}: did not end')
        all_failed += 1
    if all_passed + all_failed == 0:
        print('no test ran')
        all_failed = 1
    print(f'{all_passed} passed, {all_failed} failed', flush=True)
    return 1 if all_failed else 0


if __name__ == '__main__':
    sys.exit(main())
