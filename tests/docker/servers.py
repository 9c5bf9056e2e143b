"""The two PostgreSQL servers of compose.yaml, as processes on this machine."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from odoo_platform.cluster import Cluster
from odoo_platform.layout import Layout
from testing.odoo_process import free_port
from testing.paths import ROOT

SCRIPTS = ROOT / "docker" / "postgres"
SECRETS = {"ODOO_DB_PASSWORD": "of-odoo's", "REPLICATION_PASSWORD": "of the replica"}


class Servers:
    """A folder that PostgreSQL's account may enter, with copies of the scripts."""

    def __init__(self):
        cluster = Cluster(Layout.from_environment())
        self.bin, self.account = cluster.bin, cluster.account
        self.folder = Path(tempfile.mkdtemp(prefix="sop-docker-", dir="/tmp"))
        shutil.copytree(SCRIPTS, self.folder, dirs_exist_ok=True)
        self.primary = self.folder / "primary"
        self.home = self.folder / "home"
        self.home.mkdir()
        for path in (self.folder, self.home):
            path.chmod(0o755)
            self.give(path)
        self.ports = {"primary": free_port(), "replica": free_port()}
        self.processes = []

    def give(self, path):
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def environment(self, **more):
        """No variable of the private cluster; the machine's own PostgreSQL tools."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        path = f"{self.bin}{os.pathsep}{kept['PATH']}"
        return {**kept, "PATH": path, "HOME": "/", **more}

    def as_account(self):
        if not self.account:
            return {}
        ids = {"user": self.account.pw_uid, "group": self.account.pw_gid}
        return {**ids, "extra_groups": []}

    def run(self, *command, **environment):
        return subprocess.run(
            command,
            env=self.environment(**environment),
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **self.as_account(),
        )

    def serve(self, *command, **environment):
        process = subprocess.Popen(
            command,
            env=self.environment(**environment),
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.as_account(),
        )
        self.processes.append(process)
        return process

    def start_primary(self):
        """initdb, the image's own first step, then the command of compose.yaml."""
        flags = (
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "--no-instructions",
        )
        made = self.run(self.bin / "initdb", f"--pgdata={self.primary}", *flags)
        assert made.returncode == 0, made.stderr
        hba = self.folder / "pg_hba.conf"
        settings = (f"hba_file={hba}", "wal_level=replica", "fsync=off")
        self.serve(
            *(self.bin / "postgres", "-D", self.primary),
            *self._options("primary", *settings),
        )

    def is_ready(self):
        port = str(self.ports["primary"])
        place = ("--host=127.0.0.1", f"--port={port}")
        return self.run(self.bin / "pg_isready", *place).returncode == 0

    def start_replica(self, **changes):
        return self.serve(
            self.folder / "replica.sh",
            *self._options("replica"),
            **{**self.replica_environment(), **changes},
        )

    def replica_environment(self):
        return {
            **SECRETS,
            "PGDATA": str(self.home),
            "PRIMARY_HOST": "127.0.0.1",
            "PRIMARY_PORT": str(self.ports["primary"]),
            "HBA_FILE": str(self.folder / "pg_hba.conf"),
        }

    def make_roles(self):
        place = {"PGHOST": str(self.folder), "PGPORT": str(self.ports["primary"])}
        made = self.run(self.folder / "roles.sh", **place, **SECRETS)
        assert made.returncode == 0, made.stderr

    def _options(self, name, *more):
        listen = ("listen_addresses=127.0.0.1", f"port={self.ports[name]}")
        socket = f"unix_socket_directories={self.folder}"
        for setting in (*listen, socket, *more):
            yield from ("-c", setting)

    def connect(self, name, user="odoo", password=SECRETS["ODOO_DB_PASSWORD"]):
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.ports[name],
            user=user,
            password=password,
            dbname="postgres",
        )
        connection.autocommit = True
        return connection

    def query(self, name, sql, **login):
        connection = self.connect(name, **login)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def is_up(self, name):
        try:
            self.connect(name).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self):
        for process in self.processes:
            # An immediate shutdown: nothing here is kept.
            process.send_signal(3)
        for process in self.processes:
            process.wait(30)
        shutil.rmtree(self.folder)
