"""The test command itself: what must make it fail, and what must not."""

import subprocess
import sys

import pytest

from testing import odoo_log, parts, query_report, summary
from testing.__main__ import chosen
from testing.query_counts import sketch

LOG = """\
2026-01-01 00:00:00,000 1 INFO db odoo.modules: loading
2026-01-01 00:00:01,000 1 WARNING sop_test_x odoo.fields: Field 12 is odd
2026-01-01 00:00:02,000 1 ERROR db odoo.sql_db: bad query: SELECT
ERROR: could not serialize access
2026-01-01 00:00:03,000 1 CRITICAL db odoo.modules: gone
"""
SKIPPED = """
import unittest

class TestTour(unittest.TestCase):
    def test_browser(self):
        raise unittest.SkipTest("{reason}")
"""


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "odoo.log"
    path.write_text(LOG)
    return path


def nothing():
    return set()


def test_every_warning_and_error_counts(log):
    found = odoo_log.unexpected(log.parent, nothing)
    assert [text.split(":")[1] for text in found] == ["2", "3", "5"]
    assert "could not serialize" in found[1]


def test_what_plain_odoo_logs_does_not_count(log):
    plain = log.with_name("plain.txt")
    plain.write_text(LOG.replace("sop_test_x", "sop_test_y").replace("12", "7"))
    known = {entry for _number, entry, _text in odoo_log.entries(plain)}
    assert odoo_log.unexpected(log.parent, lambda: known) == []


def test_a_provoked_line_does_not_count_and_others_do(log):
    with odoo_log.provoking(log, "could not serialize"):
        log.write_text(LOG * 2)
    found = odoo_log.unexpected(log.parent, nothing)
    assert [text.split(":")[1] for text in found] == ["2", "3", "5", "7", "10"]


@pytest.mark.parametrize(
    ("reason", "failed"),
    [
        ("Chrome executable not found", 1),
        ("websocket-client module is not installed", 1),
        ("Test x skipped because it is an HttpCase and --odoo-http is not set", 1),
        ("the data folder is not here", 0),
    ],
)
def test_a_browser_test_that_is_skipped_has_failed(tmp_path, reason, failed):
    path = tmp_path / "test_tour.py"
    path.write_text(SKIPPED.format(reason=reason))
    plugins = ("no:odoo", "no:cacheprovider", "testing.strict_plugin")
    options = [option for plugin in plugins for option in ("-p", plugin)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, str(path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == failed, done.stdout


def test_no_browser_is_a_problem(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert any("Chromium" in problem for problem in parts.missing_for_browser())


def test_a_run_without_a_test_fails(capsys):
    assert summary.close([parts.Result("engine")]) == 1
    assert summary.close([parts.Result("engine", passed=1)]) == 0
    assert summary.close([parts.Result("engine", passed=1, failed=1)]) == 1
    assert "1 passed, 1 failed" in capsys.readouterr().out


def test_the_parts_that_are_asked_for():
    everything = [part for part, _paths, _extra in chosen("")]
    assert everything == ["install", *parts.FOLDERS]
    assert [run[0] for run in chosen("engine, system")] == ["engine", "system"]
    path = "tests/platform/test_test_runner.py"
    assert chosen(f"{path}::test_x") == [("platform", (f"{path}::test_x",), ())]
    assert {run[2] for run in chosen("history and not merge")} == {
        ("-k", "history and not merge")
    }


def block(count, calls=1, **kinds):
    named = {kind.replace("_", " ", 1): number for kind, number in kinds.items()}
    return {"count": count, "calls": calls, "kinds": named}


def test_a_query_without_a_reason_is_a_problem(monkeypatch):
    monkeypatch.setattr(query_report, "REASONS", {"insert history": "a move"})
    plain = block(5, select_lead=5)
    few = block(6, select_lead=5, insert_history=1)
    many = block(9, select_lead=5, insert_history=4)
    odd = block(6, select_lead=6)
    assert query_report.judge("x", plain, few)[1] == []
    assert "3 allowed" in query_report.judge("x", plain, many)[1][0]
    assert "unexplained" in query_report.judge("x", plain, odd)[1][0]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ('SELECT "a"."id" FROM "crm_lead" WHERE 1', "select crm_lead"),
        ('UPDATE "crm_lead"\n SET "x" = 1 FROM (VALUES (1))', "update crm_lead"),
        ("WITH e AS (SELECT 1 FROM y) INSERT INTO h (a) SELECT 1", "insert h"),
        ("SAVEPOINT x", "savepoint"),
    ],
)
def test_statements_are_named_by_what_they_do(query, kind):
    assert sketch(query) == kind
