from odoo import api, models
from odoo.tools import SQL

# One statement: a touch has one reversal, or none. The lock makes the second of two
# reversals wait, fail to serialise, and find on its next try that it was done.
_REVERSE = """
    WITH original AS (
        SELECT * FROM crm_touchpoint
         WHERE %(condition)s AND reverses_id IS NULL AND reversed_by_id IS NULL
         ORDER BY id
           FOR UPDATE
    ),
    reversal AS (
        INSERT INTO crm_touchpoint (
            lead_id, merged_lead_id, partner_id, kind_id, channel_id, happened_at,
            cost, currency_id, origin, external_key, company_id, consent, note,
            reverses_id, recorded_at, recorded_by_id
        )
        SELECT lead_id, merged_lead_id, partner_id, kind_id, channel_id, happened_at,
               cost, currency_id, 'reversal', id::text, company_id, consent,
               %(reason)s, id, %(at)s, %(user_id)s
          FROM original
     RETURNING id, reverses_id
    ),
    reversed AS (
        UPDATE crm_touchpoint touch
           SET reversed_by_id = reversal.id
          FROM reversal
         WHERE touch.id = reversal.reverses_id
     RETURNING touch.id, touch.lead_id
    ),
    stale AS (
        INSERT INTO crm_attribution_stale (lead_id)
        SELECT DISTINCT lead_id FROM reversed WHERE lead_id IS NOT NULL
    )
    SELECT %(answer)s FROM reversed
"""


class CrmTouchpoint(models.Model):
    """How a touch is taken back: by a row of its own that says why."""

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _reverse(self, touch_ids, reason):
        """Reverse touches that are valid; the others are left as they are.

        Whether the user may is for the caller to find out.

        :return: ids of the touches that were reversed now
        """
        condition = SQL("id = ANY(%s)", list(touch_ids))
        self.env.cr.execute(self._reversal(condition, reason, SQL("id")))
        touch_ids = [touch_id for (touch_id,) in self.env.cr.fetchall()]
        self.invalidate_model(flush=False)
        return touch_ids

    @api.model
    def _reversal(self, condition, reason, answer):
        """The statement that reverses the valid touches that a condition selects.

        :param condition: ``SQL`` on the columns of ``crm_touchpoint``
        :param answer: ``SQL`` of what is asked of the touches that were reversed
        """
        return SQL(
            _REVERSE,
            condition=condition,
            reason=reason,
            at=self.env.cr.now(),
            user_id=self.env.uid,
            answer=answer,
        )
