"""Connectors as people set them up: rights, secrets, mappings, trials, replays."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..models.source.connector_terms import PRESETS
from .connector_common import SECRET, ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorSetup(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()
        cls.lead = cls._lead(email_from="ann@example.com")

    def _as(self, user):
        return self.connector.with_user(user)

    # ------------------------------------------------------------
    # Rights and secrets
    # ------------------------------------------------------------

    def test_a_seller_reaches_nothing(self):
        self._take("touchpoints", self._item())
        for model in ("crm.connector", "crm.connector.rejection"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.all_leads).search([])
        for method in (
            "action_source_rotate_secret",
            "action_source_make_address",
            "action_source_apply_preset",
            "action_source_try",
            "action_source_rejections",
            "action_source_revoke_before",
        ):
            with self.assertRaises(AccessError):
                getattr(self._as(self.all_leads), method)()

    def test_a_manager_of_another_company_sees_nothing(self):
        stranger = self._user(
            "test_stranger", "sales_team.group_sale_manager", self.company_abroad
        )
        self._take("touchpoints", self._item())
        for model in ("crm.connector", "crm.connector.rejection"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self._as(stranger).action_source_rotate_secret()

    def test_nobody_reads_a_secret(self):
        admin = self.env.ref("base.user_admin")
        export = self.env.ref("base.group_allow_export")
        admin.write({"company_ids": [(4, self.company.id)]})
        (admin | self.manager).write({"group_ids": [(4, export.id)]})
        for user in (self.manager, admin):
            connector = self._as(user).with_context(
                allowed_company_ids=self.company.ids
            )
            for field in ("secret", "secret_before", "hook_hash"):
                with self.assertRaises(AccessError):
                    connector.read([field])
                with self.assertRaises(AccessError):
                    connector.export_data([field])
                with self.assertRaises(AccessError):
                    connector.write({field: "mine"})
                with self.assertRaises(AccessError):
                    connector.search([(field, "=", SECRET)])
            self.assertNotIn(SECRET, str(connector.read()))

    def test_a_secret_is_shown_once_and_the_one_before_works_a_while(self):
        action = self._as(self.manager).action_source_rotate_secret()
        new = action["context"]["default_secret"]
        connector = self.connector.sudo()
        self.assertEqual((connector.secret, connector.secret_before), (new, SECRET))
        self.assertGreater(len(new), 40)
        copy = connector.copy()
        self.assertFalse(copy.secret or copy.secret_before or copy.hook_hash)
        self.assertNotEqual(copy.key_id, connector.key_id)
        self._as(self.manager).action_source_revoke_before()
        self.assertFalse(connector.secret_before)

    # ------------------------------------------------------------
    # Mapping
    # ------------------------------------------------------------

    def test_ready_mappings_fit_their_samples(self):
        for preset, _label in PRESETS:
            with self.subTest(preset):
                connector = self._build_connector(
                    name=preset, preset=preset, when_unknown="contact"
                )
                connector.with_user(self.manager).action_source_apply_preset()
                endpoint = connector.hook_endpoint
                sample = connector._sample()
                (answer,) = self._take(endpoint, sample, connector=connector)
                self.assertEqual(answer["status"], "created", answer)
                (again,) = self._take(endpoint, sample, connector=connector)
                self.assertEqual(again["status"], "duplicate")

    def test_what_a_sample_becomes(self):
        connector = self._build_connector(name="F", preset="facebook")
        connector.action_source_apply_preset()
        sample = connector._sample()
        sample["field_data"][1]["values"] = ["bob@example.com"]
        (answer,) = self._take("leads", sample, connector=connector)
        lead = self.env["crm.lead"].browse(answer["id"])
        self.assertEqual(lead.contact_name, "Ann Example")
        self.assertEqual(lead.email_from, "bob@example.com")
        self.assertEqual(lead.campaign_id.name, "Spring offers")

    def test_a_campaign_that_linkedin_names_or_only_numbers(self):
        connector = self._build_connector(name="L", preset="linkedin")
        connector.action_source_apply_preset()
        sample = connector._sample()
        self._take("leads", sample, connector=connector)
        sample.pop("leadMetadataInfo")
        self._take("leads", sample | {"id": "another"}, connector=connector)
        channels = self.env["crm.touch.channel"].sudo()
        self.assertEqual(
            [
                channels.browse(touch.channel_id).campaign_name
                for touch in self._touches(connector)
            ],
            ["Spring offers", "urn:li:sponsoredCampaign:900"],
        )

    def test_paths_that_cannot_be_read(self):
        for kind, value in (("path", "a[b"), ("text", "{a[}"), ("path", "a..b")):
            with self.assertRaises(ValidationError):
                self.connector.mapping_ids.create(
                    {
                        "connector_id": self.connector.id,
                        "target": "email",
                        "kind": kind,
                        "value": value,
                    }
                )
        with self.assertRaises(ValidationError):
            self.connector.mapping_ids.create(
                {
                    "connector_id": self.connector.id,
                    "target": "kind",
                    "value": "event",
                    "translation": "opened",
                }
            )

    # ------------------------------------------------------------
    # Trials and replays
    # ------------------------------------------------------------

    def _trial(self, payload, endpoint="touchpoints"):
        trial = self.env["crm.connector.trial"].with_user(self.manager)
        return trial.create(
            {
                "connector_id": self.connector.id,
                "endpoint": endpoint,
                "payload": payload,
            }
        )

    def test_a_trial_records_nothing(self):
        tables = (
            "crm_touchpoint",
            "crm_lead",
            "res_partner",
            "utm_source",
            "crm_connector_rejection",
        )
        before = [self._count(table) for table in tables]
        self.connector.when_unknown = "contact"
        items = [
            self._item(email="ann@example.com", source="A New Source"),
            self._item(email="ann@example.com", source="A New Source"),
            self._item(email="new@example.com"),
            self._item(kind="<b>bold</b>"),
        ]
        result = self._trial(json.dumps(items)).result
        self.assertIn(self.lead.name, result)
        self.assertIn("Duplicate", result)
        self.assertIn("Rejected", result)
        self.assertNotIn("<b>", result)
        self.assertIn("A New Source", result)
        lead = self._trial(json.dumps(self._item(name="New")), "leads").result
        self.assertIn("Recorded", lead)
        self.assertIn("not valid JSON", self._trial("{").result)
        self.assertEqual([self._count(table) for table in tables], before)
        self.assertTrue(self._trial("").with_user(self.manager))

    def test_a_rejected_item_is_put_right_and_replayed(self):
        self._take("touchpoints", self._item(email="ann@example.com", kind="frm"))
        self._take("touchpoints", self._item(email="ann@example.com", kind="frm"))
        rejection = self.connector.rejection_ids.with_user(self.manager)
        self.assertEqual(len(rejection), 1, "the same item is kept once")
        self.assertEqual(self.connector.to_do_count, 1)
        rejection.action_source_replay()
        self.assertEqual(rejection.state, "new")
        rejection.payload = "{"
        with self.assertRaises(UserError):
            rejection.action_source_replay()
        rejection.payload = json.dumps(self._item(email="ann@example.com"))
        rejection.action_source_replay()
        self.assertEqual(rejection.state, "replayed")
        self.assertEqual(rejection.settled_by_id, self.manager)
        self.assertEqual(self._touches().lead_id, self.lead.id)

    def test_a_rejected_item_is_dismissed_and_taken_up_again(self):
        self._take("touchpoints", self._item(email="ann@example.com", kind="frm"))
        rejection = self.connector.rejection_ids.with_user(self.manager)
        rejection.action_source_dismiss()
        self.assertEqual(rejection.state, "dismissed")
        rejection.action_source_reopen()
        self.assertEqual(rejection.state, "new")
        with self.assertRaises(AccessError):
            rejection.unlink()
        with self.assertRaises(AccessError):
            self._as(self.manager).unlink()

    def test_the_examples_name_the_connector(self):
        connector = self._as(self.manager)
        for text in (connector.example, connector.example_python):
            self.assertIn(connector.key_id, text)
            self.assertIn("/sales_opportunity_plus/v1/touchpoints", text)
