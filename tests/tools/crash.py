"""What a program under gr_main() says when it crashes, and how it dies.

crash.py SAMPLES PROGRAM SANITIZER
"""
import os
import signal
import socket
import sys

sys.path.insert(0, sys.argv[1])
from sample import Results, Sample  # noqa: E402

_, _, program, sanitizer = sys.argv
results = Results()
HANDS_OFF = 'handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0'


def crash(target, **environment):
    """(status, output) of a server that was asked for `target`."""
    os.environ.update(environment)
    try:
        with Sample(program, '--no-access-log', '--watchdog-ms', '0') as server:
            with socket.create_connection(('127.0.0.1', server.port), timeout=30) as client:
                client.sendall(f'GET {target} HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
                return server.status(), server.output()
    finally:
        for name in environment:
            del os.environ[name]


def hands_off(target, **environment):
    return crash(target, ASAN_OPTIONS=HANDS_OFF, TSAN_OPTIONS=HANDS_OFF, **environment)


def check_crash(target, number, line, serves):
    status, output = hands_off(target)
    what = f'{target} '
    results.equal(what + 'dies of its signal', -number, status)
    results.check(what + 'says of what', line in output, output)
    results.check(what + 'says for whom', f'\ngriddle: it serves GET {serves}\n' in output, output)
    return output


def names_every_place():
    for where, name in [('async', 'in "in_async"'), ('blocking', 'on a thread of the pool, in "in_blocking"'),
                        ('child', 'in "child"'), ('offload', 'on a thread of the pool, in "in_offload"'),
                        ('teardown', 'on a thread of the pool, in "in_teardown"'), ('after', 'in "in_after"')]:
        target = f'/{where}/segv'
        output = check_crash(target, signal.SIGSEGV, f'griddle: SIGSEGV for the address 0x10 {name}\n', target)
        results.check(f'{target} shows where', output.split('it serves')[1].count('/crash(') >= 2, output)


def names_every_signal():
    for kind, number in [('fpe', signal.SIGFPE), ('ill', signal.SIGILL), ('abrt', signal.SIGABRT),
                         ('bus', signal.SIGBUS)]:
        target = f'/async/{kind}'
        check_crash(target, number, f'griddle: {number.name}', target)


def shows_who_called_null():
    output = check_crash('/async/call', signal.SIGSEGV, 'griddle: SIGSEGV for the address 0x0 in "in_async"\n',
                         '/async/call')
    results.check('of a NULL that was called its caller', '/crash(' in output.split('it serves')[1], output)


def escapes():
    check_crash('/async/segv?a="b', signal.SIGSEGV, 'griddle: SIGSEGV', '/async/segv?a=\\x22b')


def an_overflow_comes_first():
    status, output = hands_off('/overflow')
    results.equal('an overflow dies of SIGSEGV', -signal.SIGSEGV, status)
    results.check('and is called one', 'griddle: coroutine "too_deep" overflowed its stack of' in output and
                  'griddle: SIGSEGV' not in output, output)


def own_handlers_stay():
    status, output = hands_off('/async/segv', OWN_HANDLER='1')
    results.equal('a handler of the application stays', 42, status)
    results.check('and has the only word', 'mine\n' in output and 'griddle: SIGSEGV' not in output, output)


def sanitizers_stay():
    _, output = crash('/async/segv')
    results.check('a sanitizer has its place', 'AddressSanitizer: SEGV' in output and
                  'griddle: SIGSEGV' not in output, output)


names_every_place()
names_every_signal()
shows_who_called_null()
escapes()
an_overflow_comes_first()
own_handlers_stay()
if 'address' in sanitizer:
    sanitizers_stay()
sys.exit(results.close())
