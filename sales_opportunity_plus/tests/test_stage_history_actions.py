"""Conversion, merge, import, recomputed stages: moves that Odoo makes by itself."""

from odoo import Command
from odoo.tests import tagged

from .common import FirmCase

CREATED = ("created", "Test New", "open")
CHANGED = ("team_change", "Test New", "open")


@tagged("post_install", "-at_install")
class TestStageHistoryActions(FirmCase):
    def _in_trial(self, **values):
        """An opportunity in a stage that only its team uses."""
        return self._lead(
            team_id=self.team_own.id, stage_id=self.stage_trial.id, **values
        )

    def test_team_written(self):
        lead = self._in_trial()
        lead.with_user(self.seller).write({"team_id": self.team.id})
        self.assertEqual(
            self._lived(lead), [("created", "Test Trial", "open"), CHANGED]
        )
        self.assertEqual(self._stays(lead)[-1].team_id, self.team.id)
        self.assert_chain(lead)

    def test_team_assigned_as_a_field(self):
        lead = self._in_trial()
        lead.team_id = self.team
        self.assertEqual(self._lived(lead)[1:], [CHANGED])
        self.assert_chain(lead)

    def test_salesperson_takes_the_opportunity_to_his_team(self):
        loner = self._user("test_loner", "sales_team.group_sale_salesman", self.company)
        self._team("Test Other Team", self.company, loner)
        lead = self._in_trial()
        lead.write({"user_id": loner.id})
        self.assertEqual(self._lived(lead)[1:], [CHANGED])
        self.assertEqual(self._stays(lead)[-1].user_id, loner.id)
        self.assert_chain(lead)

    def test_stage_closed_to_the_team(self):
        """Odoo leaves the opportunity in the stage until something is recomputed."""
        lead = self._lead(stage_id=self.stage_talk.id)
        self.stage_talk.team_ids = self.team_own
        self.assertEqual(self._lived(lead), [("created", "Test Talk", "open")])
        self.env.add_to_compute(lead._fields["stage_id"], lead)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._lived(lead)[1:], [CHANGED])
        self.assert_chain(lead)

    def test_recomputed_outside_write_with_a_move_after(self):
        lead = self._lead(stage_id=self.stage_talk.id)
        self.stage_talk.team_ids = self.team_own
        self.env.add_to_compute(lead._fields["stage_id"], lead)
        self.env.flush_all()
        lead.write({"stage_id": self.stage_offer.id})
        self.env.cr.precommit.run()
        self.assertEqual(self._lived(lead)[-1][1:], ("Test Offer", "open"))
        self.assert_chain(lead)

    def test_type_written(self):
        lead = self._lead(type="lead")
        lead.with_user(self.seller).write({"type": "opportunity"})
        self.assertEqual(
            self._lived(lead), [CREATED, ("converted", "Test New", "open")]
        )
        self.assertEqual([s.lead_type for s in self._stays(lead)][0], "lead")
        self.assert_chain(lead)

    def _convert(self, lead, **values):
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.seller)
        wizard.with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).create({"name": "convert", "action": "create", **values}).action_apply()

    def test_convert_wizard(self):
        lead = self._lead(type="lead")
        self._convert(lead, team_id=self.team.id, user_id=self.seller.id)
        self.assertEqual(
            self._lived(lead), [CREATED, ("converted", "Test New", "open")]
        )
        self.assert_chain(lead)

    def test_convert_wizard_changes_the_team(self):
        lead = self._in_trial(type="lead")
        self._convert(lead, team_id=self.team.id, user_id=self.seller_two.id)
        lead.invalidate_recordset()
        last = self._stays(lead)[-1]
        self.assertEqual(
            (last.stage_id, last.team_id, last.lead_type),
            (self.stage_new.id, self.team.id, "opportunity"),
        )
        self.assert_chain(lead)

    def test_mass_convert_wizard(self):
        leads = self._leads(3, type="lead", user_id=False)
        context = {"active_model": "crm.lead", "active_ids": leads.ids}
        self.env["crm.lead2opportunity.partner.mass"].with_user(
            self.manager
        ).with_context(**context).create(
            {
                "name": "convert",
                "action": "create",
                "deduplicate": False,
                "user_ids": [Command.set(self.seller.ids)],
                "team_id": self.team.id,
                "force_assignment": True,
            }
        ).action_mass_convert()
        for lead in leads:
            self.assertEqual(
                self._lived(lead), [CREATED, ("converted", "Test New", "open")]
            )
        self.assert_chain(leads)

    def test_import_of_new_and_existing(self):
        old = self._lead()
        self.env["ir.model.data"].create(
            {"module": "test", "name": "old", "model": "crm.lead", "res_id": old.id}
        )
        model = self.env["crm.lead"].with_user(self.manager)
        names = ["id", "name", "type", "stage_id/.id", "team_id/.id"]
        team = str(self.team.id)
        done = model.load(
            names,
            [
                ["test.old", "Old", "opportunity", str(self.stage_talk.id), team],
                ["test.fresh", "Fresh", "opportunity", str(self.stage_offer.id), team],
            ],
        )
        self.assertFalse(done["messages"])
        self.assertEqual(done["ids"][0], old.id)
        leads = self.env["crm.lead"].browse(done["ids"])
        self.assertEqual(
            [self._lived(lead) for lead in leads],
            [
                [CREATED, ("forward", "Test Talk", "open")],
                [("created", "Test Offer", "open")],
            ],
        )
        self.assert_chain(leads)

    def test_server_action(self):
        lead = self._lead()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Test move",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "object_write",
                "update_path": "stage_id",
                "resource_ref": f"crm.stage,{self.stage_talk.id}",
            }
        )
        action.with_user(self.seller).with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).run()
        self.assertEqual(self._lived(lead), [CREATED, ("forward", "Test Talk", "open")])
        self.assertEqual(self._stays(lead)[-1].moved_by_id, self.seller.id)

    def test_lead_assignment(self):
        lead = self._lead(
            user_id=False, team_id=False, company_id=False, type="lead", probability=50
        )
        self.team_own.write(
            {"assignment_domain": repr([("id", "=", lead.id)]), "assignment_max": 30}
        )
        self.team_own.crm_team_member_ids.assignment_max = 30
        self.team_own.with_user(self.manager)._action_assign_leads(force_quota=True)
        self.assertEqual(lead.team_id, self.team_own)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(
            self._lived(lead), [CREATED, ("converted", "Test New", "open")]
        )
        self.assert_chain(lead)


@tagged("post_install", "-at_install")
class TestStageHistoryMerge(FirmCase):
    def _merge(self, leads, **values):
        self.env["crm.merge.opportunity"].with_user(self.manager).create(
            {"opportunity_ids": [Command.set(leads.ids)], **values}
        ).action_merge()
        return leads.exists()

    def _own_stays(self, lead):
        return [stay for stay in self._stays(lead) if not stay.merged_lead_id]

    def test_both_histories_are_kept_and_marked(self):
        with self._at(2024, 3, 1):
            ahead = self._lead(stage_id=self.stage_talk.id)
            behind = self._lead()
        with self._at(2024, 3, 5):
            ahead.stage_id = self.stage_offer
            behind.stage_id = self.stage_talk
        with self._at(2024, 3, 9) as merged_at:
            self.assertEqual(self._merge(ahead | behind), ahead)
        self.assertFalse(self._stays(behind))
        adopted = [s for s in self._stays(ahead) if s.merged_lead_id == behind.id]
        self.assertEqual(
            [(s.move, s.stage_id, s.exit_move, s.left_at) for s in adopted],
            [
                ("created", self.stage_new.id, "forward", adopted[1].entered_at),
                ("forward", self.stage_talk.id, "merged", merged_at),
            ],
        )
        own = self._own_stays(ahead)
        self.assertEqual([s.stage_id for s in own][-1], self.stage_offer.id)
        self.assertEqual([s.left_at for s in self._stays(ahead)].count(None), 1)

    def test_merged_twice_keeps_who_lived_it(self):
        first = self._lead()
        second = self._lead(stage_id=self.stage_talk.id)
        third = self._lead(stage_id=self.stage_offer.id)
        self.assertEqual(self._merge(first | second), second)
        self.assertEqual(self._merge(second | third), third)
        self.assertEqual(
            sorted(s.merged_lead_id or 0 for s in self._stays(third)),
            sorted([0, first.id, second.id]),
        )

    def test_won_and_lost_are_merged(self):
        won, lost, still_open = self._leads(3)
        won.action_set_won()
        lost.action_set_lost()
        leads = won | lost | still_open
        head = self._merge(leads)
        self.assertEqual(len(head), 1)
        last = [s for s in self._stays(head) if s.left_at is None]
        position = head._stage_rule_position()
        self.assertEqual(
            [(s.stage_id, s.status) for s in last],
            [(position.stage_id, position.status)],
        )
        self.assertEqual(len(self._stays(leads)), 5)

    def test_two_lost_are_merged(self):
        leads = self._leads(2)
        leads.action_set_lost()
        head = self._merge(leads)
        self.assertEqual(
            [(s.move, s.status) for s in self._own_stays(head)],
            [("created", "open"), ("lost", "lost")],
        )

    def test_merge_into_another_team(self):
        leads = self._leads(2, team_id=self.team_own.id, stage_id=self.stage_trial.id)
        head = self._merge(leads, team_id=self.team.id, user_id=self.seller_two.id)
        self.assertEqual(head.stage_id, self.stage_new)
        last = self._own_stays(head)[-1]
        self.assertEqual(
            (last.stage_id, last.team_id, last.user_id),
            (self.stage_new.id, self.team.id, self.seller_two.id),
        )
