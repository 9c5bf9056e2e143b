"""Secret addresses, for systems that cannot sign."""

import json

from odoo.tests import HttpCase, tagged

from .connector_common import ROOT, ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorHook(ConnectorMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector(preset="mailchimp")
        cls.connector.with_user(cls.manager).action_source_apply_preset()

    def _address(self):
        action = self.connector.with_user(self.manager).action_source_make_address()
        return action["context"]["default_secret"].rsplit("/", 1)[1]

    def _call(self, token, data, kind="application/json"):
        return self.url_open(
            f"{ROOT}/hooks/{token}", data=data, headers={"Content-Type": kind}
        )

    def test_a_form_as_mailchimp_sends_it(self):
        token = self._address()
        response = self._call(
            token,
            "type=subscribe&fired_at=2026-03-10+10%3A12%3A30&data%5Bid%5D=8a"
            "&data%5Blist_id%5D=a6&data%5Bemail%5D=new%40example.com"
            "&data%5Bmerges%5D%5BFNAME%5D=Ann",
            "application/x-www-form-urlencoded",
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json()["created"], 1, response.text)
        touch = self._touches()
        partner = self.env["res.partner"].browse(touch.partner_id)
        self.assertEqual(partner.email, "new@example.com")
        self.assertEqual(partner.company_id, self.company)

    def test_json(self):
        response = self._call(self._address(), json.dumps(self.connector._sample()))
        self.assertEqual(response.json()["created"], 1)

    def test_what_is_rejected_is_kept_and_the_sender_is_content(self):
        response = self._call(self._address(), json.dumps({"type": "cleaned"}))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["rejected"], 1)
        self.assertEqual(self.connector.to_do_count, 1)

    def test_a_new_address_voids_the_one_before(self):
        before, after = self._address(), self._address()
        self.assertEqual(self._call(before, "{}").status_code, 401)
        self.assertEqual(self._call(after, "{}").status_code, 200)
        self.connector.allow_hook = False
        self.assertEqual(self._call(after, "{}").status_code, 401)

    def test_there_is_no_address_by_default(self):
        self.assertEqual(self._call("False", "{}").status_code, 401)
        self.assertEqual(self._call("%E9", "{}").status_code, 401)
        self.assertEqual(self.url_open(f"{ROOT}/hooks/any").status_code, 200)

    def test_forms_nested_without_end(self):
        form = "application/x-www-form-urlencoded"
        token = self._address()
        for depth, status in ((20, 200), (21, 400), (1_000, 400), (100_000, 400)):
            for name in ("a" + "[b]" * depth, "a" + "[" * depth, "[" * depth + "]"):
                response = self._call(token, f"type=x&{name}=1", form)
                self.assertEqual(response.status_code, status, (depth, name[:9]))
        self.assertEqual(response.json()["error"]["code"], "too_deep")
        self.assertNotIn("Traceback", response.text)

    def test_forms_that_contradict_themselves(self):
        form = "application/x-www-form-urlencoded"
        token = self._address()
        for data in ("a=1&a[b]=2", "a[b]=1&a=2&a[c][d]=3", "[]=1&=2&[[]]=3", ""):
            response = self._call(token, data, form)
            self.assertEqual(response.status_code, 200, data)
