"""Databases of the bench: made, cloned, cached and dropped under one prefix."""

import os
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql

PREFIX = "sop_bench_"


def connect(database="postgres"):
    """A connection outside transactions, as CREATE DATABASE and VACUUM need it."""
    host = {"host": os.environ["PGHOST"]} if os.environ.get("PGHOST") else {}
    connection = psycopg2.connect(dbname=database, **host)
    connection.autocommit = True
    return connection


def execute(database, statement, params=None):
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def alone():
    """Two benches at once would drop each other's databases and spoil the figures."""
    with closing(connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (PREFIX,))
        if not cursor.fetchone()[0]:
            raise SystemExit("Another `make bench` is running: wait for it to end.")
        yield


def names():
    rows = execute(
        "postgres",
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
        (PREFIX,),
    )
    return {name for (name,) in rows}


def drop(*databases):
    for database in databases:
        name = sql.Identifier(database)
        execute(
            "postgres",
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name),
        )


def rename(database, to):
    names_ = map(sql.Identifier, (database, to))
    execute("postgres", sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names_))


def clone(template, database):
    """createdb -T, by copying files: the write-ahead log would take every page."""
    drop(database)
    statement = "CREATE DATABASE {} TEMPLATE {}"
    with closing(connect()) as connection:
        if connection.server_version >= 150000:
            statement += " STRATEGY file_copy"
    identifiers = map(sql.Identifier, (database, template))
    execute("postgres", sql.SQL(statement).format(*identifiers))


def size(database):
    return execute("postgres", "SELECT pg_database_size(%s)", (database,))[0][0]
