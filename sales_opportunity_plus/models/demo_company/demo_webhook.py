from datetime import timedelta

from odoo import api, models

from ..source import webhook_sql

LATEST = 6


class CrmDemoCompany(models.AbstractModel):
    """A webhook that told another system of what was won and lost.

    It is archived: nothing leaves the database of somebody who looks around.
    """

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_webhook(self, firm):
        webhook = self._demo_create("crm.webhook", self._demo_webhook())
        closed = sorted(
            (d for d in firm.deals if d.closed and d.company == "company_de"),
            key=lambda deal: deal.closed,
        )
        stages = {stage.key: self._demo_shared_id(stage) for stage in firm.stages}
        self.env.flush_all()
        for deal in closed[-LATEST:]:
            self.env.cr.execute(
                webhook_sql.record(
                    [self._demo_happening(deal, stages)],
                    [(webhook._listener(), None)],
                    deal.closed,
                    self._demo_id(deal.owner),
                    webhook.company_id.id,
                )
            )
        deliveries = self.env["crm.webhook.delivery"].search(
            [("webhook_id", "=", webhook.id)], order="id"
        )
        self._demo_name("delivery", deliveries)
        for place, delivery in enumerate(deliveries, 1):
            delivery._write_row(**self._demo_outcome(delivery, place, len(deliveries)))

    @api.model
    def _demo_webhook(self):
        return {
            "webhook": {
                "name": "Order entry",
                "active": False,
                "company_id": self._demo_id("company_de"),
                "user_id": self._demo_id("user_manager"),
                "url": "https://orders.example.com/opportunities",
                "on_created": False,
                "on_converted": False,
                "on_stage_moved": False,
                "on_reopened": False,
            }
        }

    @api.model
    def _demo_happening(self, deal, stages):
        before = deal.stays[-2] if len(deal.stays) > 1 else deal.last
        return webhook_sql.Happening(
            event=deal.status,
            lead_id=self._demo_id(deal.key),
            move=deal.status,
            stage_id=stages[deal.last.stage],
            old_stage_id=stages[before.stage],
            user_id=self._demo_id(deal.owner),
            team_id=self._demo_id(deal.team),
            company_id=self._demo_id(deal.company),
        )

    @api.model
    def _demo_outcome(self, delivery, place, count):
        """All were received, one at the second attempt, but for the last one."""
        if place == count:
            return {
                "state": "dead",
                "attempts": 7,
                "next_try_at": None,
                "last_status": 503,
                "last_error": "Answer 503: Service unavailable",
                "duration": 40,
            }
        attempts = 2 if place == 2 else 1
        return {
            "state": "sent",
            "attempts": attempts,
            "next_try_at": None,
            "sent_at": delivery.happened_at + timedelta(seconds=75 * attempts - 40),
            "last_status": 200,
            "duration": 90 + 35 * place,
        }
