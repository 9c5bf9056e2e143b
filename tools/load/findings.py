"""What was found while reading: rows, rows that say nothing to us, bad rows."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class BadRow(NamedTuple):
    """A row with a fault: why, and what became of it."""

    file: str
    row: int | None
    reason: str
    outcome: str


@dataclass
class Findings:
    read: Counter = field(default_factory=Counter)
    unused: Counter = field(default_factory=Counter)
    bad_rows: list[BadRow] = field(default_factory=list)

    def bad(self, file, row, reason, outcome):
        self.bad_rows.append(BadRow(file, row, reason, outcome))

    def kinds(self):
        """Bad rows of the same file, reason and outcome, most frequent first."""
        kinds = {}
        for bad in self.bad_rows:
            kinds.setdefault((bad.file, bad.reason, bad.outcome), []).append(bad.row)
        return sorted(kinds.items(), key=lambda kind: -len(kind[1]))
