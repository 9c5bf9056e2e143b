from odoo import api, fields, models
from odoo.tools import SQL

from .touchpoint_sql import DIRECT_NAMES


class CrmTouchChannel(models.Model):
    """Campaign, medium and source that came together: one row per combination.

    Written in SQL with the touches (``touchpoint_sql.record``). The ids have no
    foreign keys and 0 means none; the names are brought up to date when one of the
    three is renamed and stay when it is deleted, so that a touch can always say where
    it came from.
    """

    _name = "crm.touch.channel"
    _description = "Campaign, Medium and Source of Touches"
    _log_access = False
    _order = "id"
    _rec_name = "campaign_name"

    campaign_id = fields.Integer("Campaign ID", required=True, default=0)
    medium_id = fields.Integer("Medium ID", required=True, default=0)
    source_id = fields.Integer("Source ID", required=True, default=0)
    campaign_name = fields.Char(readonly=True)
    medium_name = fields.Char(readonly=True)
    source_name = fields.Char(readonly=True)
    is_direct = fields.Boolean(
        readonly=True,
        help="Nobody sent the visitor: no campaign, no source, and no medium or one "
        "that says direct.",
    )

    _one_row_per_combination = models.UniqueIndex("(campaign_id, medium_id, source_id)")
    _by_medium = models.Index("(medium_id)")
    _by_source = models.Index("(source_id)")

    @api.model
    def _keep_names(self, part, records):
        """Follow a new name of campaigns, mediums or sources.

        :param part: ``"campaign"``, ``"medium"`` or ``"source"``
        """
        records.flush_recordset(["name"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_touch_channel channel SET %s = named.name
                  FROM %s named
                 WHERE named.id = channel.%s AND named.id = ANY(%s)
                """,
                SQL.identifier(f"{part}_name"),
                SQL.identifier(records._table),
                SQL.identifier(f"{part}_id"),
                records.ids,
            )
        )
        if part == "medium":
            self._judge_again(records.ids)
        self.invalidate_model(flush=False)

    @api.model
    def _judge_again(self, medium_ids):
        """A medium may say direct by its new name: that changes who gets credit."""
        self.env.cr.execute(
            SQL(
                """
                WITH judged AS (
                    UPDATE crm_touch_channel SET is_direct = NOT is_direct
                     WHERE medium_id = ANY(%s) AND is_direct <> (
                           campaign_id = 0 AND source_id = 0
                           AND lower(medium_name) = ANY(%s))
                 RETURNING id
                )
                INSERT INTO crm_attribution_stale (lead_id)
                SELECT DISTINCT lead_id FROM crm_touchpoint
                 WHERE channel_id IN (SELECT id FROM judged) AND lead_id IS NOT NULL
                """,
                medium_ids,
                list(DIRECT_NAMES),
            )
        )
