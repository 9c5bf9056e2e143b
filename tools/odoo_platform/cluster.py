"""A private PostgreSQL cluster on a Unix socket, never one that was there before."""

import os
import pwd
import shutil
import socket
import tempfile
from pathlib import Path

from .console import run_logged
from .errors import PlatformError
from .layout import short_hash
from .machine import postgresql_bin, require_space

ROLE = "odoo"  # Odoo refuses to run as "postgres"
PORT = 5432  # only names the socket: the cluster listens on no address
# The kernel's limit for a socket's path is 107; the longest name that PostgreSQL
# makes in the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
# For root, when the server's account cannot enter the cache folder.
ROOT_FOLDER = Path("/var/cache/sales_opportunity_plus")
# Databases here can be made again by one command, so a crash of the machine (not of
# the server) may cost them: no fsync, which makes tests and set-ups much faster.
SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
jit = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
timezone = 'UTC'
log_timezone = 'UTC'
"""


class Cluster:
    def __init__(self, layout):
        self.layout = layout
        self.bin = postgresql_bin()
        self.account = _server_account()
        self.folder = _folder(layout.cache, self.account)
        major = self.bin.parent.name if self.bin else "none"
        self.data = self.folder / major
        self.log = self.folder / f"{major}.log"
        self.socket = _socket_folder(self.folder, layout.cache)

    def environment(self):
        return {"PGHOST": str(self.socket), "PGPORT": str(PORT), "PGUSER": ROLE}

    def is_running(self):
        """Whether the socket answers; the cache's lock keeps start-ups apart."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def start(self):
        self._make_folder(self.folder)
        self._make_folder(self.socket)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        settings = SETTINGS.format(port=PORT, socket=self.socket)
        (self.data / "private.conf").write_text(settings)
        self._remove_stale_lock_files()
        run_logged(
            "Starting PostgreSQL",
            [
                *(self.bin / "pg_ctl", "--pgdata", self.data, "--log", self.log),
                *("--wait", "--timeout=120", "start"),
            ],
            self.layout.logs / "pg_ctl.log",
            hint=f"read {self.log}",
            **self._as_account(),
        )

    def stop(self):
        if not self.bin or not (self.data / "postmaster.pid").exists():
            return False
        run_logged(
            "Stopping PostgreSQL",
            [self.bin / "pg_ctl", "--pgdata", self.data, "--mode=fast", "stop"],
            self.layout.logs / "pg_ctl.log",
            hint=f"read {self.log}",
            **self._as_account(),
        )
        return True

    def _create(self):
        require_space(self.folder, 1)
        partial = self.folder / "creating"
        shutil.rmtree(partial, ignore_errors=True)
        run_logged(
            "Creating the private PostgreSQL cluster",
            [
                *(self.bin / "initdb", "--pgdata", partial, "--username", ROLE),
                *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            self.layout.logs / "initdb.log",
            hint="see the log, then call again",
            **self._as_account(),
        )
        with (partial / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'private.conf'\n")
        partial.rename(self.data)

    def _make_folder(self, folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if folder.stat().st_uid != owner:
            raise PlatformError(f"{folder} belongs to someone else: remove it")

    def _remove_stale_lock_files(self):
        """A lock file whose process is gone or another program's stops no start."""
        for lock in (
            self.data / "postmaster.pid",
            self.socket / f".s.PGSQL.{PORT}.lock",
        ):
            if lock.exists() and not self._serves(lock.read_text().split("\n")[0]):
                lock.unlink()

    def _serves(self, pid):
        try:
            command = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
        except (OSError, ValueError):
            return False
        return os.fsencode(self.data) in command.split(b"\0")

    def _as_account(self):
        options = {"start_new_session": True, "cwd": "/"}
        if self.account:
            options["user"] = self.account.pw_uid
            options["group"] = self.account.pw_gid
            options["extra_groups"] = []
            options["env"] = {**os.environ, "HOME": "/"}
        return options


def _server_account():
    """PostgreSQL refuses to run as root: the account that it runs as then."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PlatformError(
        "PostgreSQL cannot run as root and there is no account `postgres` or "
        "`nobody`: run this as an ordinary user"
    )


def _folder(cache, account):
    folder = cache / "postgresql"
    if account is None or _can_enter(cache, account):
        return folder
    return ROOT_FOLDER / f"postgresql-{short_hash(cache)}"


def _can_enter(folder, account):
    for parent in [folder, *folder.parents]:
        if not parent.exists():
            continue
        status = parent.stat()
        owned = status.st_uid == account.pw_uid and status.st_mode & 0o100
        if not owned and not status.st_mode & 0o001:
            return False
    return True


def _socket_folder(folder, cache):
    beside = folder / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    name = f"sop-{os.geteuid()}-{short_hash(cache)}"
    short = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(short)) > LONGEST_SOCKET_FOLDER:
        short = Path("/tmp") / name
    return short
