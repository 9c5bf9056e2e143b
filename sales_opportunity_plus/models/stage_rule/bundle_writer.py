"""Carry out a plan, and take it back."""

from odoo import Command
from odoo.exceptions import UserError

from . import bundle_values
from .bundle_parts import child_field


class BundleWriter:
    """Writes units and keeps a journal of what was before and what came of it.

    A rule is written together with its requirements and their lines: in one go it
    is checked as a whole, and one import makes one new version of it.
    """

    def __init__(self, plan):
        self.env = plan.env
        self.names = plan.names
        self.journal = []

    def apply(self, planned):
        """Write one unit with its children."""
        if planned.difference.state == "unchanged":
            return
        part, data, record = planned.part, planned.data, planned.record
        before = self._stored(part, record)
        try:
            with self.env.cr.savepoint():
                vals = self._values(part, data, record)
                if record:
                    record.write(vals)
                else:
                    record = record.create(vals)
                self._finish(part, data, record, before)
        except UserError as error:
            raise UserError(
                self.env._("“%(unit)s”: %(error)s", unit=planned.key, error=error)
            ) from error
        self.names.learn(part.model, planned.key, record.id)

    def _children(self, part, record):
        for child in part.children:
            yield child, record[child_field(self.env, part, child)]

    def _stored(self, part, record):
        """What is stored of a record and of its children, by (model, id)."""
        if not record:
            return {}
        result = {(part.model, record.id): bundle_values.stored(part, record)}
        for child, records in self._children(part, record):
            for one in records:
                result.update(self._stored(child, one))
        return result

    def _values(self, part, data, record):
        """What to write, as far as it differs, with commands for the children."""
        vals = bundle_values.values(part, data, self.names)
        vals["process_key"] = data["key"]
        if record:
            vals = self._changed(record, vals)
        for child, records in self._children(part, record):
            if child.name in data:
                commands = self._commands(child, data[child.name], records)
                if commands:
                    vals[child_field(self.env, part, child)] = commands
        return vals

    def _changed(self, record, vals):
        """What differs: writing the same again would make a new version of a rule."""
        here = record._convert_to_write({name: record[name] for name in vals})
        return {
            name: value
            for name, value in vals.items()
            if _comparable(here[name]) != _comparable(value)
        }

    def _commands(self, part, units, records):
        there = {record.process_key: record for record in records}
        commands = []
        for data in units:
            record = there.pop(data["key"], records.browse())
            vals = self._values(part, data, record)
            if not record:
                commands.append(Command.create(vals))
            elif vals:
                commands.append(Command.update(record.id, vals))
        commands += [
            Command.update(record.id, {"active": False})
            for record in there.values()
            if record.active
        ]
        return commands

    def _finish(self, part, data, record, before):
        """Write the translations and note what was before."""
        bundle_values.write_texts(part, data, record)
        old = before.get((part.model, record.id))
        self.journal.append(
            {"part": part.name, "model": part.model, "id": record.id, "before": old}
        )
        units = {child.name: data.get(child.name, ()) for child in part.children}
        for child, records in self._children(part, record):
            by_key = {unit["key"]: unit for unit in units[child.name]}
            for one in records:
                self._finish(child, by_key.get(one.process_key, {}), one, before)

    def close(self, parts):
        """The journal of what changed, with what each record looks like now."""
        self.env.flush_all()
        for entry in self.journal:
            record = self.env[entry["model"]].browse(entry["id"])
            entry["after"] = bundle_values.stored(parts[entry["part"]], record)
        return [entry for entry in self.journal if entry["before"] != entry["after"]]


def _comparable(value):
    """A value as it can be compared: commands of a set become the ids."""
    if isinstance(value, (list, tuple)):
        return sorted(id_ for command in value for id_ in command[2])
    return value or False


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
        if entry["before"] is None:
            record.active = False
        else:
            bundle_values.restore(parts[entry["part"]], record, entry["before"])
