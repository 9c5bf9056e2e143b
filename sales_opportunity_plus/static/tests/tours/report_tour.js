import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openReport = (menu) => [
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
        content: `Open ${menu}`,
        trigger: `.dropdown-item[data-menu-xmlid='sales_opportunity_plus.${menu}']`,
        run: "click",
    },
];

const removeFilters = {
    content: "Look at all of them",
    trigger: ".o_searchview",
    async run({queryAll, click}) {
        while (queryAll(".o_facet_remove").length) {
            await click(".o_facet_remove");
            await new Promise((resolve) => setTimeout(resolve, 200));
        }
    },
};

const switchTo = (view, found) => [
    {
        trigger: `.o_switch_view.o_${view}`,
        run: "click",
    },
    {
        content: `The ${view} has something to show`,
        trigger: found,
    },
];

const backToPivot = switchTo("pivot", ".o_pivot .o_pivot_cell_value");

tours.add("sales_opportunity_plus.manager_forecast", {
    steps: () => [
        ...openReport("crm_forecast_report_menu"),
        {trigger: ".o_pivot"},
        removeFilters,
        {
            content: "Categories are the columns",
            trigger: ".o_pivot thead:contains(Pipeline):contains(Closed)",
        },
        {
            content: "Weighted: a fifth of a thousand",
            trigger: ".o_pivot .o_pivot_cell_value:contains(200.00)",
        },
        ...switchTo("graph", ".o_graph_renderer canvas"),
        ...switchTo("list", ".o_list_view .o_data_row:contains(Test Deal)"),
        {
            content: "Open the opportunity",
            trigger: ".o_data_row:contains(Test Deal) td[name=stage_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
    ],
});

tours.add("sales_opportunity_plus.manager_history", {
    steps: () => [
        ...openReport("crm_stage_history_report_menu"),
        {
            content: "Median, nine of ten and mean",
            trigger: ".o_pivot .o_pivot_measure_row:contains(median)",
        },
        {trigger: ".o_pivot .o_pivot_measure_row:contains(9 of 10)"},
        {trigger: ".o_pivot .o_pivot_measure_row:contains(mean)"},
        {
            content: "Ten days in the first stage",
            trigger:
                ".o_pivot tr:contains(Test New) .o_pivot_cell_value:contains(10.0)",
        },
        ...switchTo("graph", ".o_graph_renderer canvas"),
        ...switchTo("list", ".o_list_view .o_data_row:contains(Test New)"),
        ...backToPivot,
        {
            content: "Drill down",
            trigger:
                ".o_pivot tr:contains(Test New) .o_pivot_cell_value:contains(10.0)",
            run: "click",
        },
        {
            content: "Open the opportunity of the stay",
            trigger: ".o_list_view .o_data_row:contains(Test Deal) td[name=stage_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
    ],
});
