from odoo import fields, models
from odoo.tools import SQL


class CrmStageChecklistItem(models.Model):
    """A line of a checklist that is ticked on the opportunity."""

    _name = "crm.stage.checklist.item"
    _description = "Stage Checklist Item"
    _order = "sequence, id"

    requirement_id = fields.Many2one(
        "crm.stage.rule.requirement", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class CrmStageChecklistTick(models.Model):
    """Who ticked a line of a checklist on an opportunity, and when."""

    _name = "crm.stage.checklist.tick"
    _description = "Stage Checklist Tick"
    _log_access = False
    _order = "ticked_at desc, id desc"

    lead_id = fields.Many2one(
        "crm.lead", required=True, ondelete="cascade", readonly=True
    )
    item_id = fields.Many2one(
        "crm.stage.checklist.item", required=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one("res.users", readonly=True)
    ticked_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(lead_id, item_id)", "A line of a checklist is ticked once."
    )

    def _tick(self, lead_ids, item, ticked):
        """Tick a line on opportunities, once each; or take the ticks back."""
        if ticked:
            statement = SQL(
                """INSERT INTO crm_stage_checklist_tick
                       (lead_id, item_id, user_id, ticked_at)
                   SELECT lead_id, %(item_id)s, %(user_id)s, %(at)s
                     FROM unnest(%(lead_ids)s::int[]) lead_id
                       ON CONFLICT (lead_id, item_id) DO NOTHING""",
                lead_ids=list(lead_ids),
                item_id=item.id,
                user_id=self.env.uid,
                at=fields.Datetime.now(),
            )
        else:
            statement = SQL(
                "DELETE FROM crm_stage_checklist_tick"
                " WHERE lead_id = ANY(%s) AND item_id = %s",
                list(lead_ids),
                item.id,
            )
        self.env.cr.execute(statement)
        self.invalidate_model(flush=False)

    def _adopt(self, lead_ids, into_id):
        """Hand the ticks of merged opportunities to the one that survives."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_stage_checklist_tick
                       (lead_id, item_id, user_id, ticked_at)
                   SELECT DISTINCT ON (item_id) %(into_id)s, item_id, user_id, ticked_at
                     FROM crm_stage_checklist_tick WHERE lead_id = ANY(%(lead_ids)s)
                    ORDER BY item_id, ticked_at
                       ON CONFLICT (lead_id, item_id) DO NOTHING""",
                into_id=into_id,
                lead_ids=lead_ids,
            )
        )
