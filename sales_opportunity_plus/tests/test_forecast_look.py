"""The weekly look at the probabilities of open opportunities."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.forecast import crm_forecast_look as module
from .pipeline_common import DAY_ONE, PipelineCase

MONDAY = datetime(2024, 4, 1, 1)


@tagged("post_install", "-at_install")
class TestForecastLook(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.look = cls.env["crm.forecast.look"]
        # Nothing of the demo company.
        cls.env.cr.execute("DELETE FROM crm_forecast_look")

    def _looks(self, leads, *columns):
        names = columns or ("day", "lead_id")
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_forecast_look WHERE lead_id = ANY(%s)"
                " ORDER BY day, lead_id",
                SQL(", ").join(map(SQL.identifier, names)),
                leads.ids,
            )
        )

    def _week(self, moment):
        with self._at(moment):
            return self.look._take_week(self.both_companies)

    def test_all_probabilities_and_the_one_that_counts(self):
        self.stage_new.forecast_probability = 20
        plain, judged = self._leads(2)
        (plain | judged).write({"probability": 35})
        (plain | judged).flush_recordset()
        judged.write(
            {
                "forecast_manual_probability": 0,
                "forecast_manual_reason": "They said no",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET forecast_manual_until = %s WHERE id = %s",
                "2024-04-03",
                judged.id,
            )
        )
        self.env.invalidate_all()
        self._week(MONDAY)
        names = (
            "odoo_probability stage_probability history_probability"
            " manual_probability probability source team_id user_id stage_id company_id"
        ).split()
        whose = (self.team.id, self.seller.id, self.stage_new.id, self.company.id)
        self.assertEqual(
            self._looks(plain | judged, *names),
            [
                (35, 20, None, None, 20, "stage", *whose),
                (35, 20, None, 0, 0, "manual", *whose),
            ],
        )
        self._week(MONDAY + timedelta(days=7))
        [_first, later] = self._looks(judged, "probability", "source")
        self.assertEqual(later, (20, "stage"), "what was entered had ended")

    def test_open_opportunities_only(self):
        leads = self._leads(5)
        open_one, won, lost, archived, lead = leads
        won.action_set_won()
        reason = self.env["crm.lost.reason"].search([], limit=1)
        lost.action_set_lost(lost_reason_id=reason.id)
        archived.active = False
        lead.type = "lead"
        self._week(MONDAY)
        self.assertEqual(self._looks(leads, "lead_id"), [(open_one.id,)])

    def test_once_a_week_and_company(self):
        lead = self._lead()
        for day in range(9):
            self._week(MONDAY + timedelta(days=day))
        days = [day for (day,) in self._looks(lead, "day")]
        self.assertEqual(days, [date(2024, 4, 1), date(2024, 4, 8)])

    def test_a_missed_monday_is_made_up_for(self):
        lead = self._lead()
        self._week(MONDAY + timedelta(days=2))
        self.assertEqual(self._looks(lead, "day"), [(date(2024, 4, 3),)])

    def test_taking_it_again_changes_nothing(self):
        lead = self._lead()
        days = {self.company.id: date(2024, 4, 1)}
        self.assertEqual(self.look._take(days), 1)
        lead.probability = 99
        self.assertEqual(self.look._take(days), 0)

    def test_the_sample_is_bounded_and_the_same(self):
        leads = self._leads(12)
        abroad = self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        self.patch(module, "MOST", 5)
        for week in range(2):
            self._week(MONDAY + timedelta(days=7 * week))
        looks = self._looks(leads | abroad)
        first, second = (
            {lead for day, lead in looks if day == one}
            for one in (date(2024, 4, 1), date(2024, 4, 8))
        )
        self.assertEqual(first, second)
        self.assertEqual(len(first & set(leads.ids)), 5)
        self.assertIn(abroad.id, first, "each company has a sample of its own")

    def test_with_the_night(self):
        lead = self._lead()
        self._night(DAY_ONE + timedelta(days=1))
        self.assertEqual(len(self._looks(lead)), 1)
        self._night(DAY_ONE + timedelta(days=2))
        self.assertEqual(len(self._looks(lead)), 1)

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        lead = self._lead()
        self._week(datetime(2024, 4, 8, 5))
        self.assertEqual(self._looks(lead, "day"), [(date(2024, 4, 7),)])

    def test_nobody_writes_it(self):
        lead = self._lead()
        self._week(MONDAY)
        look = self.look.search([("lead_id", "=", lead.id)])
        with self.assertRaises(UserError):
            look.write({"probability": 1})
        with self.assertRaises(UserError):
            look.unlink()
        with self.assertRaises(AccessError):
            look.with_user(self.manager).read(["probability"])
        lead.unlink()
        self.assertTrue(look.exists(), "it outlives the opportunity")
