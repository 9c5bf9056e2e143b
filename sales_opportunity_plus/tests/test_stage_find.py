"""The stage that Odoo looks for, kept as long as no stage changes."""

from odoo.tests import tagged

from .common import FirmCase


@tagged("post_install", "-at_install")
class TestStageFind(FirmCase):
    def test_found_again_without_a_query(self):
        leads = self._leads(3)
        found = leads._stage_find(domain=[("is_won", "=", True)])
        self.assertEqual(found, self.stage_won)
        with self.assertQueryCount(0):
            self.assertEqual(leads._stage_find(domain=[("is_won", "=", True)]), found)

    def test_a_changed_stage_is_seen_at_once(self):
        lead = self._lead()
        self.assertEqual(lead._stage_find(), self.stage_new)
        self.stage_new.team_ids = self.team_own
        self.assertEqual(lead._stage_find(), self.stage_talk)
        self.stage_new.team_ids = False
        self.assertEqual(lead._stage_find(), self.stage_new)
        earlier = self._stage("Test Earlier", -1060)
        self.assertEqual(lead._stage_find(), earlier)
        earlier.active = False
        self.assertEqual(lead._stage_find(), self.stage_new)

    def test_each_team_finds_its_own(self):
        lead = self._lead()
        trial = [("id", "=", self.stage_trial.id)]
        self.assertFalse(lead._stage_find(domain=trial))
        self.assertEqual(
            lead._stage_find(team_id=self.team_own.id, domain=trial), self.stage_trial
        )
        lead.write({"team_id": self.team_own.id, "user_id": self.all_leads.id})
        self.assertEqual(lead._stage_find(domain=trial), self.stage_trial)

    def test_a_rule_on_stages_is_obeyed(self):
        lead = self._lead()
        self.assertEqual(lead._stage_find(), self.stage_new)
        self.env["ir.rule"].create(
            {
                "name": "Without the first stage",
                "model_id": self.env["ir.model"]._get_id("crm.stage"),
                "domain_force": [("id", "!=", self.stage_new.id)],
            }
        )
        seen = lead.with_user(self.seller)._stage_find()
        self.assertEqual(seen, self.stage_talk)
        self.assertEqual(lead._stage_find(), self.stage_new, "the superuser sees all")

    def test_archived_stages_are_left_out_of_searches(self):
        Stage = self.env["crm.stage"]
        domain = [("id", "in", (self.stage_talk | self.stage_offer).ids)]
        self.assertEqual(Stage.search(domain), self.stage_talk | self.stage_offer)
        self.stage_talk.active = False
        self.assertEqual(Stage.search(domain), self.stage_offer)
        every = Stage.with_context(active_test=False).search(domain)
        self.assertEqual(every, self.stage_talk | self.stage_offer)
        self.stage_talk.active = True
        self.assertEqual(Stage.search(domain), self.stage_talk | self.stage_offer)
