"""The sample as a program: started on a free port, and what its tests count."""
import os
import socket
import subprocess
import tempfile
import time

WAIT_S = 30  # for what takes milliseconds where nothing is wrong


class Results:
    """One line a check, and the closing line that scripts/test adds up."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, is_true, details=''):
        print(f'{"ok    " if is_true else "FAILED"} {what}', flush=True)
        if is_true:
            self.passed += 1
        else:
            self.failed += 1
            print(f'       {details}', flush=True)

    def equal(self, what, wanted, got):
        self.check(what, wanted == got, f'wanted {wanted!r}\n       got    {got!r}')

    def close(self):
        print(f'{self.passed} passed, {self.failed} failed')
        return 1 if self.failed else 0


def wait_until(is_true):
    """Whether it became true in time."""
    deadline = time.monotonic() + WAIT_S
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def run(*command):
    """(status, standard output, standard error) of a program that ends by itself."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=WAIT_S)
    return done.returncode, done.stdout, done.stderr


class Sample:
    """A running server. On leaving a `with` it is killed where it still runs."""

    def __init__(self, program, *arguments):
        self.port = free_port()
        self.log = tempfile.TemporaryFile('w+', encoding='utf-8', errors='replace')
        self.process = subprocess.Popen([program, '--port', str(self.port), *arguments], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        if not wait_until(lambda: 'running on http://' in self.output() or self.process.poll() is not None):
            raise RuntimeError(f'the server does not start:\n{self.output()}')

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def output(self):
        return os.pread(self.log.fileno(), 1 << 24, 0).decode(errors='replace')

    def url(self, target):
        return f'http://127.0.0.1:{self.port}{target}'

    def signal(self, number):
        self.process.send_signal(number)

    def status(self):
        """The exit status; None: it does not end."""
        try:
            return self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            return None

    def sockets(self):
        """How many it has open, its listening one among them."""
        folder, count = f'/proc/{self.process.pid}/fd', 0
        for descriptor in os.listdir(folder):
            try:
                count += os.readlink(f'{folder}/{descriptor}').startswith('socket:')
            except OSError:
                pass
        return count
