"""What the board reads, and the rows it makes of it; as many queries for any size."""

import functools

from odoo.tools import format_date

from ...engine.board import (
    PROJECTED,
    Adjusted,
    adjustments,
    few_scopes,
    figures_of,
    placed,
    rows_of,
    summed,
)
from . import board_row

#: What somebody entered for a scope: (model, method).
TARGETS = ("crm.forecast.target", "_amounts")
ADJUSTMENTS = ("crm.forecast.adjustment", "_totals")
CALLS = ("crm.forecast.call", "_last")


class BoardReading:
    """Everything of one period, read once."""

    def __init__(self, env, asked):
        self.env = env
        self.asked = asked
        self.is_comparable = asked.is_by_scope
        # Too few opportunities are closed to learn from: no column, no guess.
        self.is_projected = (
            self.is_comparable and env["crm.forecast.rollup"]._is_projected()
        )
        #: Others read their own opportunities, and those of nobody.
        self.reads_all = env.user.has_group("sales_team.group_sale_salesman_all_leads")
        self.lines = self._lines()
        known = list(self.lines)
        self.targets = placed(self._entered(*TARGETS), known)
        self.adjusted = placed(self._entered(*ADJUSTMENTS), known)
        self.calls = placed(self._entered(*CALLS), known)
        self.rows = self._rows()

    def _call(self, model, method):
        asked = self.asked
        return getattr(self.env[model], method)(
            asked.period, self.env.companies, asked.measure
        )

    def _lines(self):
        """Figures by scope: those of the roll-up."""
        asked = self.asked
        lines = self.env["crm.forecast.rollup"]._rollup(
            asked.period,
            self.env.companies,
            asked.measure,
            asked.domain,
            few=few_scopes,
        )
        return {(line["team_id"], line["user_id"]): figures_of(line) for line in lines}

    def _entered(self, model, method):
        """What was entered, by scope; nothing where single deals are looked at."""
        if not self.is_comparable:
            return {}
        values = self._call(model, method)
        return {scope: values[scope] for scope in self._chosen(values)}

    def _chosen(self, scopes):
        """Those of the scopes that the filter of the board leaves.

        Who reads only some of a team's opportunities does not hold them against what
        was entered for the whole team.
        """
        if not self.reads_all:
            scopes = [scope for scope in scopes if scope[1] == self.env.uid]
        if self.asked.domain.is_true():
            return list(scopes)
        leads = self.env["crm.lead"]
        probes = {
            scope: leads.new({"team_id": scope[0] or False, "user_id": scope[1]})
            for scope in scopes
        }
        return [
            scope
            for scope, probe in probes.items()
            if probe.filtered_domain(self.asked.domain)
        ]

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _rows(self):
        leaves = dict(self.lines)
        entered = {*self.targets, *self.adjusted, *self.calls}
        nothing = figures_of({})
        for team_id, user_id in entered:
            if user_id:
                leaves.setdefault((team_id, user_id), nothing)
        empty = {team_id for team_id, user_id in entered if team_id and not user_id}
        used = {team_id for team_id, _user_id in leaves} | empty
        teams = self._teams(used)
        self.led_ids = {team.id for team in teams if team.user_id.id == self.env.uid}
        self.names = {
            "team": {team.id: team.name for team in teams},
            "user": self._user_names({user_id for _team_id, user_id in leaves}),
        }
        parents = {}
        if "parent_id" in teams._fields:
            parents = {team.id: team.parent_id.id or 0 for team in teams}
        users = sorted(self.names["user"], key=lambda one: self.names["user"][one])
        return rows_of(leaves, parents, teams.ids, users, empty)

    def _teams(self, ids):
        """The teams and those above them, in their order."""
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        field = "parent_id" in teams._fields and "parent_of"
        return teams.search([("id", field or "in", [id_ for id_ in ids if id_])])

    def _user_names(self, ids):
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search_fetch(
            [("id", "in", [id_ for id_ in ids if id_])], ["name"]
        )
        return {user.id: user.name for user in found}

    def values(self):
        """The numbers of each row, by key."""
        error = self.error
        targets = summed(self.rows, self.targets)
        deltas = adjustments(self.rows, self._adjusted())
        changes = summed(self.rows, self._changes())
        found = {}
        for row in self.rows:
            values = board_row.sums_of(row.figures, error)
            values.update(board_row.against_target(values, targets[row.key]))
            values["change"] = changes[row.key]
            values["adjustments"] = deltas[row.key]
            values["adjustment"] = sum(deltas[row.key].values())
            values["is_adjusted"] = row.scope in self.adjusted
            call = self.calls.get(row.scope)
            if call and call["amount"] is not None:
                values["call"] = {
                    "amount": float(call["amount"]),
                    "day": format_date(self.env, call["day"]),
                }
            found[row.key] = values
        return found

    @functools.cached_property
    def error(self):
        """What widens the ranges."""
        asked = self.asked
        statements = self.env["crm.forecast.statement"]
        return statements._error(
            *(self.env.company, asked.period.kind, "weighted"),
            *(asked.measure, asked.period.end),
        )

    @property
    def correction(self):
        """What past projections taught this one, or None."""
        if not self.is_projected:
            return None
        return self._call("crm.forecast.statement", "_correction")

    def _adjusted(self):
        return {
            scope: {
                category: Adjusted(float(one["sum"] or 0.0), _number(one["override"]))
                for category, one in categories.items()
            }
            for scope, categories in self.adjusted.items()
        }

    def _changes(self):
        """Commit as it stands, less what the last call said of it."""
        found = {}
        for row in self.rows:
            call = self.calls.get(row.scope)
            # A call in a currency without a rate cannot be compared.
            if call and call["commit"] is not None:
                commit = row.figures.cumulative("commit")
                found[row.scope] = commit - float(call["commit"])
        return found


def _number(value):
    return None if value is None else float(value)


class OutlookReading(BoardReading):
    """What the same period will bring: the projection alone."""

    def _lines(self):
        projected = {}
        if self.is_projected:
            projected = self._call("crm.forecast.rollup", "_projection")
        return {
            scope: figures_of({name: projected[scope][name] for name in PROJECTED})
            for scope in self._chosen(projected)
        }

    def _entered(self, _model, _method):
        return {}

    def values(self):
        found = super().values()
        for row in self.rows:
            found[row.key].update(board_row.projected(row.figures))
        return found
