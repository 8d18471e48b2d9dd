"""Many clients at once that mean no good: they leave while they are served, send slowly, or are more than there are
descriptors. The server stays small and serves the others.

storm.py BURGERS [--untimed]
"""
import os
import resource
import shlex
import socket
import struct
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / 'burgers'))
from sample import Results, Sample, wait_until  # noqa: E402

LEAVERS, SLOW, ROUNDS = 1000, 500, 3
RST = struct.pack('ii', 1, 0)


def descriptors(server):
    return len(os.listdir(f'/proc/{server.process.pid}/fd'))


def memory_kib(server):
    status = Path(f'/proc/{server.process.pid}/status').read_text()
    return int(status.split('VmRSS:')[1].split()[0])


def connect(server, data=b''):
    connection = socket.create_connection(('127.0.0.1', server.port), 5)
    connection.sendall(data)
    return connection


def is_served(server, request=b'GET /hello?delay_ms=0 HTTP/1.1\r\nHost: a\r\n\r\n'):
    with connect(server, request) as connection:
        connection.settimeout(5)
        return connection.recv(1000).startswith(b'HTTP/1.1 200')


def settled(server):
    """Its descriptors with nobody there, once it has done everything for the first time."""
    is_served(server)
    time.sleep(0.3)
    return descriptors(server)


def leave(server, few):
    """ms until a thousand clients that left, half of them by FIN and half by RST, are gone from the server."""
    clients = [connect(server, b'GET /hello?delay_ms=10000 HTTP/1.1\r\nHost: a\r\n\r\n') for _ in range(LEAVERS)]
    if not wait_until(lambda: descriptors(server) >= few + LEAVERS):
        raise RuntimeError('not all were accepted')
    for index, client in enumerate(clients):
        if index % 2:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    began = time.monotonic()
    for client in clients:
        client.close()
    wait_until(lambda: descriptors(server) <= few)
    return (time.monotonic() - began) * 1000


def test_leaving(results, program, timed):
    with Sample(program, '--no-access-log') as server:
        few = settled(server)
        times, sizes = [], []
        for _ in range(ROUNDS):
            times.append(leave(server, few))
            sizes.append(memory_kib(server))
        print('a thousand left within', ', '.join(f'{ms:.0f} ms' for ms in times), '- then', sizes, 'KiB')
        results.check('all that left are gone', descriptors(server) <= few, str(descriptors(server)))
        results.check('the server does not grow', not timed or sizes[-1] <= sizes[0] + 1024, str(sizes))
        results.check('they are gone within 100 ms', not timed or min(times) < 100, str(times))
        results.check('others are served', is_served(server))


def test_slow(results, program, name, data, drip):
    """Clients that send the beginning, and then a byte now and then."""
    with Sample(program, '--no-access-log', '--head-ms', '1000', '--body-ms', '1000') as server:
        few = settled(server)
        clients = [connect(server, data) for _ in range(SLOW)]
        began, served = time.monotonic(), []
        while time.monotonic() - began < 2.5:
            for client in clients:
                try:
                    client.send(drip)
                except OSError:
                    pass
            served.append(is_served(server))
            time.sleep(0.1)
        results.check(f'{name}: others are served all the time', all(served), str(served))
        results.check(f'{name}: their connections are closed', wait_until(lambda: descriptors(server) <= few + 1),
                      str(descriptors(server)))
        for client in clients:
            client.close()


def test_descriptors(results, program):
    """More clients than descriptors: those that have one are served, the others wait, and nobody spins."""
    with tempfile.TemporaryDirectory() as folder:
        limited = Path(folder) / 'limited'
        limited.write_text(f'#!/bin/sh\nulimit -n 200\nexec {shlex.quote(program)} "$@"\n')
        limited.chmod(0o755)
        server = Sample(str(limited), '--no-access-log', '--keep-alive-ms', '60000')
    with server:
        clients = [connect(server) for _ in range(300)]
        request = b'GET /burgers/1 HTTP/1.1\r\nHost: a\r\n\r\n'
        for client in clients:
            client.sendall(request)
            client.settimeout(0.5)
        results.check('the first is served', clients[0].recv(1000).startswith(b'HTTP/1.1 200'))
        before = cpu_ticks(server)
        time.sleep(1)
        spent = cpu_ticks(server) - before
        results.check('waiting costs no time', spent <= 2, f'{spent} ticks in a second')
        for client in clients[:250]:
            client.close()
        clients[299].settimeout(5)
        results.check('one that waited is served when others leave', clients[299].recv(1000).startswith(b'HTTP/1.1 200'))
        results.check('the log says why they waited', 'limit of connections' in server.output(), server.output()[-300:])


def test_sigpipe(results, program):
    """Case 84: replies to clients that are gone already."""
    with Sample(program, '--no-access-log') as server:
        request = b'GET /burgers/100 HTTP/1.1\r\nHost: a\r\n\r\n' * 50
        for _ in range(200):
            client = connect(server, request)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            client.close()
        results.check('84: writing to those that are gone kills nobody', is_served(server))


def test_full_pool(results, program, timed):
    """Case 88: all threads busy and the queue full: 503 at once, and async operations are as quick as ever."""
    with Sample(program, '--no-access-log', '--threads', '2', '--queue', '2') as server:
        clients = [connect(server, b'GET /results HTTP/1.1\r\nHost: a\r\n\r\n') for _ in range(50)]
        times = []
        for _ in range(100):
            began = time.monotonic()
            is_served(server)
            times.append((time.monotonic() - began) * 1000)
        answers = [client.recv(1000) for client in clients]
        refused = [answer for answer in answers if answer.startswith(b'HTTP/1.1 503')]
        results.check('88: those beyond the queue get 503', len(refused) == 46, f'{len(refused)} of 50')
        results.check('88: ... and are told when to come again', all(b'retry-after: 1' in answer for answer in refused))
        results.check('88: the others are served', sum(a.startswith(b'HTTP/1.1 200') for a in answers) == 4)
        print(f'meanwhile a hello took {sorted(times)[98]:.1f} ms at most, 99 times of 100')
        results.check('88: async operations stay under 10 ms', not timed or sorted(times)[98] < 10, str(times))


def cpu_ticks(server):
    fields = Path(f'/proc/{server.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main():
    program, timed = os.path.abspath(sys.argv[1]), '--untimed' not in sys.argv
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    results = Results()
    test_leaving(results, program, timed)
    test_slow(results, program, 'slow heads', b'GET /burgers/1 HTTP/1.1\r\nHost: a\r\nX: ', b'x')
    test_slow(results, program, 'slow bodies', b'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n', b'x')
    test_descriptors(results, program)
    test_sigpipe(results, program)
    test_full_pool(results, program, timed)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
