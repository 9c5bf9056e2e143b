"""A small firm of our own: two companies, two currencies, stages and people."""

from collections import namedtuple
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL, mute_logger

#: A stay as the table has it, with the names that tests compare.
Stay = namedtuple(
    "Stay",
    "id lead_id lead_type stage_id from_stage_id to_stage_id status move exit_move"
    " entered_at left_at user_id team_id company_id currency_id amount probability"
    " moved_by_id origin merged_lead_id",
)
NO_MAIL = {"tracking_disable": True, "mail_create_nolog": True}
SELLER = "sales_team.group_sale_salesman"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


class FirmMixin:
    """Builders and look-ups; works with every test class that has an ``env``."""

    @classmethod
    def _build_firm(cls):
        cls.env = cls.env(context=dict(cls.env.context, **NO_MAIL))
        cls.euro = cls._currency("TEU", 1.0)
        cls.crown = cls._currency("TKR", 4.0)
        cls.company = cls._company("Test North", cls.euro)
        cls.company_abroad = cls._company("Test South", cls.crown)
        cls.seller = cls._user("test_seller", SELLER, cls.company)
        cls.seller_two = cls._user("test_seller_two", SELLER, cls.company)
        cls.all_leads = cls._user("test_all_leads", ALL_LEADS, cls.company)
        cls.manager = cls._user("test_manager", MANAGER, cls.company)
        cls.seller_abroad = cls._user("test_abroad", SELLER, cls.company_abroad)
        sellers = cls.seller | cls.seller_two
        cls.team = cls._team("Test Team", cls.company, sellers)
        cls.team_own = cls._team("Test Team With Stages", cls.company, cls.all_leads)
        cls.team_abroad = cls._team(
            "Test Team Abroad", cls.company_abroad, cls.seller_abroad
        )
        cls._build_stages()

    @classmethod
    def _build_stages(cls):
        """New → Talk → (Trial, one team only) → Offer → Won.

        They come before every other stage, so that Odoo takes New where it looks
        for the first stage of a team and Won where it looks for the next won one.
        """
        cls.stage_new = cls._stage("Test New", -1050)
        cls.stage_talk = cls._stage("Test Talk", -1040)
        cls.stage_trial = cls._stage("Test Trial", -1030, team_ids=cls.team_own.ids)
        cls.stage_offer = cls._stage("Test Offer", -1020)
        cls.stage_won = cls._stage("Test Won", -1010, is_won=True)

    @classmethod
    def _currency(cls, name, rate):
        currency = cls.env["res.currency"].create(
            {"name": name, "symbol": name, "rounding": 0.01}
        )
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": "2020-01-01",
                "rate": rate,
                "company_id": False,
            }
        )
        return currency

    @classmethod
    def _company(cls, name, currency):
        return cls.env["res.company"].create({"name": name, "currency_id": currency.id})

    @classmethod
    def _user(cls, login, group, company, **values):
        return new_test_user(
            cls.env,
            login,
            groups=group,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            **values,
        )

    @classmethod
    def _team(cls, name, company, members, **values):
        return cls.env["crm.team"].create(
            {
                "name": name,
                "company_id": company.id,
                "use_leads": True,
                "use_opportunities": True,
                "member_ids": [(6, 0, members.ids)],
                **values,
            }
        )

    @classmethod
    def _stage(cls, name, sequence, team_ids=(), **values):
        return cls.env["crm.stage"].create(
            {
                "name": name,
                "sequence": sequence,
                "team_ids": [(6, 0, list(team_ids))],
                **values,
            }
        )

    @classmethod
    def _lead_values(cls, **values):
        return {
            "name": "Test Deal",
            "type": "opportunity",
            "user_id": cls.seller.id,
            "team_id": cls.team.id,
            "company_id": cls.company.id,
            "stage_id": cls.stage_new.id,
            "expected_revenue": 1000.0,
            "probability": 20.0,
            **values,
        }

    @classmethod
    def _lead(cls, **values):
        return cls.env["crm.lead"].create(cls._lead_values(**values))

    @classmethod
    def _leads(cls, count, **values):
        return cls.env["crm.lead"].create(
            [cls._lead_values(name=f"Deal {n}", **values) for n in range(count)]
        )

    @classmethod
    def _stays(cls, leads):
        """The stays of opportunities in the order in which they were lived."""
        cls.env.flush_all()
        # What Odoo recomputed is recorded before the transaction commits.
        cls.env["crm.lead"]._stage_rule_record_noted()
        rows = cls.env.execute_query(
            SQL(
                "SELECT %s FROM crm_stage_history WHERE lead_id = ANY(%s)"
                " ORDER BY lead_id, entered_at, id",
                SQL(", ").join(map(SQL.identifier, Stay._fields)),
                leads.ids,
            )
        )
        return [Stay(*row) for row in rows]

    @classmethod
    def _lived(cls, lead):
        """(kind of move, name of the stage, status) of each stay, in order."""
        stages = cls.env["crm.stage"].with_context(active_test=False)
        return [
            (
                stay.move,
                stages.browse(stay.stage_id or ()).name or None,
                stay.status,
            )
            for stay in cls._stays(lead)
        ]

    @contextmanager
    def _at(self, *when):
        """Let the transaction begin at a moment of our own (UTC)."""
        moment = when[0] if isinstance(when[0], datetime) else datetime(*when)
        with patch.object(self.env.cr, "now", lambda: moment):
            yield moment

    def assert_chain(self, leads):
        """What must hold for the stays of every opportunity that was not merged."""
        self.env.invalidate_all()
        for lead in leads:
            stays = self._stays(lead)
            self.assertEqual([s.left_at for s in stays].count(None), 1)
            self.assertEqual(stays[0].move, "created")
            self.assertIsNone(stays[0].from_stage_id)
            for stay, following in zip(stays, stays[1:], strict=False):
                self.assertEqual(stay.left_at, following.entered_at)
                self.assertGreaterEqual(stay.left_at, stay.entered_at)
                self.assertEqual(stay.to_stage_id, following.stage_id)
                self.assertEqual(stay.exit_move, following.move)
                self.assertEqual(following.from_stage_id, stay.stage_id)
                self.assertNotEqual(
                    (stay.stage_id, stay.status, stay.lead_type),
                    (following.stage_id, following.status, following.lead_type),
                )
            position = lead.sudo()._stage_rule_position()
            last = stays[-1]
            self.assertIsNone(last.exit_move)
            self.assertEqual(
                (last.stage_id, last.status, last.lead_type),
                (position.stage_id, position.status, position.lead_type),
            )


class FirmCase(FirmMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()

    @contextmanager
    def assert_refused(self, error, message):
        """The call fails with this error, whose text says ``message``."""
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(error, message):
            with self.env.cr.savepoint():
                yield
