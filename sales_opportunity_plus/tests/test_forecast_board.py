"""The forecast board: rows, rights, companies, wrong options, and what is behind."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .board_common import BoardMixin
from .common import FirmCase

NAMES = (
    *("closed", "commit", "most_likely", "best_case", "pipeline"),
    *("weighted", "open_total", "overdue", "omitted"),
)


@tagged("post_install", "-at_install")
class TestForecastBoard(BoardMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_board()
        cls.team_two = cls._team("Test Team Two", cls.company, cls.seller_two)

    def _deals(self):
        """Some of each: due, overdue, later, undated, won in and out of the month."""
        choices = ("commit", "most_likely", "best_case", "pipeline", "omitted")
        people = (
            {},
            {"user_id": self.seller_two.id, "team_id": self.team_two.id},
            {"user_id": False},
            {"user_id": False, "team_id": False},
        )
        days = ("2024-06-20", "2024-06-02", "2024-03-01", "2024-08-01", False)
        for number, values in enumerate(people, 1):
            for place, category in enumerate(choices):
                for power, day in enumerate(days):
                    self._lead(
                        expected_revenue=number * 1000 + place * 10 + power + 0.07,
                        forecast_category_override=category,
                        date_deadline=day,
                        **values,
                    )
            self._won(number * 100, **values)
            self._won(number * 7777, "2024-05-31 21:59:59", **values)
            self._lead(expected_revenue=5, **values).action_set_lost()
            self._lead(type="lead", date_deadline="2024-06-20", **values)

    def test_rows_and_what_they_add_up_to(self):
        self._deals()
        board = self._read(self.manager)
        rows = self._rows(board)
        keys = [row["key"] for row in board["rows"]]
        self.assertEqual(keys[0], "all")
        team, two = self._key(self.team), self._key(self.team_two)
        for key in (team, two, self._key(self.team, self.seller), "team-0-user-0"):
            self.assertIn(key, rows)
        labels = {row["key"]: row["label"] for row in board["rows"]}
        self.assertEqual(labels["team-0"], "No team")
        self.assertEqual(labels[f"{team}-user-0"], "No salesperson")
        self.assertEqual(labels["all"], "Test North")
        for row in board["rows"]:
            below = [rows[r["key"]] for r in board["rows"] if r["parent"] == row["key"]]
            if below:
                for name in ("closed", "weighted", "overdue", "open_total"):
                    total = sum(one[name] for one in below)
                    self.assertAlmostEqual(rows[row["key"]][name], total, 2)

    def test_a_number_is_the_sum_of_the_list_behind_it(self):
        self._deals()
        board = self._as(self.manager)
        rows = self._rows(self._read(self.manager))
        for key, values in rows.items():
            for name in NAMES:
                with self.subTest(row=key, number=name):
                    leads = self._behind(board, key, name, False)
                    shown = values["category"].get(name, values.get(name))
                    found = self._sum(board, leads)
                    if name == "weighted":
                        found = sum(leads.mapped("weighted_amount"))
                    self.assertAlmostEqual(found, shown, 2)
                    if name in values["cumulative"]:
                        leads = self._behind(board, key, name)
                        found = self._sum(board, leads)
                        self.assertAlmostEqual(found, values["cumulative"][name], 2)
        overdue = self._behind(board, "all", "overdue")
        self.assertEqual(len(overdue), rows["all"]["overdue_count"])
        self.assertEqual(len(overdue), 4 * 5 * 2)

    def test_other_periods_and_measures_open_what_they_show(self):
        self._deals()
        plan = self.env["crm.recurring.plan"].create(
            {"name": "A year", "number_of_months": 12}
        )
        for lead in self.env["crm.lead"].search([("team_id", "=", self.team.id)]):
            lead.write({"recurring_revenue": 12 * lead.id, "recurring_plan": plan.id})
        board = self._as(self.manager)
        for measure in ("revenue", "mrr", "count", "new_business"):
            for day in ("2024-05-05", "2024-06-05", "2024-08-05"):
                for kind in ("week", "quarter", "month"):
                    options = {"measure": measure, "day": day, "kind": kind}
                    values = self._rows(self._read(self.manager, **options))["all"]
                    for name in ("closed", "pipeline", "overdue"):
                        with self.subTest(**options, name=name):
                            leads = self._behind(board, "all", name, True, **options)
                            shown = values["cumulative"].get(name, values.get(name))
                            found = self._sum(board, leads, measure)
                            self.assertAlmostEqual(found, shown, 2)

    def test_two_companies_with_their_own_days_and_currencies(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        self.company_abroad.partner_id.tz = "Asia/Tokyo"
        # Half past eleven in the evening of the last day of June, and of May.
        self._won(100, "2024-07-01 09:30:00")
        self._won(1000, "2024-06-01 09:30:00")
        abroad = self._abroad(expected_revenue=400)
        abroad.action_set_won()
        abroad.date_closed = "2024-05-31 15:00:00"
        unowned = self._won(4000)
        unowned.write({"team_id": False, "company_id": False})
        unowned.user_id = self.seller_abroad
        unowned.write({"team_id": False, "company_id": False})
        for companies, closed in (
            ((self.company, self.company_abroad), 100 + 100 + 1000),
            ((self.company_abroad, self.company), 400 + 400 + 4000),
            ((self.company,), 100),
            ((self.company_abroad,), 400 + 4000),
        ):
            with self.subTest(companies=[company.name for company in companies]):
                board = self._as(self.both, *companies)
                total = self._rows(board.read_board({"day": "2024-06-12"}))["all"]
                self.assertAlmostEqual(total["closed"], closed, 2)
                leads = self._behind(board, "all", "closed")
                self.assertAlmostEqual(self._sum(board, leads), closed, 2)

    def test_without_a_rate(self):
        self._lead(expected_revenue=100, date_deadline="2024-06-20")
        self._abroad(expected_revenue=400, date_deadline="2024-06-20")
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", self.crown.id)]).unlink()
        board = self._read(self.both, self.company, self.company_abroad)
        self.assertEqual(self._rows(board)["all"]["open_total"], 100)
        self.assertIn("exchange rate", " ".join(n["text"] for n in board["notes"]))

    def test_moved_to_another_company(self):
        lead = self._lead(expected_revenue=400, date_deadline="2024-06-20")
        won = self._won(800)
        (lead + won).write(
            {
                "company_id": self.company_abroad.id,
                "team_id": self.team_abroad.id,
                "user_id": self.seller_abroad.id,
            }
        )
        for companies, closed, opened in (
            ((self.company,), 0, 0),
            ((self.company_abroad,), 800, 400),
            ((self.company, self.company_abroad), 200, 100),
        ):
            board = self._as(self.both, *companies)
            values = self._rows(board.read_board({"day": "2024-06-12"}))["all"]
            self.assertEqual((values["closed"], values["open_total"]), (closed, opened))

    def test_a_period_with_no_deals(self):
        self._deals()
        board = self._read(self.manager, day="2031-02-01")
        values = self._rows(board)["all"]
        for name in ("closed", "weighted", "overdue", "p10", "p50", "p90"):
            self.assertEqual(values[name], 0)

    def test_who_sees_what(self):
        self._lead(expected_revenue=100, date_deadline="2024-06-20")
        self._lead(
            expected_revenue=1000,
            date_deadline="2024-06-20",
            user_id=self.seller_two.id,
            team_id=self.team_two.id,
        )
        mine, two = self._read(self.seller), self._read(self.seller_two)
        self.assertEqual(self._rows(mine)["all"]["open_total"], 100)
        self.assertNotIn(self._key(self.team_two), self._rows(mine))
        self.assertEqual(self._rows(two)["all"]["open_total"], 1000)
        self.assertEqual(
            self._rows(self._read(self.all_leads))["all"]["open_total"], 1100
        )
        self.assertFalse(self._rows(self._read(self.seller_abroad))["all"]["closed"])
        self.assertIn("your own", " ".join(note["text"] for note in mine["notes"]))
        board = self._as(self.seller)
        self.assertFalse(self._behind(board, self._key(self.team_two), "pipeline"))
        self.assertFalse(any(row["can_adjust"] for row in mine["rows"]))

    def test_it_is_for_sales_people(self):
        clerk = new_test_user(
            self.env, "test_clerk", groups="base.group_user", company_id=self.company.id
        )
        board = self._as(clerk)
        for call in (
            lambda: board.read_board({}),
            lambda: board.action_open_deals({}, "all", "closed"),
            lambda: board.action_open_report({}),
        ):
            with self.assertRaises(AccessError):
                call()
        stranger = self._as(self.seller, self.company_abroad)
        with self.assertRaises(AccessError):
            stranger.read_board({})

    def test_wrong_options(self):
        board = self._as(self.seller)
        for options, said in (
            ({"kind": "decade"}, "decade"),
            ({"measure": "profit"}, "profit"),
            ({"measure": ["revenue"]}, "revenue"),
            ({"day": "yesterday"}, "yesterday"),
            ({"day": 7}, "7"),
            ({"day": "0001-01-01"}, "0001-01-01"),
            ({"domain": [("no_field", "=", 1)]}, "no_field"),
            ({"domain": "oops"}, "oops"),
            (["month"], "dictionary"),
        ):
            with self.subTest(options=options), self.assert_refused(UserError, said):
                board.read_board(options)
        for key, name in (
            *(("team-x", "closed"), ("all", "id"), (None, "closed"), ("all", None)),
            ("team-9999999999", "closed"),
        ):
            with self.assert_refused(UserError, "no number"):
                board.action_open_deals({}, key, name)
        with self.assert_refused(UserError, "gantt"):
            board.action_open_report({}, "gantt")

    def test_only_some_of_the_opportunities(self):
        self._deals()
        whole = self._rows(self._read(self.manager))
        person = [("user_id", "=", self.seller_two.id)]
        board = self._read(self.manager, domain=person)
        key = self._key(self.team_two, self.seller_two)
        self.assertEqual(self._rows(board)["all"]["weighted"], whole[key]["weighted"])
        self.assertFalse([note for note in board["notes"] if note["type"] == "info"])
        named = self._read(self.manager, domain=[("name", "=", "No such deal")])
        self.assertEqual([row["key"] for row in named["rows"]], ["all"])
        self.assertIn("filtered", named["notes"][-1]["text"])

    def test_the_range_lies_around_the_weighted_sum(self):
        for _number in range(30):
            self._lead(date_deadline="2024-06-20", expected_revenue=100)
        self._won(500)
        total = self._rows(self._read(self.manager))["all"]
        self.assertEqual(total["weighted"], 30 * 100 * 0.2)
        self.assertLess(500, total["p10"])
        self.assertLess(total["p10"], 1100)
        self.assertLess(1100, total["p90"])
        self.assertNotIn("top", total)

    def test_a_single_large_deal_is_named(self):
        self._lead(date_deadline="2024-06-20", expected_revenue=10)
        large = self._lead(
            name="Giant", date_deadline="2024-06-20", expected_revenue=1e6
        )
        [note] = [n for n in self._read(self.manager)["notes"] if n["type"] == "top"]
        self.assertIn("Giant", note["text"])
        self.assertEqual(note["lead_id"], large.id)

    def test_fiscal_year(self):
        self.company.forecast_first_month = "7"
        self._won(100, "2023-07-02 12:00:00")
        board = self._read(self.manager, kind="year")
        self.assertEqual(
            (board["period"]["start"], board["period"]["end"]),
            ("2023-07-01", "2024-06-30"),
        )
        self.assertEqual(self._rows(board)["all"]["closed"], 100)
        self.assertEqual(board["period"]["following"], "2024-07-01")

    def test_as_many_queries_for_many_rows(self):
        self._deals()
        few = self._queries()
        for number in range(12):
            team = self._team(f"Team {number}", self.company, self.seller)
            for _each in range(3):
                user = self._user(
                    f"test_{number}_{_each}", "base.group_user", self.company
                )
                self._lead(team_id=team.id, user_id=user.id, date_deadline="2024-06-20")
        self.assertLessEqual(self._queries(), few)

    def _queries(self):
        board = self._as(self.manager)
        board.read_board({"day": "2024-06-12"})
        board = self._as(self.manager)
        before = self.env.cr.sql_log_count
        board.read_board({"day": "2024-06-12"})
        return self.env.cr.sql_log_count - before

    def test_report_of_the_same_period(self):
        action = self._as(self.seller).action_open_report(
            {**{"kind": "month"}, "day": "2024-06-12"}, "graph"
        )
        self.assertEqual(action["res_model"], "crm.forecast.report")
        self.assertEqual(action["views"][0], (False, "graph"))
        self.assertIn(("date", ">=", "2024-06-01"), action["domain"])
