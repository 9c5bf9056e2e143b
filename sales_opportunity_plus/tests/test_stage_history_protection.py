"""Nobody writes the past: not over RPC, not as the superuser, not by a context."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import FirmCase

FORGED = {
    "stage_rule_one_move": True,
    "forecast_keep_stamps": True,
    "tracking_disable": True,
    "install_mode": True,
    "module": "sales_opportunity_plus",
}


@tagged("post_install", "-at_install")
class TestStageHistoryProtection(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._lead()
        [cls.stay] = cls._stays(cls.lead)
        cls.system = cls._user("test_system", "base.group_system", cls.company)
        cls.forged_row = {
            "lead_id": cls.lead.id,
            "stage_id": cls.stage_won.id,
            "status": "won",
            "move": "won",
            "entered_at": "2020-01-01 00:00:00",
            "left_at": "2020-01-02 00:00:00",
            "origin": "live",
        }

    def _everyone(self):
        history = self.env["crm.stage.history"]
        people = (self.seller, self.all_leads, self.manager, self.system)
        for user in people:
            yield user.login, history.with_user(user)
        yield "superuser", history.sudo()
        yield "forged context", history.sudo().with_context(**FORGED)

    def test_create_write_unlink(self):
        for who, history in self._everyone():
            row = history.browse(self.stay.id)
            for what, forge in (
                ("create", lambda history=history: history.create([self.forged_row])),
                ("write", lambda row=row: row.write({"left_at": "2020-01-01"})),
                ("field", lambda row=row: setattr(row, "stage_id", 1)),
                ("unlink", lambda row=row: row.unlink()),
                ("load", lambda history=history: self._load(history)),
            ):
                with self.subTest(who=who, what=what):
                    with self.assert_refused((UserError, AccessError), "stage history"):
                        forge()
        self.assertEqual(self._stays(self.lead), [self.stay])

    def _load(self, history):
        done = history.load(
            ["lead_id", "status", "move", "entered_at", "origin"],
            [[str(self.lead.id), "won", "won", "2020-01-01 00:00:00", "live"]],
        )
        self.assertFalse(done["ids"])
        raise UserError(done["messages"][0]["message"])

    def test_over_rpc(self):
        history = self.env["crm.stage.history"].with_user(self.seller)
        ids = [self.stay.id]
        for method, args in (
            ("create", [[self.forged_row]]),
            ("write", [ids, {"stage_id": self.stage_won.id}]),
            ("unlink", [ids]),
            ("web_save", [ids, {"stage_id": self.stage_won.id}, {}]),
            ("copy", [ids]),
            ("_import_past", [[self.forged_row]]),
            ("_backfill", []),
        ):
            with self.subTest(method=method):
                with self.assert_refused((UserError, AccessError), "."):
                    call_kw(history, method, args, {"context": FORGED})
        lead = self.env["crm.lead"].with_user(self.seller)
        for method in ("_stage_rule_record", "_stage_history_backdate"):
            with self.subTest(method=method), self.assert_refused(AccessError, method):
                call_kw(lead, method, [self.lead.ids, []], {})
        self.assertEqual(self._stays(self.lead), [self.stay])

    def test_forged_context_hides_no_move(self):
        lead = self.env["crm.lead"].with_user(self.seller)
        ids = self.lead.ids
        kwargs = {"context": FORGED}
        call_kw(lead, "write", [ids, {"stage_id": self.stage_talk.id}], kwargs)
        call_kw(lead, "action_set_lost", [ids], kwargs)
        self.assertEqual(
            [move for move, *_rest in self._lived(self.lead)],
            ["created", "forward", "lost"],
        )

    def test_reports_are_read_only(self):
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            for user in (self.seller, self.manager, self.system):
                report = self.env[model].with_user(user)
                for operation in ("create", "write", "unlink"):
                    with self.subTest(model=model, user=user.login):
                        self.assertFalse(report.has_access(operation))

    def test_table_is_not_read_by_sellers(self):
        for user in (self.seller, self.all_leads, self.manager):
            history = self.env["crm.stage.history"].with_user(user)
            with self.assert_refused(AccessError, "crm.stage.history"):
                history.search([])


@tagged("post_install", "-at_install")
class TestStageKept(FirmCase):
    def test_stage_that_history_names(self):
        lead = self._lead(stage_id=self.stage_talk.id)
        lead.stage_id = self.stage_offer
        self.env.flush_all()
        for stage in (self.stage_talk, self.stage_offer):
            with self.assert_refused(UserError, "Archive the stage instead"):
                stage.with_user(self.manager).unlink()
        self.assertTrue((self.stage_talk | self.stage_offer).exists())

    def test_stage_that_nothing_names(self):
        self.stage_trial.with_user(self.manager).unlink()
        self.assertFalse(self.stage_trial.exists())
        lead = self._lead(stage_id=self.stage_talk.id)
        lead.stage_id = self.stage_offer
        self.assertEqual(self._lived(lead)[-1][0], "forward")

    def test_stages_are_deleted_together_or_not_at_all(self):
        self._lead(stage_id=self.stage_talk.id)
        stages = (self.stage_trial | self.stage_talk).with_user(self.manager)
        with self.assert_refused(UserError, "Test Talk"):
            stages.unlink()
        self.assertTrue(self.stage_trial.exists())

    def test_stage_with_opportunities_is_not_archived(self):
        self._leads(2, stage_id=self.stage_talk.id)
        stage = self.stage_talk.with_user(self.manager)
        with self.assert_refused(UserError, "Test Talk.*2 opportunities"):
            stage.action_archive()
        with self.assert_refused(UserError, "Move them to another stage"):
            stage.write({"active": False})
        self.assertTrue(stage.active)

    def test_stage_of_a_lead_of_another_company_is_not_archived(self):
        self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
            stage_id=self.stage_talk.id,
        )
        with self.assert_refused(UserError, "Test Talk"):
            self.stage_talk.with_user(self.manager).action_archive()

    def test_archived_stage_keeps_its_place(self):
        lead = self._lead()
        for stage in (self.stage_talk, self.stage_offer):
            lead.stage_id = stage
        self.stage_talk.with_user(self.manager).action_archive()
        report = self.env["crm.stage.history.report"].with_user(self.seller)
        domain = [("lead_id", "=", lead.id)]
        lines = report.search(domain, order="entered_at, id")
        self.assertEqual(
            lines.mapped("stage_id.name"), ["Test New", "Test Talk", "Test Offer"]
        )
        groups = report.formatted_read_group(domain, ["stage_id"], ["__count"])
        self.assertEqual(
            [group["stage_id"][1] for group in groups],
            ["Test New", "Test Talk", "Test Offer"],
        )
        lead.stage_id = self.stage_new
        lead.stage_id = self.stage_offer
        self.assertEqual(self._lived(lead)[-1][0], "skip")

    def test_archived_stage_takes_no_new_opportunity(self):
        self.stage_new.with_user(self.manager).action_archive()
        lead = self.env["crm.lead"].with_user(self.seller).create({"name": "New"})
        self.assertTrue(lead.stage_id.active)
        self.assertEqual(lead.stage_id, self.stage_talk)
