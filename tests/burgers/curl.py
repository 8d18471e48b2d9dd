"""The sample as its users meet it: the program's command line, every operation by curl, wrong input, and signals.

curl.py BURGERS
"""
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sample import Results, Sample, WAIT_S, free_port, run, wait_until

CURL = ['curl', '--disable', '--silent', '--show-error', '--noproxy', '*', '--max-time', str(WAIT_S)]
results = Results()


def curl(server, target, *options):
    """(status, body as JSON, or as text where it is none)."""
    code, output, errors = run(*CURL, '--write-out', '\n%{http_code}', *options, server.url(target))
    body, _, status = output.rpartition('\n')
    if code != 0:
        return code, errors
    try:
        return int(status), json.loads(body)
    except ValueError:
        return int(status), body


def expect(server, target, status, body, *options):
    shown = ' '.join([target, *options])
    results.equal(shown if len(shown) < 100 else shown[:97] + '...', (status, body), curl(server, target, *options))


def expect_timed(server, target, member, least_ms, body):
    """A real clock says at least as much as was asked for; `body` is the rest."""
    status, got = curl(server, target)
    took_ms = got.pop(member, None) if isinstance(got, dict) else None
    results.equal(target, (200, body), (status, got))
    results.check(f'{target}: {member} is at least {least_ms}', took_ms is not None and took_ms >= least_ms, took_ms)


def expect_invalid(server, target, kind, *where):
    status, got = curl(server, target)
    detail = got.get('detail') if isinstance(got, dict) else None
    first = detail[0] if isinstance(detail, list) and detail else {}
    results.equal(f'{target} is a 422', (422, kind, list(where)), (status, first.get('type'), first.get('loc')))


# --- operations ---

def test_async(server):
    expect_timed(server, '/hello?delay_ms=20', 'waited_ms', 20, {'result': 'hello', 'ran_on': 'loop'})
    expect(server, '/burgers/1', 200, {'burgers': [{'id': 1, 'name': 'Classic Burger'}]})
    expect(server, '/burgers/%32', 200,
           {'burgers': [{'id': 1, 'name': 'Classic Burger'}, {'id': 2, 'name': 'Cheeseburger'}]})
    expect_timed(server, '/messages?delays=4,1,2&unit_ms=40', 'elapsed_ms', 160,
                 {'finished': [{'task': 2, 'delay': 1}, {'task': 3, 'delay': 2}, {'task': 1, 'delay': 4}]})
    said = {'said': ['hello', 'world']}
    expect_timed(server, '/say-after?unit_ms=20', 'elapsed_ms', 60, said)
    expect_timed(server, '/say-after?tasks=true&unit_ms=20', 'elapsed_ms', 40, said)
    status, got = curl(server, '/factorial?unit_ms=10')
    results.equal('/factorial gathers', (200, [2, 6, 24]), (status, got.get('results')))
    results.equal('/factorial interleaves', ['Task A: factorial(2) = 2',
                                             'Task B: Compute factorial(3), currently i=3...'], got['steps'][3:5])


def test_blocking(server):
    expect(server, '/results', 200, {'result': 'well done', 'ran_on': 'pool'})
    expect(server, '/orders', 200, [])
    order = {'id': 1, 'burger_id': 7, 'quantity': 2}
    expect(server, '/orders', 201, order, '--json', '{"burger_id": 7, "quantity": 2}')
    expect(server, '/orders', 201, {**order, 'id': 2}, '--json', '{"burger_id": 7, "quantity": 2}',
           '--header', 'Transfer-Encoding: chunked')
    expect(server, '/orders?skip=1&limit=1', 200, [{**order, 'id': 2}])


def test_wrong_input(server):
    for target, kind, *where in [
            ('/hello?delay_ms=10001', 'less_than_equal', 'query', 'delay_ms'),
            ('/hello?delay_ms=soon', 'int_parsing', 'query', 'delay_ms'),
            ('/burgers/0', 'greater_than_equal', 'path', 'number'),
            ('/burgers/101', 'less_than_equal', 'path', 'number'),
            ('/burgers/x', 'int_parsing', 'path', 'number'),
            ('/burgers/1e999', 'int_parsing', 'path', 'number'),
            ('/messages?unit_ms=-1', 'greater_than_equal', 'query', 'unit_ms'),
            ('/say-after?tasks=perhaps', 'bool_parsing', 'query', 'tasks'),
            ('/factorial?unit_ms=1001', 'less_than_equal', 'query', 'unit_ms'),
            ('/orders?limit=0', 'greater_than_equal', 'query', 'limit')]:
        expect_invalid(server, target, kind, *where)
    expect(server, '/messages?delays=4,one', 422,
           {'detail': 'delays: number 2 is not a whole number from 0 to 1000; write them like 4,1,2'})
    expect(server, '/nowhere', 404, {'detail': 'Not Found'})
    expect(server, '/orders', 405, {'detail': 'Method Not Allowed'}, '--request', 'DELETE')
    expect(server, '/orders', 405, {'detail': 'Method Not Allowed'}, '--request', 'PATCH')


def test_wrong_bodies(server, folder):
    for body, kind, *loc in [('{"burger_id": 1}', 'missing', 'body', 'quantity'),
                             ('{"burger_id": 101, "quantity": 1}', 'less_than_equal', 'body', 'burger_id'),
                             ('{"burger_id": 1, "quantity": "two"}', 'int_parsing', 'body', 'quantity'),
                             ('[1, 2]', 'model_attributes_type', 'body')]:
        status, got = curl(server, '/orders', '--json', body)
        error = got['detail'][0]
        results.equal('/orders refuses ' + body, (422, kind, loc), (status, error['type'], error['loc']))
    status, got = curl(server, '/orders', '--json', '{"burger_id": 1')
    results.equal('/orders names what is no JSON', (422, 'json_invalid'), (status, got['detail'][0]['type']))
    status, got = curl(server, '/orders', '--request', 'POST')
    results.equal('/orders needs a body', (422, 'missing'), (status, got['detail'][0]['type']))
    large = folder / 'large'
    large.write_bytes(b' ' * (1 << 21))
    status = curl(server, '/orders', '--json', f'@{large}')[0]
    results.equal('/orders refuses two megabytes', 413, status)
    results.equal('a target of 100,000 bytes is refused', 414, curl(server, '/hello?' + 'x' * 100000)[0])
    expect(server, '/orders?skip=2', 200, [])


def test_protocol(server):
    code, head, _ = run(*CURL, '--head', server.url('/burgers/1'))
    lines = [line.lower() for line in head.splitlines()]
    results.check('HEAD has the length of GET', code == 0 and 'content-length: 46' in lines, head)
    code, output, _ = run(*CURL, '--header', 'X-Request-ID: order-66', '--output', '/dev/null', '--dump-header', '-',
                          server.url('/hello?delay_ms=0'))
    results.check('the request keeps its id', 'x-request-id: order-66' in output.lower(), output)
    shown = wait_until(lambda: ' 200 OK order-66' in server.output())  # its line comes with its last byte
    results.check('the access log shows it', shown, server.output())
    code, output, _ = run(*CURL, '--write-out', '%{num_connects}\n', '--output', '/dev/null', '--output', '/dev/null',
                          server.url('/hello?delay_ms=0'), server.url('/burgers/1'))
    results.equal('two requests share a connection', '1\n0\n', output)
    expect(server, '/burgers/1', 200, {'burgers': [{'id': 1, 'name': 'Classic Burger'}]}, '--http1.0')


# --- the command line ---

def test_command_line(program):
    status, output, _ = run(program, '--help')
    results.check('--help lists the options', status == 0 and output.startswith(f'Usage: {program} [OPTIONS]\n')
                  and '--db FILE' in output and '--port N' in output, output)
    status, output, _ = run(program, '--version')
    results.check('--version', status == 0 and output.startswith('Burgers 0.1.0 (griddle '), output)
    for arguments in [('--port', 'x'), ('--port', '65536'), ('--port', '-1'), ('--port',), ('--db',), ('--burger',),
                      ('--threads', '0'), ('--log-level', 'loud'), ('cheese',)]:
        status, output, errors = run(program, *arguments)
        results.check(f'{" ".join(arguments)}: status 2, and why', status == 2 and errors.startswith(program + ': ')
                      and not output, f'{status} {output}{errors}')


def test_failing_start(program, server, folder):
    status, _, errors = run(program, '--port', str(server.port))
    results.check('a taken port: status 1, and why', status == 1 and f'port {server.port} ' in errors
                  and 'is taken' in errors, f'{status} {errors}')
    status, _, errors = run(program, '--host', 'nowhere', '--port', str(free_port()))
    results.check('a host that is no address: status 2, and why', status == 2 and '"nowhere"' in errors,
                  f'{status} {errors}')
    status, _, errors = run(program, '--port', str(free_port()), '--db', str(folder / 'no' / 'such' / 'folder'))
    results.check('a database that cannot be opened: status 1, and why', status == 1
                  and 'cannot open the database' in errors and 'unable to open' in errors, f'{status} {errors}')


# --- signals ---

def start_slow_request(server, delay_ms):
    """A curl whose request the server has begun to serve."""
    before = server.sockets()
    client = subprocess.Popen([*CURL, server.url(f'/hello?delay_ms={delay_ms}')], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    wait_until(lambda: server.sockets() > before)
    time.sleep(0.2)
    return client


def test_sigterm(program):
    with Sample(program) as server:
        client = start_slow_request(server, 1500)
        server.signal(signal.SIGTERM)
        wait_until(lambda: 'Shutting down' in server.output())
        results.equal('after SIGTERM nobody can connect', 7, curl(server, '/hello')[0])
        output, errors = client.communicate()
        results.check('after SIGTERM the request that runs is answered', '"result":"hello"' in output, errors)
        results.equal('then the server ends with status 0', 0, server.status())


def test_second_sigterm(program):
    with Sample(program) as server:
        client = start_slow_request(server, 10000)
        server.signal(signal.SIGTERM)
        wait_until(lambda: 'Shutting down' in server.output())
        server.signal(signal.SIGTERM)
        results.equal('a second SIGTERM ends the server at once, with status 143', 143, server.status())
        client.communicate()
        results.equal('its client sees an empty reply', 52, client.returncode)


def test_sigint(program):
    with Sample(program) as server:
        client = start_slow_request(server, 10000)
        server.signal(signal.SIGINT)
        client.kill()
        client.communicate()
        results.equal('SIGINT: status 0, as soon as the last client has left', 0, server.status())


def test_stop_deadline(program):
    with Sample(program, '--stop-ms', '100') as server:
        client = start_slow_request(server, 10000)
        server.signal(signal.SIGTERM)
        results.equal('a request that takes longer than --stop-ms is cancelled: status 0', 0, server.status())
        client.communicate()
        results.check('the log names it', 'cancelled at the stop\'s deadline: "hello"' in server.output(),
                      server.output())


def test_persistence(program, folder):
    file = str(folder / 'orders.db')
    for orders in ([], [{'id': 1, 'burger_id': 1, 'quantity': 3}]):
        with Sample(program, f'--db={file}') as server:
            expect(server, '/orders', 200, orders)
            curl(server, '/orders', '--json', '{"burger_id": 1, "quantity": 3}')
            server.signal(signal.SIGTERM)
            results.equal('the server with a database file stops with status 0', 0, server.status())


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        test_command_line(program)
        with Sample(program) as server:
            test_async(server)
            test_blocking(server)
            test_wrong_input(server)
            test_wrong_bodies(server, folder)
            test_protocol(server)
            test_failing_start(program, server, folder)
            server.signal(signal.SIGTERM)
            results.equal('SIGTERM while nothing runs: status 0', 0, server.status())
            for word in ('Sanitizer', 'runtime error', 'ERROR'):
                results.check(f'the log is free of "{word}"', word not in server.output(), server.output())
        test_sigterm(program)
        test_second_sigterm(program)
        test_sigint(program)
        test_stop_deadline(program)
        test_persistence(program, folder)
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
