"""A container that cannot start says why, in one line, and ends."""

import pytest
from container import Container

NO_ODOO = "sop_test_docker_absent"


@pytest.fixture
def container(tmp_path):
    return Container(NO_ODOO, tmp_path)


def error_of(done):
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("mode", ["odoo", "worker"])
@pytest.mark.parametrize("name", ["PGHOST", "PGUSER", "PGPASSWORD", "PGDATABASE"])
def test_a_missing_setting_is_named(container, name, mode):
    error = error_of(container.run(mode, **{name: None}))
    assert error.startswith(f"Error: {name} is not set:")
    assert ".env" in error


def test_an_empty_secret_is_a_missing_one(container):
    error = error_of(container.run("odoo", PGPASSWORD=""))
    assert error.startswith("Error: PGPASSWORD is not set:")


def test_a_new_database_needs_the_password_of_its_admin(container):
    error = error_of(container.run("odoo", ADMIN_PASSWORD=None))
    assert error.startswith("Error: ADMIN_PASSWORD is not set:")


def test_a_server_that_is_not_there(container, tmp_path):
    error = error_of(container.run("odoo", PGHOST=str(tmp_path)))
    assert error.startswith(f"Error: no PostgreSQL at {tmp_path} after 2 s:")


def test_an_account_that_the_server_does_not_know(container):
    error = error_of(container.run("odoo", PGUSER="nobody_knows_me"))
    assert "refuses nobody_knows_me: correct PGUSER and PGPASSWORD" in error


def test_a_worker_does_not_make_the_database(container):
    error = error_of(container.run("worker"))
    assert error.startswith(f"Error: {NO_ODOO} has no sales_opportunity_plus")
    assert "start the container with the command odoo first" in error


def test_another_command_runs_as_it_is(container):
    done = container.run("echo", "as it is", PGPASSWORD=None)
    assert (done.returncode, done.stdout) == (0, "as it is\n")
