import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, getService, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineStageRuleModels, needsDate, needsTicks} from "./stage_rule_models";

const Lead = defineStageRuleModels();
describe.current.tags("desktop");

const panel = (values = {}) => ({
    guidance: "First talk.",
    stage: {id: 1, name: "New"},
    next: {id: 2, name: "Talk"},
    outcome: "missing",
    missing: 2,
    rules: [
        {
            rule_id: 4,
            name: "Know the budget",
            sentence: "From any stage to Talk.",
            severity: "block",
            guidance: "",
            requirements: [
                {...needsDate, met: false},
                {...needsTicks(), met: false},
            ],
        },
    ],
    approvals: [],
    ...values,
});

async function mountForm(data) {
    Lead._records[0].stage_rule_panel = data;
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 7,
        arch: `
            <form>
                <header><field name="stage_id" widget="statusbar"
                    options="{'clickable': 1}"/></header>
                <field name="name"/>
                <field name="date_deadline"/>
                <field name="stage_rule_panel" widget="stage_rule_panel"/>
            </form>`,
    });
}

test("each requirement is shown as it stands", async () => {
    await mountForm(panel());
    expect(".o_stage_rule_toggle").toHaveText("Before Talk\n2 missing");
    expect(".o_stage_rule_toggle").toHaveAttribute("aria-expanded", "true");
    expect(".o_stage_rule_requirement[data-met='0']").toHaveCount(2);
    await contains(".o_stage_rule_requirement button").click();
    expect("[name=date_deadline] input").toBeFocused();
    await contains(".o_stage_rule_toggle").click();
    expect(".o_stage_rule_requirement").toHaveCount(0);
});

test("where no rule speaks there is no panel", async () => {
    await mountForm({outcome: "none"});
    expect(".o_stage_rule_panel").toHaveCount(0);
});

test("approvals that are waited for", async () => {
    const approval = {id: 1, rule: "Big deals", requester: "Ann", state: "open"};
    await mountForm(panel({outcome: "waiting", approvals: [approval]}));
    expect(".o_stage_rule_toggle").toHaveText("Before Talk\nWaiting for approval");
    expect(".o_stage_rule_panel .alert").toHaveText(
        "Big deals: Ann asked for approval."
    );
});

test("a tick leaves a form with changes as it is", async () => {
    onRpc("crm.lead", "action_stage_rule_tick", ({args}) => {
        expect.step(args);
        return true;
    });
    await mountForm(panel());
    await contains("[name=name] input").edit("Renamed");
    onRpc("crm.lead", "read", () => [{id: 7, stage_rule_panel: panel({missing: 1})}]);
    await contains(".o_stage_rule_checklist input:first").click();
    expect.verifySteps([[[7], 3, true]]);
    expect(".o_stage_rule_toggle").toHaveText("Before Talk\n1 missing");
    expect("[name=name] input").toHaveValue("Renamed");
});

test("after a refusal the status bar shows the old stage, changes stay", async () => {
    await mountForm(panel());
    await contains("[name=name] input").edit("Renamed");
    // What a refused save leaves behind.
    onRpc("crm.lead", "web_save", () => {
        expect.step("save");
        throw new Error("refused");
    });
    expect.errors(1);
    await contains(".o_arrow_button:contains(Talk)").click();
    expect.verifySteps(["save"]);
    expect.verifyErrors(["refused"]);
    expect(".o_arrow_button_current").toHaveText("Talk");
    getService("stage_rule").heldBack([7]);
    await animationFrame();
    await animationFrame();
    expect(".o_arrow_button_current").toHaveText("New");
    expect("[name=name] input").toHaveValue("Renamed");
    expect(".o_form_status_indicator_buttons").not.toHaveClass("invisible");
});

test("after a refusal nothing is left to save when nothing else changed", async () => {
    await mountForm(panel());
    onRpc("crm.lead", "web_save", () => {
        throw new Error("refused");
    });
    expect.errors(1);
    await contains(".o_arrow_button:contains(Talk)").click();
    expect.verifyErrors(["refused"]);
    getService("stage_rule").heldBack([7]);
    await animationFrame();
    await animationFrame();
    expect(".o_arrow_button_current").toHaveText("New");
    expect(".o_form_status_indicator_buttons").toHaveClass("invisible");
});

test("the badge of the card", async () => {
    Lead._records = ["none", "ready", "missing", "waiting", "late"].map(
        (state, index) => ({
            id: index + 1,
            name: state,
            stage_rule_state: state,
            stage_rule_missing: 3,
        })
    );
    await mountView({
        type: "kanban",
        resModel: "crm.lead",
        arch: `
            <kanban><templates><t t-name="card">
                <field name="stage_rule_state" widget="stage_rule_badge"/>
            </t></templates></kanban>`,
    });
    expect(queryAllTexts(".o_kanban_record:not(.o_kanban_ghost)")).toEqual([
        "",
        "Ready",
        "3 missing",
        "Approval",
        "Over time",
    ]);
});
