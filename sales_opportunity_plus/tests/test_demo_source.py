import json
from collections import Counter

from odoo.tests import tagged
from odoo.tools import SQL

from .demo_common import DemoCase


@tagged("post_install", "-at_install")
class TestDemoSource(DemoCase):
    """Where the demo company's business came from, in the ledger."""

    def _ledger(self):
        """How often each kind of touch is there of the opportunities of the firm."""
        self.env.flush_all()
        return Counter(
            dict(
                self.env.execute_query(
                    SQL(
                        "SELECT kind.code, COUNT(*) FROM crm_touchpoint touch"
                        " JOIN crm_touch_kind kind ON kind.id = touch.kind_id"
                        " WHERE touch.lead_id = ANY(%s)"
                        " AND NOT starts_with(touch.origin, 'connector:') GROUP BY 1",
                        self.leads.ids,
                    )
                )
            )
        )

    def test_the_ledger_has_the_touches_of_the_firm(self):
        made_up = Counter(touch.kind for d in self.firm.deals for touch in d.touches)
        made_up["conversion"] = sum(bool(deal.converted) for deal in self.firm.deals)
        self.assertEqual(self._ledger(), made_up)

    def test_reading_the_past_finds_meetings_and_nothing_twice(self):
        """The installation does that after the company is there."""
        before = self._ledger()
        held = self.env["calendar.event"].search_count(
            [
                ("opportunity_id", "in", self.leads.ids),
                ("stop", "<", self.env.cr.now()),
            ]
        )
        self.assertGreater(held, 5)
        self.env["crm.touchpoint"]._backfill()
        self.assertEqual(self._ledger() - before, Counter(meeting=held))
        self.env["crm.touchpoint"]._backfill()
        self.assertEqual(self._ledger() - before, Counter(meeting=held))

    def test_costs_are_those_of_the_firm(self):
        amount = sum(self._ref(f"cost_{cost.key}").amount for cost in self.firm.costs)
        self.assertEqual(amount, sum(cost.amount for cost in self.firm.costs))

    def test_credits_add_up_and_some_have_no_touch(self):
        sums = self.env.execute_query(
            SQL(
                """
                SELECT credit.model_id, credit.lead_id, SUM(credit.amount),
                       MIN(lead.expected_revenue)
                  FROM crm_attribution_credit credit
                  JOIN crm_lead lead ON lead.id = credit.lead_id
                 WHERE credit.lead_id = ANY(%s)
                 GROUP BY 1, 2
                """,
                self.leads.ids,
            )
        )
        for _model, _lead, amount, value in sums:
            self.assertAlmostEqual(float(amount), float(value), 2)
        credited = {lead_id for _model, lead_id, _amount, _value in sums}
        tracked = {self._ref(d.key).id for d in self.firm.deals if d.touches}
        self.assertEqual(credited, tracked)
        self.assertLess(len(tracked), len(self.firm.deals))

    def test_rejected_items_are_put_right_and_replayed(self):
        connector = self._ref("connector")
        self.assertFalse(connector.sudo().secret)
        self.assertEqual((connector.created_count, connector.rejected_count), (2, 3))
        rejections = connector.rejection_ids
        self.assertEqual(
            set(rejections.mapped("code")), {"happened_at", "kind", "unknown_person"}
        )
        self.assertEqual(connector.to_do_count, 3)
        manager = self._ref("user_manager")
        for rejection in rejections.with_user(manager):
            rejection.payload = json.dumps(self._put_right(rejection))
            rejection.action_source_replay()
            self.assertEqual(rejection.state, "replayed", rejection.reason)
        origin = [("origin", "=", connector._source_origin())]
        touches = self.env["crm.touchpoint"].sudo().search(origin)
        self.assertEqual(len(touches), 5)
        self.assertTrue(all(touch.lead_id or touch.partner_id for touch in touches))

    def _put_right(self, rejection):
        item = json.loads(rejection.payload)
        if rejection.code == "happened_at":
            item["submission"]["at"] += "Z"
        elif rejection.code == "kind":
            item["submission"]["type"] = "form"
        else:
            email = item["visitor"]["email"]
            item["visitor"]["email"] = email.removesuffix(".invalid")
        return item

    def test_an_archived_webhook_has_deliveries(self):
        webhook = self._ref("webhook")
        self.assertFalse(webhook.active or webhook.problem)
        deliveries = self.env["crm.webhook.delivery"].search(
            [("webhook_id", "=", webhook.id)]
        )
        self.assertEqual(Counter(deliveries.mapped("state")), Counter(sent=5, dead=1))
        self.assertLessEqual(set(deliveries.mapped("event")), {"won", "lost"})
        for delivery in deliveries:
            told = delivery.payload["opportunity"]
            self.assertEqual(told["name"], delivery.lead_name)
            self.assertTrue(told["stage"] and told["amount"])
