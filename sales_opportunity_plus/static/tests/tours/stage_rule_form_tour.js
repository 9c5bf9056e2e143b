import {registry} from "@web/core/registry";
import {
    click,
    clickStage,
    currentStage,
    DIALOG,
    dialogIsGone,
    dialogSays,
    tick,
} from "./stage_rule_steps";

const tours = registry.category("web_tour.tours");
const PREFIX = "sales_opportunity_plus.stage_rule";

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
