"""The SQL of the waterfall equals the engine, whatever happened to the deals."""

import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import waterfall as engine
from .pipeline_common import PipelineCase

BEFORE, AFTER = date(2024, 4, 1), date(2024, 4, 8)
CATEGORIES = ("omitted", "pipeline", "best_case", "commit")
MONTHS = [None, *(date(2024, month, 15) for month in (3, 4, 5, 6))]
_COLUMNS = (
    "lead_id lead_type company_id team_id user_id status forecast_category amount"
    " currency_id probability date_deadline date_closed valid_from valid_to"
).split()


class WaterfallCase(PipelineCase):
    def _insert(self, lead, deal, valid_from, valid_to, **values):
        """A row of the history, out of the engine's words for it."""
        row = {
            "lead_id": lead.id,
            "lead_type": "opportunity",
            "company_id": deal.company or None,
            "team_id": deal.team or None,
            "user_id": deal.person or None,
            "status": deal.status,
            "forecast_category": deal.category,
            "amount": deal.amount,
            "currency_id": deal.currency,
            "probability": float(deal.probability),
            "date_deadline": deal.deadline,
            "date_closed": deal.closed,
            "valid_from": valid_from,
            "valid_to": valid_to,
            **values,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_pipeline_history (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                tuple(row[name] for name in _COLUMNS),
            )
        )

    def _run(self, user=None, **values):
        run = self.env["crm.pipeline.waterfall"].with_user(user or self.both)
        run = run.with_context(allowed_company_ids=run.env.user.company_ids.ids)
        run = run.create({"date_from": BEFORE, "date_to": AFTER, **values})
        run.action_run()
        return run

    def _lines(self, run):
        return run.env["crm.pipeline.waterfall.line"].search(
            [("waterfall_id", "=", run.id)]
        )

    def _bars(self, run):
        bars = {}
        for line in self._lines(run):
            bars[line.bar] = round(bars.get(line.bar, 0) + line.value, 2)
        return bars

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad
        # Nothing of the demo company.
        cls.env.cr.execute("DELETE FROM crm_pipeline_history")


@tagged("post_install", "-at_install")
class TestWaterfallIsTheEngine(WaterfallCase):
    def setUp(self):
        super().setUp()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.crown.id,
                "name": "2024-04-05",
                "rate": 5,
                "company_id": False,
            }
        )
        self.rates = engine.Rates(
            {self.euro.id: Decimal(1), self.crown.id: Decimal("0.25")},
            {self.euro.id: Decimal(1), self.crown.id: Decimal("0.2")},
        )

    def _deal(self, rng):
        home = rng.random() < 0.7
        status = rng.choice(["open"] * 5 + ["won", "lost", "archived"])
        closed = status in ("won", "lost")
        return engine.Deal(
            status,
            Decimal(rng.randint(-500, 99999)) / 100,
            (self.euro if home else self.crown).id,
            Decimal(rng.randint(0, 40)) * Decimal("2.5"),
            rng.choice(CATEGORIES),
            (self.company if home else self.company_abroad).id,
            rng.choice([self.team.id, self.team_own.id, self.team_abroad.id]),
            rng.choice([self.seller.id, self.seller_two.id, self.all_leads.id]),
            rng.choice(MONTHS),
            rng.choice(MONTHS[1:]) if closed else None,
        )

    def _pairs(self, rng, count):
        leads, pairs = self._leads(count), []
        for lead in leads:
            before = self._deal(rng) if rng.random() < 0.8 else None
            after = self._deal(rng) if rng.random() < 0.85 else None
            if rng.random() < 0.2:
                after = before
            if before:
                ends = None if after is before else date(2024, 4, rng.randint(2, 8))
                self._insert(lead, before, date(2024, 3, 1), ends)
            if after and after is not before:
                self._insert(lead, after, date(2024, 4, 8), None)
            pairs.append((before, after))
        return pairs

    def _scopes(self, rng):
        fields = self.env["crm.pipeline.waterfall"]._fields
        for split, _label in fields["split"].selection:
            for measure in ("amount", "weighted"):
                teams = rng.sample([self.team.id, self.team_own.id], rng.randint(0, 2))
                persons = rng.sample(
                    [self.seller.id, self.all_leads.id], rng.randint(0, 2)
                )
                category = rng.choice([None, "commit", "pipeline"])
                first, last = rng.choice([(None, None), (MONTHS[2], MONTHS[3])])
                values = {
                    "split": split,
                    "measure": measure,
                    "team_ids": teams,
                    "user_ids": persons,
                    "category": category,
                    "period_from": first,
                    "period_to": last,
                }
                yield (
                    values,
                    engine.Scope(
                        teams=frozenset(teams) or None,
                        persons=frozenset(persons) or None,
                        categories=frozenset([category]) if category else None,
                        first=first,
                        last=last,
                        split=split,
                        measure=measure,
                    ),
                )

    def _key(self, line, split):
        return {
            "none": 0,
            "company": line.company_id.id or 0,
            "team": line.team_id.id or 0,
            "person": line.user_id.id or 0,
            "category": line.forecast_category,
            "month": line.date or date(1, 1, 1),
        }[split]

    def test_random_lives(self):
        rng = random.Random(7)
        pairs = self._pairs(rng, 60)
        for values, scope in self._scopes(rng):
            with self.subTest(**values):
                expected = {}
                for (place, bar), worth in engine.waterfall(
                    pairs, self.rates, scope
                ).items():
                    part = {
                        "category": place.category,
                        "month": place.period,
                    }.get(scope.split, place.holder)
                    key = part, bar
                    expected[key] = expected.get(key, 0) + worth
                got = {}
                for line in self._lines(self._run(**values)):
                    key = self._key(line, scope.split), line.bar
                    got[key] = round(got.get(key, 0) + line.value, 2)
                self.assertEqual(
                    {key: value for key, value in got.items() if value},
                    {key: float(value) for key, value in expected.items() if value},
                )
                self._assert_nothing_left(got)
                self._assert_chart(pairs, scope, values)

    def _assert_chart(self, pairs, scope, values):
        """The bars are the lines' sums, and tell how many deals they are about."""
        expected, whole = {}, {}
        for number, (before, after) in enumerate(pairs):
            for step in engine.steps(before, after, self.rates, scope):
                part = {"category": step.place.category, "month": step.place.period}
                key = part.get(scope.split, step.place.holder)
                for bars, bar in ((expected, (key, step.bar)), (whole, step.bar)):
                    worth, deals = bars.setdefault(bar, [0, set()])
                    bars[bar] = [worth + step.value, deals | {number}]
        all_, *rows = self._run(**values).chart["parts"]
        self.assertEqual(self._said(all_["bars"]), self._expected(whole))
        got = {
            (self._row_key(row["key"], scope.split), bar): said
            for row in rows
            for bar, said in self._said(row["bars"]).items()
        }
        if rows:
            self.assertEqual(got, self._expected(expected))

    def _said(self, bars):
        return {
            bar["bar"]: (round(bar["value"], 2), bar["deals"])
            for bar in bars
            if bar["deals"]
        }

    def _expected(self, bars):
        return {bar: (float(worth), len(deals)) for bar, (worth, deals) in bars.items()}

    def _row_key(self, key, split):
        if split == "month":
            return date.fromisoformat(key) if key else date(1, 1, 1)
        return key

    def _assert_nothing_left(self, got):
        parts = {}
        for (part, bar), worth in got.items():
            sign = -1 if bar == "closing" else 1
            parts[part] = parts.get(part, 0) + sign * worth
        for rest in parts.values():
            self.assertAlmostEqual(rest, 0, 2)


@tagged("post_install", "-at_install")
class TestWaterfallScreen(WaterfallCase):
    def _open(self, **values):
        deal = {
            "amount": Decimal(100),
            "company": self.company.id,
            "team": self.team.id,
            "person": self.seller.id,
            "deadline": date(2024, 4, 20),
        }
        return engine.Deal("open", currency=self.euro.id, **(deal | values))

    def test_sellers_see_their_own(self):
        mine, other = self._lead(), self._lead(user_id=self.seller_two.id)
        self._insert(mine, self._open(), date(2024, 3, 1), None)
        self._insert(
            other, self._open(person=self.seller_two.id), date(2024, 3, 1), None
        )
        self.assertEqual(self._bars(self._run(self.seller))["closing"], 100)
        self.assertEqual(self._bars(self._run(self.all_leads))["closing"], 200)
        run = self._run(self.seller)
        self.assertFalse(
            self.env["crm.pipeline.waterfall.line"]
            .with_user(self.seller_two)
            .search([("waterfall_id", "=", run.id)])
        )

    def test_deleted_deals_stay_in_the_figures(self):
        lead = self._lead()
        self._insert(lead, self._open(), date(2024, 3, 1), AFTER)
        number = lead.id
        lead.unlink()
        self.env.flush_all()
        for user in (self.seller, self.all_leads):
            run = self._run(user)
            self.assertEqual(self._bars(run), {"opening": 100, "removed": -100})
        self.assertFalse(self._bars(self._run(self.seller_two)))
        self.assertFalse(self._bars(self._run(self.seller_abroad)))
        line = self._lines(run).filtered(lambda one: one.bar == "removed")
        self.assertEqual((line.lead_number, line.lead_id.id), (number, False))
        action = line.action_open()
        found = run.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.mapped("lead_number"), [number])

    def test_each_bar_opens_its_deals(self):
        new, kept = self._leads(2)
        self._insert(kept, self._open(), date(2024, 3, 1), None)
        self._insert(new, self._open(amount=Decimal(7)), date(2024, 4, 3), None)
        lines = self._lines(self._run()).grouped("bar")
        self.assertEqual(set(lines), {"opening", "new", "closing"})
        self.assertEqual(lines["new"].action_open()["res_id"], new.id)
        for bar, leads in (("opening", kept), ("closing", new | kept)):
            self.assertEqual(lines[bar].lead_id, leads)
            self.assertEqual(lines[bar][0].action_open()["res_id"], leads[0].id)

    def test_no_deals_and_wrong_days(self):
        self.assertFalse(self._bars(self._run()))
        for days in (
            {"date_from": AFTER, "date_to": BEFORE},
            {"date_to": BEFORE},
            {"period_from": AFTER, "period_to": BEFORE},
        ):
            with self.assertRaises(UserError):
                self._run(**days)

    def test_leads_become_opportunities(self):
        lead = self._lead()
        self._insert(lead, self._open(), date(2024, 3, 1), AFTER, lead_type="lead")
        self._insert(lead, self._open(), AFTER, None)
        self.assertEqual(self._bars(self._run()), {"new": 100, "closing": 100})

    def test_as_of(self):
        lead = self._lead()
        self._insert(lead, self._open(), date(2024, 3, 1), AFTER)
        self._insert(lead, self._open(amount=Decimal(150)), AFTER, None)
        report = self.env["crm.pipeline.history.report"].with_user(self.seller)
        for day, amount in (("2024-04-07", 100), ("2024-04-08", 150)):
            found = report.search([("as_of", "=", day)])
            self.assertEqual(found.mapped("amount"), [amount])
        self.assertFalse(report.search([("as_of", "=", "2024-02-28")]))
        self.assertFalse(report.with_user(self.seller_two).search([]))
        self.assertEqual(found.action_open_lead()["res_id"], lead.id)
        [(total, count)] = report._read_group(
            [("as_of", "=", "today")], [], ["amount:sum", "__count"]
        )
        self.assertEqual((total, count), (150, 1))

    def test_slips(self):
        lead, day = self._lead(), date(2024, 4, 1)
        for number, deadline in enumerate(
            (date(2024, 3, 20), date(2024, 4, 20), date(2024, 5, 20), date(2024, 5, 10))
        ):
            ends = day + timedelta(days=1) if number < 3 else None
            self._insert(lead, self._open(deadline=deadline), day, ends)
            day += timedelta(days=1)
        report = self.env["crm.pipeline.slip.report"].with_user(self.seller)
        [(user, pushes, days, pulls)] = report._read_group(
            [], ["user_id"], ["pushes:sum", "days_pushed:sum", "pulls:sum"]
        )
        self.assertEqual((user, pushes, days, pulls), (self.seller, 2, 61, 1))
        self.assertEqual(report.search([("was_overdue", "=", True)]).days, 31)
        self.assertFalse(report.with_user(self.seller_two).search([]))
