"""What a stop of gr_main() says and how it ends: with a stream open, with requests, with what nobody can end.

stopping.py SAMPLES SERVER BURGERS    SAMPLES: the folder of sample.py
"""
import json
import os
import signal
import socket
import sys
import tempfile
import urllib.request

sys.path.insert(0, sys.argv[1])
from sample import Results, Sample, wait_until  # noqa: E402

results = Results()


def ask(server, target):
    """A connection that has asked."""
    client = socket.create_connection(('127.0.0.1', server.port), timeout=30)
    client.sendall(f'GET {target} HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
    return client


def rest_of(client):
    got = b''
    while piece := client.recv(65536):
        got += piece
    return got


def runs(server, name):
    """Whether a coroutine of that name has begun."""
    def listed():
        with urllib.request.urlopen(server.url('/debug/tasks'), timeout=30) as answer:
            return name in [task['name'] for task in json.load(answer)['tasks']]
    return wait_until(listed)


def says(server, text):
    return wait_until(lambda: text in server.output())


def a_stream_ends_with_the_stop(burgers):
    with Sample(burgers) as server, ask(server, '/date?seconds=3600&every_ms=60000') as client:
        results.check('a stream has begun', b'UTC' in client.recv(65536) or b'UTC' in client.recv(65536))
        server.signal(signal.SIGINT)
        results.check('its client sees a complete body', rest_of(client).endswith(b'0\r\n\r\n'))
        results.equal('and the server ends', 0, server.status())
        results.check('the log says whom it waited for', 'Waiting for 1 request: date since ' in server.output() and
                      '(again to leave now)' in server.output(), server.output())


def the_second_signal_leaves(program):
    with Sample(program) as server, ask(server, '/waits?ms=60000'):
        results.check('a request waits', runs(server, 'waits'))
        server.signal(signal.SIGINT)
        results.check('the log names it at once', says(server, 'Waiting for 1 request: waits since '), server.output())
        results.check('and again', says(server, ' ms (again to leave now)\nINFO:     Waiting for 1 request'),
                      server.output())
        server.signal(signal.SIGINT)
        results.equal('the second signal leaves', 130, server.status())


def what_was_left_behind_is_named(program, fifo):
    with Sample(program, '--stop-ms', '300') as server, ask(server, f'/reads?path={fifo}') as client:
        results.check('its client has its 504', b' 504 ' in client.recv(65536))
        server.signal(signal.SIGUSR1)
        results.check('SIGUSR1 lists what is left behind', says(server, f'reads                        {fifo}'),
                      server.output())
        server.signal(signal.SIGTERM)
        results.equal('the stop does not wait for ever', 1, server.status())
        results.check('the log says for what', f'the stop leaves behind: a file\'s content ("{fifo}"), by "reads", since '
                      in server.output(), server.output())


def a_blocking_function_is_named(program):
    with Sample(program, '--stop-ms', '300') as server, ask(server, '/works?ms=60000'):
        results.check('a request works', runs(server, 'works'))
        server.signal(signal.SIGTERM)
        results.equal('the stop does not wait for it either', 1, server.status())
        results.check('and names operation, method, path and since when',
                      'the stop leaves behind: "works": GET /works?ms=60000, which waits for offload' in server.output(),
                      server.output())


def main():
    _, _, program, burgers = sys.argv
    a_stream_ends_with_the_stop(burgers)
    the_second_signal_leaves(program)
    with tempfile.TemporaryDirectory() as folder:
        fifo = f'{folder}/fifo'
        os.mkfifo(fifo)
        what_was_left_behind_is_named(program, fifo)
    a_blocking_function_is_named(program)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
