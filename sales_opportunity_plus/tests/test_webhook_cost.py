"""What webhooks cost a seller: nothing without one, one statement with one."""

from odoo.tests import tagged

from .webhook_common import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookCost(WebhookCase):
    def _queries(self, act, count):
        leads = self._leads(count)
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        leads = leads.with_user(self.seller)
        before = self.env.cr.sql_log_count
        act(leads)
        self.env.flush_all()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _cost(self, act, count=1):
        self._queries(act, count)
        return self._queries(act, count)

    def test_queries(self):
        def move(leads):
            leads.write({"stage_id": self.stage_talk.id})

        def create(leads):
            leads.create([self._lead_values() for _lead in leads])

        for act in (move, create):
            plain = [self._cost(act, count) for count in (1, 50)]
            webhook = self._webhook()
            # One that hears nothing of it costs nothing.
            values = {f"on_{name}": False for name in ("created", "stage_moved")}
            webhook.write(values)
            self.assertEqual([self._cost(act, count) for count in (1, 50)], plain)
            webhook.write(dict.fromkeys(values, True))
            one = [self._cost(act, count) for count in (1, 50)]
            self.assertEqual([a - b for a, b in zip(one, plain, strict=True)], [1, 1])
            second = self._webhook(domain="[('team_id.name', 'ilike', 'test')]")
            self.assertEqual([self._cost(act, count) for count in (1, 50)], one)
            (webhook | second).active = False
            self.assertEqual([self._cost(act, count) for count in (1, 50)], plain)

    def test_a_thousand_moves_are_one_insert(self):
        self._webhook()
        leads = self._leads(1000)
        self.env.flush_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            leads.write({"stage_id": self.stage_talk.id})
        found = [line for line in logs.output if "INSERT INTO crm_webhook_d" in line]
        self.assertEqual(len(found), 1)
        self.assertEqual(self._told(leads).count("stage_moved"), 1000)
