"""Web visits: one signed tuple in a cookie, and what a form makes of it."""

import json
from datetime import datetime
from http.cookies import SimpleCookie
from unittest.mock import patch

from odoo.tests import HOST, HttpCase, tagged
from odoo.tools import hash_sign, verify_hash_signed

from odoo.addons.http_routing.tests.common import MockRequest

from ..engine import visit
from ..models.source import ir_http
from ..models.source.ir_http import COOKIE, SCOPE
from .common import FirmMixin
from .touch_screen_common import TouchCase

AT = 1_714_550_000
FORM_MODELS = (
    "crm.lead",
    "crm.stage",
    "crm.team",
    "utm.campaign",
    "utm.medium",
    "utm.source",
    "utm.stage",
)


class CookieMixin:
    def _signed(self, *visits, hours=24):
        return hash_sign(
            self.env(su=True), SCOPE, visit.packed(list(visits)), expiration_hours=hours
        )

    def _read(self, token):
        rows = verify_hash_signed(self.env(su=True), SCOPE, token)
        return [visit.Visit(*row) for row in rows]


@tagged("post_install", "-at_install")
class TestVisitCookie(CookieMixin, FirmMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()

    def _get(self, parameters, **headers):
        return self.url_open("/web/login?" + parameters, headers=headers)

    def _cookie(self):
        return self.opener.cookies.get(COOKIE)

    def _forget(self):
        jar = self.opener.cookies
        for cookie in [cookie for cookie in jar if cookie.name == COOKIE]:
            jar.clear(cookie.domain, cookie.path, cookie.name)

    def test_visit_is_one_tuple_first_and_last(self):
        response = self._get(
            "utm_source=Search&utm_campaign=Spring%20Sale&gclid=abc&token=secret",
            Referer="https://search.example/find?q=private",
        )
        self.assertEqual(response.status_code, 200)
        header = response.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Lax", f"Max-Age={visit.MAX_AGE}"):
            self.assertIn(part, header)
        [first] = self._read(self._cookie())
        self.assertEqual(first.came_through, ("Spring Sale", "", "Search", "gclid:abc"))
        self.assertEqual(first.referrer, "https://search.example/find")
        self.assertTrue(first.landing_page.endswith("/web/login"))
        self._get("utm_source=Newsletter")
        both = self._read(self._cookie())
        self.assertEqual(both[0], first)
        self.assertEqual(both[1].came_through, ("", "", "Newsletter", ""))
        self._get("utm_source=Third")
        first_again, last = self._read(self._cookie())
        self.assertEqual((first_again, last.source), (first, "Third"))

    def test_nothing_is_written_without_need(self):
        self.assertNotIn(COOKIE, self._get("a=b").headers.get("Set-Cookie", ""))
        self._get("utm_source=Search")
        token = self._cookie()
        response = self._get("utm_source=Search")
        self.assertNotIn(COOKIE, response.headers.get("Set-Cookie", ""))
        self.assertEqual(self._cookie(), token)
        self._get("utm_source=")
        self.assertEqual(self._cookie(), token)

    def test_without_consent_nothing_is_kept(self):
        model = type(self.env["ir.http"])
        with patch.object(
            model, "_is_allowed_cookie", lambda *args: args[-1] == "required"
        ):
            response = self._get("utm_source=Search&gclid=abc")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._cookie())

    def test_salespeople_are_no_visitors(self):
        self.authenticate("test_seller", "test_seller")
        response = self.url_open("/odoo?utm_source=Search")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._cookie())

    def test_bad_input(self):
        for parameters in (
            "utm_campaign=" + "x" * 9000,
            "utm_campaign=%00%01%ff&gclid=%F0%9F%98%80" + "%F0%9F%98%80" * 500,
            "utm_source=" + "%D8%A7" * 900 + "&utm_medium=" + "%D8%A7" * 900,
            "utm_source=a&utm_source=b",
            "utm_source[]=a",
        ):
            with self.subTest(parameters=parameters[:40]):
                response = self._get(parameters, Referer="http://[" + "y" * 3000)
                self.assertEqual(response.status_code, 200)
                self.assertLess(len(self._cookie() or ""), 4000)

    def test_tampered_cookies_are_ignored(self):
        good = self._signed(visit.Visit(AT, "Spring"))
        for token in (
            "nonsense",
            "%00",
            "=" * 50,
            good[:-4] + "AAAA",
            good[:20],
            "x" * 9000,
            hash_sign(self.env(su=True), "another.scope", [[AT, *"abcdef"]]),
            self._signed(visit.Visit(AT, "Spring"), hours=-1),
        ):
            with self.subTest(token=token[:30]):
                self._forget()
                self.opener.cookies.set(COOKIE, token, domain=HOST, path="/")
                response = self._get("utm_source=New")
                self.assertEqual(response.status_code, 200)
                written = SimpleCookie(response.headers["Set-Cookie"])
                [only] = self._read(written[COOKIE].value)
                self.assertEqual(only.source, "New")

    def test_form_of_a_portal_user_over_http(self):
        portal = self._user("test_portal", "base.group_portal", self.company)
        # Without website_crm there is no form: this user may create by himself.
        for model in FORM_MODELS:
            self.env["ir.model.access"].create(
                {
                    "name": "Test: portal users send forms",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_portal").id,
                    **dict.fromkeys(("perm_read", "perm_create"), True),
                }
            )
        self.authenticate("test_portal", "test_portal")
        self.url_open("/my?utm_campaign=Test Visit&utm_source=Test Found")
        self.assertTrue(self._cookie())
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "params": {
                        "model": "crm.lead",
                        "method": "create",
                        "args": [[{"name": "Test Form", "type": "lead"}]],
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        [lead_id] = response.json().get("result") or [response.text[-1500:]]
        touches = self.env["crm.touchpoint.report"].search(
            [("lead_id", "=", lead_id)], order="happened_at, id"
        )
        self.assertEqual(touches.kind_id.mapped("code"), ["visit", "form"])
        self.assertEqual(touches.campaign_id.name, "Test Visit")
        self.assertEqual(touches.source_id.name, "Test Found")
        self.assertEqual(touches.recorded_by_id, portal)


@tagged("post_install", "-at_install")
class TestVisitOfForm(CookieMixin, TouchCase):
    """A form creates as Odoo's website does: in the superuser's name."""

    FIRST = visit.Visit(
        AT, "Test Spring Fair", "Test Stand", "", "https://x.example/a", "", "gclid:1"
    )
    LAST = visit.Visit(AT + 86400, "", "", "Test 50%_new", "", "https://y.example/b")

    def _send(self, token, user="base.public_user", cookies=(), **values):
        env = self.env(user=self.env.ref(user) if isinstance(user, str) else user)
        given = dict(cookies, **({COOKIE: token} if token else {}))
        with MockRequest(env, cookies=given) as request:
            # The mock has no database of its own.
            request.db = self.env.cr.dbname
            with patch.object(ir_http, "request", request):
                return self.env["crm.lead"].create(
                    {"name": "Test Form", "company_id": self.company.id, **values}
                )

    def _told(self, lead):
        names = ("kind", "campaign_name", "medium_name", "source_name")
        return [tuple(touch[name] for name in names) for touch in self._ledger(lead)]

    def test_first_last_and_form(self):
        lead = self._send(self._signed(self.FIRST, self.LAST))
        first, last, form = self._ledger(lead)
        self.assertEqual(
            self._told(lead),
            [
                ("visit", "Test Spring Fair", "Test Stand", None),
                ("visit", None, None, "Test 50%_new"),
                ("form", None, None, "Test 50%_new"),
            ],
        )
        self.assertEqual(first["campaign_id"], self.campaign.id)
        moments = [touch["happened_at"] for touch in (first, last)]
        self.assertEqual(
            moments, [datetime.utcfromtimestamp(v.at) for v in (self.FIRST, self.LAST)]
        )
        self.assertEqual(first["landing_page"], "https://x.example/a")
        self.assertEqual(first["click_id"], "gclid:1")
        self.assertEqual(last["referrer"], "https://y.example/b")
        self.assertGreater(form["happened_at"], last["happened_at"])

    def test_cookies_of_two_visits_are_not_mixed(self):
        cookies = {
            "odoo_utm_campaign": "Test Spring Fair",
            "odoo_utm_medium": "Test Stand",
            "odoo_utm_source": "Test 50%_new",
        }
        source = self.env["utm.source"].create({"name": "Test 50%_new"})
        mixed = {
            "campaign_id": self.campaign.id,
            "medium_id": self.medium.id,
            "source_id": source.id,
        }
        token = self._signed(self.FIRST, self.LAST)
        lead = self._send(token, cookies=cookies, **mixed)
        self.assertEqual(self._told(lead)[-1], ("form", None, None, "Test 50%_new"))
        del cookies["odoo_utm_medium"]
        mixed["medium_id"] = self.env.ref("utm.utm_medium_website").id
        lead = self._send(token, cookies=cookies, **mixed)
        self.assertEqual(self._told(lead)[-1], ("form", None, None, "Test 50%_new"))
        said = self._send(token, campaign_id=self.campaign.id, source_id=False)
        self.assertEqual(self._told(said)[-1], ("form", "Test Spring Fair", None, None))

    def test_same_visit_is_recorded_once(self):
        token = self._signed(self.FIRST, self.FIRST)
        lead = self._send(token)
        self.assertEqual([row[0] for row in self._told(lead)], ["visit", "form"])
        other = self._send(token)
        self.assertEqual(len(self._told(other)), 2, "the visit brought both")

    def test_who_is_no_visitor(self):
        token = self._signed(self.FIRST)
        for user in (self.seller, self.manager):
            lead = self._send(token, user=user)
            self.assertNotIn("visit", [row[0] for row in self._told(lead)])

    def test_without_a_cookie_or_a_right_one(self):
        bad = (None, "x", self._signed(self.FIRST, hours=-1), self._signed()[:-3])
        for token in bad:
            self.assertFalse(self._ledger(self._send(token)))
        with_source = self._send(None, source_id=self.source.id)
        self.assertEqual(self._told(with_source), [("form", None, None, "Test Fair")])

    def test_consent_that_was_taken_back(self):
        model = type(self.env["ir.http"])
        token = self._signed(self.FIRST)
        with patch.object(model, "_is_allowed_cookie", lambda *args: False):
            self.assertFalse(self._ledger(self._send(token)))
