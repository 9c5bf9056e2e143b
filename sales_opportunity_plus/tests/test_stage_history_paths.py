"""Every way in which Odoo changes an opportunity leaves exactly the right stays."""

from odoo.tests import Form, tagged

from .common import FirmCase

CREATED = ("created", "Test New", "open")


@tagged("post_install", "-at_install")
class TestStageHistoryPaths(FirmCase):
    def _as_seller(self, lead):
        return lead.with_user(self.seller)

    def _check(self, paths):
        """Run a table of ``name: (act, stays after the creation)``."""
        for name, (act, expected) in paths.items():
            with self.subTest(path=name):
                lead = self._lead()
                act(self._as_seller(lead))
                self.assertEqual(self._lived(lead), [CREATED, *expected])
                self.assert_chain(lead)

    def test_change_of_stage(self):
        talk = ("forward", "Test Talk", "open")
        self._check(
            {
                "write": (lambda lead: lead.write({"stage_id": self.talk}), [talk]),
                "assignment": (
                    lambda lead: setattr(lead, "stage_id", self.stage_talk),
                    [talk],
                ),
                "web_save": (
                    lambda lead: lead.web_save({"stage_id": self.talk}, {}),
                    [talk],
                ),
                "web_save_multi": (
                    lambda lead: lead.web_save_multi([{"stage_id": self.talk}], {}),
                    [talk],
                ),
                "form": (self._move_in_form, [talk]),
                "same stage": (lambda lead: lead.write({"stage_id": self.new}), []),
                "other field": (lambda lead: lead.write({"name": "Other"}), []),
                "probability": (lambda lead: lead.write({"probability": 60}), []),
                "twice": (
                    lambda lead: (
                        lead.write({"stage_id": self.talk}),
                        lead.write({"stage_id": self.stage_offer.id}),
                    ),
                    [talk, ("forward", "Test Offer", "open")],
                ),
                "there and back": (
                    lambda lead: (
                        lead.write({"stage_id": self.talk}),
                        lead.write({"stage_id": self.new}),
                    ),
                    [talk, ("backward", "Test New", "open")],
                ),
            }
        )

    def test_two_stages_ahead(self):
        offer = self.stage_offer.id
        skip = ("skip", "Test Offer", "open")
        self._check({"write": (lambda lead: lead.write({"stage_id": offer}), [skip])})

    @property
    def new(self):
        return self.stage_new.id

    @property
    def talk(self):
        return self.stage_talk.id

    def _move_in_form(self, lead):
        with Form(lead) as form:
            form.stage_id = self.stage_talk

    def test_outcome(self):
        won = ("won", "Test Won", "won")
        lost = ("lost", "Test New", "lost")
        self._check(
            {
                "stage": (
                    lambda lead: lead.write({"stage_id": self.stage_won.id}),
                    [won],
                ),
                "action_set_won": (lambda lead: lead.action_set_won(), [won]),
                "rainbowman": (
                    lambda lead: lead.action_set_won_rainbowman(),
                    [won],
                ),
                "action_set_lost": (lambda lead: lead.action_set_lost(), [lost]),
                "lost wizard": (self._lose_in_wizard, [lost]),
                "lost by hand": (
                    lambda lead: lead.write({"active": False, "probability": 0}),
                    [lost],
                ),
                "lost, then won": (
                    lambda lead: (lead.action_set_lost(), lead.action_set_won()),
                    [lost, won],
                ),
                "won, then back": (
                    lambda lead: (
                        lead.action_set_won(),
                        lead.write({"stage_id": self.new}),
                    ),
                    [won, ("reopened", "Test New", "open")],
                ),
            }
        )

    def _lose_in_wizard(self, lead):
        reason = self.env["crm.lost.reason"].create({"name": "Test Price"})
        self.env["crm.lead.lost"].with_user(self.seller).create(
            {"lead_ids": [(6, 0, lead.ids)], "lost_reason_id": reason.id}
        ).action_lost_reason_apply()

    def test_archive_and_restore(self):
        archived = ("archived", "Test New", "archived")
        lost = ("lost", "Test New", "lost")
        reopened = ("reopened", "Test New", "open")
        self._check(
            {
                "archive": (lambda lead: lead.action_archive(), [archived]),
                "write active": (
                    lambda lead: lead.write({"active": False}),
                    [archived],
                ),
                "unarchive": (
                    lambda lead: (lead.action_archive(), lead.action_unarchive()),
                    [archived, reopened],
                ),
                "restore": (
                    lambda lead: (lead.action_set_lost(), lead.action_restore()),
                    [lost, reopened],
                ),
                "archive a won one": (
                    lambda lead: (lead.action_set_won(), lead.action_archive()),
                    [("won", "Test Won", "won")],
                ),
                "moved while archived": (
                    lambda lead: (
                        lead.action_archive(),
                        lead.write({"stage_id": self.talk}),
                    ),
                    [archived, ("forward", "Test Talk", "archived")],
                ),
            }
        )

    def test_outcome_of_many_at_once(self):
        leads = self._leads(3)
        leads[1].stage_id = self.stage_offer
        leads[2].action_set_lost()
        leads.with_user(self.seller).action_set_won()
        self.assertEqual(
            [self._lived(lead)[-1] for lead in leads],
            [("won", "Test Won", "won")] * 3,
        )
        self.assertEqual([len(self._lived(lead)) for lead in leads], [2, 3, 3])
        self.assert_chain(leads)

    def test_won_stage_toggled(self):
        sure, unsure = self._lead(probability=100), self._lead(probability=30)
        gone = self._lead()
        gone.action_archive()
        leads = sure | unsure
        stage = self.stage_new.with_user(self.manager)
        stage.is_won = True
        won = ("won", "Test New", "won")
        for lead in leads:
            self.assertEqual(self._lived(lead), [CREATED, won])
        stage.is_won = False
        for lead in leads:
            self.assertEqual(
                self._lived(lead), [CREATED, won, ("reopened", "Test New", "open")]
            )
        self.assert_chain(leads | gone)

    def test_created_in_an_outcome(self):
        won = self._lead(stage_id=self.stage_won.id, probability=100)
        lost = self._lead(active=False, probability=0)
        archived = self._lead(active=False)
        for lead, expected in (
            (won, ("created", "Test Won", "won")),
            (lost, ("created", "Test New", "lost")),
            (archived, ("created", "Test New", "archived")),
        ):
            self.assertEqual(self._lived(lead), [expected])
            self.assert_chain(lead)

    def test_copy_begins_anew(self):
        lead = self._lead(stage_id=self.stage_talk.id)
        lead.stage_id = self.stage_offer
        copy = self._as_seller(lead).copy()
        [stay] = self._stays(copy)
        self.assertEqual((stay.move, stay.left_at), ("created", None))
        self.assert_chain(copy | lead)

    def test_unlink_closes_the_stay(self):
        lead = self._lead()
        lead.with_user(self.manager).unlink()
        [stay] = self._stays(lead)
        self.assertEqual(stay.exit_move, "deleted")
        self.assertGreaterEqual(stay.left_at, stay.entered_at)
