"""What a bundle would do here: each unit with its record, differences and problems."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from ...engine.bundle import Difference, Problem, compare
from . import bundle_domain
from .bundle_names import BundleNames
from .bundle_values import unit


@dataclass
class PlannedUnit:
    """A unit of the document and what it meets here.

    ``missing`` are (model, name) that mean nothing here, ``uses`` (model, key) of
    units that the same bundle brings.
    """

    part: Any
    data: dict
    record: Any
    difference: Difference | None = None
    problems: list[Problem] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    uses: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self):
        return self.data["key"]

    @property
    def label(self):
        name = self.data.get("name")
        return (name.get("en_US") if isinstance(name, dict) else name) or self.key


class BundlePlan:
    """The comparison of a document with the process that is here.

    :param links: record ids by (model, name); 0 where a unit is to be created
        although a record like it is here
    """

    def __init__(self, env, parts, document, links):
        self.env = env(context=dict(env.context, lang="en_US", active_test=False))
        chosen = {where: id_ for where, id_ in links.items() if id_}
        self.names = BundleNames(self.env, chosen)
        self.links = links
        self.units = []
        self._taken = set()
        self._brought = set()
        for part in parts:
            for data in document.get(part.name, ()):
                self.units.append(PlannedUnit(part, data, self._match(part, data)))
        for planned in self.units:
            self._judge(planned)

    def _match(self, part, data):
        """The record that a unit of the document is about; empty for a new one."""
        records = self.env[part.model]
        where = (part.model, data["key"])
        if where in self.links:
            found = records.browse(self.links[where] or ()).exists()
        else:
            found = records.search([("process_key", "=", data["key"])])
            if not found and part.by_name:
                found = self._match_by_name(records, data)
        if found:
            self._taken.add((part.model, found.id))
            self.names.learn(*where, found.id)
        else:
            self._brought.add(where)
        return found

    def _match_by_name(self, records, data):
        """The only record of that name, or of one of the names that would do."""
        name = data.get("name", "")
        wanted = [name.get("en_US", "") if isinstance(name, dict) else name]
        here = [
            record
            for record in records.search([])
            if (record._name, record.id) not in self._taken and record.active
        ]
        for text in [*wanted, *data.get("matches", ())]:
            alike = [r for r in here if r.name.casefold() == text.casefold()]
            own = [r for r in alike if self._same_teams(r, data)]
            if len(own or alike) == 1:
                return (own or alike)[0]
        if data.get("only_if_missing") and data.get("is_won"):
            won = [record for record in here if record.is_won]
            if len(won) == 1:
                return won[0]
        return records.browse()

    def _same_teams(self, record, data):
        if "team_ids" not in record._fields:
            return True
        teams = sorted(self.names.of(team) for team in record.team_ids)
        return teams == sorted(data.get("team_ids", ()))

    def _judge(self, planned):
        part, data, record = planned.part, planned.data, planned.record
        if not record and self._is_hidden(part, data["key"]):
            planned.problems.append(Problem("hidden", data["key"]))
        self._look_at(planned, part, data, record)
        before = unit(part, record, self.names, archived=True) if record else None
        planned.difference = compare(part.section(self.env), data, before)

    def _look_at(self, planned, part, data, record):
        """Find what the attributes of a unit and of its children name."""
        for field_ in part.carried(self.env):
            value = data.get(field_.name)
            if not value:
                continue
            if field_.name in part.domains:
                problems, missing = bundle_domain.problems(
                    value, self.names, data["key"], field_.name
                )
                planned.problems += problems
                self._note(planned, missing)
            elif field_.relational:
                names = value if field_.type == "many2many" else [value]
                model = field_.comodel_name
                self._note(
                    planned,
                    [(model, n) for n in names if not self.names.find(model, n)],
                )
        for child in part.children:
            for data_of_child in data.get(child.name, ()):
                found = self._match_child(planned, child, data_of_child, record)
                self._look_at(planned, child, data_of_child, found)

    def _match_child(self, planned, child, data, parent):
        records = self.env[child.model]
        found = records.sudo().search([("process_key", "=", data["key"])])
        if found and found[child.parent].id != parent.id:
            planned.problems.append(Problem("elsewhere", data["key"]))
        return found.with_env(self.env)

    def _note(self, planned, unknown):
        for where in unknown:
            kept = planned.uses if where in self._brought else planned.missing
            if where not in kept:
                kept.append(where)

    def _is_hidden(self, part, key):
        """Whether the key is that of a record that the user may not see."""
        records = self.env[part.model].sudo()
        if self.links.get((part.model, key)) == 0:
            return False
        return bool(records.search_count([("process_key", "=", key)], limit=1))

    @property
    def missing(self):
        """Every name that means nothing here, with the units that need it."""
        result = {}
        for planned in self.units:
            for where in planned.missing:
                result.setdefault(where, []).append(planned)
        return result

    @property
    def fingerprint(self):
        """The same as long as the plan is the same."""
        told = [
            [u.part.name, u.key, u.record.id, u.difference, u.missing, u.uses]
            + [problem[:3] for problem in u.problems]
            for u in self.units
        ]
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
