import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {edit, press, queryAllTexts, waitFor, waitForNone} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {StageRuleDialog} from "@sales_opportunity_plus/stage_rule/stage_rule_dialog";
import {STAGE_RULE_ERROR} from "@sales_opportunity_plus/stage_rule/stage_rule_service";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {
    defineStageRuleModels,
    move,
    needsApproval,
    needsDate,
    needsReason,
    needsTicks,
    refusal,
    rule,
} from "./stage_rule_models";

describe.current.tags("desktop");
defineStageRuleModels();

const MOVE = "action_stage_rule_move";
const buttons = () => queryAllTexts(".modal-footer button");
const second = {lead_id: 8, lead_name: "Other"};

async function open(context) {
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(StageRuleDialog, {
        data: {context},
        message: "Held back",
        model: "crm.lead",
    });
    await waitFor(".o_stage_rule_dialog");
}

beforeEach(() => {
    onRpc("crm.lead", MOVE, ({args, kwargs}) => {
        const {fixes, reason_id, override_reason, only_allowed} = kwargs;
        const [ids, replay] = args;
        const given = {ids, method: replay.method, fixes, reason_id};
        expect.step({...given, override_reason, only_allowed});
        return {moved: ids.length, held: 0};
    });
});

const sent = (values) => ({
    ids: [7],
    method: "write",
    fixes: {},
    reason_id: undefined,
    override_reason: undefined,
    only_allowed: undefined,
    ...values,
});

test("everything is said, and edited, there", async () => {
    await open(refusal([move([rule([needsDate, needsTicks(), needsReason])])]));
    expect(".modal-title").toHaveText("Deal cannot move to Talk yet");
    expect(".o_stage_rule_guidance").toHaveText("Ask who pays.");
    expect(".o_stage_rule_failure").toHaveCount(3);
    expect("[name=date_deadline] input").toBeFocused();
    expect(buttons()).toEqual(["Fix and move", "Cancel"]);

    await edit("12/24/2024", {confirm: "tab"});
    await contains(".o_stage_rule_failure select").select("5");
    await animationFrame();
    expect("[data-kind=field]").toHaveAttribute("data-done", "1");
    expect("[data-kind=reason]").toHaveAttribute("data-done", "1");
    await contains(".o_stage_rule_fix").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([sent({fixes: {date_deadline: "2024-12-24"}, reason_id: 5})]);
    await waitFor(".o_notification");
    expect(".o_notification").toHaveText("Deal moved: Talk.");
});

test("Enter is the first button", async () => {
    await open(refusal([move([rule([needsDate])])]));
    await edit("12/24/2024");
    await press("Enter");
    await waitForNone(".o_dialog");
    expect.verifySteps([sent({fixes: {date_deadline: "2024-12-24"}})]);
});

test("Esc goes back", async () => {
    await open(refusal([move([rule([needsDate])])]));
    await press("Escape");
    await waitForNone(".o_dialog");
    expect.verifySteps([]);
});

test("ticks are saved at once", async () => {
    onRpc("crm.lead", "action_stage_rule_tick", ({args}) => {
        expect.step(args);
        return true;
    });
    await open(refusal([move([rule([needsTicks()])])]));
    await contains(".o_stage_rule_checklist input:first").click();
    expect.verifySteps([[[7], 3, true]]);
    expect("[data-kind=checklist]").toHaveAttribute("data-done", "1");
});

test("the dialog says what is still missing", async () => {
    onRpc("crm.lead", MOVE, () => {
        const context = refusal([move([rule([needsReason])])]);
        throw makeServerError({errorName: STAGE_RULE_ERROR, context});
    });
    await open(refusal([move([rule([needsDate])])]));
    await edit("12/24/2024", {confirm: "tab"});
    await contains(".o_stage_rule_fix").click();
    await waitFor("[role=status]");
    expect("[role=status]").toHaveText("Something is still missing.");
    expect("[data-done='1']").toHaveText(/^Done:\nSet “Expected Closing”/);
    expect("[data-done='0']").toHaveText(/Say why: choose a reason/);
    expect("[data-kind=reason] select").toBeFocused();
});

test("to move anyway needs a reason", async () => {
    const soft = rule([needsDate], {severity: "warn", may_confirm: true});
    await open(refusal([move([soft])]));
    await contains(".o_stage_rule_override").click();
    expect(".o_stage_rule_note textarea").toBeFocused();
    expect(".o_stage_rule_send").not.toBeEnabled();
    await edit("They hurry");
    await animationFrame();
    await contains(".o_stage_rule_send").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([sent({override_reason: "They hurry"})]);
});

test("an approval is asked for with a note", async () => {
    onRpc("crm.lead", "action_stage_rule_request_approval", ({args}) => {
        expect.step([args[0], args[2]]);
        return true;
    });
    await open(refusal([move([rule([needsApproval()])])]));
    expect(".o_stage_rule_fix").not.toBeEnabled();
    await contains(".o_stage_rule_ask").click();
    await edit("Please");
    await animationFrame();
    await contains(".o_stage_rule_send").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([[[7], "Please"]]);
});

test("one value for all that miss it, the others keep theirs", async () => {
    onRpc("crm.lead", "write", ({args}) => {
        expect.step(args);
        return true;
    });
    const moves = [move([rule([needsDate])]), move([rule([needsDate])], second)];
    const replay = {ids: [6, 7, 8], method: "write", values: {}};
    await open(refusal(moves, {replay, total: 3, may_move_others: true}));
    expect(buttons()).toEqual(["Fix and move", "Move the others (1)", "Cancel"]);
    await edit("12/24/2024", {confirm: "tab"});
    await contains(".o_stage_rule_fix").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([
        [[7, 8], {date_deadline: "2024-12-24"}],
        sent({ids: [6, 7, 8]}),
    ]);
});

test("the others move without those that are held back", async () => {
    const replay = {ids: [6, 7], method: "write", values: {}};
    await open(
        refusal([move([rule([needsDate])])], {replay, total: 2, may_move_others: true})
    );
    await contains(".o_stage_rule_others").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([sent({ids: [6, 7], only_allowed: true})]);
});

test("a creation is done in its view: the dialog only explains", async () => {
    const created = move([rule([needsDate])], {lead_id: null, from: null});
    await open(refusal([created], {replay: null}));
    expect(".o_stage_rule_failure").toHaveText(/Set “Expected Closing”/);
    expect(".o_stage_rule_failure input").toHaveCount(0);
    expect(buttons()).toEqual(["Close"]);
});
