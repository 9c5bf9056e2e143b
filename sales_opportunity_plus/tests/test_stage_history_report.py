"""Time in stage and conversion: the figures are right, and only of one's own deals."""

import random
import statistics
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .common import FirmCase

START = datetime(2023, 3, 1)
MEASURES = [
    "duration_median:median",
    "duration_p90:p90",
    "duration_mean:avg",
    "conversion_rate:avg",
    "__count",
]


@tagged("post_install", "-at_install")
class TestStageHistoryFigures(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rng = random.Random(7)
        leads = cls._leads(40, stage_id=cls.stage_offer.id)
        won = cls._leads(9, stage_id=cls.stage_won.id, probability=100)
        lost = cls._leads(6, active=False, probability=0)
        stays = []
        for lead in leads | won | lost:
            path = [cls.stage_new, cls.stage_talk, cls.stage_offer]
            if rng.random() < 0.4:
                path[1:1] = [cls.stage_talk, cls.stage_new]
            stays += cls._life(rng, lead, path)
        cls.env["crm.stage.history"]._import_past(stays)
        cls.leads = leads | won | lost
        cls.report = cls.env["crm.stage.history.report"].with_user(cls.seller)
        cls.domain = [("lead_id", "in", cls.leads.ids), ("is_current", "=", False)]

    @classmethod
    def _life(cls, rng, lead, path):
        ends = {"won": (cls.stage_won, "won"), "lost": (cls.stage_new, "lost")}
        steps = [(stage, "open") for stage in path]
        if lead.won_status in ends:
            steps = [*steps[: rng.randint(1, len(steps))], ends[lead.won_status]]
        at = START + timedelta(hours=rng.randint(0, 900))
        for stage, status in steps:
            yield {
                "lead_id": lead.id,
                "stage_id": stage.id,
                "entered_at": at,
                "status": status,
            }
            at += timedelta(minutes=rng.randint(1, 60_000))

    def _expected(self, stays):
        """The measures of some stays, by Python's own statistics."""
        open_stays = [s for s in stays if s.left_at and s.status == "open"]
        days = [(s.left_at - s.entered_at) / timedelta(days=1) for s in open_stays]
        onward = [
            float(s.exit_move in ("forward", "skip", "won"))
            for s in open_stays
            if s.exit_move in ("forward", "skip", "won", "backward", "lost")
        ]
        return [
            statistics.median(days),
            statistics.quantiles(days, n=10, method="inclusive")[8],
            statistics.fmean(days),
            statistics.fmean(onward),
            len([s for s in stays if s.left_at]),
        ]

    def _check(self, group, stays):
        found = [group[measure] for measure in MEASURES]
        for measure, value, expected in zip(
            MEASURES, found, self._expected(stays), strict=True
        ):
            self.assertAlmostEqual(value, expected, 6, measure)

    def test_by_stage(self):
        groups = self.report.formatted_read_group(self.domain, ["stage_id"], MEASURES)
        stays = self._stays(self.leads)
        self.assertEqual(
            [group["stage_id"][0] for group in groups],
            (self.stage_new | self.stage_talk | self.stage_offer).ids,
        )
        for group in groups:
            stage_id = group["stage_id"][0]
            self._check(group, [s for s in stays if s.stage_id == stage_id])

    def test_grouping_sets_of_the_pivot(self):
        grouping_sets = [[], ["stage_id"], ["stage_id", "exit_move"]]
        total, by_stage, by_both = self.report.formatted_read_grouping_sets(
            self.domain, grouping_sets, MEASURES
        )
        stays = self._stays(self.leads)
        self._check(total[0], stays)
        self.assertEqual(len(by_stage), 3)
        for group in by_stage:
            stage_id = group["stage_id"][0]
            self._check(group, [s for s in stays if s.stage_id == stage_id])
        self.assertEqual(
            {(g["stage_id"][0], g["exit_move"]): g["__count"] for g in by_both},
            {
                key: len([s for s in stays if (s.stage_id, s.exit_move) == key])
                for key in {(s.stage_id, s.exit_move) for s in stays if s.left_at}
            },
        )

    def test_backend_of_graph_and_list(self):
        graph = self.report.formatted_read_group(
            self.domain, ["stage_id", "entered_at:month"], ["duration_median:median"]
        )
        self.assertEqual(
            sorted({g["stage_id"][0] for g in graph}),
            sorted((self.stage_new | self.stage_talk | self.stage_offer).ids),
        )
        grouped = self.report.web_read_group(
            self.domain, ["stage_id"], ["duration_p90:p90"]
        )
        self.assertEqual(grouped["length"], 3)
        ordered = self.report.formatted_read_group(
            self.domain, ["stage_id"], MEASURES, order="duration_median:median desc"
        )
        medians = [group["duration_median:median"] for group in ordered]
        self.assertEqual(medians, sorted(medians, reverse=True))

    def test_time_after_the_outcome_is_no_time_in_stage(self):
        lead = self.leads.filtered(lambda lead: lead.won_status == "won")[:1]
        lines = self.report.search([("lead_id", "=", lead.id)], order="entered_at")
        self.assertEqual(lines[-1].status, "won")
        self.assertFalse(lines[-1].duration)
        self.assertTrue(lines[-1].is_current)
        for line in lines[:-1]:
            self.assertAlmostEqual(
                line.duration, (line.left_at - line.entered_at) / timedelta(days=1)
            )

    def test_current_stay_counts_until_now(self):
        lead = self._lead()
        self.env["crm.stage.history"]._import_past(
            [
                {
                    "lead_id": lead.id,
                    "stage_id": self.stage_new.id,
                    "entered_at": self.env.cr.now() - timedelta(days=5),
                }
            ]
        )
        line = self.report.search([("lead_id", "=", lead.id)])
        self.assertAlmostEqual(line.duration, 5, 2)

    def test_merged_stays_are_told_apart(self):
        first, second = self._lead(), self._lead(stage_id=self.stage_talk.id)
        (first | second).with_user(self.manager).merge_opportunity()
        lines = self.report.search([("lead_id", "in", [first.id, second.id])])
        self.assertEqual(lines.lead_id, second)
        self.assertEqual(sorted(lines.mapped("is_merged")), [False, True])

    def test_deleted_opportunity_is_not_shown(self):
        lead = self._lead()
        domain = [("id", "in", [stay.id for stay in self._stays(lead)])]
        self.assertEqual(self.report.search_count(domain), 1)
        lead.unlink()
        self.assertEqual(self.report.search_count(domain), 0)

    def test_line_opens_the_opportunity(self):
        lead = self.leads[:1]
        line = self.report.search([("lead_id", "=", lead.id)], limit=1)
        action = line.action_open_lead()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        timeline = lead.with_user(self.seller).action_open_stage_history()
        self.assertEqual(timeline["domain"], [("lead_id", "=", lead.id)])
        self.assertEqual(lead.stage_history_count, len(self._stays(lead)))


@tagged("post_install", "-at_install")
class TestReportRules(FirmCase):
    """Whoever cannot read an opportunity cannot read it in a report either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        abroad = {
            "company_id": cls.company_abroad.id,
            "team_id": cls.team_abroad.id,
        }
        cls.own = cls._lead()
        cls.free = cls._lead(user_id=False)
        cls.others = cls._lead(user_id=cls.seller_two.id)
        cls.gone = cls._lead(user_id=cls.seller.id)
        cls.gone.action_set_lost()
        cls.abroad = cls._lead(user_id=cls.seller_abroad.id, **abroad)
        cls.nobodys = cls._lead(user_id=False, team_id=False, company_id=False)
        cls.nobodys.company_id = False
        cls.all = cls.own | cls.free | cls.others | cls.gone | cls.abroad | cls.nobodys

    def _seen(self, model, user):
        report = self.env[model].with_user(user)
        lines = report.search([("lead_id", "in", self.all.ids)])
        [(grouped,)] = report._read_group(
            [("lead_id", "in", self.all.ids)], [], ["lead_id:recordset"]
        )
        self.assertEqual(set(lines.lead_id), set(grouped))
        return lines.lead_id.sudo()

    def test_who_sees_what(self):
        at_home = self.all - self.abroad
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            for user, expected in (
                (self.seller, at_home - self.others),
                (self.all_leads, at_home),
                (self.manager, at_home),
                (self.seller_abroad, self.abroad | self.nobodys),
            ):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(
                        sorted(self._seen(model, user).ids), sorted(expected.ids)
                    )

    def test_rule_of_somebody_else_is_obeyed(self):
        self.env["ir.rule"].create(
            {
                "name": "Test: small deals only",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('expected_revenue', '<', 5000)]",
            }
        )
        self.own.expected_revenue = 9000
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            for user in (self.seller, self.manager):
                with self.subTest(model=model, user=user.login):
                    seen = self._seen(model, user)
                    self.assertNotIn(self.own, seen)
                    self.assertIn(self.free, seen)

    def _anothers_lines(self):
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            line = self.env[model].search([("lead_id", "=", self.others.id)])
            self.assertTrue(line)
            self.env.invalidate_all()
            yield line.with_user(self.seller)

    def test_line_of_anothers_opportunity_is_not_opened(self):
        for line in self._anothers_lines():
            with self.subTest(model=line._name):
                with self.assert_refused((AccessError, MissingError), "."):
                    line.action_open_lead()

    def test_line_of_anothers_opportunity_is_not_read(self):
        for line in self._anothers_lines():
            with self.subTest(model=line._name):
                self.assertFalse(line.read(["lead_id", "amount"]))
                self.assertFalse(line.web_read({"stage_id": {}, "amount": {}}))
                self.env.invalidate_all()
                with self.assert_refused((AccessError, MissingError), "."):
                    self.assertFalse(line.amount)

    def test_line_of_anothers_opportunity_is_not_exported(self):
        self.seller.group_ids += self.env.ref("base.group_allow_export")
        for line in self._anothers_lines():
            with self.subTest(model=line._name):
                with self.assert_refused((AccessError, MissingError), "."):
                    line.export_data(["stage_id/name", "amount"])

    def test_timeline_of_anothers_opportunity(self):
        with self.assert_refused(AccessError, "."):
            self.others.with_user(self.seller).action_open_stage_history()
