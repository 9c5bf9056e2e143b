"""Odoo's command line and server as processes with a log file of their own."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from .paths import logs, safe_name

# Of a log, where nobody can open it afterwards.
LAST_LINES = 30


class OdooFailed(Exception):
    """An Odoo command ended with an error; the message has its log's end."""


def log_path(name):
    """A log file that no other process of this run writes to."""
    return logs() / f"{safe_name(name)}-{os.getpid()}-{time.monotonic_ns()}.log"


def _run(command, log, stdin=None, timeout=1200):
    with open(log, "a") as output:
        done = subprocess.run(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            input=stdin,
            text=True,
            timeout=timeout,
            check=False,
        )
    if done.returncode:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
        raise OdooFailed(
            f"{' '.join(command)} ended with {done.returncode}: see {log}\n{end}"
        )
    return log


def load(database, *, install=(), update=()):
    """Install or update modules; gives the log's path."""
    command = ["odoo", "-d", database, "--stop-after-init", "--no-http"]
    kind = "install" if install else "update"
    command += [f"--{'init' if install else 'update'}={','.join(install or update)}"]
    return _run(command, log_path(f"{kind}-{database}"))


def uninstall(database, module):
    command = ["odoo", "module", "uninstall", "-d", database, module]
    return _run(command, log_path(f"uninstall-{database}"))


def shell(database, code):
    """Run Python in Odoo's shell; `env` is there and is committed by the code."""
    command = ["odoo", "shell", "-d", database, "--no-http"]
    return _run(command, log_path(f"shell-{database}"), stdin=code)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A real Odoo server on one database, bound to the loopback address."""

    def __init__(self, database, workers=0, options=()):
        self.database = database
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log_path(f"server-{database}")
        self.command = [
            "odoo",
            f"--database={database}",
            f"--db-filter=^{database}$",
            "--no-database-list",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            f"--workers={workers}",
            "--max-cron-threads=0",
            f"--logfile={self.log}",
            *options,
        ]
        self.process = None

    def start(self, timeout=120):
        # A group of its own, so that a kill reaches the workers and nobody else.
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise OdooFailed(f"the server did not start: see {self.log}")
            if self._answers():
                return self
            time.sleep(0.2)
        self.kill()
        raise OdooFailed(f"the server did not answer in {timeout} s: see {self.log}")

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=60) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """What a power cut does to the server and all its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(database, workers=0, options=()):
    server = Server(database, workers, options).start()
    try:
        yield server
    finally:
        server.stop()
