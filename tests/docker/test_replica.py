"""The profile `scale`: accounts with few rights and a replica that follows."""

import psycopg2
import pytest
from container import wait_until
from servers import SECRETS, Servers


@pytest.fixture(scope="module")
def servers():
    made = Servers()
    try:
        made.start_primary()
        wait_until(made.is_ready, 30, "the primary")
        made.make_roles()
        # What a copy that was cut short leaves behind.
        torso = made.home / "copying"
        torso.mkdir()
        made.give(torso)
        made.start_replica()
        wait_until(lambda: made.is_up("replica"), 60, "the replica")
        yield made
    finally:
        made.stop()


def test_odoo_may_make_databases_but_is_no_superuser(servers):
    rights = "SELECT rolsuper, rolcreatedb, rolreplication, rolcreaterole FROM pg_roles"
    (row,) = servers.query("primary", f"{rights} WHERE rolname = 'odoo'")
    assert row == (False, True, False, False)


def test_the_replicas_account_only_streams(servers):
    rights = "SELECT rolsuper, rolcreatedb, rolreplication, rolcreaterole FROM pg_roles"
    (row,) = servers.query("primary", f"{rights} WHERE rolname = 'replicator'")
    assert row == (False, False, True, False)


@pytest.mark.parametrize("name", ["primary", "replica"])
def test_a_wrong_password_is_refused(servers, name):
    with pytest.raises(psycopg2.OperationalError, match="password authentication"):
        servers.connect(name, password="guessed")


def test_what_is_written_arrives_on_the_replica(servers):
    servers.query("primary", "CREATE DATABASE sold")
    find = "SELECT 1 FROM pg_database WHERE datname = 'sold'"
    wait_until(lambda: servers.query("replica", find), 30, "the new database")


def test_the_replica_takes_no_writes(servers):
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        servers.query("replica", "CREATE DATABASE refused")


def test_a_missing_password_is_one_clear_line(servers):
    done = servers.run(
        servers.folder / "replica.sh",
        **{**servers.replica_environment(), "REPLICATION_PASSWORD": ""},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: REPLICATION_PASSWORD is not set:")
    assert len(done.stderr.splitlines()) == 1


def test_no_secret_is_in_a_file_that_others_can_read(servers):
    copied = servers.home / "replica"
    assert copied.stat().st_mode & 0o077 == 0
    assert (
        SECRETS["REPLICATION_PASSWORD"] in (copied / "postgresql.auto.conf").read_text()
    )
