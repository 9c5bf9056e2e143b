"""What people see loads without a complaint, on a desk and on a phone.

The pictures are kept beside the logs: `screenshots` in the test cache.
"""

import pytest
from browser import Browser

from testing.paths import screenshots

WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
# name -> (path, what has to be on the page)
PAGES = {
    "pipeline": (
        "crm.crm_lead_action_pipeline",
        ".o_kanban_record:not(.o_kanban_ghost)",
    ),
    "opportunity": (
        "crm.crm_lead_action_pipeline/{lead}",
        ".o_form_view .o_field_widget",
    ),
    "stage_history": (
        "sales_opportunity_plus.crm_stage_history_report_action",
        ".o_pivot table, .o_graph_renderer canvas, .o_list_table",
    ),
    "conversion": (
        "sales_opportunity_plus.crm_stage_history_report_action_conversion",
        ".o_pivot table, .o_graph_renderer canvas, .o_list_table",
    ),
    "forecast": (
        "sales_opportunity_plus.crm_forecast_report_action",
        ".o_pivot table, .o_graph_renderer canvas, .o_list_table",
    ),
}


@pytest.fixture(scope="module")
def browser():
    running = Browser()
    yield running
    running.close()


@pytest.fixture(scope="module", params=["seller", "manager"])
def person(request, browser, server, world):
    browser.log_in(server.url, world["database"], request.param, world["password"])
    return request.param


@pytest.mark.parametrize("width", sorted(WIDTHS))
@pytest.mark.parametrize("page", sorted(PAGES))
def test_page(browser, server, world, person, page, width):
    path, selector = PAGES[page]
    address = (
        f"{server.url}/odoo/action-{path.format(lead=world['leads']['seller'][0])}"
    )
    browser.resize(*WIDTHS[width])
    browser.open(address, selector)
    browser.screenshot(screenshots() / f"{page}_{person}_{width}.png")
    assert browser.problems == []
    assert browser.evaluate("document.querySelector('.o_error_dialog') === null")
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    assert browser.evaluate(overflow) <= 0, "the page is wider than the screen"


def test_the_opportunity_shows_its_history(browser, server, world, person):
    lead = world["leads"]["seller"][0]
    address = f"{server.url}/odoo/action-crm.crm_lead_action_pipeline/{lead}"
    browser.resize(*WIDTHS["desk"])
    browser.open(address, "button[name='action_open_stage_history']")
    browser.evaluate(
        "document.querySelector(\"button[name='action_open_stage_history']\").click()"
    )
    found = "!!document.querySelector('.o_list_table .o_data_row, .o_kanban_record')"
    browser.wait_for(found)
    browser.screenshot(screenshots() / f"timeline_{person}_desk.png")
    assert browser.problems == []
