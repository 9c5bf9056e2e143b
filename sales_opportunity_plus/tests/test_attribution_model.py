"""Attribution models: validation, versions, words, rights, data-driven ones."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..engine import attribution_data
from .attribution_common import AttributionCase, day

U_SHAPE = {"first_weight": 40, "last_weight": 40, "middle_weight": 20}


@tagged("post_install", "-at_install")
class TestAttributionModel(AttributionCase):
    def test_wrong_settings_are_refused_with_the_name_and_the_remedy(self):
        days, weights = "half-life of the .*“Test decay”", "“Test .*from 0 to 100"
        window = "look-back window.*“Test linear”"
        total = "“Test position” add up to 50 %.*100 %"
        for shape, values, message in (
            ("position", {"first_weight": 50}, total),
            ("position", {**U_SHAPE, "lead_weight": -1}, weights),
            ("linear", {"first_weight": float("nan")}, weights),
            ("decay", {"half_life": 0}, days),
            ("decay", {"half_life": -3}, days),
            ("decay", {"half_life": float("inf")}, days),
            ("linear", {"lookback_days": -1}, window),
            ("linear", {"lookback_days": 10**6}, window),
        ):
            with self.assert_refused(ValidationError, message):
                self._model(shape, **values)

    def test_a_change_of_what_it_computes_makes_a_version(self):
        model = self._model("position", **U_SHAPE)
        self.assertEqual(model.version, 1)
        model.write({"name": "Other", "sequence": 3, "half_life": 30})
        self.assertEqual(model.version, 1, "nothing that a position shape asks for")
        model.write({"first_weight": 50, "last_weight": 30})
        self.assertEqual(model.version, 2)
        versions = model.version_ids.sorted("number")
        self.assertEqual([v.settings["first"] for v in versions], [4000, 5000])
        self.assertIn("to the first touch", versions[0].sentence)
        self.assertEqual(versions[1].create_uid, self.env.user)
        model.write({"first_weight": 50})
        self.assertEqual(model.version, 2)

    def test_version_and_computing_cannot_be_forged(self):
        model = self.model.with_user(self.manager).create(
            {"name": "Forged", "version": 9, "computed_at": "2024-01-01"}
        )
        self.assertEqual((model.version, model.computed_at), (1, False))
        with self.assertRaises(AccessError):
            model.version_ids.write({"computed_at": "2024-01-01"})

    def test_a_kind_that_starts_to_count_makes_a_version(self):
        kind = self.env.ref("sales_opportunity_plus.touch_kind_email_open")
        lead, model = self._lead(), self._model()
        chosen = self._model(kind_ids=[(6, 0, kind.ids)])
        self._touch(lead, 0, kind="email_open")
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [])
        self.assertEqual(self._amounts(lead, chosen), [1000])
        kind.with_user(self.manager).counts = True
        self.assertEqual((model.version, chosen.version), (2, 1))
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [1000])
        new = self.env["crm.touch.kind"].create({"name": "New", "code": "test_new"})
        self.assertEqual(model.version, 2, "no touch has the new kind yet")
        self._touch(lead, 3, kind="test_new")
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [500, 500])
        self.assertTrue(new)

    def test_a_new_version_replaces_the_credits_of_the_old_one(self):
        lead, model = self._lead(), self._model("first")
        touches = self._touch(lead, 0, 1)
        self._run_job()
        model.shape = "last"
        self._run_job()
        (credit,) = self._credits(lead, model)
        self.assertEqual(credit[0], touches[1])
        version = self.env["crm.attribution.credit"].search(
            [("model_id", "=", model.id), ("lead_id", "=", lead.id)]
        )
        self.assertEqual(version.mapped("version"), [2])

    def test_a_model_that_gave_credit_is_archived_not_deleted(self):
        lead, model = self._lead(), self._model()
        self._model("last").unlink()
        self._touch(lead, 0)
        self._run_job()
        with self.assert_refused(UserError, "“Test linear”.*Archive it"):
            model.unlink()
        model.active = False
        lead.expected_revenue = 5
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [1000])
        self.assertIn("Archived", model.progress)
        model.active = True
        self._run_job()
        self.assertEqual((self._amounts(lead, model), model.version), ([5], 1))

    def test_words_and_example(self):
        model = self._model("position", **U_SHAPE)
        self.assertEqual(
            model.sentence.replace("\u00a0", " "),
            "40 % to the first touch, 40 % to the last touch before it closed, and "
            "20 % shared equally by all others.",
        )
        self.assertIn("400.00 · 100.00 · 100.00 · 400.00", model.example)
        for shape in ("first", "last", "last_non_direct", "linear", "decay"):
            self.assertIn("1,000", self._model(shape).example)
        self.assertFalse(self._model("markov").example)
        self.assertFalse(self.model.new({"shape": "decay", "half_life": 0}).example)

    def test_presets(self):
        names = ["first", "last", "last_non_direct", "linear", "decay", "u_shaped"]
        names += ["w_shaped", "full_path", "markov", "shapley"]
        for name in names:
            model = self.env.ref(f"sales_opportunity_plus.crm_attribution_model_{name}")
            self.assertEqual(len(model.version_ids), model.version)

    def test_rights(self):
        model = self._model()
        self.assertTrue(model.with_user(self.seller).progress)
        for act in (
            lambda seen: seen.write({"shape": "first"}),
            lambda seen: seen.action_compute_now(),
            lambda seen: seen.action_use_suggested_half_life(),
            lambda seen: seen.version_ids.unlink(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act(model.with_user(self.seller))
        abroad = self._model(company_id=self.company_abroad.id)
        with self.assertRaises(AccessError):
            abroad.with_user(self.manager).version_ids.read(["settings"])
        self.assertTrue(model.with_user(self.manager).action_compute_now())
        action = model.with_user(self.manager).action_open_versions()
        self.assertEqual(action["res_model"], "crm.attribution.version")

    def test_a_half_life_is_suggested_from_the_median_cycle(self):
        # Deals without a company count too: the test is about its own ones.
        self.env.cr.execute(
            "UPDATE crm_lead SET won_status = 'pending' WHERE company_id IS NULL"
        )
        model = self._model("decay").with_user(self.manager)
        self.assertIn("suggested as soon as", model.half_life_hint)
        with self.assert_refused(UserError, "suggested as soon as"):
            model.action_use_suggested_half_life()
        leads = self._leads(12)
        leads.write({"stage_id": self.stage_won.id})
        with self._at(2024, 4, 1):
            for lead in leads:
                self._move_dates(lead, create_date=day(0), date_closed=day(20))
            self.env.invalidate_all()
            self.assertEqual(model.suggested_half_life, 10)
            self.assertIn("Test Team: 20 days", model.half_life_hint)
            model.action_use_suggested_half_life()
        self.assertEqual((model.half_life, model.version), (10, 2))

    # ------------------------------------------------------------
    # Data-driven
    # ------------------------------------------------------------

    def _closed_journeys(self):
        mail, ads = (
            self.env["utm.medium"].create({"name": f"Test {name}"}).id
            for name in ("mail", "ads")
        )
        leads = self._leads(4, expected_revenue=900)
        for lead, mediums in zip(
            leads, [(mail, ads), (mail,), (ads,), (ads, mail, mail)], strict=True
        ):
            for number, medium in enumerate(mediums):
                self._touch(lead, number, medium_id=medium)
        (leads[0] | leads[1] | leads[3]).write({"stage_id": self.stage_won.id})
        leads[2].action_set_lost()
        return leads, mail, ads

    def test_data_driven_models_learn(self):
        self.env.cr.execute("DELETE FROM crm_touchpoint")
        leads, mail, ads = self._closed_journeys()
        shapley, markov = self._model("shapley"), self._model("markov")
        needed = {"shapley": (3, 0), "markov": (3, 1)}
        with patch.dict(attribution_data.NEEDED, needed):
            self._run_job()
            self.assertIn("3 won and 1 lost", markov.progress)
        # Two journeys of both channels count half for each, one for mail alone.
        weights = {w.channel: w.share for w in shapley.version_ids.weight_ids}
        self.assertEqual(weights, {mail: 66.7, ads: 33.3})
        self.assertEqual(self._amounts(leads[0], shapley), [600, 300])
        # A channel's share is split over its touches.
        self.assertEqual(self._amounts(leads[3], shapley), [300, 300, 300])
        self.assertEqual(sum(self._amounts(leads[0], markov)), 900)
        with patch.dict(attribution_data.NEEDED, needed):
            shapley.version_ids.estimated_at = day(0)
            self._run_job()
        self.assertEqual((shapley.version, markov.version), (2, 1))
        self.assertEqual(self._amounts(leads[0], shapley), [600, 300])

    def test_not_enough_data_says_how_much_is_missing(self):
        self.env.cr.execute("DELETE FROM crm_touchpoint")
        leads, *_channels = self._closed_journeys()
        model = self._model("markov")
        self._run_job()
        self.assertEqual(self._amounts(leads[0], model), [])
        self.assertIn("100 won and 100 lost", model.progress)
        self.assertIn("there are 3 and 1", model.progress)
