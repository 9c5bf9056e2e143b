"""The ledger as people read it: who sees which touch, and what it still says."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .touch_screen_common import TouchCase


@tagged("post_install", "-at_install")
class TestTouchReport(TouchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["crm.touchpoint.report"]
        cls.free = cls._lead(user_id=False)
        cls.own_id = cls._touch(
            cls.lead,
            campaign_id=cls.campaign.id,
            medium_id=cls.medium.id,
            source_id=cls.source.id,
            cost=5.0,
            currency_id=cls.euro.id,
        )
        cls.free_id = cls._touch(cls.free)
        cls.others_id = cls._touch(cls.others)
        cls.abroad_id = cls._touch(cls.abroad)
        cls.contact_id = cls._touch(
            partner_id=cls.partner.id, company_id=cls.company.id
        )
        cls.contact_abroad_id = cls._touch(
            partner_id=cls.partner.id, company_id=cls.company_abroad.id
        )
        cls.all_ids = [
            cls.own_id,
            cls.free_id,
            cls.others_id,
            cls.abroad_id,
            cls.contact_id,
            cls.contact_abroad_id,
        ]

    def _seen(self, user):
        report = self.report.with_user(user)
        domain = [("id", "in", self.all_ids)]
        lines = report.search(domain)
        self.assertEqual(report.search_count(domain), len(lines))
        [(count,)] = report._read_group(domain, [], ["__count"])
        self.assertEqual(count, len(lines))
        return set(lines.ids)

    def test_who_sees_what(self):
        at_home = {self.own_id, self.free_id, self.others_id, self.contact_id}
        for user, expected in (
            (self.seller, {self.own_id, self.free_id}),
            (self.seller_two, {self.others_id, self.free_id}),
            (self.all_leads, at_home),
            (self.manager, at_home),
            (self.seller_abroad, {self.abroad_id}),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._seen(user), expected)

    def test_rules_on_opportunities_and_contacts_of_somebody_else(self):
        rules = self.env["ir.rule"]
        model = self.env["ir.model"]
        rules.create(
            {
                "name": "Test: small deals",
                "model_id": model._get_id("crm.lead"),
                "domain_force": "[('expected_revenue', '<', 5000)]",
            }
        )
        rules.create(
            {
                "name": "Test: no Annas",
                "model_id": model._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Test Anna')]",
            }
        )
        self.lead.expected_revenue = 9000
        self.assertEqual(self._seen(self.manager), {self.free_id, self.others_id})

    def test_cost_is_for_managers(self):
        line = self.report.browse(self.own_id)
        self.assertEqual(line.with_user(self.manager).cost, 5.0)
        with self.assert_refused(AccessError, "cost|Cost"):
            line.with_user(self.seller).read(["cost"])
        arch = self.report.with_user(self.seller).get_view(view_type="list")["arch"]
        self.assertNotIn('name="cost"', arch)

    def test_nobody_writes(self):
        line = self.report.browse(self.own_id).with_user(self.manager)
        for refused in (
            lambda: line.write({"note": "forged"}),
            lambda: line.unlink(),
            lambda: line.create({"note": "forged"}),
        ):
            with self.assert_refused(AccessError, "."):
                refused()

    def test_names_outlive_what_they_name(self):
        self.campaign.unlink()
        self.env.invalidate_all()
        line = self.report.browse(self.own_id).with_user(self.seller)
        self.assertFalse(line.campaign_id)
        self.assertEqual(line.channel_name, "Test Spring Fair / Test Stand / Test Fair")
        self.assertIn("Test Spring Fair", line.display_name)

    def test_views_and_their_filters(self):
        report = self.report.with_user(self.seller)
        modes = ("list", "kanban", "pivot", "graph", "form", "search")
        views = report.get_views([(False, mode) for mode in modes])["views"]
        for node in etree.fromstring(views["search"]["arch"]).iter("filter"):
            with self.subTest(filter=node.get("name")):
                names = {"uid": self.seller.id}
                if domain := node.get("domain"):
                    report.search_count(safe_eval(domain, names))
                group = safe_eval(node.get("context", "{}"), names).get("group_by")
                if group:
                    self.assertTrue(
                        report.formatted_read_group([], [group], ["__count"])
                    )

    def test_timelines(self):
        action = self.lead.with_user(self.seller).action_source_open_touches()
        lines = self.report.with_user(self.seller).search(action["domain"])
        self.assertEqual(lines.ids, [self.own_id])
        with self.assert_refused(AccessError, "."):
            self.others.with_user(self.seller).action_source_open_touches()
        partner = self.partner.with_user(self.manager)
        action = partner.action_source_open_touches()
        lines = self.report.with_user(self.manager).search(action["domain"])
        self.assertEqual(lines.ids, [self.contact_id])
        self.assertEqual(partner.touch_count, 1)
        self.assertEqual(self.partner.with_user(self.seller).touch_count, 0)

    def test_touches_of_a_companys_people_are_those_of_the_company(self):
        firm = self.env["res.partner"].create({"name": "Test Firm", "is_company": True})
        self.partner.parent_id = firm
        self.assertEqual(firm.with_user(self.manager).touch_count, 1)

    def test_button_opens_what_was_touched(self):
        line = self.report.browse(self.own_id).with_user(self.seller)
        self.assertEqual(line.action_open_lead()["res_id"], self.lead.id)
        line = self.report.browse(self.contact_id).with_user(self.manager)
        self.assertEqual(line.action_open_lead()["res_model"], "res.partner")

    def test_who_reported_it_in_words(self):
        connector = self.env["crm.connector"].create(
            {"name": "Test 100% “Forms”", "company_id": self.company.id}
        )
        expected = {
            self._touch(self.lead, origin=origin): name
            for origin, name in (
                ("odoo", "Odoo"),
                ("manual", "By hand"),
                ("import", "Import"),
                (connector._source_origin(), connector.name),
                ("connector:999999999", "connector:999999999"),
                ("connector:12x", "connector:12x"),
                ("other", "other"),
            )
        }
        connector.active = False
        report = self.report.with_user(self.seller)
        lines = report.browse(expected)
        lines.fetch(["kind_id"])
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            found = {line.id: line.origin_name for line in lines}
        self.assertEqual(found, expected)
        groups = report._read_group(
            [("id", "in", lines.ids)], ["origin_name"], ["__count"]
        )
        self.assertEqual({name for name, _count in groups}, set(expected.values()))
        found = report.search(
            [("origin_name", "ilike", "100% “f"), ("id", "in", lines.ids)]
        )
        self.assertEqual(found.origin, connector._source_origin())


@tagged("post_install", "-at_install")
class TestTouchKind(TouchCase):
    def test_code_of_a_kind_in_use_stays(self):
        kind = self.env["crm.touch.kind"].with_user(self.manager)
        kind = kind.create({"name": "Fair", "code": "test_fair"})
        kind.code = "test_trade_fair"
        self.env.flush_all()
        self._touch(self.lead, kind="test_trade_fair")
        kind.invalidate_recordset()
        self.assertEqual(kind.touch_count, 1)
        with self.assert_refused(Exception, "cannot be changed"):
            kind.code = "test_fair"
        with self.assert_refused(Exception, "Archive it instead"):
            kind.unlink()
        kind.write({"active": False, "code": "test_trade_fair", "name": "Trade Fair"})

    def test_kinds_of_the_addon_stay(self):
        kind = self.env.ref("sales_opportunity_plus.touch_kind_survey")
        with self.assert_refused(Exception, "Archive it instead"):
            kind.with_user(self.manager).unlink()

    def test_wrong_codes_and_icons(self):
        kinds = self.env["crm.touch.kind"].with_user(self.manager)
        for code in ("Fair", "1fair", "a b", "", "x" * 70, "ä", "a\x00b"):
            with self.subTest(code=code), self.assert_refused(Exception, "."):
                kinds.create({"name": "Fair", "code": code})
        with self.assert_refused(Exception, "not an icon"):
            kinds.create({"name": "Fair", "code": "ok", "icon": 'x" onload="'})

    def test_sellers_read_kinds_only(self):
        kinds = self.env["crm.touch.kind"].with_user(self.seller)
        self.assertTrue(kinds.search([]))
        with self.assert_refused(AccessError, "."):
            kinds.create({"name": "Fair", "code": "fair"})
