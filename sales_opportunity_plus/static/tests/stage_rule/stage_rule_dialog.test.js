import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {edit, press, waitFor, waitForNone} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {STAGE_RULE_ERROR} from "@sales_opportunity_plus/stage_rule/stage_rule_service";
import {contains, makeServerError, onRpc} from "@web/../tests/web_test_helpers";
import {
    MOVE,
    buttons,
    moveStep,
    openDialog,
    stepMoves,
} from "./stage_rule_dialog_helpers";
import {
    defineStageRuleModels,
    move,
    needsDate,
    needsReason,
    needsTicks,
    refusal,
    rule,
} from "./stage_rule_models";

describe.current.tags("desktop");
defineStageRuleModels();

beforeEach(stepMoves);

test("everything is said, and edited, there", async () => {
    await openDialog(refusal([move([rule([needsDate, needsTicks(), needsReason])])]));
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
    expect.verifySteps([
        moveStep({fixes: {date_deadline: "2024-12-24"}, reason_id: 5}),
    ]);
    await waitFor(".o_notification");
    expect(".o_notification").toHaveText("Deal moved: Talk.");
});

test("Enter is the first button", async () => {
    await openDialog(refusal([move([rule([needsDate])])]));
    await edit("12/24/2024");
    await press("Enter");
    await waitForNone(".o_dialog");
    expect.verifySteps([moveStep({fixes: {date_deadline: "2024-12-24"}})]);
});

test("Esc goes back", async () => {
    await openDialog(refusal([move([rule([needsDate])])]));
    await press("Escape");
    await waitForNone(".o_dialog");
    expect.verifySteps([]);
});

test("ticks are saved at once", async () => {
    onRpc("crm.lead", "action_stage_rule_tick", ({args}) => {
        expect.step(args);
        return true;
    });
    await openDialog(refusal([move([rule([needsTicks()])])]));
    await contains(".o_stage_rule_checklist input:first").click();
    expect.verifySteps([[[7], 3, true]]);
    expect("[data-kind=checklist]").toHaveAttribute("data-done", "1");
});

test("the dialog says what is still missing", async () => {
    onRpc("crm.lead", MOVE, () => {
        const context = refusal([move([rule([needsReason])])]);
        throw makeServerError({errorName: STAGE_RULE_ERROR, context});
    });
    await openDialog(refusal([move([rule([needsDate])])]));
    await edit("12/24/2024", {confirm: "tab"});
    await contains(".o_stage_rule_fix").click();
    await waitFor("[role=status]");
    expect("[role=status]").toHaveText("Something is still missing.");
    expect("[data-done='1']").toHaveText(/^Done:\nSet “Expected Closing”/);
    expect("[data-done='0']").toHaveText(/Say why: choose a reason/);
    expect("[data-kind=reason] select").toBeFocused();
});

test("a creation is done in its view: the dialog only explains", async () => {
    const created = move([rule([needsDate])], {lead_id: null, from: null});
    await openDialog(refusal([created], {replay: null}));
    expect(".o_stage_rule_failure").toHaveText(/Set “Expected Closing”/);
    expect(".o_stage_rule_failure input").toHaveCount(0);
    expect(buttons()).toEqual(["Close"]);
});
