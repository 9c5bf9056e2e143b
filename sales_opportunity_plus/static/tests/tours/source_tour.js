import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const openTouches = {
    content: "Look at the touches",
    trigger: ".o_notebook .nav-link[name=touches]",
    run: "click",
};

const addTouch = [
    openTouches,
    {
        content: "There is none, and it says so",
        trigger: ".o_field_source_timeline:contains(No touch of this opportunity)",
    },
    {
        trigger: "button[name=action_source_add_touch]",
        run: "click",
    },
    {
        content: "Say what happened",
        trigger: ".modal .o_field_widget[name=note] input",
        run: "edit Met at the fair",
    },
    {
        trigger: ".modal button[name=action_add]",
        run: "click",
    },
];

const reverseTouch = [
    {
        content: "Look at all of them",
        trigger: "button.btn-secondary[name=action_source_open_touches]",
        run: "click",
    },
    {
        content: "It says who reported it",
        trigger: ".o_list_view .o_data_row:contains(Met at the fair):contains(By hand)",
    },
    {
        trigger: ".o_data_row:contains(Met at the fair) button[name=action_reverse]",
        run: "click",
    },
    {
        content: "Say why",
        trigger: ".modal .o_field_widget[name=reason] input",
        run: "edit Wrong deal",
    },
    {
        trigger: ".modal button[name=action_reverse]",
        run: "click",
    },
    {
        content: "It stays, marked as reversed",
        trigger: ".o_data_row:contains(Met at the fair):contains(Reversed)",
    },
    {
        trigger: ".o_breadcrumb .o_back_button",
        run: "click",
    },
];

tours.add("sales_opportunity_plus.seller_touch", {
    steps: () => [
        ...addTouch,
        {
            content: "The timeline has it",
            trigger: ".o_source_timeline li:contains(First and last)",
        },
        ...reverseTouch,
        openTouches,
        {
            content: "The timeline does not have it any more",
            trigger: ".o_field_source_timeline:contains(No touch of this opportunity)",
        },
    ],
});

tours.add("sales_opportunity_plus.seller_credit", {
    steps: () => [
        openTouches,
        {
            content: "Half of it to each touch",
            trigger: ".o_source_timeline li:contains(Last):contains(50.0 %)",
        },
        {
            content: "Look at another model",
            trigger: ".o_source_model",
            run: "selectByLabel Test First",
        },
        {
            content: "All of it to the first one",
            trigger: ".o_source_timeline li:contains(First):contains(100.0 %)",
        },
    ],
});

tours.add("sales_opportunity_plus.manager_attribution", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            trigger: ".dropdown-toggle[data-menu-xmlid='crm.crm_menu_report']",
            run: "click",
        },
        {
            content: "Open the attribution report",
            trigger:
                ".dropdown-item[data-menu-xmlid='sales_opportunity_plus.crm_attribution_report_menu']",
            run: "click",
        },
        {
            content: "Half of what was won is the campaign's",
            trigger:
                ".o_pivot tr:contains(Test Spring) .o_pivot_cell_value:contains(500.00)",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Test Deal)",
        },
    ],
});

tours.add("sales_opportunity_plus.manager_campaign", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link[name=source_return]",
            run: "click",
        },
        {
            content: "What it brought",
            trigger: ".o_field_widget[name=source_won]:contains(500.00)",
        },
        {
            content: "(500 − 100) ÷ 100",
            trigger: ".o_field_widget[name=source_roi]:contains(400.0)",
        },
        {
            trigger: ".o_field_widget[name=source_chart] canvas",
        },
    ],
});
