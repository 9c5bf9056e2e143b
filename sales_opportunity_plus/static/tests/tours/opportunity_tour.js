import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const column = (name) => `.o_kanban_group:contains(${name})`;

const chooseCategory = [
    {
        content: "The category is that of the stage",
        trigger: ".o_field_widget[name=forecast_category] input:value(Best Case)",
        run: "click",
    },
    {
        content: "Commit to the opportunity",
        trigger: ".o_select_menu_item:contains(Commit)",
        run: "click",
    },
    {
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "It says who chose it",
        trigger:
            ".o_field_widget[name=forecast_category_user_id]:contains(test_seller)",
    },
    {
        content: "Follow the stage again",
        trigger: "button[name=action_follow_stage_forecast_category]",
        run: "click",
    },
    {
        content: "The choice is gone, the stage decides",
        trigger:
            ".o_form_view:not(:has(button[name=action_follow_stage_forecast_category]))",
    },
    {
        trigger: ".o_field_widget[name=forecast_category] input:value(Best Case)",
    },
];

tours.add("sales_opportunity_plus.seller", {
    steps: () => [
        {
            content: "Drag the opportunity to the next stage",
            trigger: `${column("Test New")} .o_kanban_record:contains(Test Deal)`,
            run: `drag_and_drop(${column("Test Talk")})`,
        },
        {
            content: "Open it",
            trigger: `${column("Test Talk")} .o_kanban_record:contains(Test Deal)`,
            run: "click",
        },
        {
            content: "See the stages it has been in",
            trigger: "button[name=action_open_stage_history]:contains(2)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Test New):contains(Created)",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Test Talk):contains(Forward)",
        },
        {
            content: "The timeline names no opportunity: it is of one",
            trigger: ".o_list_view:not(:has(th[data-name=lead_id]))",
        },
        {
            content: "Back to the opportunity",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        ...chooseCategory,
    ],
});

tours.add("sales_opportunity_plus.seller_mobile", {
    steps: () => [
        {
            content: "More of the opportunity",
            trigger: ".o-form-buttonbox .o_button_more, .o_button_more",
            run: "click",
        },
        {
            content: "See the stages it has been in",
            trigger: "button[name=action_open_stage_history]",
            run: "click",
        },
        {
            content: "The timeline is made of cards",
            trigger:
                ".o_kanban_view .o_kanban_record:contains(Test New):contains(Created)",
        },
        {
            trigger: ".o_kanban_record:contains(Test Talk):contains(Forward)",
            run: "click",
        },
        {
            content: "A card opens the opportunity",
            trigger: ".o_form_view .o_field_widget[name=forecast_category]",
        },
    ],
});
