"""What tests of the ledger share: reading it, and running its scheduled reading."""

from collections import namedtuple
from itertools import repeat
from unittest.mock import patch

from odoo.tools import SQL

from .common import FirmCase

Row = namedtuple(
    "Row",
    "id kind lead_id merged_lead_id partner_id campaign medium source happened_at"
    " origin external_key company_id matched_by note landing_page anonymised_at",
)


class TouchCase(FirmCase):
    """Touches as rows, the company's contacts, and the crons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the database itself has to compute is nothing of ours.
        cls.env.cr.execute(SQL("DELETE FROM crm_attribution_stale"))
        cls.campaign, cls.campaign_other = cls.env["utm.campaign"].create(
            [{"name": "Test Spring"}, {"name": "Test Autumn"}]
        )
        cls.medium = cls.env["utm.medium"].create({"name": "Test Paper"})
        cls.source = cls.env["utm.source"].create({"name": "Test Gazette"})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Test Contact", "email": "contact@test.example.com"}
        )

    def _touches(self, condition, *values):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT touch.id, kind.code, lead_id, merged_lead_id, partner_id,
                       campaign_name, medium_name, source_name, happened_at, origin,
                       external_key, company_id, matched_by, note, landing_page,
                       anonymised_at
                  FROM crm_touchpoint touch
                  JOIN crm_touch_kind kind ON kind.id = kind_id
                  JOIN crm_touch_channel channel ON channel.id = channel_id
                 WHERE %s ORDER BY touch.id
                """,
                SQL(condition, *values),
            )
        )
        return [Row(*row) for row in rows]

    def _of(self, leads):
        return self._touches("lead_id = ANY(%s)", leads.ids)

    def _kinds(self, leads):
        return [row.kind for row in self._of(leads)]

    def _stale(self):
        """Ids of opportunities whose credits are to be computed; forgets them."""
        self.env.cr.flush()
        rows = self.env.execute_query(
            SQL("DELETE FROM crm_attribution_stale RETURNING lead_id")
        )
        return {lead_id for (lead_id,) in rows}

    def _harvest(self, seconds=None):
        """Run the cron; ``seconds`` are what it has left after each commit."""
        self.env.flush_all()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", side_effect=seconds or repeat(60)):
            self.env["crm.touch.harvest"]._cron_harvest()
        self.env.invalidate_all()

    def _statements(self, action):
        """How many statements on the ledger an action takes."""
        queries, cursor = [], type(self.env.cr)
        execute = cursor.execute

        def logged(cr, query, *args, **kwargs):
            queries.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cr, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(cursor, "execute", logged):
            action()
            self.env.flush_all()
        self.assertTrue(queries)
        return sum("crm_touch" in query for query in queries)
