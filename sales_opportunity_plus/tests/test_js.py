"""The unit tests of the web client's part."""

from odoo.tests import HttpCase, tagged


class JsCase(HttpCase):
    preset = "desktop"

    def _run_unit_tests(self, room):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={self.preset}&timeout=15000"
            f"&filter=@sales_opportunity_plus/{room}",
            "",
            "",
            login="admin",
            success_signal="[HOOT] Test suite succeeded",
            timeout=600,
        )


@tagged("post_install", "-at_install")
class TestJs(JsCase):
    browser_size = "1366x768"

    def test_stage_rule(self):
        self._run_unit_tests("stage_rule")

    def test_forecast(self):
        self._run_unit_tests("forecast")


@tagged("post_install", "-at_install")
class TestJsOnAPhone(JsCase):
    browser_size = "375x667"
    touch_enabled = True
    preset = "mobile"

    def test_forecast(self):
        self._run_unit_tests("forecast")
