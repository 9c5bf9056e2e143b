"""A rule may also ask why a closing passed when only its day is moved on."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestForecastClosingSaved(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.rule = cls._rule("closing_reason_saved", name="Say Why It Slips")
        today = fields.Date.today()
        cls.passed, cls.coming = today - timedelta(days=3), today + timedelta(days=30)

    def _stale(self, **values):
        # A new opportunity that is late already would be asked for a reason at once.
        lead = self._lead(**{**values, "date_deadline": False})
        lead.date_deadline = values.get("date_deadline", self.passed)
        self.env.flush_all()
        self.env.invalidate_all()
        return lead.with_user(self.seller)

    def _refused(self, leads, **values):
        days = leads.mapped("date_deadline")
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            leads.write({"date_deadline": self.coming, **values})
        leads.invalidate_recordset()
        self.assertEqual(leads.mapped("date_deadline"), days)
        return caught.exception

    def test_a_passed_closing_is_not_moved_on_without_a_reason(self):
        lead = self._stale(name="Shuttle")
        for values in ({}, {"date_deadline": False}, {"forecast_closing_reason": " "}):
            with self.subTest(values=values):
                text = str(self._refused(lead, **values))
                self.assertIn("“Shuttle” has passed", text)
                self.assertIn("Say why the expected closing passed", text)
        lead.write({"date_deadline": self.coming, "forecast_closing_reason": "Budget"})
        self.assertEqual(lead.date_deadline, self.coming)

    def test_what_does_not_move_a_passed_closing_on_is_saved(self):
        lead = self._stale()
        lead.name = "Another name"
        lead.date_deadline = self.passed
        lead.date_deadline = self.passed - timedelta(days=1)
        coming = self._stale(date_deadline=self.coming)
        coming.date_deadline = self.coming + timedelta(days=30)
        coming.date_deadline = False
        coming.date_deadline = self.coming
        lost = self._stale()
        lost.action_set_lost()
        lost.date_deadline = self.coming

    def test_who_has_said_why_may_move_it_until_it_passes_again(self):
        lead = self._stale()
        lead.forecast_closing_reason = "Budget in March"
        lead.date_deadline = self.coming
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_deadline = %s, forecast_closing_reason_date = %s"
            " WHERE id = %s",
            [self.passed, self.passed - timedelta(days=9), lead.id],
        )
        self.env.invalidate_all()
        self._refused(lead)

    def test_a_batch_and_an_import(self):
        stale, coming = self._stale(), self._stale(date_deadline=self.coming)
        error = self._refused(stale | coming)
        self.assertEqual(error.held_ids, {stale.id})
        self.assertIn("1 of 2 opportunities are held back", str(error))
        done = (stale | coming).action_stage_rule_move(
            error.context["replay"], only_allowed=True
        )
        self.assertEqual(done, {"moved": 1, "held": 1})
        self.assertEqual(stale.date_deadline, self.passed)
        leads = self.env["crm.lead"].with_user(self.seller)
        rows = [[str(stale.id), str(self.coming)], [str(coming.id), str(self.coming)]]
        result = leads.load([".id", "date_deadline"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("Say why", result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(stale.date_deadline, self.passed)

    def test_only_where_the_rule_is_about(self):
        lead, other = self._stale(), self._stale(stage_id=self.stage_talk.id)
        self.rule.from_stage_ids = self.stage_talk
        lead.date_deadline = self.coming
        self._refused(other)
        self.rule.domain = "[('expected_revenue', '>', 1000)]"
        other.date_deadline = self.coming

    def test_it_holds_a_move_as_well(self):
        lead = self._stale()
        with self.assertRaisesRegex(StageRuleError, "Say why"):
            lead.stage_id = self.stage_talk

    def test_a_warning_is_confirmed_and_kept(self):
        self.rule.severity = "warn"
        lead = self._stale()
        self._refused(lead)
        lead.write(
            {"date_deadline": self.coming, "stage_override_reason": "They are away"}
        )
        row = self._decisions(lead)[-1]
        self.assertEqual((row["move"], row["result"]), ("postponed", "warned"))
        self.assertEqual(row["note"], "They are away")
        self.assertEqual(row["moved_by_id"], self.seller.id)
        self.assertEqual(row["from_stage_id"], row["to_stage_id"])

    def test_the_dialog_mends_it(self):
        lead = self._stale()
        replay = self._refused(lead).context["replay"]
        lead.action_stage_rule_move(replay, fixes={"forecast_closing_reason": "Budget"})
        self.assertEqual(lead.date_deadline, self.coming)
        self.assertEqual(lead.forecast_closing_reason, "Budget")

    def test_a_refusal_that_is_caught_leaves_nothing_behind(self):
        lead = self._stale()
        with self.assertRaises(StageRuleError):
            lead.date_deadline = self.coming
        lead.name = "Still works"
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(lead.date_deadline, self.passed)

    def test_nobody_reads_in_a_refusal_what_he_may_not_write(self):
        lead = self._stale(name="Secret", user_id=self.seller_two.id)
        with self.assertRaises(AccessError):
            lead.date_deadline = self.coming

    def test_a_plain_save_asks_nothing_more(self):
        lead = self._stale(date_deadline=self.coming)
        counts = []
        for active, days in ((False, 1), (True, 2)):
            self.rule.active = active
            self.env["crm.stage.rule"]._rule_set()
            self.env.flush_all()
            self.env.invalidate_all()
            lead.mapped("name")
            before = self.env.cr.sql_log_count
            lead.date_deadline = self.coming + timedelta(days=days)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_a_merge_keeps_why_the_closing_passed(self):
        self.rule.active = False
        plain, old, new = (self._lead(name=name) for name in ("Plain", "Old", "New"))
        for lead, said in ((old, "2024-01-01 10:00:00"), (new, "2024-02-01 10:00:00")):
            lead.forecast_closing_reason = f"Of {lead.name}"
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lead SET forecast_closing_reason_date = %s WHERE id = %s",
                [said, lead.id],
            )
        self.env.invalidate_all()
        plain._merge_dependences(old | new)
        self.assertEqual(plain.forecast_closing_reason, "Of New")
        said = fields.Datetime.to_string(plain.forecast_closing_reason_date)
        self.assertEqual(said, "2024-02-01 10:00:00")
        own = self._lead(forecast_closing_reason="Own")
        head = (own | new).with_user(self.manager).merge_opportunity()
        kept = head.forecast_closing_reason
        self.assertEqual(kept, "Own" if head == own else "Of New")
