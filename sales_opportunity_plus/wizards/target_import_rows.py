"""The lines of a file of targets, and what they mean in this database."""

from collections import defaultdict

from ..engine.csv_table import Problem
from ..engine.target_csv import period_named
from ..models.selections import FORECAST_MEASURES

_CHANGING = ("amount", "date_from", "date_to", "note")


class TargetImportRows:
    """Rows with their companies, teams and people; a query for each of these.

    Everything is looked up as the user: what he cannot see he cannot name.
    """

    def __init__(self, env, rows):
        self.env = env
        self.rows = rows
        self._measures = {
            name.lower(): code
            for code, label in FORECAST_MEASURES
            for name in (code, label)
        }
        self._companies = _named(env.companies)
        self._teams = {}
        self._people = self._find_people()
        self._values = {}
        for row in rows:
            self._judge(row)
        self.wrong = [row for row in rows if row.problems]
        self.new, self.changed, self.same_count = [], [], 0
        self._compare()

    def _find_people(self):
        """People by login, email or name, archived ones too."""
        users = self.env["res.users"].with_context(active_test=False)
        users = users.search([("share", "=", False)], order="active, id desc")
        active = users.filtered("active")
        found = _named(users - active) | _named(active)
        for name in ("email", "login"):
            for user in users:
                if user[name]:
                    found[user[name].strip().lower()] = user
        return found

    def _teams_of(self, company):
        if company not in self._teams:
            domain = [("company_id", "in", (company.id, False))]
            self._teams[company] = _named(self.env["crm.team"].search(domain))
        return self._teams[company]

    # ------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------

    def _judge(self, row):
        """Find what the row names, and say what this database does not know."""
        company = self._look_up(row, "company", self._companies) or self.env.company
        team = self._look_up(row, "team", self._teams_of(company))
        person = self._look_up(row, "salesperson", self._people)
        if person and not person.active:
            self._wrong(row, "archived", "salesperson")
        elif person and company not in person.sudo().company_ids:
            self._wrong(row, "foreign", "salesperson")
        measure = self._measures.get(row.values.get("measure", "revenue").lower())
        if not measure:
            self._wrong(row, "measure", "measure")
        elif measure == "count" and row.amount and row.amount != int(row.amount):
            self._wrong(row, "whole", "target")
        first_month = int(company.sudo().forecast_first_month)
        period = period_named(row.values.get("period", ""), first_month)
        if period:
            self._judge_days(row, period)
        if row.problems:
            return
        key = (
            company.id,
            team.id if team else False,
            person.id if person else False,
            measure,
            period,
        )
        if other := self._values.get(key):
            row.problems.append(Problem("again", "", str(other.number)))
        self._values.setdefault(key, row)

    def _look_up(self, row, column, known):
        text = row.values.get(column)
        if not text:
            return None
        found = known.get(text.lower())
        if not found:
            self._wrong(row, column, column)
            return None
        if len(found) > 1:
            self._wrong(row, "several", column)
            return None
        return found

    def _judge_days(self, row, period):
        first = row.counts_from or period.start
        last = row.counts_until or period.end
        if not period.start <= first <= period.end:
            self._wrong(row, "outside", "counts_from")
        elif not first <= last <= period.end:
            self._wrong(row, "outside", "counts_until")

    def _wrong(self, row, code, column):
        value = row.values.get(column, "")[:60]
        row.problems.append(Problem(code, column, value))

    # ------------------------------------------------------------
    # What is written
    # ------------------------------------------------------------

    def _compare(self):
        """Sort the rows into new targets, changed ones, and those as they are."""
        existing = self._existing()
        for key, row in self._values.items():
            if row.problems:
                continue
            vals = {
                "amount": row.amount,
                "date_from": row.counts_from or False,
                "date_to": row.counts_until or False,
            }
            if "note" in row.values:
                vals["note"] = row.values["note"]
            target = existing.get(key)
            if not target:
                self.new.append({**_scope(key), **vals})
                continue
            digits = target.currency_id
            amount = digits.round(row.amount) if digits else row.amount
            vals["amount"] = amount
            changed = {name: vals[name] for name in vals if vals[name] != target[name]}
            if changed:
                self.changed.append((target, changed))
            else:
                self.same_count += 1

    def _existing(self):
        starts = {key[-1].start for key in self._values}
        targets = self.env["crm.forecast.target"].search(
            [
                ("company_id", "in", [key[0] for key in self._values]),
                ("period_start", "in", list(starts)),
            ]
        )
        by_days = {
            (
                one.company_id.id,
                one.team_id.id,
                one.user_id.id,
                one.measure,
                one.period_start,
                one.period_end,
            ): one
            for one in targets
        }
        return {
            key: by_days.get((*key[:4], key[4].start, key[4].end))
            for key in self._values
        }

    def set_targets(self):
        self.env["crm.forecast.target"].create(self.new)
        for target, changed in self.changed:
            target.write(changed)


def _scope(key):
    company_id, team_id, user_id, measure, period = key
    return {
        "company_id": company_id,
        "team_id": team_id,
        "user_id": user_id,
        "measure": measure,
        "period_kind": period.kind,
        "period_start": period.start,
    }


def _named(records):
    """Records by name; several where a name is not of one alone."""
    found = defaultdict(records.browse)
    for record in records:
        found[record.name.strip().lower()] |= record
    return dict(found)
