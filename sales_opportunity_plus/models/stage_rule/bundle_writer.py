"""Carry out a plan, and take it back."""

from odoo.exceptions import UserError

from . import bundle_values
from .bundle_parts import child_field


class BundleWriter:
    """Writes units and keeps a journal of what was before and what came of it."""

    def __init__(self, plan):
        self.env = plan.env
        self.names = plan.names
        self.journal = []

    def apply(self, planned):
        """Write one unit with its children."""
        if planned.difference.state == "unchanged":
            return
        try:
            with self.env.cr.savepoint():
                self._write(planned.part, planned.data, planned.record)
        except UserError as error:
            raise UserError(
                self.env._("“%(unit)s”: %(error)s", unit=planned.key, error=error)
            ) from error

    def _write(self, part, data, record, parent=None):
        vals, texts = bundle_values.values(part, data, self.names, record)
        vals["process_key"] = data["key"]
        entry = {"part": part.name, "created": not record}
        if record:
            entry["before"] = bundle_values.stored(part, record)
            record.write(self._changed(record, vals))
        else:
            if parent:
                vals[part.parent] = parent.id
            record = self.env[part.model].create(vals)
        bundle_values.write_texts(record, texts)
        self.names.learn(part.model, data["key"], record.id)
        self.journal.append({**entry, "model": part.model, "id": record.id})
        for child in part.children:
            if child.name in data:
                self._write_children(child, data[child.name], part, record)

    def _changed(self, record, vals):
        """What differs: writing the same again would make a new version of a rule."""
        same = {
            name
            for name, value in vals.items()
            if record._fields[name].type not in ("many2one", "many2many")
            and (record[name] or False) == (value or False)
        }
        return {name: value for name, value in vals.items() if name not in same}

    def _write_children(self, child, units, part, parent):
        there = parent[child_field(self.env, part, child)]
        by_key = {record.process_key: record for record in there}
        for data in units:
            record = by_key.pop(data["key"], there.browse())
            self._write(child, data, record, parent)
        for record in by_key.values():
            if record.active:
                before = bundle_values.stored(child, record)
                record.active = False
                self.journal.append(
                    {
                        "part": child.name,
                        "model": child.model,
                        "id": record.id,
                        "created": False,
                        "before": before,
                    }
                )

    def close(self, parts):
        """The journal, with what each record looks like now."""
        self.env.flush_all()
        for entry in self.journal:
            record = self.env[entry["model"]].browse(entry["id"])
            entry["after"] = bundle_values.stored(parts[entry["part"]], record)
        return self.journal


def changed_since(env, parts, journal):
    """The records of a journal that somebody changed or deleted later, by entry."""
    env = env(context=dict(env.context, lang="en_US", active_test=False))
    for entry in journal:
        record = env[entry["model"]].browse(entry["id"]).exists()
        if not record:
            yield entry, record
        elif bundle_values.stored(parts[entry["part"]], record) != entry["after"]:
            yield entry, record


def roll_back(env, parts, journal):
    """Give everything back its values; what was created is archived."""
    env = env(context=dict(env.context, lang="en_US", active_test=False))
    for entry in reversed(journal):
        record = env[entry["model"]].browse(entry["id"]).exists()
        if not record:
            continue
        if entry["created"]:
            record.active = False
        else:
            bundle_values.restore(parts[entry["part"]], record, entry["before"])
