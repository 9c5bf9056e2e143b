from odoo import api, models
from odoo.tools import SQL

#: Touches that one transaction goes through.
BATCH = 100_000

# A deal that is open needs to know whom it was with: its touches wait. The path of a
# page says what interested; what follows it may say who came.
_ANONYMISE = """
    UPDATE crm_touchpoint touch
       SET landing_page = NULLIF(
               split_part(split_part(touch.landing_page, '?', 1), '#', 1), ''),
           referrer = NULL, click_id = NULL, note = NULL, partner_id = NULL,
           lead_external_key = NULL, anonymised_at = %(now)s
      FROM crm_touch_kind kind
     WHERE kind.id = touch.kind_id AND kind.anonymise_after_days > 0
       AND touch.happened_at
           < %(now)s - kind.anonymise_after_days * interval '1 day'
       AND touch.anonymised_at IS NULL
       AND touch.id BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (
           SELECT FROM crm_lead lead
            WHERE lead.id = touch.lead_id AND lead.active
              AND COALESCE(lead.won_status, 'pending') = 'pending')
"""


class CrmTouchpoint(models.Model):
    """Touches forget whom they were with, when their kind says so.

    Kind, moment, campaign and credit stay: totals do not change.
    """

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _cron_anonymise(self):
        self.env.flush_all()
        ages = self.env["crm.touch.kind"].with_context(active_test=False)
        if not ages.search_count([("anonymise_after_days", ">", 0)], limit=1):
            return
        commit = self.env["ir.cron"]._commit_progress
        now = self.env.cr.now()
        first, last = self.env.execute_query(
            SQL("SELECT COALESCE(min(id), 1), COALESCE(max(id), 0) FROM crm_touchpoint")
        )[0]
        for start in range(first, last + 1, BATCH):
            end = start + BATCH - 1
            query = SQL(_ANONYMISE, now=now, first=start, last=end)
            self.env.cr.execute(query)
            count = self.env.cr.rowcount
            self.invalidate_model(flush=False)
            if not commit(count, remaining=int(end < last)):
                return
