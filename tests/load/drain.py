"""Stops a server under load, again and again: each request is answered whole, or its connection was idle and never read.

drain.py BURGERS [STOPS]
"""
import random
import signal
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / 'burgers'))
from sample import Results, Sample  # noqa: E402

CLIENTS, REQUEST = 24, b'GET /hello?delay_ms=20 HTTP/1.1\r\nHost: a\r\n\r\n'


def receive(connection):
    """What came up to a whole answer, or up to the end."""
    got = b''
    try:
        while not (b'\r\n\r\n' in got and got.endswith(b'}')):
            piece = connection.recv(65536)
            if not piece:
                break
            got += piece
    except OSError:
        pass
    return got


def talk(connection, ends, stopped):
    """Requests on one connection until it ends; how each ended goes to `ends`."""
    is_fresh = True
    while not stopped.is_set():
        try:
            connection.sendall(REQUEST)
        except OSError:
            return
        got = receive(connection)
        is_whole = got.startswith(b'HTTP/1.1 200') and got.endswith(b'}')
        ends.append('answered' if is_whole else 'cut' if got else 'lost' if is_fresh else 'idle')
        is_fresh = False
        if not is_whole or b'connection: close' in got:
            return


def client(port, ends, stopped):
    while not stopped.is_set():
        try:
            with socket.create_connection(('127.0.0.1', port), 2) as connection:
                connection.settimeout(10)
                talk(connection, ends, stopped)
        except OSError:
            return


def stop_once(results, program):
    """How the requests ended, and how long the stop took."""
    ends, stopped = [], threading.Event()
    with Sample(program, '--no-access-log') as server:
        threads = [threading.Thread(target=client, args=(server.port, ends, stopped)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        time.sleep(0.1 + random.random() / 10)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        status = server.process.wait(20)
        took = time.monotonic() - began
        stopped.set()
        for thread in threads:
            thread.join()
    if status != 0:
        results.equal('the server stops with status 0', 0, status)
    return ends, took


def main():
    program, stops = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50
    results, ends, longest = Results(), [], 0
    for _ in range(stops):
        some, took = stop_once(results, program)
        ends += some
        longest = max(longest, took)
    print({end: ends.count(end) for end in sorted(set(ends))}, f'the longest stop took {longest * 1000:.0f} ms')
    results.check('many requests were answered', ends.count('answered') > stops * CLIENTS, str(len(ends)))
    results.equal('answers that were cut', 0, ends.count('cut'))
    results.equal('requests on fresh connections that were accepted and not answered', 0, ends.count('lost'))
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
