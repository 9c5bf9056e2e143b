"""The past rebuilt at installation equals the past that the hooks recorded."""

import random
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common import FirmCase

START = datetime(2024, 2, 1, 8)
#: What a reconstruction can know: all but the probability and the kind of origin.
_COMPARED = (
    "lead_id lead_type stage_id from_stage_id to_stage_id status move exit_move"
    " entered_at left_at user_id team_id company_id currency_id amount moved_by_id"
).split()


def _compared(stays):
    return [tuple(getattr(stay, name) for name in _COMPARED) for stay in stays]


class BackfillCase(FirmCase):
    def _forget(self, leads):
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_stage_history WHERE lead_id = ANY(%s)", [leads.ids]
        )

    def _rebuild(self, leads):
        self._forget(leads)
        self.env["crm.stage.history"]._backfill()
        return self._stays(leads)


@tagged("post_install", "-at_install")
class TestBackfillOfTrackedMoves(BackfillCase):
    """Lives lived through the ORM with tracking, as before the addon came."""

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.flush()

    def _steps(self, rng, lead):
        if not lead.active:
            return [lead.action_restore]
        if lead.won_status == "won":
            return [lambda: lead.write({"stage_id": self.stage_talk.id})]
        stages = self.stage_new | self.stage_talk | self.stage_offer
        if lead.team_id == self.team_own:
            stages |= self.stage_trial
        return [
            *(
                lambda stage=stage: lead.write({"stage_id": stage.id})
                for stage in stages - lead.stage_id
            ),
            lead.action_set_won,
            lead.action_set_lost,
            lead.action_archive,
            lambda: lead.write({"expected_revenue": rng.randint(1, 900) * 10}),
            # The team is not tracked: it has to stay when the salesperson changes.
            lambda: lead.write(
                {
                    "user_id": rng.choice([self.seller.id, self.seller_two.id, False]),
                    "team_id": lead.team_id.id,
                }
            ),
        ]

    def test_lives_of_two_teams(self):
        rng = random.Random(19)
        with self._at(START):
            leads = self.env["crm.lead"].browse(
                self._lead(team_id=team.id, stage_id=self.stage_new.id).id
                for team in (self.team, self.team_own)
                for _number in range(6)
            )
            leads = leads.with_context(tracking_disable=False)
            self._flush_tracking()
        for day in range(1, 9):
            for lead in leads:
                mover = rng.choice((self.manager, self.all_leads))
                with self._at(START + timedelta(days=day, minutes=lead.id % 60)):
                    rng.choice(self._steps(rng, lead.with_user(mover)))()
                    self._flush_tracking()
        recorded = self._stays(leads)
        self.assertGreater(len(recorded), 4 * len(leads))
        self.assertLessEqual(
            {"forward", "skip", "backward", "won", "lost", "archived", "reopened"},
            {stay.move for stay in recorded},
        )
        rebuilt = self._rebuild(leads)
        self.assertEqual(_compared(rebuilt), _compared(recorded))
        self.assertEqual({stay.origin for stay in rebuilt}, {"reconstructed"})
        self.assert_chain(leads)


@tagged("post_install", "-at_install")
class TestBackfillOfRows(BackfillCase):
    """Leads and tracking values as SQL would leave them, stays written by hand."""

    def _old_lead(self, **columns):
        lead = self._lead()
        self.env.flush_all()
        columns = {"create_date": START, "date_last_stage_update": START, **columns}
        for name, value in columns.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead SET %s = %s WHERE id = %s",
                    SQL.identifier(name),
                    value,
                    lead.id,
                )
            )
        self.env.invalidate_all()
        return lead

    def _track(self, lead, day, user=None, **changes):
        """A tracking message: ``field=(old, new)``."""
        message = self.env["mail.message"].create(
            {"model": "crm.lead", "res_id": lead.id, "message_type": "notification"}
        )
        at = START + timedelta(days=day)
        for name, (old, new) in changes.items():
            kind = "float" if name == "expected_revenue" else "integer"
            value = self.env["mail.tracking.value"].create(
                {
                    "mail_message_id": message.id,
                    "field_id": self.env["ir.model.fields"]._get("crm.lead", name).id,
                    f"old_value_{kind}": old,
                    f"new_value_{kind}": new,
                }
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mail_tracking_value SET create_date = %s, create_uid = %s"
                " WHERE id = %s",
                [at, (user or self.seller).id, value.id],
            )

    def _check(self, lead, *expected):
        """``(day of entry, kind of move, stage id, status)`` of each stay."""
        stays = self._rebuild(lead)
        self.assertEqual(
            [
                ((s.entered_at - START).days, s.move, s.stage_id, s.status)
                for s in stays
            ],
            list(expected),
        )
        self.assertEqual(
            [s.left_at for s in stays], [*(s.entered_at for s in stays[1:]), None]
        )
        return stays

    @property
    def new(self):
        return self.stage_new.id

    @property
    def talk(self):
        return self.stage_talk.id

    def test_nothing_tracked(self):
        lead = self._old_lead(stage_id=self.talk)
        self._check(lead, (0, "created", self.talk, "open"))

    def test_moved_without_tracking_after_a_tracked_move(self):
        lead = self._old_lead(
            stage_id=self.stage_offer.id,
            date_last_stage_update=START + timedelta(days=9),
        )
        self._track(lead, 4, stage_id=(self.new, self.talk))
        self._check(
            lead,
            (0, "created", self.new, "open"),
            (4, "forward", self.talk, "open"),
            (9, "forward", self.stage_offer.id, "open"),
        )

    def test_lost_and_restored(self):
        lead = self._old_lead(stage_id=self.talk)
        self._track(lead, 2, stage_id=(self.new, self.talk))
        self._track(lead, 3, active=(1, 0), won_status=(0, 0))
        self._track(lead, 7, active=(0, 1), won_status=(0, 0))
        self._check(
            lead,
            (0, "created", self.new, "open"),
            (2, "forward", self.talk, "open"),
            (3, "lost", self.talk, "lost"),
            (7, "reopened", self.talk, "open"),
        )

    def test_put_aside_is_not_lost(self):
        lead = self._old_lead(active=False, won_status="pending")
        self._track(lead, 3, active=(1, 0))
        self._check(
            lead,
            (0, "created", self.new, "open"),
            (3, "archived", self.new, "archived"),
        )

    def test_won_without_tracking(self):
        lead = self._old_lead(
            stage_id=self.stage_won.id,
            probability=100,
            won_status="won",
            date_last_stage_update=START + timedelta(days=5),
            date_closed=START + timedelta(days=5),
        )
        self._track(lead, 1, stage_id=(self.new, self.talk))
        self._check(
            lead,
            (0, "created", self.new, "open"),
            (1, "forward", self.talk, "open"),
            (5, "won", self.stage_won.id, "won"),
        )

    def test_without_stage(self):
        lead = self._old_lead(stage_id=None)
        self._check(lead, (0, "created", None, "open"))
        lead = self._old_lead(stage_id=self.talk)
        self._track(lead, 1, stage_id=(0, self.talk))
        self._check(
            lead,
            (0, "created", None, "open"),
            (1, "skip", self.talk, "open"),
        )

    def test_deleted_stage(self):
        gone = self._stage("Test Gone", -1045)
        gone_id = gone.id
        gone.unlink()
        lead = self._old_lead(stage_id=self.talk)
        self._track(lead, 1, stage_id=(self.new, gone_id))
        self._track(lead, 2, stage_id=(gone_id, self.talk))
        stays = self._check(
            lead,
            (0, "created", self.new, "open"),
            (1, "forward", gone_id, "open"),
            (2, "forward", self.talk, "open"),
        )
        self.assertEqual(stays[0].to_stage_id, gone_id)
        line = self.env["crm.stage.history.report"].browse(stays[1].id)
        self.assertFalse(line.stage_id)

    def test_salesperson_and_amount_of_the_time(self):
        lead = self._old_lead(stage_id=self.stage_offer.id, expected_revenue=300)
        two = self.seller_two.id
        self._track(lead, 1, stage_id=(self.new, self.talk))
        self._track(lead, 2, user_id=(two, self.seller.id))
        self._track(lead, 3, expected_revenue=(100.5, 300))
        self._track(lead, 4, self.manager, stage_id=(self.talk, self.stage_offer.id))
        stays = self._rebuild(lead)
        self.assertEqual([s.user_id for s in stays], [two, two, self.seller.id])
        self.assertEqual([float(s.amount) for s in stays], [100.5, 100.5, 300])
        self.assertEqual(stays[1].moved_by_id, self.seller.id)
        self.assertEqual(stays[2].moved_by_id, self.manager.id)

    def test_nothing_doubled(self):
        lead, living = self._old_lead(), self._lead()
        living.stage_id = self.stage_talk
        before = self._stays(living)
        rebuilt = self._rebuild(lead)
        self.env["crm.stage.history"]._backfill()
        self.assertEqual(self._stays(lead), rebuilt)
        self.assertEqual(self._stays(living), before)

    def test_moves_go_on_after_it(self):
        lead = self._old_lead()
        self._rebuild(lead)
        lead.stage_id = self.stage_talk
        self.assert_chain(lead)
        self.assertEqual([s.origin for s in self._stays(lead)][-1], "live")
