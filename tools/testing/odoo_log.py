"""Warnings and errors that the addon causes in Odoo's log.

Plain Odoo warns too. What it warns of is known from a plain run on the same
platform (see baseline.py); every other line at WARNING or above is ours.
"""

import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) "
    r"(?P<logger>[\w.]+): (?P<message>.*)$"
)
SHOWN = 300
BAD = {"WARNING", "ERROR", "CRITICAL"}
# Parts of a message that differ from run to run.
VARIABLE = (
    (re.compile(r"sop_test_\w+"), "DB"),
    (re.compile(r"0x[0-9a-f]+"), "0x"),
    (re.compile(r"\d+(\.\d+)?"), "N"),
)


class Entry(NamedTuple):
    """A log line at WARNING or above, without its variable parts."""

    level: str
    logger: str
    message: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.message}"


def records(log):
    """(line number, whole text) of each record; some go on over several lines."""
    started, lines = 0, []
    for number, text in enumerate(Path(log).read_text(errors="replace").split("\n")):
        if LINE.match(text):
            if lines:
                yield started, "\n".join(lines)
            started, lines = number, [text]
        elif lines:
            lines.append(text)
    if lines:
        yield started, "\n".join(lines)


def entries(log):
    """(line number, Entry, whole text) of each bad record of a log file."""
    for number, text in records(log):
        match = LINE.match(text.split("\n", 1)[0])
        if match["level"] in BAD:
            message = match["message"]
            for pattern, word in VARIABLE:
                message = pattern.sub(word, message)
            yield number, Entry(match["level"], match["logger"], message), text


def shortened(text):
    """First and last line of a record: what happened, and the error itself."""
    lines = [line.strip()[:SHOWN] for line in text.strip().split("\n")]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"


def expected_file(log):
    """Beside a log: numbers of the lines that a test provoked on purpose."""
    return Path(f"{log}.expected")


def _expected(log):
    path = expected_file(log)
    return set(json.loads(path.read_text())) if path.is_file() else set()


def expect(log, pattern, start=0):
    """Mark bad lines from `start` on that a test provoked on purpose."""
    fitting = re.compile(pattern)
    lines = {
        number
        for number, _entry, text in entries(log)
        if number >= start and fitting.search(text)
    }
    expected_file(log).write_text(json.dumps(sorted(_expected(log) | lines)))


@contextmanager
def provoking(log, pattern):
    """A test that does something bad on purpose says what Odoo will log about it."""
    start = len(Path(log).read_text(errors="replace").split("\n")) - 1
    yield
    expect(log, pattern, start)


def unexpected(folder, known):
    """Texts of the bad lines in all logs of a folder that plain Odoo does not log.

    `known` is a function: plain Odoo is only asked when there is something to ask.
    """
    found = []
    for log in sorted(Path(folder).rglob("*.log")):
        provoked = _expected(log)
        for number, entry, text in entries(log):
            if number not in provoked and entry not in known():
                found.append(f"{log.name}:{number + 1}: {shortened(text)}")
    return found
