from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..row_lock import lock_rows
from .crm_forecast_adjustment import CELL, SAYING


class CrmForecastAdjustment(models.Model):
    """How an adjustment ends: superseded or undone, never rewritten."""

    _name = "crm.forecast.adjustment"
    _inherit = ["crm.forecast.adjustment"]

    def write(self, vals):
        if self.env.context.get("forecast_say") is not SAYING:
            raise UserError(
                self.env._(
                    "What was said of the forecast is not rewritten. Choose Change to "
                    "say something new instead, or Undo to take it back."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Adjustments of the forecast are not deleted. Choose Undo: it no "
                "longer counts, and everybody can read why."
            )
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "An adjustment is not duplicated: add a new one for its own period."
            )
        )

    def _supersede(self):
        """End the adjustment that this one, which is not kept yet, comes in place of.

        Whoever changes the same one at the same moment waits here, and is then told
        what was said meanwhile.
        """
        old = self.supersedes_id._origin.sudo()
        lock_rows(old)
        old._refuse_ended()
        old._refuse_unless_leading(old.team_id, old._place_text())
        if any(old[name] != self[name]._origin for name in CELL[:3]) or any(
            old[name] != self[name] for name in CELL[3:]
        ):
            raise UserError(
                self.env._(
                    "%(old)s can be changed for the same forecast only. To adjust "
                    "%(new)s, add another adjustment.",
                    old=old.display_name,
                    new=self.display_name,
                )
            )
        old._end(self.reason)

    def _end(self, reason):
        self.with_context(forecast_say=SAYING).write(
            {
                "active": False,
                "ended_by_id": self.env.uid,
                "ended_at": fields.Datetime.now(),
                "end_reason": reason,
            }
        )
        self.flush_recordset()

    def _refuse_ended(self):
        for said in self:
            if not said.active:
                raise UserError(
                    self.env._(
                        "%(person)s has already changed or undone %(cell)s on "
                        "%(day)s: “%(reason)s”. Reload the adjustments and go on from "
                        "there.",
                        person=said.ended_by_id.name,
                        cell=said.display_name,
                        day=format_datetime(self.env, said.ended_at),
                        reason=said.end_reason,
                    )
                )

    def _refuse_own_end(self):
        self.check_access("read")
        for said in self:
            said._refuse_unless_leading(said.team_id, said._place_text())

    def action_undo(self, reason=None):
        """Take adjustments back; without a reason: ask for it."""
        self.check_access("read")
        self._refuse_own_end()
        if not (reason or "").strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Undo Adjustment"),
                "res_model": "crm.forecast.adjustment.undo",
                "view_mode": "form",
                "target": "new",
                "context": {"default_adjustment_ids": self.ids},
            }
        kept = self.sudo()
        lock_rows(kept)
        kept._refuse_ended()
        for said in kept:
            said._refuse_ended_period()
        kept._end(reason.strip())
        return {"type": "ir.actions.act_window_close"}

    def action_change(self):
        """Say something new in place of it."""
        self.ensure_one()
        self.check_access("read")
        self._refuse_own_end()
        self._refuse_ended()
        names = (*CELL, "kind", "amount", "reason_kind")
        values = self.read(names, load=None)[0]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Adjustment"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "current",
            "context": {f"default_{name}": values[name] for name in names}
            | {"default_supersedes_id": self.id},
        }

    def action_history(self):
        """All that was said of the same figure."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": self._cell_domain(),
            "context": {"active_test": False},
        }
