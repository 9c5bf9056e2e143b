"""Each kind of requirement: not met, then met, as a salesperson meets it."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..exceptions import StageRuleError
from ..models.stage_rule.crm_stage_rule_requirement import KINDS
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestStageRuleRequirements(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Test Customer", "email": "customer@example.com"}
        )

    def _check(self, requirement, meet):
        """An opportunity may not go on until ``meet`` was called on it."""
        requirement = (
            {"kind": requirement} if isinstance(requirement, str) else requirement
        )
        with self.subTest(**requirement):
            rule = self._rule(requirement, to_stage_ids=[(6, 0, self.stage_offer.ids)])
            lead = self._lead(expected_revenue=0).with_user(self.seller)
            self.assertFalse(self._may(lead), "met from the start")
            meet(lead)
            self.assertTrue(self._may(lead), "not met")
            rule.active = False

    def _may(self, lead):
        """Whether it may go on, tried out and undone."""
        self.env.flush_all()
        target = {
            lead.id: lead._stage_rule_position()._replace(stage_id=self.stage_offer.id)
        }
        [decisions] = lead._stage_rule_decide(target).values()
        may = not any(decision.holds_back for decision in decisions)
        try:
            with self.env.cr.savepoint():
                lead.stage_id = self.stage_offer
        except StageRuleError:
            self.assertFalse(may, "the panel says otherwise than the guard")
        else:
            self.assertTrue(may, "the panel says otherwise than the guard")
            lead.stage_id = self.stage_new
        return may

    def test_fields(self):
        for name, blank, value in (
            ("date_deadline", False, "2030-01-01"),
            ("partner_id", False, self.customer.id),
            ("expected_revenue", 0, 10),
            ("contact_name", "  ", "Ada"),
            ("description", "<p><br></p>", "<p>Words</p>"),
            ("tag_ids", [(5,)], [(0, 0, {"name": "Test Tag"})]),
        ):

            def meet(lead, name=name, value=value):
                lead.sudo().write({name: value})

            rule = self._needs_field(name)
            lead = self._lead()
            lead.write({name: blank})
            self._check(rule, meet)

    def test_property_of_the_team(self):
        self.team.lead_properties_definition = [
            {"name": "testprop", "type": "char", "string": "Budget Owner"}
        ]
        requirement = {"kind": "field", "property_name": "testprop"}
        self._check(
            requirement,
            lambda lead: lead.write({"lead_properties": {"testprop": "Ada"}}),
        )
        self._rule(requirement, to_stage_ids=[(6, 0, self.stage_offer.ids)])
        other = self._lead(team_id=self.team_own.id)
        # Another team has no such property: nobody could fill it.
        other.stage_id = self.stage_offer

    def test_condition_follows_relations(self):
        self._check(
            {
                "kind": "condition",
                "domain": "[('partner_id.email', 'ilike', 'customer@')]",
            },
            lambda lead: lead.write({"partner_id": self.customer.id}),
        )

    def test_checklist(self):
        lines = [(0, 0, {"name": "Budget"}), (0, 0, {"name": "Date"})]

        def meet(lead):
            items = self.env["crm.stage.rule"].search([], order="id desc", limit=1)
            items = items.requirement_ids.item_ids
            lead.action_stage_rule_tick(items[0].id)
            lead.action_stage_rule_tick(items[0].id)
            self.assertFalse(self._may(lead))
            lead.action_stage_rule_tick(items[1].id)
            lead.action_stage_rule_tick(items[1].id, False)
            self.assertFalse(self._may(lead))
            items[1].unlink()
            self.assertTrue(self._may(lead), "a line that is gone is still asked for")
            ticks = self.env["crm.stage.checklist.tick"].search(
                [("lead_id", "=", lead.id)]
            )
            self.assertEqual(ticks.user_id, self.seller)
            self.assertEqual(ticks.item_id, items[0])
            items[0].unlink()
            self.assertTrue(ticks.exists(), "what was ticked is kept")

        self._check({"kind": "checklist", "item_ids": lines}, meet)

    def test_activities(self):
        def plan(lead, days=3):
            return lead.activity_schedule(
                activity_type_id=self.call.id,
                user_id=self.seller.id,
                date_deadline=fields.Date.today() + timedelta(days=days),
            )

        self._check("activity_planned", plan)
        self._check(
            {"kind": "activity_planned", "activity_type_id": self.call.id}, plan
        )
        done = {"kind": "activity_done", "activity_type_id": self.call.id}
        self._check(done, lambda lead: plan(lead).action_feedback())
        self._rule("activity_no_overdue", to_stage_ids=[(6, 0, self.stage_offer.ids)])
        lead = self._lead().with_user(self.seller)
        late = plan(lead, -2)
        self.assertFalse(self._may(lead))
        late.action_feedback()
        self.assertTrue(self._may(lead))

    def test_since_entering_the_stage(self):
        lead = self._lead().with_user(self.seller)
        plan = lead.activity_schedule(
            activity_type_id=self.call.id, user_id=self.seller.id
        )
        plan.action_feedback()
        lead.message_ids.sudo().write({"date": "2020-01-01"})
        done = {"kind": "activity_done", "activity_type_id": self.call.id}
        rule = self._rule(done, to_stage_ids=[(6, 0, self.stage_offer.ids)])
        self.assertFalse(self._may(lead))
        rule.requirement_ids.since_stage = False
        self.assertTrue(self._may(lead))

    def test_meeting(self):
        def meet(lead, days=0):
            start = datetime.now().replace(microsecond=0) + timedelta(days=days)
            return self.env["calendar.event"].create(
                {
                    "name": "Test Meeting",
                    "opportunity_id": lead.id,
                    "start": start,
                    "stop": start,
                }
            )

        def meet_later_then_now(lead):
            meet(lead, days=2)
            self.assertFalse(self._may(lead), "a meeting to come was not held")
            meet(lead)

        self._check({"kind": "meeting", "since_stage": False}, meet_later_then_now)

    def test_reply(self):
        def reply(lead):
            self._mail(lead, self.seller.partner_id)
            self.assertFalse(self._may(lead), "a colleague is no customer")
            self._mail(lead, self.customer)

        self._check({"kind": "reply", "since_stage": False}, reply)

    def _mail(self, lead, author):
        return lead.sudo().message_post(
            body="Test", message_type="email", author_id=author.id
        )

    def test_document(self):
        def attach(lead, name="Offer 100%.pdf", content=b"%PDF-1.4 test"):
            return self.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": "crm.lead",
                    "res_id": lead.id,
                }
            )

        def attach_wrong_then_right(lead):
            attach(lead, "Notes.txt", b"words")
            attach(lead, "Offer 1000.txt", b"words")
            self.assertFalse(self._may(lead))
            attach(lead)

        self._check("document", attach)
        self._check(
            {"kind": "document", "document_pattern": "offer 100%"},
            attach_wrong_then_right,
        )
        self._check(
            {"kind": "document", "document_type": "pdf"}, attach_wrong_then_right
        )

    def test_minimum_time(self):
        self._rule(
            {"kind": "min_time", "duration": 2, "duration_unit": "days"},
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
        )
        lead = self._lead().with_user(self.seller)
        begin = datetime.now() + timedelta(days=1)
        with self._at(begin):
            self.assertFalse(self._may(lead))
        with self._at(begin + timedelta(days=2)):
            self.assertTrue(self._may(lead))
        # A new opportunity has been nowhere before.
        self._lead(stage_id=self.stage_offer.id)

    def test_reasons(self):
        reasons = self.env["crm.stage.reason"].create(
            [{"name": "Budget"}, {"name": "Other"}]
        )
        self._rule(
            {"kind": "reason", "reason_ids": [(6, 0, reasons[0].ids)]},
            move="backward",
        )
        lead = self._lead(stage_id=self.stage_offer.id).with_user(self.seller)
        back = {"stage_id": self.stage_new.id}
        for wrong in ({}, {"stage_reason_id": reasons[1].id}):
            with self.assertRaises(StageRuleError), self.env.cr.savepoint():
                lead.write(back | wrong)
        lead.write(back | {"stage_reason_id": reasons[0].id})
        self.assertEqual(self._decisions(lead)[-1]["reason_id"], reasons[0].id)
        self._rule("reason", move="lost")
        with self.assertRaises(StageRuleError), self.env.cr.savepoint():
            lead.action_set_lost()
        lead.action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        self.assertEqual(lead.won_status, "lost")

    def test_every_kind_says_what_is_missing(self):
        for kind, _label in KINDS:
            values = {"kind": kind}
            if kind == "field":
                values = self._needs_field("date_deadline")
            elif kind == "condition":
                values["domain"] = "[('name', '=', 'x')]"
            elif kind == "checklist":
                values["item_ids"] = [(0, 0, {"name": "Line"})]
            with self.subTest(kind=kind):
                [requirement] = self._rule(values, active=False).requirement_ids
                self.assertTrue(requirement._get_message())
                self.assertTrue(requirement.display_name)
                self.assertTrue(
                    hasattr(requirement, f"_requirement_sql_{kind}"), "no SQL for it"
                )
