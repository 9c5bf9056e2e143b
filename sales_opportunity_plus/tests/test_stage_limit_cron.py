"""The scheduled check: once and not twice, whatever happens to it."""

from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor
from odoo.tools import mute_logger

from .limit_common import LimitCase

LADDER = (
    {"percent": 80, "action": "activity_owner", "note": "Call <them>"},
    {"percent": 100, "action": "activity_leader"},
)
ESCALATION = "odoo.addons.sales_opportunity_plus.models.stage_rule"


@tagged("post_install", "-at_install")
class TestStageLimitCron(LimitCase):
    def _server_action(self, code):
        return self.env["ir.actions.server"].create(
            {
                "name": "Test Action",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": code,
            }
        )

    def _results(self, leads):
        return [
            (row["percent"], row["result"], row["error"])
            for row in self._breaches(leads)
        ]

    def test_ladder(self):
        self.team.user_id = self.manager
        self._limit(LADDER)
        lead = self._enter(4, 9)
        self._check(4, 16)
        self.assertEqual(lead.activity_ids.user_id, self.seller)
        self.assertIn("80 %", lead.activity_ids.summary)
        self.assertIn("Call &lt;them&gt;", lead.activity_ids.note)
        for hour in (9, 10):
            self._check(5, hour)
        self.assertEqual(lead.activity_ids.user_id, self.seller | self.manager)
        self.assertEqual(len(lead.activity_ids), 2)
        self.assertEqual(self._results(lead), [(80, "done", None), (100, "done", None)])

    def test_mail_and_server_action(self):
        template = self.env["mail.template"].create(
            {
                "name": "Test Reminder",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Late: {{ object.name }}",
                "email_to": "late@example.com",
            }
        )
        action = self._server_action("record.write({'priority': '3'})")
        self._limit(
            (
                {"percent": 100, "action": "mail", "template_id": template.id},
                {
                    "percent": 150,
                    "action": "server_action",
                    "server_action_id": action.id,
                },
            )
        )
        lead = self._enter(4, 9)
        self._check(6, 9)
        mail = self.env["mail.mail"].search([("subject", "=", "Late: Test Deal")])
        self.assertEqual(len(mail), 1)
        self.assertEqual(lead.priority, "3")

    def test_failure_is_noted_and_undoes_nothing_else(self):
        action = self._server_action(
            "record.write({'priority': '3'})\n"
            "if record.name == 'Bad': raise UserError('Test failure')"
        )
        self.team.user_id = False
        self._limit(
            (
                {"percent": 50, "action": "activity_leader"},
                {
                    "percent": 80,
                    "action": "server_action",
                    "server_action_id": action.id,
                },
                {"percent": 100, "action": "activity_owner"},
            )
        )
        bad, good = self._enter(4, 9, name="Bad"), self._enter(4, 9, name="Good")
        self._check(5, 9)
        nobody = self._results(bad)[0]
        self.assertEqual(nobody[:2], (50, "failed"))
        self.assertIn("nobody to remind of “Bad”", nobody[2])
        self.assertEqual(
            self._results(bad)[1:],
            [(80, "failed", "Test failure"), (100, "done", None)],
        )
        self.assertEqual(self._results(good)[1], (80, "done", None))
        self.assertEqual((bad.priority, good.priority), ("0", "3"))
        self.assertEqual(len(bad.activity_ids), 1)
        report = self.env["crm.stage.breach.report"].with_user(self.seller)
        failed = report.search([("lead_id", "=", bad.id), ("result", "=", "failed")])
        self.assertIn("Test failure", failed.mapped("error"))
        # A failure is not tried again and again.
        self._check(5, 10)
        self.assertEqual(len(self._breaches(bad)), 3)

    def test_owner_falls_back_to_the_leader(self):
        self.team.user_id = self.manager
        self._limit(({"percent": 100, "action": "activity_owner"},))
        lead = self._enter(4, 9, user_id=False)
        self._check(5, 9)
        self.assertEqual(lead.activity_ids.user_id, self.manager)

    def test_what_was_late_before_the_limit_bothers_nobody(self):
        self.team.user_id = self.manager
        lead = self._enter(4, 9)
        limit = self._limit(LADDER)
        with self._at(2024, 3, 4, 16, 30):
            limit.duration = 8.0
            limit.flush_recordset()
        self._check(5, 9)
        self.assertEqual(
            [row[:2] for row in self._results(lead)],
            [(80, "quiet"), (100, "failed")]
            if not self.team.user_id
            else [(80, "quiet"), (100, "done")],
        )
        self.assertFalse(lead.activity_ids.filtered(lambda a: "80" in a.summary))

    def test_moved_on_before_its_turn(self):
        self._limit(LADDER)
        lead = self._enter(4, 9)
        breaches = type(self.env["crm.stage.breach"])
        with patch.object(breaches, "_escalate_some", lambda *args: 0):
            self._check(4, 16)
        self._move(lead, self.stage_offer, 4, 16, 30)
        self._check(4, 17)
        self.assertEqual(self._results(lead), [(80, "skipped", None)])
        self.assertFalse(lead.activity_ids)

    def test_merge_keeps_both(self):
        self._limit()
        head, tail = self._enter(4, 9, probability=60), self._enter(4, 9)
        self._check(5, 9)
        with self._at(2024, 3, 5, 10):
            merged = (head | tail).merge_opportunity()
        self.assertEqual(merged, head)
        rows = self._breaches(head)
        self.assertEqual(
            {(row["merged_lead_id"], row["resolved_at"]) for row in rows},
            {(None, None), (tail.id, datetime(2024, 3, 5, 10))},
        )
        self._check(5, 11)
        self.assertEqual(self._breaches(head), rows)
        report = self.env["crm.stage.breach.report"].with_user(self.seller)
        lines = report.search([("lead_id", "=", head.id)])
        self.assertEqual(sorted(lines.mapped("is_merged")), [False, True])

    def test_killed_between_batches(self):
        """What was committed stays, the rest is done by the next run, once."""
        self._limit(LADDER[:1])
        with self._at(2024, 3, 4, 9):
            leads = self._leads(5, stage_id=self.stage_talk.id)
            self.env.flush_all()
        breaches = type(self.env["crm.stage.breach"])
        escalate, calls = breaches._escalate_some, []

        def dies(*args):
            calls.append(1)
            done = escalate(*args)
            if len(calls) > 1:
                raise RuntimeError("killed")
            return done

        with patch.object(breaches, "_escalate_some", dies):
            self._run_cron()
        self.assertGreater(len(calls), 1)
        self.assertEqual(len(leads.activity_ids), 2)
        waiting = [row for row in self._breaches(leads) if row["result"] == "waiting"]
        self.assertEqual(len(waiting), 3)
        for _again in range(2):
            self._run_cron()
            self.assertEqual(
                [len(lead.activity_ids) for lead in leads], [1, 1, 1, 1, 1]
            )
        self.assertEqual({row["result"] for row in self._breaches(leads)}, {"done"})

    def _run_cron(self):
        cron = self.env.ref("sales_opportunity_plus.ir_cron_stage_limit")
        moment = datetime(2024, 3, 4, 16)
        path = f"{ESCALATION}.crm_stage_limit_cron.ESCALATE_BATCH"
        with (
            patch(path, 2),
            patch.object(TestCursor, "now", lambda cursor: moment),
            mute_logger("odoo.addons.base.models.ir_cron"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()

    def test_more_than_fits_in_one_transaction(self):
        self._limit(LADDER[:1])
        with self._at(2024, 3, 4, 9):
            leads = self._leads(5, stage_id=self.stage_talk.id)
            self.env.flush_all()
        first = self.env["crm.lead"].with_context(active_test=False)
        first = first.search([], order="id", limit=1).id
        # The first transaction ends between them.
        batch = leads.ids[2] - first
        with patch(f"{ESCALATION}.crm_stage_limit_cron.RECORD_BATCH", batch):
            self._check(4, 16)
        self.assertEqual(len(self._breaches(leads)), 5)
