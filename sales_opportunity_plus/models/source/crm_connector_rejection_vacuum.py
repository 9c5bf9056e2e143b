from odoo import api, models
from odoo.tools import SQL

#: Items that one transaction deletes.
BATCH = 1_000
# The clock of a new item starts again with every attempt to replay it.
_DELETE_OLD = """
    DELETE FROM crm_connector_rejection WHERE id IN (
        SELECT item.id
          FROM crm_connector_rejection item
          JOIN crm_connector connector ON connector.id = item.connector_id
         WHERE CASE WHEN item.state = 'new'
                    THEN connector.keep_new_days > 0
                     AND item.write_date
                         < %(now)s - make_interval(days => connector.keep_new_days)
                    ELSE connector.keep_settled_days > 0
                     AND COALESCE(item.settled_at, item.write_date)
                         < %(now)s - make_interval(days => connector.keep_settled_days)
               END
         LIMIT %(batch)s)
"""


class CrmConnectorRejection(models.Model):
    """Rejected items are forgotten after the time that their connector says."""

    _name = "crm.connector.rejection"
    _inherit = ["crm.connector.rejection"]

    @api.autovacuum
    def _gc_rejections(self):
        self.env.flush_all()
        self.env.cr.execute(SQL(_DELETE_OLD, now=self.env.cr.now(), batch=BATCH))
        done = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        self.env["crm.connector"].invalidate_model(
            ["rejection_ids", "to_do_count"], flush=False
        )
        # How many there are is not known: as many again.
        return done, done if done == BATCH else 0
