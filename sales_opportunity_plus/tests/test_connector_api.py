"""Calls over HTTP: who may, what is refused, and what is answered."""

import json
import time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..engine.signature import sign
from .connector_common import MOMENT, ROOT, ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorApi(ConnectorMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()
        cls.lead = cls._lead(email_from="ann@example.com")

    def _item(self, **values):
        return {"kind": "form", "happened_at": MOMENT, "email": "ann@example.com"} | (
            values
        )

    def assert_error(self, response, status, code):
        self.assertEqual(response.status_code, status, response.text[:500])
        self.assertEqual(response.json()["error"]["code"], code)
        self.assertNotIn("Traceback", response.text)
        self.assertNotIn("crm.", response.text)

    def test_a_touch(self):
        response = self._post("touchpoints", self._item(external_key="1"))
        self.assertEqual(response.status_code, 200, response.text)
        (result,) = response.json()["results"]
        touch = self._touches()
        self.assertEqual(result["status"], "created")
        self.assertEqual(result["matched_by"], "email")
        self.assertEqual((result["id"], touch.lead_id), (touch.id, self.lead.id))
        self.assertEqual(touch.recorded_by_id, self.env.ref("base.user_root").id)
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))

    def test_a_batch_with_a_bad_item(self):
        items = [self._item(external_key=str(n)) for n in range(3)]
        items[1]["kind"] = "nonsense"
        response = self._post("touchpoints", items)
        self.assertEqual(response.status_code, 207)
        statuses = [result["status"] for result in response.json()["results"]]
        self.assertEqual(statuses, ["created", "rejected", "created"])
        self.assertEqual(len(self._touches()), 2)
        response = self._post("touchpoints", items[1])
        self.assertEqual(response.status_code, 422)
        self.assertEqual(response.json()["rejected"], 1)

    def test_nobody_is_told_what_was_wrong_with_the_signature(self):
        item = self._item()
        other = self._build_connector(name="Other")
        now = time.time()
        calls = {
            "secret": {"secret": "another"},
            "connector": {"connector": other, "secret": "x"},
            "unknown": {"X_SOP_Connector": "sop_nobody"},
            "late": {"at": now - 400},
            "early": {"at": now + 400},
            "not hexadecimal": {"X_SOP_Signature": "v1=\xe9\xe8"},
            "none": {"X_SOP_Signature": None},
            "no time": {"X_SOP_Timestamp": "²"},
            "long time": {"X_SOP_Timestamp": "9" * 5000},
        }
        answers = set()
        for name, changes in calls.items():
            with self.subTest(name):
                response = self._post("touchpoints", item, **changes)
                self.assert_error(response, 401, "not_authorised")
                answers.add(response.text)
        self.assertEqual(len(answers), 1)
        self.connector.active = False
        response = self._post("touchpoints", item)
        self.assert_error(response, 401, "not_authorised")
        self.assertFalse(self._touches())

    def test_a_replaced_body_is_not_signed(self):
        body = json.dumps(self._item()).encode()
        at = int(time.time())
        response = self._post(
            "touchpoints", body + b" ", X_SOP_Signature=sign("a secret", at, body)
        )
        self.assert_error(response, 401, "not_authorised")

    def test_bodies_that_are_not_read(self):
        for body, status, code in (
            (b'{"a": NaN}', 400, "not_json"),
            (b'{"cost": 1e999}', 400, "not_json"),
            (b"{", 400, "not_json"),
            (b"", 400, "not_json"),
            (b"[" * 100_000, 400, "not_json"),
            (b'{"cost": ' + b"9" * 10_000 + b"}", 400, "not_json"),
            ('{"note": "é"}'.encode("latin-1"), 400, "not_utf8"),
            (b"[]", 422, "no_items"),
            (json.dumps([{}] * 501).encode(), 422, "too_many_items"),
        ):
            with self.subTest(body[:30]):
                response = self._post("touchpoints", body)
                self.assert_error(response, status, code)

    def test_content_types(self):
        for kind in (
            "application/x-www-form-urlencoded",
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/json; charset=latin-1",
            "",
        ):
            with self.subTest(kind):
                response = self._post("touchpoints", self._item(), Content_Type=kind)
                self.assert_error(response, 415, "not_json")

    def test_too_large(self):
        response = self._post("touchpoints", b" " * (1024 * 1024 + 1))
        self.assert_error(response, 413, "too_large")

    def test_what_a_connector_may_do(self):
        self.connector.may_lead = False
        response = self._post("leads", self._item())
        self.assert_error(response, 403, "not_allowed")

    def test_the_same_call_is_answered_the_same(self):
        item = self._item(external_key="7")
        first = self._post("touchpoints", item, Idempotency_Key="k1")
        again = self._post("touchpoints", item, Idempotency_Key="k1")
        self.assertEqual(first.json(), again.json())
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.assertEqual(again.json()["created"], 1)
        other = self._post("touchpoints", self._item(), Idempotency_Key="k1")
        self.assert_error(other, 409, "key_used")
        elsewhere = self._post("leads", item, Idempotency_Key="k1")
        self.assert_error(elsewhere, 409, "key_used")
        plain = self._post("touchpoints", item)
        self.assertEqual(plain.json()["duplicate"], 1)
        long = self._post("touchpoints", item, Idempotency_Key="k" * 201)
        self.assert_error(long, 400, "idempotency_key")
        self.assertEqual(len(self._touches()), 1)

    def test_an_idempotency_key_is_forgotten_after_a_day(self):
        item = self._item(external_key="7")
        self._post("touchpoints", item, Idempotency_Key="k1")
        row = self.env["crm.connector.answer"].sudo().search([("key", "=", "k1")])
        row.answered_at = "2020-01-01"
        self.env.flush_all()
        again = self._post("touchpoints", item, Idempotency_Key="k1")
        self.assertEqual(again.json()["duplicate"], 1)
        self.assertNotIn("Idempotent-Replayed", again.headers)

    def test_the_limit(self):
        self.connector.rate_limit = 2
        codes = [self._post("touchpoints", self._item()).status_code for _n in range(4)]
        # A minute may end in between; the limit begins anew then.
        self.assertEqual(codes[:2], [200, 200])
        if 429 in codes:
            response = self._post("touchpoints", self._item())
            if response.status_code == 429:
                self.assertTrue(0 < int(response.headers["Retry-After"]) <= 60)

    def test_other_methods(self):
        with mute_logger("odoo.http"):
            response = self.url_open(f"{ROOT}/touchpoints", method="GET")
        self.assertEqual(response.status_code, 405)

    def test_a_parameter_named_as_in_python(self):
        for path in ("openapi.json", "hooks/any"):
            response = self.url_open(f"{ROOT}/{path}?self=1")
            self.assertEqual(response.status_code, 200)
        response = self._post("touchpoints?self=1&_query=2", self._item())
        self.assertEqual(response.status_code, 200, response.text[:500])

    def test_the_document(self):
        document = self.url_open(f"{ROOT}/openapi.json").json()
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertEqual(len(document["paths"]), 2)
