import {registry} from "@web/core/registry";
import {
    click,
    DIALOG,
    dialogIsGone,
    dialogSays,
    fillIn,
    tick,
} from "./stage_rule_steps";

const tours = registry.category("web_tour.tours");
const PREFIX = "sales_opportunity_plus.stage_rule";
const column = (name) => `.o_kanban_group:contains(${name})`;
const card = (stage) => `${column(stage)} .o_kanban_record:contains(Test Deal)`;

const drag = {
    content: "Drag the opportunity to the next stage",
    trigger: card("Test New"),
    run: `drag_and_drop(${column("Test Talk")})`,
};

tours.add(`${PREFIX}.kanban`, {
    steps: () => [
        {
            content: "The card says how much is missing",
            trigger: `${card("Test New")} .o_stage_rule_badge:contains(2 missing)`,
        },
        drag,
        dialogSays("Test Deal cannot move to Test Talk yet"),
        dialogSays("Ask who pays"),
        click("cancel"),
        dialogIsGone,
        {content: "The card went back", trigger: card("Test New")},
        drag,
        ...fillIn,
        click("fix"),
        dialogSays("Something is still missing"),
        {
            content: "What was typed is still there",
            trigger: `${DIALOG} [data-done="1"] [name=date_deadline]:contains(Dec 24)`,
        },
        ...tick,
        click("fix"),
        dialogIsGone,
        {trigger: ".o_notification:contains(Test Deal moved: Test Talk)"},
        {content: "The card is in the next stage", trigger: card("Test Talk")},
    ],
});

tours.add(`${PREFIX}.list`, {
    steps: () => [
        {trigger: ".o_switch_view.o_list", run: "click"},
        {
            content: "Select all of them",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger:
                ".o_data_row.o_data_row_selected:contains(Deal 0) td[name=stage_id]",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name=stage_id] input",
            run: "edit Test Talk",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Test Talk)",
            run: "click",
        },
        {
            content: "Yes, all of them",
            trigger: ".modal-footer .btn-primary:contains(Update)",
            run: "click",
        },
        dialogSays("2 of 3 opportunities cannot move yet"),
        {trigger: `${DIALOG} summary`, run: "click"},
        dialogSays("Deal 1"),
        click("others"),
        dialogIsGone,
        {trigger: ".o_notification:contains(1 moved, 2 stay where they are)"},
        {
            content: "The one that might is there",
            trigger:
                ".o_data_row:contains(Deal 0) td[name=stage_id]:contains(Test Talk)",
        },
        {
            trigger:
                ".o_data_row:contains(Deal 1) td[name=stage_id]:contains(Test New)",
        },
    ],
});
