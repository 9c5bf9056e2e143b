"""pytest plugin: number and kind of the queries in each assertQueryCount block.

Core's figures have no slack, so with our addon they are judged against what plain
Odoo needed on this platform, not against the number in the test:
`--query-counts=FILE` writes what was counted, `--judge-later` switches core's own
comparison off; query_report.py compares the two files.
"""

import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest


def pytest_addoption(parser):
    parser.addoption("--query-counts", help="file for the counted queries")
    parser.addoption("--judge-later", action="store_true", help="count, do not fail")


def pytest_configure(config):
    if config.getoption("--query-counts"):
        config.pluginmanager.register(QueryCounts(config), "sop-query-counts")


def sketch(query):
    """`verb table` of a statement: what two runs can be compared by."""
    text = query.lower().replace('"', "")
    written = re.findall(r"\b(insert) into (\w+)|\b(update) (\w+)\s+\w*\s*set\b", text)
    if written:
        # The last one is what a statement with several is for.
        return " ".join(filter(None, written[-1]))
    source = re.search(r"\bfrom (\w+)", text)
    verb = text.split(maxsplit=1)[0] if text.strip() else ""
    return f"{verb} {source[1]}" if source else verb


class Block:
    """What happened inside one assertQueryCount."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.kinds = Counter()
        self.calls = Counter()

    def on_query(self, cursor, query, _params, _start, _delay):
        if cursor is self.cursor:
            self.kinds[sketch(str(query))] += 1


class QueryCounts:
    """Replaces assertQueryCount and counts the calls of crm.lead's create and write."""

    def __init__(self, config):
        self.path = Path(config.getoption("--query-counts"))
        self.judge = not config.getoption("--judge-later")
        self.results = {}
        self.item = None
        self.block = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        self.item = item
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        from odoo.tests.common import BaseCase, get_db_name

        # Odoo's own runner says this of its thread, and some suites read it.
        threading.current_thread().dbname = get_db_name()
        from odoo.addons.crm.models.crm_lead import CrmLead

        original = BaseCase.assertQueryCount
        with (
            patch.object(BaseCase, "assertQueryCount", self._counting(original)),
            patch.object(CrmLead, "create", self._called(CrmLead.create)),
            patch.object(CrmLead, "write", self._called(CrmLead.write)),
        ):
            done = yield
        self.path.write_text(json.dumps(self.results, indent=1))
        return done

    def _called(self, method):
        def called(records, *args, **kwargs):
            if self.block:
                self.block.calls[method.__name__] += 1
            return method(records, *args, **kwargs)

        called.__dict__.update(method.__dict__)
        called.__name__ = method.__name__
        return called

    def _counting(self, original):
        plugin = self

        @contextmanager
        def assert_query_count(test, default=0, flush=True, **counters):
            limit = dict(default=default, **counters) if plugin.judge else {}
            if not plugin.judge:
                limit = {"default": 10**9}
            with plugin._record(test), original(test, flush=flush, **limit):
                yield

        return assert_query_count

    @contextmanager
    def _record(self, test):
        if not test.warm:
            yield
            return
        thread = threading.current_thread()
        hooks = thread.__dict__.setdefault("query_hooks", [])
        test.env.flush_all()
        test.env.cr.flush()
        self.block = block = Block(test.cr)
        hooks.append(block.on_query)
        try:
            yield
        finally:
            hooks.remove(block.on_query)
            self.block = None
            self._store(block)

    def _store(self, block):
        blocks = self.results.setdefault(self.item.nodeid, [])
        blocks.append(
            {
                "count": block.kinds.total(),
                "calls": block.calls.total(),
                "kinds": dict(block.kinds),
            }
        )
