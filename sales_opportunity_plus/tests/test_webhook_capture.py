"""Which events are written down for webhooks, and what they say."""

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..exceptions import StageRuleError
from .webhook_common import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookCapture(WebhookCase):
    def test_every_event_of_a_life(self):
        self._webhook()
        lead = self._lead(type="lead").with_user(self.seller)
        self.assertEqual(self._told(lead), [])
        lead.convert_opportunity(lead.partner_id, user_ids=self.seller.ids)
        lead.write({"stage_id": self.stage_talk.id})
        lead.write({"name": "Other", "expected_revenue": 7})
        lead.action_set_lost()
        lead.action_unarchive()
        lead.action_set_won()
        told = self._told(lead)
        self.assertEqual(told[0], "converted")
        self.assertEqual(
            [event for event in told[1:] if event != "stage_moved"],
            ["lost", "reopened", "won"],
        )
        self.assertEqual(told[-2:], ["stage_moved", "won"])
        self.assertIn("stage_moved", told[1:3])

    def test_creating_many_with_an_outcome(self):
        webhook = self._webhook()
        self.env["crm.lead"].create(
            [
                self._lead_values(name="A"),
                self._lead_values(
                    name="B", stage_id=self.stage_won.id, probability=100
                ),
                self._lead_values(name="C", type="lead"),
            ]
        )
        self.assertEqual(
            [(one.lead_name, one.event) for one in self._written(webhook)],
            [("A", "created"), ("B", "created"), ("B", "won")],
        )

    def test_only_what_was_chosen(self):
        webhook = self._webhook(
            on_created=False,
            on_stage_moved=False,
            domain="[('expected_revenue', '>', 500)]",
        )
        small, large = self._leads(1, expected_revenue=10), self._lead()
        (small | large).write({"stage_id": self.stage_won.id})
        # Lost opportunities are archived; they are told all the same.
        other = self._lead()
        other.action_set_lost()
        self.assertEqual(
            [(one.lead_id, one.event) for one in self._written(webhook)],
            [(large.id, "won"), (other.id, "lost")],
        )

    def test_the_payload(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring", "title": "S"})
        contact = self.env["res.partner"].create({"name": "Ada Ltd"})
        webhook = self._webhook(field_names="priority, city")
        lead = self._lead(
            name="Größe “X”",
            partner_id=contact.id,
            campaign_id=campaign.id,
            email_from="ada@example.com",
            priority="2",
        ).with_user(self.seller)
        lead.write({"stage_id": self.stage_talk.id, "name": "Größe “Y”"})
        delivery = self._written(webhook)[-1]
        lead.write({"name": "Later", "expected_revenue": 1})
        payload = delivery.payload
        self.assertEqual(payload["event"], "stage_moved")
        self.assertEqual(payload["event_id"], delivery.event_id)
        self.assertEqual(payload["moved_by"]["name"], self.seller.name)
        self.assertEqual((payload["version"], payload["move"]), (1, "forward"))
        told = payload["opportunity"]
        self.assertEqual((told["id"], told["name"]), (lead.id, "Größe “Y”"))
        self.assertEqual(told["stage"], {"id": self.stage_talk.id, "name": "Test Talk"})
        self.assertEqual(told["old_stage"]["name"], "Test New")
        self.assertEqual((told["amount"], told["currency"]), (1000, "TEU"))
        self.assertEqual(told["salesperson"]["name"], self.seller.name)
        self.assertEqual(told["team"]["name"], "Test Team")
        self.assertEqual(told["contact"], {"id": contact.id, "name": "Ada Ltd"})
        self.assertEqual(told["campaign"]["name"], "Spring")
        self.assertIsNone(told["medium"])
        self.assertEqual(told["extra"], {"priority": "2", "city": None})
        self.assertNotIn("email", told)

    def test_personal_data_only_when_asked_for(self):
        webhook = self._webhook(
            send_personal=True,
            send_people=False,
            send_amount=False,
            send_contact=False,
            send_source=False,
        )
        self._lead(email_from="ada@example.com", contact_name="Ada", phone="1")
        told = self._written(webhook).payload["opportunity"]
        self.assertEqual(
            set(told),
            {"id", "name", "stage", "old_stage", "email", "phone", "contact_person"},
        )
        self.assertEqual(told["email"], "ada@example.com")

    def test_odd_values(self):
        webhook = self._webhook(send_personal=True)
        name = "%s \\ \" ' \u202e \u2028 " + "x" * 10_000
        lead = self._lead(name=name)
        told = self._written(webhook).payload["opportunity"]
        self.assertEqual(told["name"], name)
        self._deliver()
        self.assertEqual(self.receiver.payloads[0]["opportunity"]["name"], name)
        self.assertIn(name, lead.name)

    def test_a_copy_of_the_database_tells_nothing(self):
        webhook = self._webhook()
        self.env.flush_all()
        for query in get_neutralization_queries(["sales_opportunity_plus"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(webhook.active)

    def test_each_company_its_own(self):
        north = self._webhook()
        south = self._webhook(company_id=self.company_abroad.id)
        self._lead(name="North")
        self._lead(
            name="South, by its salesperson",
            company_id=False,
            team_id=False,
            user_id=self.seller_abroad.id,
        )
        self.assertEqual(self._written(north).mapped("lead_name"), ["North"])
        written = self._written(south)
        self.assertEqual(written.mapped("lead_name"), ["South, by its salesperson"])
        self.assertEqual(written.company_id, self.company_abroad)
        self.assertEqual(written.payload["opportunity"]["currency"], "TKR")

    def test_what_is_rolled_back_is_not_told(self):
        webhook = self._webhook()
        lead = self._lead()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            lead.write({"stage_id": self.stage_talk.id})
            raise ZeroDivisionError
        self.assertEqual(self._told(webhook), ["created"])

    def test_moves_by_themselves_come_after_what_made_them(self):
        webhook = self._webhook()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Win",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"records.write({{'stage_id': {self.stage_offer.id}}})",
            }
        )
        self.env["crm.stage.action"].create(
            {
                "name": "Win",
                "stage_id": self.stage_talk.id,
                "trigger": "enter",
                "kind": "server",
                "server_action_id": action.id,
            }
        )
        lead = self._lead()
        lead.write({"stage_id": self.stage_talk.id})
        self.assertEqual(lead.stage_id, self.stage_offer)
        self.assertEqual(
            [
                one.payload["opportunity"]["stage"]["name"]
                for one in self._written(webhook)
            ],
            ["Test New", "Test Talk", "Test Offer"],
        )

    def test_refused_moves_are_told_although_they_are_rolled_back(self):
        webhook = self._webhook()
        self._rule(
            self._needs_field("email_from"),
            name="Ask for an address",
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
        )
        lead = self._lead(email_from=False)
        with self.enter_registry_test_mode():
            with self.assertRaises(StageRuleError), self.env.cr.savepoint():
                lead.with_user(self.seller).write({"stage_id": self.stage_offer.id})
            self.env.cr.postrollback.run()
        self.env.invalidate_all()
        self.assertEqual(self._told(webhook), ["created", "rule_blocked"])
        payload = self._written(webhook)[-1].payload
        self.assertEqual(payload["opportunity"]["stage"]["name"], "Test New")
        self.assertEqual(payload["to_stage"]["name"], "Test Offer")
        self.assertEqual(payload["moved_by"]["name"], self.seller.name)
        self.assertEqual(
            [(rule["name"], rule["result"]) for rule in payload["rules"]],
            [("Ask for an address", "blocked")],
        )
        self.assertEqual(len(self._decisions(lead)), 1)

    def test_a_broken_filter_keeps_nobody_from_moving(self):
        webhook = self._webhook(domain="[('expected_revenue', '>', 0)]")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_webhook SET domain = %s WHERE id = %s",
            ("[('x_gone', '=', 1)]", webhook.id),
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.sales_opportunity_plus", "ERROR"):
            lead = self._lead()
        lead.write({"stage_id": self.stage_talk.id})
        self.assertEqual(self._told(webhook), [])
        self.assertIn("x_gone", webhook.problem)
