import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import connector_terms


class CrmConnectorRejection(models.Model):
    """An item that was not taken: to be looked at, put right and replayed."""

    _name = "crm.connector.rejection"
    _description = "Rejected Item"
    _order = "id desc"
    _rec_name = "reason"

    connector_id = fields.Many2one(
        "crm.connector", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="connector_id.company_id", store=True)
    endpoint = fields.Selection(
        connector_terms.ENDPOINTS, "Brought As", required=True, readonly=True
    )
    payload = fields.Text(
        "Item", required=True, help="What was sent (JSON). Put it right and replay it."
    )
    item_hash = fields.Char(
        readonly=True, help="Of the item as it was sent, whatever it is now."
    )
    code = fields.Char(readonly=True)
    reason = fields.Char(readonly=True, help="What the sender was told.")
    detail = fields.Text(readonly=True, help="What Odoo said; the sender is not told.")
    state = fields.Selection(
        connector_terms.REJECTION_STATES,
        required=True,
        default="new",
        readonly=True,
        index=True,
    )
    settled_at = fields.Datetime("Replayed or Dismissed On", readonly=True)
    settled_by_id = fields.Many2one("res.users", "By", readonly=True)

    _to_do = models.Index("(connector_id, item_hash) WHERE state = 'new'")

    @api.model
    def _store(self, connector, endpoint, refused):
        """Keep items that were refused; the same one is not kept twice while to do.

        :param refused: list of (payload, ``Refusal``, detail)
        """
        if not refused:
            return
        rows = {}
        for payload, refusal, detail in refused:
            text = written(payload)
            values = {
                "connector_id": connector.id,
                "endpoint": endpoint,
                "payload": text,
                "item_hash": _hash(endpoint, text),
                "code": refusal.code,
                "reason": refusal.reason,
                "detail": detail,
            }
            rows.setdefault(values["item_hash"], values)
        known = self.sudo().search_fetch(
            [
                ("connector_id", "=", connector.id),
                ("item_hash", "in", list(rows)),
                ("state", "=", "new"),
            ],
            ["item_hash"],
        )
        for item_hash in known.mapped("item_hash"):
            rows.pop(item_hash, None)
        self.sudo().create(list(rows.values()))

    def action_source_replay(self):
        """Try the items again, as they are now."""
        self.check_access("write")
        done = self.browse()
        for rejection in self.filtered(lambda one: one.state == "new"):
            if rejection._replay():
                done |= rejection
        left = len(self) - len(done)
        if not left:
            return self._said("success", self.env._("Replayed and recorded."))
        return self._said(
            "warning",
            self.env._(
                "%(done)s replayed, %(left)s still refused: see the reason, put the "
                "item right and replay it again.",
                done=len(done),
                left=left,
            ),
        )

    def action_source_dismiss(self):
        self.check_access("write")
        self.filtered(lambda one: one.state == "new")._settle("dismissed")

    def action_source_reopen(self):
        self.check_access("write")
        dismissed = self.filtered(lambda one: one.state == "dismissed")
        dismissed.sudo().write(
            {"state": "new", "settled_at": False, "settled_by_id": False}
        )

    def _replay(self):
        self.ensure_one()
        try:
            item = json.loads(self.payload)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The item is not valid JSON: %(error)s. Put it right and replay it "
                    "again.",
                    error=error,
                )
            ) from error
        intake = self.connector_id._as_technical()._intake(self.endpoint, [item])
        (answer,) = intake.run()
        if answer["status"] == "rejected":
            _payload, refusal, detail = intake.refused[0]
            self.sudo().write(
                {"code": refusal.code, "reason": refusal.reason, "detail": detail}
            )
            return False
        self._settle("replayed")
        return True

    def _settle(self, state):
        self.sudo().write(
            {
                "state": state,
                "settled_at": fields.Datetime.now(),
                "settled_by_id": self.env.uid,
            }
        )

    def _said(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def written(payload):
    """An item as text that PostgreSQL takes whatever is in it."""
    return json.dumps(payload, indent=2, sort_keys=True)


def _hash(endpoint, text):
    return hashlib.sha256(f"{endpoint}\n{text}".encode()).hexdigest()
