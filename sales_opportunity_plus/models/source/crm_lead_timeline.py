from odoo import api
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, formatLang

from ..lead_part import LeadPart

#: Touches that the form shows, the latest ones; and the first and the last that count.
_SHOWN = 100

_TOUCHES = """
    SELECT touch.id, touch.happened_at, touch.kind_id, touch.known,
           concat_ws(' / ', channel.campaign_name, channel.medium_name,
                     channel.source_name) AS channel,
           credit.parts
      FROM (
        SELECT id, happened_at, kind_id, channel_id, lead_id,
               count(*) OVER () AS known,
               row_number() OVER (ORDER BY happened_at DESC, id DESC) AS age
          FROM crm_touchpoint
         WHERE lead_id = %(lead_id)s
           AND reverses_id IS NULL AND reversed_by_id IS NULL
           ) touch
      JOIN crm_touch_channel channel ON channel.id = touch.channel_id
      LEFT JOIN LATERAL (
          SELECT jsonb_object_agg(credit.model_id, jsonb_build_array(
                     credit.fraction, credit.amount, credit.currency_id)) AS parts
            FROM crm_attribution_credit credit
           WHERE credit.lead_id = touch.lead_id AND credit.touchpoint_id = touch.id
             AND credit.model_id = ANY(%(model_ids)s)
      ) credit ON TRUE
     WHERE touch.age <= %(shown)s OR touch.id = ANY(%(marked)s)
     ORDER BY touch.age DESC
"""


class LeadTimeline(LeadPart):
    """The touches of an opportunity with the credit that each gets, for its form.

    All models are in it: choosing another one asks nothing of the server.
    """

    __slots__ = ()

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_source_credit_table(self):
        for lead in self:
            lead.source_credit_table = lead._source_timeline()

    def _source_timeline(self):
        lead_id = self._origin.id
        if not lead_id:
            return False
        self._origin.check_access("read")
        company = self.sudo()._source_company()
        models = self.env["crm.attribution.model"].search(
            Domain("company_id", "in", [False, *company.ids])
        )
        marks = self._source_marks()
        rows = self.env.execute_query_dict(
            SQL(
                _TOUCHES,
                lead_id=lead_id,
                model_ids=models.ids,
                shown=_SHOWN,
                marked=list(marks),
            )
        )
        return {
            "models": [
                {
                    "id": model.id,
                    "name": model.name,
                    "is_computed": bool(model.computed_at),
                }
                for model in models
            ],
            "touches": [
                {**self._source_shown_touch(row), "mark": marks.get(row["id"], "")}
                for row in rows
            ],
            "hidden": rows[0]["known"] - len(rows) if rows else 0,
        }

    def _source_marks(self):
        """What to call the first and the last touch that count, by their ids."""
        first, last = self.first_touch_id.id, self.last_touch_id.id
        if not first or first == last:
            return {first: self.env._("First and last")} if first else {}
        return {first: self.env._("First"), last: self.env._("Last")}

    def _source_shown_touch(self, row):
        kind = self.env["crm.touch.kind"].browse(row["kind_id"])
        return {
            "id": row["id"],
            "kind": kind.name,
            "icon": kind.icon or "fa-circle",
            "channel": row["channel"] or self.env._("Direct"),
            "moment": format_datetime(self.env, row["happened_at"], dt_format="short"),
            "credits": {
                model_id: {
                    "percent": f"{formatLang(self.env, share * 100, digits=1)} %",
                    "amount": formatLang(
                        self.env,
                        amount,
                        currency_obj=self.env["res.currency"].browse(currency_id),
                    ),
                }
                for model_id, (share, amount, currency_id) in (
                    row["parts"] or {}
                ).items()
            },
        }
