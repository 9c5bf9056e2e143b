"""Databases of the private cluster and the attachment folders that go with them."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager

import psycopg2

from .paths import filestore

PREFIX = "sop_test_"


@contextmanager
def connect(database="postgres"):
    """A connection in autocommit mode that is closed at the end."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def query(database, sql, params=None):
    """Rows of one statement."""
    with connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def names(prefix=PREFIX):
    rows = query("postgres", "SELECT datname FROM pg_database ORDER BY datname")
    return [name for (name,) in rows if name.startswith(prefix)]


def create(name, template=None):
    """Create a database, from a template with its attachments when one is given."""
    drop(name)
    command = ["createdb", name]
    if template:
        command[1:1] = ["-T", template]
    _patiently(command)
    if template and filestore(template).is_dir():
        # Odoo never changes an attachment file in place, so links are enough.
        shutil.copytree(filestore(template), filestore(name), copy_function=os.link)
    return name


def _patiently(command, tries=10):
    """Another clone of the same template may hold it for a moment."""
    for attempt in range(tries):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if "accessed by other users" not in done.stderr or attempt == tries - 1:
            raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")
        time.sleep(1)


def rename(old, new):
    drop(new)
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    if filestore(old).is_dir():
        filestore(old).rename(filestore(new))


def drop(name):
    """Drop a database, whoever is still connected to it, and its attachments."""
    command = ["dropdb", "--if-exists", "--force", name]
    subprocess.run(command, capture_output=True, check=True)
    shutil.rmtree(filestore(name), ignore_errors=True)
