"""What plain Odoo itself logs at WARNING or above, once per platform version."""

import functools
import json
import tempfile
import urllib.request
from pathlib import Path

from . import templates
from .odoo_log import Entry, entries
from .odoo_process import load, serving, uninstall
from .paths import cache, logging_to
from .versions import file_hash, platform_hash


def _requests(server):
    """Pages and remote calls as the tests make them; the answers do not matter."""
    version = {"service": "common", "method": "version", "args": []}
    call = {"jsonrpc": "2.0", "method": "call", "params": version}
    xml = b"<methodCall><methodName>version</methodName><params/></methodCall>"
    for path, body, kind in (
        ("/web/login", None, "text/html"),
        ("/odoo", None, "text/html"),
        ("/jsonrpc", json.dumps(call).encode(), "application/json"),
        ("/xmlrpc/2/common", xml, "text/xml"),
    ):
        request = urllib.request.Request(
            server.url + path, body, {"Content-Type": kind}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()


def _plain_runs():
    """The steps that the tests take with the addon, without it."""
    with templates.clone(templates.plain(), "baseline") as database:
        load(database, update=("crm",))
        for workers in (0, 2):
            with serving(database, workers) as server:
                _requests(server)
        uninstall(database, "crm")


@functools.cache
def known():
    """Entries of plain Odoo, from the cache when this platform has been asked."""
    path = cache() / f"baseline-{platform_hash()}-{file_hash(__file__)}.json"
    if not path.is_file():
        print("  recording what plain Odoo logs …", flush=True)
        path.write_text(json.dumps(sorted(_record())))
    return {Entry(*entry) for entry in json.loads(path.read_text())}


def _record():
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        with logging_to(folder):
            _plain_runs()
        logs = [*Path(folder).glob("*.log")]
        logs += templates.log_folder(templates.plain()).glob("*.log")
        return {entry for log in logs for _number, entry, _text in entries(log)}
