"""A past brought along from another system, with its own dates."""

from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FirmCase

START = datetime(2022, 6, 1, 12)


@tagged("post_install", "-at_install")
class TestImportPast(FirmCase):
    def _stay(self, lead, stage, day, **values):
        return {
            "lead_id": lead.id,
            "stage_id": stage.id,
            "entered_at": START + timedelta(days=day),
            **values,
        }

    def _import(self, *stays):
        self.env["crm.stage.history"]._import_past(list(stays))

    def test_stays_replace_what_was_there(self):
        lead, other = self._lead(stage_id=self.stage_offer.id), self._lead()
        self._import(
            # In any order: the times tell.
            self._stay(lead, self.stage_offer, 8, amount=70, probability=45),
            self._stay(
                lead,
                self.stage_new,
                0,
                user_id=self.seller_two.id,
                moved_by_id=self.manager.id,
                currency_id=self.crown.id,
                amount=50,
            ),
            self._stay(lead, self.stage_talk, 3, amount=60),
        )
        stays = self._stays(lead)
        self.assertEqual(
            [(s.move, s.stage_id, (s.entered_at - START).days) for s in stays],
            [
                ("created", self.stage_new.id, 0),
                ("forward", self.stage_talk.id, 3),
                ("forward", self.stage_offer.id, 8),
            ],
        )
        self.assertEqual(
            [(float(s.amount), s.origin) for s in stays],
            [(amount, "imported") for amount in (50, 60, 70)],
        )
        first = stays[0]
        self.assertEqual(
            (first.user_id, first.moved_by_id, first.currency_id),
            (self.seller_two.id, self.manager.id, self.crown.id),
        )
        self.assert_chain(lead | other)
        self.assertEqual([s.origin for s in self._stays(other)], ["live"])

    def test_what_is_not_said_is_as_on_the_opportunity(self):
        lead = self._lead()
        self._import(self._stay(lead, self.stage_new, 0, probability=45))
        (stay,) = self._stays(lead)
        self.assertEqual(
            (stay.user_id, stay.moved_by_id, stay.currency_id, stay.probability),
            (self.seller.id, self.seller.id, self.euro.id, 45),
        )
        self.assertEqual(
            (stay.team_id, stay.company_id), (self.team.id, self.company.id)
        )

    def test_importing_twice_changes_nothing(self):
        lead = self._lead(stage_id=self.stage_talk.id)
        stays = (
            self._stay(lead, self.stage_new, 0),
            self._stay(lead, self.stage_talk, 2),
        )
        self._import(*stays)
        before = [stay[1:] for stay in self._stays(lead)]
        self._import(*stays)
        self.assertEqual([stay[1:] for stay in self._stays(lead)], before)

    def test_outcomes(self):
        won = self._lead(stage_id=self.stage_won.id, probability=100)
        lost = self._lead(active=False, probability=0)
        self._import(
            self._stay(won, self.stage_new, 0, lead_type="lead"),
            self._stay(won, self.stage_new, 1),
            self._stay(won, self.stage_won, 2, status="won"),
            self._stay(lost, self.stage_new, 0),
            self._stay(lost, self.stage_new, 5, status="lost"),
        )
        self.assertEqual(
            [move for move, *_rest in self._lived(won)],
            ["created", "converted", "won"],
        )
        self.assertEqual(
            [move for move, *_rest in self._lived(lost)], ["created", "lost"]
        )
        self.assert_chain(won | lost)

    def test_moves_go_on_after_it(self):
        lead = self._lead()
        self._import(self._stay(lead, self.stage_new, 0))
        lead.stage_id = self.stage_talk
        self.assert_chain(lead)
        self.assertEqual(self._stays(lead)[0].entered_at, START)

    def test_no_such_opportunity(self):
        gone = self._lead()
        stay = self._stay(gone, self.stage_new, 0)
        gone.unlink()
        with self.assert_refused(ValidationError, f"{stay['lead_id']}.*Import it"):
            self._import(stay)

    def test_no_time(self):
        lead = self._lead()
        for when in (None, False):
            stay = dict(self._stay(lead, self.stage_new, 0), entered_at=when)
            with self.assert_refused(ValidationError, "Test Deal.*no time of entry"):
                self._import(stay)
        self.assertEqual([s.origin for s in self._stays(lead)], ["live"])

    def test_last_stay_is_not_where_the_opportunity_stands(self):
        lead = self._lead()
        wrong = (
            self._stay(lead, self.stage_talk, 1),
            self._stay(lead, self.stage_new, 1, status="lost"),
            self._stay(lead, self.stage_new, 1, lead_type="lead"),
        )
        for stay in wrong:
            with self.assert_refused(ValidationError, "Test Deal.*stands in"):
                self._import(self._stay(lead, self.stage_offer, 0), stay)
        self.assertEqual([s.origin for s in self._stays(lead)], ["live"])

    def test_many_in_few_statements(self):
        leads = self._leads(300, stage_id=self.stage_talk.id)
        self.env.flush_all()
        stays = [
            self._stay(lead, stage, day)
            for lead in leads
            for day, stage in enumerate((self.stage_new, self.stage_talk))
        ]
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._import(*stays)
        self.assertLess(self.env.cr.sql_log_count - before, 30)
        self.assertEqual(len(self._stays(leads)), 600)


@tagged("post_install", "-at_install")
class TestBackdate(FirmCase):
    def test_dates_and_the_days_that_follow(self):
        lead, other = self._lead(), self._lead()
        kept = other.create_date
        self.env["crm.lead"]._stage_history_backdate(
            [
                {
                    "lead_id": lead.id,
                    "create_date": START,
                    "date_open": START + timedelta(days=2, hours=13),
                    "date_closed": START + timedelta(days=30, hours=23),
                    "date_last_stage_update": START + timedelta(days=20),
                    "date_conversion": START + timedelta(days=1),
                }
            ]
        )
        self.assertEqual(lead.create_date, START)
        self.assertEqual(lead.date_open, START + timedelta(days=2, hours=13))
        self.assertEqual(lead.date_last_stage_update, START + timedelta(days=20))
        self.assertEqual(lead.date_conversion, START + timedelta(days=1))
        self.assertEqual((lead.day_open, lead.day_close), (2, 30))
        self.assertEqual(other.create_date, kept)

    def test_same_days_as_odoo_computes(self):
        lead = self._lead()
        self.env["crm.lead"]._stage_history_backdate(
            [
                {
                    "lead_id": lead.id,
                    "create_date": datetime(2023, 1, 5, 18, 0, 0, 900000),
                    "date_open": datetime(2023, 1, 7, 17, 59, 59, 100000),
                    "date_closed": datetime(2023, 1, 3, 17),
                }
            ]
        )
        backdated = (lead.day_open, lead.day_close)
        lead._compute_day_open()
        lead._compute_day_close()
        self.assertEqual(backdated, (lead.day_open, lead.day_close))

    def test_missing_dates_are_kept(self):
        lead = self._lead()
        opened = lead.date_open
        self.env["crm.lead"]._stage_history_backdate(
            [{"lead_id": lead.id, "create_date": START, "date_open": None}]
        )
        self.assertEqual((lead.create_date, lead.date_open), (START, opened))
        self.assertFalse(lead.date_closed)
        self.assertEqual(lead.day_open, (opened - START).days)
