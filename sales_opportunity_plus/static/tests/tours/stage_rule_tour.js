import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const PREFIX = "sales_opportunity_plus.stage_rule";
const DIALOG = ".o_dialog .o_stage_rule_dialog";
const column = (name) => `.o_kanban_group:contains(${name})`;
const card = (stage) => `${column(stage)} .o_kanban_record:contains(Test Deal)`;
const currentStage = (name) => `.o_arrow_button_current:contains(${name})`;

const drag = {
    content: "Drag the opportunity to the next stage",
    trigger: card("Test New"),
    run: `drag_and_drop(${column("Test Talk")})`,
};

const clickStage = (name) => ({
    content: `Click ${name} in the status bar`,
    trigger: `.o_statusbar_status .o_arrow_button:contains(${name})`,
    run: "click",
});

const click = (name) => ({
    content: `Click ${name} in the dialog`,
    trigger: `${DIALOG} .o_stage_rule_${name}:enabled`,
    run: "click",
});

const dialogSays = (text) => ({
    content: `The dialog says: ${text}`,
    trigger: `${DIALOG}:contains(${text})`,
});

const dialogIsGone = {trigger: `body:not(:has(${DIALOG}))`};

const fillIn = [
    {
        content: "The first missing thing has the focus",
        trigger: `${DIALOG} .o_field_widget[name=date_deadline] input:focus`,
        run: "edit 12/24/2024 && press Tab",
    },
    {
        content: "What was typed is good",
        trigger: `${DIALOG} .o_stage_rule_failure[data-done="1"][data-kind=field]`,
    },
];

const tick = [
    {
        content: "Tick what is to be ticked",
        trigger: `${DIALOG} .o_stage_rule_checklist label:contains(Budget confirmed)`,
        run: "click",
    },
    {
        trigger: `${DIALOG} .o_stage_rule_failure[data-done="1"][data-kind=checklist]`,
    },
];

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

tours.add(`${PREFIX}.form`, {
    steps: () => [
        {trigger: ".o_stage_rule_panel:contains(Before Test Talk):contains(2 missing)"},
        {
            content: "Change something else",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Test Deal renamed",
        },
        clickStage("Test Talk"),
        dialogSays("cannot move to Test Talk yet"),
        {
            content: "The status bar went back, what was typed stays",
            trigger: currentStage("Test New"),
        },
        {trigger: ".o_field_widget[name=name] textarea:value(Test Deal renamed)"},
        {
            content: "Esc cancels",
            trigger: `${DIALOG} .o_field_widget[name=date_deadline] input:focus`,
            async run({press, queryAll}) {
                // A tooltip under the mouse takes the first one for itself.
                for (let times = 0; times < 2 && queryAll(DIALOG).length; times++) {
                    await press("Escape");
                    await new Promise((resolve) => setTimeout(resolve, 200));
                }
            },
        },
        dialogIsGone,
        {
            content: "Tick in the panel, though the form has changes",
            trigger: ".o_stage_rule_panel label:contains(Budget confirmed)",
            run: "click",
        },
        {trigger: ".o_stage_rule_panel:contains(1 missing)"},
        {trigger: ".o_field_widget[name=name] textarea:value(Test Deal renamed)"},
        clickStage("Test Talk"),
        {
            content: "Enter is the first button",
            trigger: `${DIALOG} .o_field_widget[name=date_deadline] input`,
            run: "edit 12/24/2024 && press Enter",
        },
        dialogIsGone,
        {trigger: currentStage("Test Talk")},
        {
            content: "The other change was written with the move",
            trigger: ".o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});

tours.add(`${PREFIX}.clean_form`, {
    steps: () => [
        clickStage("Test Talk"),
        click("cancel"),
        dialogIsGone,
        {trigger: currentStage("Test New")},
        {
            content: "There is nothing to save",
            trigger: ".o_form_view:not(:has(.o_form_button_save:visible))",
        },
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
            trigger: ".o_data_row.o_data_row_selected:contains(Deal 0) td[name=stage_id]",
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
            trigger: ".o_data_row:contains(Deal 0) td[name=stage_id]:contains(Test Talk)",
        },
        {
            trigger: ".o_data_row:contains(Deal 1) td[name=stage_id]:contains(Test New)",
        },
    ],
});

tours.add(`${PREFIX}.anyway`, {
    steps: () => [
        clickStage("Test Talk"),
        click("override"),
        {
            content: "A reason is needed",
            trigger: `${DIALOG} .o_stage_rule_send:disabled`,
        },
        {
            trigger: `${DIALOG} .o_stage_rule_note textarea`,
            run: "edit The customer is in a hurry",
        },
        click("send"),
        dialogIsGone,
        {trigger: currentStage("Test Talk")},
    ],
});

tours.add(`${PREFIX}.approval`, {
    steps: () => [
        clickStage("Test Talk"),
        {
            content: "He may not decide himself",
            trigger: `${DIALOG}:not(:has(.o_stage_rule_override))`,
        },
        click("ask"),
        {
            trigger: `${DIALOG} .o_stage_rule_note textarea`,
            run: "edit Please",
        },
        click("send"),
        dialogIsGone,
        {trigger: ".o_notification:contains(Approval was asked for)"},
        {trigger: currentStage("Test New")},
    ],
});

tours.add(`${PREFIX}.lost`, {
    steps: () => [
        {trigger: ".o_form_statusbar button:contains(Lost)", run: "click"},
        {trigger: ".modal-footer button:contains(Mark as Lost)", run: "click"},
        dialogSays("Lost is held back"),
        {
            trigger: `${DIALOG} .o_stage_rule_failure select`,
            run: "selectByLabel No budget",
        },
        click("fix"),
        {
            content: "The wizard is gone too",
            trigger: "body:not(:has(.o_dialog))",
        },
        {trigger: ".ribbon:contains(Lost)"},
    ],
});

tours.add(`${PREFIX}.mobile`, {
    steps: () => [
        {
            content: "The panel is folded on a phone",
            trigger: ".o_stage_rule_panel:not(:has(#o_stage_rule_panel_body))",
        },
        {trigger: ".o_stage_rule_toggle", run: "click"},
        {trigger: ".o_stage_rule_panel:contains(Budget confirmed)"},
        {trigger: ".o_statusbar_status button:visible", run: "click"},
        {trigger: ".o-dropdown-item:contains(Test Talk)", run: "click"},
        {
            trigger: `${DIALOG} .o_field_widget[name=date_deadline] input`,
            run: "edit 12/24/2024",
        },
        ...tick,
        {
            content: "Buttons are as wide as the screen",
            trigger: `${DIALOG} .o_stage_rule_fix`,
            run({anchor}) {
                if (anchor.offsetWidth < 0.8 * window.innerWidth) {
                    throw new Error(`The button is ${anchor.offsetWidth} wide`);
                }
            },
        },
        click("fix"),
        dialogIsGone,
        {trigger: ".o_statusbar_status button:visible:contains(Test Talk)"},
    ],
});
