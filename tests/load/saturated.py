"""A pool of three threads and eight places in its queue, and more blocking work than that: async operations go on as if
there were none, what is too much gets 503 at once, what goes round in a circle gets an error, and all of it recovers.

saturated.py SATURATED [--tsan]
"""
import asyncio
import collections
import http.client
import json
import multiprocessing
import random
import re
import signal
import socket
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / 'burgers'))
from sample import Results, Sample, WAIT_S  # noqa: E402

THREADS, QUEUE = 3, 8
PLACES = THREADS + QUEUE
IDLE = {'busy': 0, 'queued': 0, 'zombies': 0, 'coroutines': 3}  # two of the application, and the one that tells
CIRCLES = ['/circle', '/circle-of-children', '/circle-in-a-shield', '/circle-through-a-portal']
REFUSED = 'a pool thread would wait for another one'
RST = struct.pack('ii', 1, 0)

Answer = collections.namedtuple('Answer', 'status headers body')


class Client:
    """One connection."""

    def __init__(self, server):
        self.port = server.port

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.port)
        return self

    async def __aexit__(self, *exception):
        self.writer.close()

    def send(self, target, body=None):
        method = 'GET' if body is None else 'POST'
        head = f'{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
        self.writer.write(f'{head}Content-Length: {len(body or "")}\r\n\r\n{body or ""}'.encode())

    async def receive(self):
        head = (await self.reader.readuntil(b'\r\n\r\n')).decode().split('\r\n')
        headers = dict(line.lower().split(': ', 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers['content-length']))
        return Answer(int(head[0].split()[1]), headers, body.decode())

    async def ask(self, target, body=None):
        """None: there was no whole answer."""
        self.send(target, body)
        try:
            return await asyncio.wait_for(self.receive(), WAIT_S)
        except (OSError, EOFError, asyncio.TimeoutError):
            return None

    def leave(self):
        """By RST: nobody will read the answer."""
        self.writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
        self.writer.transport.abort()


async def ask(server, target, body=None):
    async with Client(server) as client:
        return await client.ask(target, body)


def ask_many(server, targets):
    """A task for each, on a connection of its own."""
    return [asyncio.create_task(ask(server, target)) for target in targets]


def statuses(answers):
    return dict(collections.Counter(answer.status if answer else 'none' for answer in answers))


async def json_of(server, target):
    return json.loads((await ask(server, target)).body)


async def until(results, server, what, **wanted):
    """Waits until the server's counters are so."""
    deadline, got = time.monotonic() + WAIT_S, None
    while got != wanted and time.monotonic() < deadline:
        if got:
            await asyncio.sleep(0.01)
        stats = (await json_of(server, '/debug/tasks'))['stats']
        got = {name: stats[name] for name in wanted}
    results.equal(what, wanted, got)


async def saturate(results, server, target):
    """Every thread held, and the queue full; the tasks that wait for the answers."""
    waiting = ask_many(server, [target] * PLACES)
    await until(results, server, f'{PLACES} {target}: every thread is busy, and the queue full', busy=THREADS,
                queued=QUEUE)
    return waiting


def is_refusal(answer):
    return answer and answer.status == 503 and answer.headers.get('retry-after') == '1'


async def check_recovery(results, server):
    await until(results, server, 'afterwards nothing is left of it', **IDLE)
    answers = await asyncio.gather(*ask_many(server, ['/block?ms=1'] * PLACES))
    results.equal('... blocking work is done again', {200: PLACES}, statuses(answers))
    server.signal(signal.SIGTERM)


# --- a full queue ---

async def check_async_goes_on(results, server):
    got = [await ask(server, '/quick'), await ask(server, '/naps'), await ask(server, '/length', '[1, 2]')]
    results.equal('async operations are answered meanwhile', ['quick', 'rested', '{"length":2}'],
                  [answer and answer.body for answer in got])


async def check_refusals(results, server):
    answers = await asyncio.gather(*ask_many(server, ['/held'] * 50))
    results.check('50 more are refused at once: 503, with Retry-After', all(map(is_refusal, answers)),
                  statuses(answers))
    results.check('so is an async handler that offloads', is_refusal(await ask(server, '/offload')))
    large = f'[{",".join(["1"] * 50000)}]'
    results.check('... and a body so large that the pool is to parse it',
                  is_refusal(await ask(server, '/length', large)))
    async with Client(server) as client:
        await client.ask('/held')
        again = await client.ask('/quick')
        results.equal('a refusal keeps the connection', 'quick', again and again.body)


async def check_places_of_those_that_left(results, server, waiting):
    """Some of the queue leave: others get their places, and what they wanted never runs."""
    async with Client(server) as one, Client(server) as other:
        for client in (one, other):
            client.send('/held')
        await until(results, server, 'two wait in the queue', busy=THREADS, queued=2)
        for client in (one, other):
            client.leave()
    await until(results, server, 'those that leave give their places back', busy=THREADS, queued=0)
    waiting += ask_many(server, ['/held'] * (QUEUE - 1) + ['/offload'])
    await until(results, server, '... which others get', busy=THREADS, queued=QUEUE)
    results.check('... but no more of them', is_refusal(await ask(server, '/held')))


async def test_full_queue(results, server):
    waiting = ask_many(server, ['/held'] * THREADS)
    await until(results, server, 'three hold the threads', busy=THREADS, queued=0)
    await check_places_of_those_that_left(results, server, waiting)
    await check_async_goes_on(results, server)
    await check_refusals(results, server)
    results.equal('meanwhile no more than the threads took ran', {'ran': THREADS, 'most_at_once': THREADS},
                  await json_of(server, '/counts'))
    await ask(server, '/open', '')
    results.equal('all that had a place are served', {200: PLACES}, statuses(await asyncio.gather(*waiting)))
    results.equal('nothing else has run', {'ran': PLACES, 'most_at_once': THREADS}, await json_of(server, '/counts'))
    await check_recovery(results, server)


async def test_deadlines(results, server):
    """Held for longer than their deadline: those that run become zombies, those in the queue never run."""
    waiting = ask_many(server, ['/held-late'] * PLACES)
    answers = await asyncio.gather(*waiting)
    results.equal('all that are late get 504', {504: PLACES}, statuses(answers))
    await until(results, server, 'those that run go on, the queue is empty', busy=THREADS, queued=0, zombies=THREADS)
    waiting = ask_many(server, ['/held'] * QUEUE)
    await until(results, server, 'others wait behind the zombies', busy=THREADS, queued=QUEUE)
    await check_async_goes_on(results, server)
    results.check('a full queue refuses', is_refusal(await ask(server, '/held-late')))
    await ask(server, '/open', '')
    results.equal('those that waited are served', {200: QUEUE}, statuses(await asyncio.gather(*waiting)))
    results.equal('those that were late in the queue never ran', PLACES, (await json_of(server, '/counts'))['ran'])
    await check_recovery(results, server)


# --- more work than threads, for a while ---

def pace(port, seconds):
    """Asks for /quick 200 times a second whether or not answers come; ms from when each was due to its answer."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=WAIT_S)
    times, began = [], time.monotonic()
    for due in (began + number / 200 for number in range(round(200 * seconds))):
        time.sleep(max(0, due - time.monotonic()))
        connection.request('GET', '/quick')
        answer = connection.getresponse()
        if answer.status != 200 or answer.read() != b'quick':
            return times
        times.append((time.monotonic() - due) * 1000)
    return times


async def pace_apart(results, server, apart, seconds, when):
    """In a process of its own, so that the other clients do not get into its times."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    got = apart.apply_async(pace, (server.port, seconds), callback=lambda _: loop.call_soon_threadsafe(done.set),
                            error_callback=lambda _: loop.call_soon_threadsafe(done.set))
    await done.wait()
    times = sorted(got.get())
    results.equal(f'{when}: every /quick is answered', round(200 * seconds), len(times))
    p50, p99 = (times[int(len(times) * part)] for part in (0.5, 0.99))
    print(f'{when} /quick took {p50:.2f} ms (median), {p99:.2f} ms (p99), {times[-1]:.2f} ms at most, of {len(times)}')


async def keep_asking(server, target, stopped, answers):
    while not stopped.is_set():
        answers.append(await ask(server, target))
        if not answers[-1] or answers[-1].status != 200:
            await asyncio.sleep(0.05 + random.random() / 10)


async def test_load(results, server):
    stopped, answers = asyncio.Event(), []
    with multiprocessing.get_context('spawn').Pool(1) as apart:
        await pace_apart(results, server, apart, 1, 'idle')
        clients = [asyncio.create_task(keep_asking(server, '/block?ms=20', stopped, answers)) for _ in range(40)]
        await pace_apart(results, server, apart, 3, 'saturated')
        stopped.set()
        await asyncio.gather(*clients)
        await pace_apart(results, server, apart, 1, 'idle again')
    got = statuses(answers)
    print(f'meanwhile blocking requests got {got}')
    results.check('blocking requests get 200, or 503 with Retry-After, and nothing else',
                  set(got) == {200, 503} and all(map(is_refusal, (a for a in answers if a and a.status == 503))), got)
    results.equal('what was answered has run once, what was refused never, on all threads and no more',
                  {'ran': got[200], 'most_at_once': THREADS}, await json_of(server, '/counts'))
    await check_recovery(results, server)


# --- circles ---

def told(answer):
    if not answer:
        return 'none'
    return json.loads(answer.body)['got'] if answer.status == 200 else answer.status


async def go_round(server, targets, answers):
    """Every kind in an order of chance."""
    for target in random.sample(targets, len(targets)):
        answer = told(await ask(server, target))
        answers[target].append(answer)
        if answer == 'none':  # it hangs, and so will the others
            return


async def test_circles(results, server):
    wanted = {**{target: REFUSED for target in CIRCLES}, '/circle-failed': 500, '/asks': '1', '/own-loop': '1'}
    if '--tsan' in sys.argv:
        # libuv closes descriptors by a system call that TSan does not see: to it, one that two loops have in turn races
        del wanted['/own-loop']
    answers, rounds = collections.defaultdict(list), 10
    for _ in range(rounds):
        if not any('none' in some for some in answers.values()):
            await asyncio.gather(*(go_round(server, list(wanted), answers) for _ in range(PLACES)))
    for target, answer in wanted.items():
        results.equal(f'{target}: all of {rounds * PLACES} got {answer!r}', {answer: rounds * PLACES},
                      dict(collections.Counter(answers[target])))
    results.check('the log says what went round', 'coroutine "circle": gr_offload() refused: a thread of the pool '
                  'waits for this coroutine' in server.output(), server.output()[-1000:])
    await check_recovery(results, server)


async def test_circles_in_a_crowd(results, server):
    answers = await asyncio.gather(*ask_many(server, CIRCLES * 75))
    got = dict(collections.Counter(map(told, answers)))
    print(f'300 circles at once got {got}')
    results.check('300 circles at once: each is refused its thread, or its place in the queue',
                  set(got) <= {REFUSED, 503} and got.get(REFUSED, 0) >= PLACES, got)
    await check_recovery(results, server)


async def close_unseen_circle(results, server, waiting):
    """No thread is left for what every thread waits for; two more requests are in the queue behind it."""
    await until(results, server, 'all threads are at the gate', busy=THREADS, queued=0)
    await ask(server, '/open', '')
    await until(results, server, 'all wait for another coroutine, and that for a thread', busy=THREADS, queued=1)
    waiting += ask_many(server, ['/block?ms=1'] * 2)
    await until(results, server, 'others queue behind it', busy=THREADS, queued=3)
    await check_async_goes_on(results, server)


async def test_unseen_circle_with_a_deadline(results, server):
    late, behind = ask_many(server, ['/circle-unseen-late'] * THREADS), []
    await close_unseen_circle(results, server, behind)
    got = statuses(await asyncio.gather(*late))
    results.check('a deadline ends it: the first thread that comes free ends it for all', set(got) <= {200, 504}
                  and got.get(504), got)
    results.equal('... for the others', {200: 2}, statuses(await asyncio.gather(*behind)))
    await check_recovery(results, server)


async def test_unseen_circle_whose_client_leaves(results, server):
    waiting = ask_many(server, ['/circle-unseen'] * (THREADS - 1))
    async with Client(server) as client:
        client.send('/circle-unseen')
        await close_unseen_circle(results, server, waiting)
        client.leave()
    results.equal('one thread that comes free ends it for all', {200: THREADS + 1},
                  statuses(await asyncio.gather(*waiting)))
    await check_recovery(results, server)


# --- stopping in the middle ---

async def test_stop(results, server):
    waiting = ask_many(server, ['/held'] * THREADS)
    await until(results, server, 'all threads are busy', busy=THREADS, queued=0)
    waiting += ask_many(server, CIRCLES + ['/asks'] * 2 + ['/block?ms=50'] * 2)
    await until(results, server, '... and the queue is full', busy=THREADS, queued=QUEUE)
    opener = asyncio.create_task(ask(server, '/open?after_ms=500', ''))
    await until(results, server, '... and somebody is about to open', coroutines=IDLE['coroutines'] + PLACES + 1)
    server.signal(signal.SIGTERM)
    await opener
    results.equal('a stop lets all finish that run and that wait in the queue', {200: PLACES},
                  statuses(await asyncio.gather(*waiting)))
    results.equal('... circles with their error', [REFUSED] * len(CIRCLES),
                  [told(await task) for task in waiting[THREADS:][:len(CIRCLES)]])


async def test_stop_in_an_unseen_circle(results, server):
    waiting = ask_many(server, ['/circle-unseen'] * THREADS)
    await close_unseen_circle(results, server, waiting)
    server.signal(signal.SIGTERM)
    results.equal('a stop cancels it at its deadline', 0, await asyncio.to_thread(server.status))
    results.equal('nobody waits for an answer any more', {'none': THREADS + 2},
                  statuses(await asyncio.gather(*waiting)))


async def test_stop_by_force(results, server):
    """Threads that never come back, and a queue behind them."""
    waiting = await saturate(results, server, '/held')
    server.signal(signal.SIGTERM)
    results.equal('with threads that do not come back a stop ends at its deadline, with status 1', 1,
                  await asyncio.to_thread(server.status))
    results.equal('nobody waits for an answer any more', {'none': PLACES}, statuses(await asyncio.gather(*waiting)))
    results.check('the log names who was in it', re.search(r'cancelled at the stop\'s deadline: "held"',
                                                           server.output()), server.output()[-1000:])


# ---

def run(results, program, test, *options, status=0):
    """On a server of its own, which the test stops."""
    print(f'--- {test.__name__[5:].replace("_", " ")}')
    with Sample(program, '--no-access-log', '--threads', str(THREADS), '--queue', str(QUEUE), *options) as server:
        asyncio.run(test(results, server))
        results.equal(f'the server ends with status {status}', status, server.status())
        found = re.search(r'(Sanitizer|runtime error)[\s\S]*', server.output())
        results.check('no sanitizer has found anything', not found, found and found[0][:4000])


def main():
    program, results = sys.argv[1], Results()
    for test in (test_full_queue, test_deadlines, test_load, test_circles, test_circles_in_a_crowd,
                 test_unseen_circle_with_a_deadline, test_unseen_circle_whose_client_leaves, test_stop):
        run(results, program, test)
    run(results, program, test_stop_in_an_unseen_circle, '--stop-ms', '300')
    run(results, program, test_stop_by_force, '--stop-ms', '300', status=1)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
