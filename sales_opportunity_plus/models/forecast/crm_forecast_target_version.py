from odoo import api, fields, models
from odoo.tools import SQL


class CrmForecastTargetVersion(models.Model):
    """What a target was, who made it so, and until when it was so."""

    _name = "crm.forecast.target.version"
    _inherit = ["crm.append.only"]
    _description = "Version of a Forecast Target"
    _log_access = False
    _order = "target_id, valid_from desc, id desc"
    _rec_name = "target_id"

    target_id = fields.Many2one(
        "crm.forecast.target",
        "Target",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="target_id.currency_id")
    date_from = fields.Date("Counts From", readonly=True)
    date_to = fields.Date("Counts Until", readonly=True)
    is_active = fields.Boolean("Counted", readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", "Entered By", readonly=True, ondelete="restrict"
    )
    valid_from = fields.Datetime("Since", required=True, readonly=True)
    valid_to = fields.Datetime(
        "Until", compute="_compute_valid_to", help="Empty: it is still so."
    )

    def _append_only_text(self):
        return self.env._(
            "The history of a target is written when the target is changed, and is "
            "not changed itself. Change the target: a new version comes on top."
        )

    @api.depends("target_id")
    def _compute_valid_to(self):
        following, until = {}, {}
        for version in self.search([("target_id", "in", self.target_id.ids)]):
            until[version] = following.get(version.target_id)
            following[version.target_id] = version.valid_from
        for version in self:
            version.valid_to = until.get(version)

    @api.model
    def _keep(self, targets):
        """Write down what targets are now, those that are not what they were."""
        targets.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_forecast_target_version (
                    target_id, amount, date_from, date_to, is_active, note,
                    user_id, valid_from)
                SELECT target.id, target.amount, target.date_from, target.date_to,
                       target.active, target.note, %(uid)s, %(now)s
                  FROM crm_forecast_target target
                  LEFT JOIN LATERAL (
                       SELECT * FROM crm_forecast_target_version version
                        WHERE version.target_id = target.id
                        ORDER BY version.id DESC LIMIT 1) last ON TRUE
                 WHERE target.id = ANY(%(ids)s)
                   AND (last.id IS NULL
                        OR (last.amount, last.date_from, last.date_to,
                            last.is_active, last.note)
                           IS DISTINCT FROM
                           (target.amount, target.date_from, target.date_to,
                            target.active, target.note))
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=targets.ids,
            )
        )
        targets.invalidate_recordset(["version_ids"])
