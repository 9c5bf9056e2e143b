"""A connector that calls: over HTTP with a signature, or straight into its intake."""

import json
import time

from odoo.tools import SQL

from ..engine.signature import sign
from .common import FirmMixin

ROOT = "/sales_opportunity_plus/v1"
SECRET = "a secret of the tests"
MOMENT = "2026-03-10T10:00:00Z"


class ConnectorMixin(FirmMixin):
    @classmethod
    def _build_connector(cls, **values):
        connector = cls.env["crm.connector"].create(
            {
                "name": "Web Forms",
                "company_id": cls.company.id,
                "may_lead": True,
                "team_id": cls.team.id,
                "rate_limit": 6000,
                **values,
            }
        )
        connector.sudo().secret = SECRET
        return connector

    @classmethod
    def _item(cls, **values):
        return {"kind": "form", "happened_at": MOMENT, **values}

    def _take(self, endpoint, *items, connector=None):
        connector = (connector or self.connector)._as_technical()
        answers, _counts = connector._take(endpoint, list(items))
        return answers

    def _touches(self, connector=None):
        origin = (connector or self.connector)._source_origin()
        touches = self.env["crm.touchpoint"].sudo()
        touches.invalidate_model()
        return touches.search([("origin", "=", origin)], order="id")

    def _count(self, table):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM %s", SQL.identifier(table))
        )
        return rows[0][0]

    # ------------------------------------------------------------
    # Over HTTP; for HttpCase
    # ------------------------------------------------------------

    def _post(self, endpoint, body, connector=None, secret=SECRET, **headers):
        """Send a signed call; ``headers`` with underscores in place of hyphens."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = int(headers.pop("at", time.time()))
        sent = {
            "Content-Type": "application/json",
            "X-SOP-Connector": (connector or self.connector).key_id,
            "X-SOP-Timestamp": str(at),
            "X-SOP-Signature": sign(secret, at, raw),
        }
        for name, value in headers.items():
            sent[name.replace("_", "-")] = value
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.url_open(
            f"{ROOT}/{endpoint}", data=raw, headers=sent, method="POST"
        )
