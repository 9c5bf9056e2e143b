"""The unit tests of the web client's part."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestStageRuleJs(HttpCase):
    browser_size = "1366x768"

    def test_unit_tests(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@sales_opportunity_plus/stage_rule",
            "",
            "",
            login="admin",
            success_signal="[HOOT] Test suite succeeded",
            timeout=600,
        )
