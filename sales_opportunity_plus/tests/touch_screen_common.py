"""Touches for tests, written as the addon writes them."""

from datetime import datetime, timedelta

from odoo.tools import SQL

from ..models.source.touchpoint_sql import Touch
from .common import FirmCase

DAY = datetime(2024, 3, 1, 9)


class TouchCase(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever rules the database has, they are not what is tested here.
        cls.env["crm.stage.rule"].search([]).active = False
        cls.campaign = cls.env["utm.campaign"].create({"name": "Test Spring Fair"})
        cls.medium = cls.env["utm.medium"].create({"name": "Test Stand"})
        cls.source = cls.env["utm.source"].create({"name": "Test Fair"})
        cls.other_source = cls.env["utm.source"].create({"name": "Test Search"})
        cls.partner = cls.env["res.partner"].create(
            {"name": "Test Anna", "email": "anna@test.example"}
        )
        cls.lead = cls._lead(partner_id=cls.partner.id)
        cls.others = cls._lead(user_id=cls.seller_two.id)
        cls.abroad = cls._lead(
            user_id=cls.seller_abroad.id,
            company_id=cls.company_abroad.id,
            team_id=cls.team_abroad.id,
        )

    @classmethod
    def _touch(cls, lead=None, kind="call", day=0, **values):
        """Record a touch some days after the first of March; its id."""
        lead_values = {}
        if lead:
            lead_values = {"lead_id": lead.id, "company_id": lead.company_id.id}
        touch = Touch(
            kind=kind,
            **{"happened_at": DAY + timedelta(days=day), **lead_values, **values},
        )
        [(touch_id, *_others)] = cls.env["crm.touchpoint"]._record([touch])
        (lead or cls.lead)._source_forget_touches()
        return touch_id

    @classmethod
    def _ledger(cls, lead):
        """The rows of an opportunity as they are in the table, oldest first."""
        cls.env.flush_all()
        return cls.env.execute_query_dict(
            SQL(
                "SELECT touch.*, kind.code AS kind, channel.campaign_id, "
                "channel.medium_id, channel.source_id, channel.campaign_name, "
                "channel.medium_name, channel.source_name FROM crm_touchpoint touch "
                "JOIN crm_touch_kind kind ON kind.id = touch.kind_id "
                "JOIN crm_touch_channel channel ON channel.id = touch.channel_id "
                "WHERE touch.lead_id = %s ORDER BY touch.happened_at, touch.id",
                lead.id,
            )
        )

    @classmethod
    def _stale(cls):
        cls.env.cr.flush()
        query = SQL("SELECT DISTINCT lead_id FROM crm_attribution_stale")
        return {lead_id for (lead_id,) in cls.env.execute_query(query)}

    @classmethod
    def _forget_stale(cls):
        cls.env.cr.flush()
        cls.env.cr.execute("DELETE FROM crm_attribution_stale")
