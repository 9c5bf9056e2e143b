import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

KEPT_HOURS = 24


class CrmConnectorAnswer(models.Model):
    """What a call with an idempotency key was answered; the same call gets it again.

    The key is claimed before anything is done: of two identical calls at the same
    instant, the second one waits there, is tried again by Odoo and finds the answer.
    """

    _name = "crm.connector.answer"
    _description = "Answer to a Call"
    _log_access = False
    _order = "id desc"

    connector_id = fields.Integer("Connector ID", required=True, aggregator=None)
    key = fields.Char(required=True)
    body_hash = fields.Char(required=True)
    status = fields.Integer(aggregator=None)
    answer = fields.Json()
    answered_at = fields.Datetime(required=True)

    _once = models.UniqueIndex("(connector_id, key)")
    _by_age = models.Index("(answered_at)")

    @api.model
    def _claim(self, connector, key, body):
        """The answer that is kept, or a new row to be answered.

        :return: (row, whether it is new)
        """
        known = self.sudo().search(
            [("connector_id", "=", connector.id), ("key", "=", key)], limit=1
        )
        now = self.env.cr.now()
        if known and known.answered_at > now - timedelta(hours=KEPT_HOURS):
            return known, False
        # Of two calls that find an old answer, PostgreSQL has one tried again here.
        known.unlink()
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO crm_connector_answer "
                "(connector_id, key, body_hash, answered_at) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (connector_id, key) DO NOTHING RETURNING id",
                connector.id,
                key,
                self._hash(body),
                now,
            )
        )
        if not rows:
            raise ConcurrencyError("the same call came twice at once")
        return self.sudo().browse(rows[0][0]), True

    def _is_of(self, body):
        return self.body_hash == self._hash(body)

    def _hash(self, body):
        return hashlib.sha256(body).hexdigest()

    @api.autovacuum
    def _gc_answers(self):
        before = self.env.cr.now() - timedelta(hours=KEPT_HOURS)
        self.env.cr.execute(
            SQL("DELETE FROM crm_connector_answer WHERE answered_at < %s", before)
        )
