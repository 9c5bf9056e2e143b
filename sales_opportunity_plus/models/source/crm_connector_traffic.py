from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .apart import run_apart

KEPT_DAYS = 31


class CrmConnectorTraffic(models.Model):
    """A row per connector and minute: what keeps the limit, and the figures shown."""

    _name = "crm.connector.traffic"
    _description = "Traffic of Connectors"
    _log_access = False
    _order = "minute desc"

    connector_id = fields.Integer("Connector ID", required=True, aggregator=None)
    minute = fields.Datetime(required=True)
    calls = fields.Integer(required=True, default=0)
    created = fields.Integer(required=True, default=0)
    duplicate = fields.Integer(required=True, default=0)
    rejected = fields.Integer(required=True, default=0)

    _once = models.UniqueIndex("(connector_id, minute)")
    _by_age = models.Index("(minute)")

    @api.model
    def _count_call(self, connector):
        """Count a call; say how many this minute has had, or none when too many try."""
        rows = self._add(connector, {"calls": 1})
        return rows and rows[0][0]

    @api.model
    def _count_items(self, connector, counts):
        """Count what became of items, once that is certain."""

        def count():
            self._add(connector, counts)

        self.env.cr.postcommit.add(count)

    def _add(self, connector, counts):
        # The clock of the database, which all workers share.
        statement = SQL(
            """
            INSERT INTO crm_connector_traffic AS standing (
                connector_id, minute, calls, created, duplicate, rejected
            )
            SELECT %(connector_id)s, date_trunc('minute', now() AT TIME ZONE 'UTC'),
                   %(calls)s, %(created)s, %(duplicate)s, %(rejected)s
                ON CONFLICT (connector_id, minute) DO UPDATE
               SET calls = standing.calls + excluded.calls,
                   created = standing.created + excluded.created,
                   duplicate = standing.duplicate + excluded.duplicate,
                   rejected = standing.rejected + excluded.rejected
         RETURNING calls
            """,
            connector_id=connector.id,
            **{
                name: counts.get(name, 0)
                for name in ("calls", "created", "duplicate", "rejected")
            },
        )
        return run_apart(self.env, statement)

    @api.autovacuum
    def _gc_traffic(self):
        before = self.env.cr.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute(
            SQL("DELETE FROM crm_connector_traffic WHERE minute < %s", before)
        )
