"""pytest plugin: a test that needs a browser fails where there is none.

Odoo's own test classes skip when Chromium or websocket-client is missing, and
pytest-odoo skips HttpCase without --odoo-http. A run without browser tests would
then look like a pass.
"""

import pytest

BROWSER_WORDS = ("chrome", "websocket-client", "httpcase", "browser")


def _reason(report):
    longrepr = report.longrepr
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = _reason(report)
        if any(word in reason.lower() for word in BROWSER_WORDS):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} must run, but was skipped: {reason}"
    return report
