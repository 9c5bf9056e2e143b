"""Every screen opens for the person with the fewest rights, and says what it should."""

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import FirmCase

GROUP = "sales_opportunity_plus.group_forecast_category"
MODULE = "sales_opportunity_plus"


@tagged("post_install", "-at_install")
class TestViews(FirmCase):
    def _actions(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(data.mapped("res_id"))

    def test_actions_open_for_a_seller(self):
        self._lead().stage_id = self.stage_talk
        actions = self._actions()
        self.assertGreaterEqual(len(actions), 3)
        opened = 0
        for action in actions:
            with self.subTest(action=action.name):
                model = self.env[action.res_model].with_user(self.seller)
                if model.has_access("read"):
                    opened += 1
                else:
                    # A wizard of the sales process: managers only.
                    model = model.with_user(self.manager)
                modes = action.view_mode.split(",")
                views = model.get_views([(False, mode) for mode in modes])
                self.assertEqual(set(views["views"]), set(modes))
                for view in views["views"].values():
                    self.assertTrue(view["arch"])
                context = safe_eval(action.context, {"uid": self.seller.id})
                filters = model.get_views([(False, "search")])["views"]["search"]
                for key in context:
                    name = key.removeprefix("search_default_")
                    if name != key:
                        self.assertIn(f'name="{name}"', filters["arch"])
        self.assertGreaterEqual(opened, 10)

    def test_filters_of_the_searches_find_and_group(self):
        self._lead().stage_id = self.stage_talk
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            report = self.env[model].with_user(self.seller)
            arch = report.get_view(view_type="search")["arch"]
            for node in self._nodes(arch, "filter"):
                with self.subTest(model=model, filter=node.get("name")):
                    names = {"uid": self.seller.id}
                    if domain := node.get("domain"):
                        report.search_count(safe_eval(domain, names))
                    group = safe_eval(node.get("context", "{}"), names).get("group_by")
                    if group:
                        self.assertTrue(
                            report.formatted_read_group([], [group], ["__count"])
                        )

    def _nodes(self, arch, tag):
        return etree.fromstring(arch).iter(tag)

    def test_views_of_the_opportunity_and_the_stage(self):
        modes = ("form", "kanban", "list", "search", "pivot", "graph", "calendar")
        lead = self.env["crm.lead"].with_user(self.seller)
        views = lead.get_views([(False, mode) for mode in modes])["views"]
        self.assertIn("action_open_stage_history", views["form"]["arch"])
        self.assertIn("forecast_category", views["form"]["arch"])
        stage = self.env["crm.stage"].with_user(self.manager)
        stage.get_views([(False, mode) for mode in ("form", "list", "search")])
        # Core asks back about won stages already when the form opens.
        with mute_logger("odoo.tests.form.onchange"), Form(stage) as form:
            form.name = "Test Made In A Form"
        self.assertEqual(form.record.forecast_category, "pipeline")

    def test_history_button_counts_in_the_form(self):
        lead = self._lead().with_user(self.seller)
        lead.stage_id = self.stage_talk
        self.assertEqual(Form(lead).stage_history_count, 2)

    def test_setting_hides_the_category(self):
        lead = self.env["crm.lead"].with_user(self.seller)
        settings = self.env["res.config.settings"]
        for shown in (False, True):
            settings.create({"group_forecast_category": shown}).execute()
            self.assertEqual(self.seller.has_group(GROUP), shown)
            for mode in ("form", "kanban", "list", "search"):
                with self.subTest(mode=mode, shown=shown):
                    arch = lead.get_view(view_type=mode)["arch"]
                    self.assertEqual('name="forecast_category"' in arch, shown)

    def test_menus_are_shown_to_sellers(self):
        menus = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.ui.menu")]
        )
        menus = self.env["ir.ui.menu"].browse(menus.mapped("res_id"))
        managers = self.env.ref(f"{MODULE}.stage_process_menu")
        menus -= menus.search([("id", "child_of", managers.id)])
        menus = menus.filtered(lambda menu: not menu.group_ids)
        self.assertTrue(menus)
        visible = self.env["ir.ui.menu"].with_user(self.seller)._visible_menu_ids()
        self.assertLessEqual(set(menus.ids), set(visible))
