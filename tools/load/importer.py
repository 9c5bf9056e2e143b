"""Loads tables through Odoo's own import, a batch per transaction."""

from dataclasses import dataclass

from odoo_platform.console import Progress, say

from . import ledger, past, scoring

BATCH = 500


@dataclass
class Count:
    """What became of the records of a table."""

    label: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    calls: int = 0


class Importer:
    def __init__(self, env, findings, batch=BATCH):
        self.env = env
        self.findings = findings
        self.batch = batch

    def load(self, table):
        """Load what is new or changed of a table."""
        count = Count(table.label)
        if not table.records:
            return count
        known = ledger.sort(self.env.cr, table)
        count.unchanged = len(known.unchanged)
        todo = [(record, True) for record in known.new]
        todo += [(record, False) for record in known.changed]
        if not todo:
            say(f"{table.label}: {count.unchanged:,} unchanged")
            return count
        progress = Progress(f"{table.label}: {len(todo):,} to load")
        for start in range(0, len(todo), self.batch):
            self._load_batch(table, todo[start : start + self.batch], count)
            progress.tick(f"{count.new + count.changed:,} of {len(todo):,}")
        progress.done()
        return count

    def _load_batch(self, table, todo, count):
        is_new = {record.key: new for record, new in todo}
        loaded = self._import(table, [record for record, _new in todo], count)
        for record, _record_id in loaded:
            if is_new[record.key]:
                count.new += 1
            else:
                count.changed += 1
        if loaded and loaded[0][0].past:
            count.calls += past.apply(self.env, loaded)
            scoring.forget(self.env)
        fingerprints = {r.key: table.fingerprint(r) for r, _record_id in loaded}
        if fingerprints:
            ledger.remember(self.env.cr, fingerprints)
        self.env.cr.commit()
        # A whole load in one cache would only grow.
        self.env.invalidate_all()

    def _import(self, table, records, count):
        """Pairs of record and id; a record that Odoo refuses keeps out no other."""
        ids, refused = self._call_odoo(table, records)
        if not refused:
            return list(zip(records, ids, strict=True))
        if len(records) == 1:
            self._report(table, records[0], refused[0], count)
            return []
        # Odoo blames the first row as well when it cannot tell: try those alone.
        good = [r for place, r in enumerate(records) if place not in refused]
        loaded = self._import(table, good, count) if good else []
        for place in sorted(refused):
            loaded += self._import(table, [records[place]], count)
        return loaded

    def _call_odoo(self, table, records):
        rows = [[record.key, *record.values] for record in records]
        result = self.env[table.model].load(["id", *table.fields], rows)
        errors = [m for m in result["messages"] if m["type"] == "error"]
        refused = {}
        for error in errors:
            refused.setdefault(error.get("record", 0), error["message"])
        return result["ids"], refused

    def _report(self, table, record, reason, count):
        count.failed += 1
        reason = " ".join(f"Odoo refuses {record.key}: {reason}".split())
        self.findings.bad(table.file, record.row, reason, "not loaded")
