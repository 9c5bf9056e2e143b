import {registry} from "@web/core/registry";
import {
    click,
    clickStage,
    currentStage,
    DIALOG,
    dialogIsGone,
    dialogSays,
} from "./stage_rule_steps";

const tours = registry.category("web_tour.tours");
const PREFIX = "sales_opportunity_plus.stage_rule";

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
        {
            content: "Change something else",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Test Deal renamed",
        },
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
        {trigger: ".o_stage_rule_panel:contains(asked for approval)"},
        {trigger: currentStage("Test New")},
        {
            content: "The other change is still there",
            trigger: ".o_field_widget[name=name] textarea:value(Test Deal renamed)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_view:not(:has(.o_form_button_save:visible))"},
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
