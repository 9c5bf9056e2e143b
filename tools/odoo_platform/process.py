"""The running Odoo servers of a cache, found again by their state files."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import PlatformError

STOP_TIMEOUT = 30


@dataclass(frozen=True)
class Server:
    database: str
    pid: int
    port: int
    root: str

    @property
    def address(self):
        return f"http://localhost:{self.port}"

    def is_alive(self):
        """A process of that number may be another program by now."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False
        return self.database.encode() in command.split(b"\0")

    def stop(self):
        """Ask Odoo to end, and make it when it does not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            deadline = time.monotonic() + STOP_TIMEOUT
            while self.is_alive() and time.monotonic() < deadline:
                time.sleep(0.1)
            if not self.is_alive():
                return


def save(layout, server):
    state_file(layout, server.database).write_text(json.dumps(asdict(server)))


def living(layout):
    """Servers of all checkouts that share this cache."""
    servers = []
    for path in sorted(layout.servers.glob("*.json")):
        with contextlib.suppress(ValueError, OSError):
            server = Server(**json.loads(path.read_text()))
            if server.is_alive():
                servers.append(server)
    return servers


def state_file(layout, database):
    return layout.servers / f"{database}.json"


def log_file(layout, database):
    return layout.servers / f"{database}.log"


def require_free_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PlatformError(
                f"Port {port} is not free ({error.strerror}): "
                f"choose another, as in: make run PORT={port + 1}"
            ) from error


@contextlib.contextmanager
def only_one(layout, database):
    """Keeps a second `make run` from the same database."""
    layout.servers.mkdir(parents=True, exist_ok=True)
    with (layout.servers / f"{database}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlatformError(
                "Another `make run` is at work on this database: "
                "end it with Ctrl-C or: make stop"
            ) from None
        yield
