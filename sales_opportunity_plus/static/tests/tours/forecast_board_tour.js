import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openBoard = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
        run: "click",
    },
    {
        content: "Open the reports",
        trigger: ".dropdown-toggle[data-menu-xmlid='crm.crm_menu_report']",
        run: "click",
    },
    {
        content: "Open the board",
        trigger:
            ".dropdown-item[data-menu-xmlid='sales_opportunity_plus.crm_forecast_board_menu']",
        run: "click",
    },
];

const click = (content, trigger) => ({content, trigger, run: "click"});

tours.add("sales_opportunity_plus.manager_board", {
    steps: () => [
        ...openBoard,
        {
            content: "What was won, by company and person",
            trigger: ".o_forecast_company .o_forecast_cell_closed:contains(1,500)",
        },
        {trigger: ".o_forecast_person:contains(test_seller_two)"},
        click("Another kind of period", ".o_forecast_kind"),
        click("The quarter", ".o-dropdown-item:contains(Quarter)"),
        {trigger: ".o_forecast_period:contains(Q)"},
        {
            content: "It is in the address",
            trigger: ".o_forecast_board",
            run() {
                if (!window.location.search.includes("period=quarter")) {
                    throw new Error(`no period in ${window.location.href}`);
                }
            },
        },
        click("Each category alone", ".o_forecast_category"),
        click("Fold the team", ".o_forecast_team .o_forecast_fold"),
        {trigger: ".o_forecast_board:not(:has(.o_forecast_person))"},
        click(
            "Open what is behind a number",
            ".o_forecast_team .o_forecast_cell_closed .o_forecast_number"
        ),
        {
            content: "The list sums up to it",
            trigger: ".o_list_view .o_list_footer:contains(1,500.00)",
        },
        click("Back to the board", ".breadcrumb-item a:contains(Forecast Board)"),
        {
            content: "As it was left",
            trigger:
                ".o_forecast_board:has(.o_forecast_category.active):not(:has(.o_forecast_person))",
        },
        click("Look for a person", ".o_searchview_input"),
        {
            trigger: ".o_searchview_input",
            run: "edit test_seller_two",
        },
        click(
            "In salespeople",
            ".o_searchview_autocomplete .o-dropdown-item:contains(Salesperson)"
        ),
        {
            content: "Only hers",
            trigger:
                ".o_forecast_company .o_forecast_cell_closed:contains(500):not(:contains(1,500))",
        },
        click("A period without anything", ".o_forecast_following"),
        {trigger: ".o_nocontent_help:contains(Nothing to forecast)"},
        click("The current one", ".o_forecast_today"),
        {trigger: ".o_forecast_company .o_forecast_cell_closed:contains(500)"},
        click("As a pivot", ".o_switch_view.o_pivot"),
        {trigger: ".o_pivot"},
    ],
});
