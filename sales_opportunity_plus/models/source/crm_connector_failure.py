import zlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.caller_address import network
from .apart import run_apart

KEPT_DAYS = 31
#: Failed calls a minute from one address; further ones are told to wait.
MOST_FAILURES = 60
#: Rows that count by address: no more, however many addresses somebody has. Those that
#: share one are told to wait together; whoever signs correctly never is.
BUCKETS = 4096
# An address under attack has many at once: that so many try says enough.
_TRIES = 5
_COUNT = """
    WITH moment AS (
        SELECT now() AT TIME ZONE 'UTC' AS at
    ),
    connector AS (
        INSERT INTO crm_connector_failure AS standing (
            connector_id, bucket, period, failures, last_at, last_address
        )
        SELECT %(connector_id)s, -1, date_trunc('day', at), 1,
               date_trunc('second', at), %(address)s
          FROM moment
            ON CONFLICT (connector_id, bucket, period) DO UPDATE
           SET failures = standing.failures + 1, last_at = excluded.last_at,
               last_address = excluded.last_address
    )
    INSERT INTO crm_connector_failure AS standing (
        connector_id, bucket, period, failures, last_at
    )
    SELECT 0, %(bucket)s, 'epoch', 1, date_trunc('minute', at) FROM moment
        ON CONFLICT (connector_id, bucket, period) DO UPDATE
       SET failures = CASE WHEN standing.last_at = excluded.last_at
                           THEN standing.failures + 1 ELSE 1 END,
           last_at = excluded.last_at
 RETURNING failures
"""


class CrmConnectorFailure(models.Model):
    """Calls that could not be attributed: by the connector they named, and by address.

    A row per connector and day, connector 0 for those that named none of ours; and a
    row per group of addresses that counts the minute of its last failure.
    """

    _name = "crm.connector.failure"
    _description = "Failed Calls"
    _log_access = False
    _order = "last_at desc, id desc"

    connector_id = fields.Integer("Connector ID", required=True, aggregator=None)
    bucket = fields.Integer(
        required=True,
        aggregator=None,
        help="Of addresses; -1 on rows that count by connector.",
    )
    period = fields.Datetime(
        required=True, help="The day that a connector's row is of."
    )
    failures = fields.Integer(required=True)
    last_at = fields.Datetime(required=True)
    last_address = fields.Char()

    _once = models.UniqueIndex("(connector_id, bucket, period)")
    _by_age = models.Index("(last_at)")

    @api.model
    def _count_failure(self, connector, address):
        """Count a failed call; say whether its address had too many this minute.

        As much is done where no connector was named: the time taken says nothing.
        """
        caller = network(address)
        rows = run_apart(
            self.env,
            SQL(
                _COUNT,
                connector_id=connector.id or 0,
                address=caller,
                bucket=zlib.crc32(caller.encode()) % BUCKETS,
            ),
            _TRIES,
        )
        return not rows or rows[0][0] > MOST_FAILURES

    @api.autovacuum
    def _gc_failures(self):
        before = self.env.cr.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute(
            SQL("DELETE FROM crm_connector_failure WHERE last_at < %s", before)
        )
        self.invalidate_model(flush=False)
