import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {edit, waitFor, waitForNone} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {buttons, moveStep, openDialog, stepMoves} from "./stage_rule_dialog_helpers";
import {
    defineStageRuleModels,
    move,
    needsApproval,
    needsDate,
    refusal,
    rule,
} from "./stage_rule_models";

describe.current.tags("desktop");
defineStageRuleModels();

const second = {lead_id: 8, lead_name: "Other"};

beforeEach(stepMoves);

test("to move anyway needs a reason", async () => {
    const soft = rule([needsDate], {severity: "warn", may_confirm: true});
    await openDialog(refusal([move([soft])]));
    await contains(".o_stage_rule_override").click();
    expect(".o_stage_rule_note textarea").toBeFocused();
    expect(".o_stage_rule_send").not.toBeEnabled();
    await edit("They hurry");
    await animationFrame();
    await contains(".o_stage_rule_send").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([moveStep({override_reason: "They hurry"})]);
});

test("an approval is asked for with a note", async () => {
    onRpc("crm.lead", "action_stage_rule_request_approval", ({args}) => {
        expect.step([args[0], args[2]]);
        return {message: "Asked the manager."};
    });
    await openDialog(refusal([move([rule([needsApproval()])])]));
    expect(".o_stage_rule_fix").not.toBeEnabled();
    await contains(".o_stage_rule_ask").click();
    await edit("Please");
    await animationFrame();
    await contains(".o_stage_rule_send").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([[[7], "Please"]]);
    await waitFor(".o_notification:contains(Asked the manager.)");
});

test("one value for all that miss it, the others keep theirs", async () => {
    onRpc("crm.lead", "write", ({args}) => {
        expect.step(args);
        return true;
    });
    const moves = [move([rule([needsDate])]), move([rule([needsDate])], second)];
    const replay = {ids: [6, 7, 8], method: "write", values: {}};
    await openDialog(refusal(moves, {replay, total: 3, may_move_others: true}));
    expect(buttons()).toEqual(["Fix and move", "Move the others (1)", "Cancel"]);
    await edit("12/24/2024", {confirm: "tab"});
    await contains(".o_stage_rule_fix").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([
        [[7, 8], {date_deadline: "2024-12-24"}],
        moveStep({ids: [6, 7, 8]}),
    ]);
});

test("the others move without those that are held back", async () => {
    const replay = {ids: [6, 7], method: "write", values: {}};
    await openDialog(
        refusal([move([rule([needsDate])])], {replay, total: 2, may_move_others: true})
    );
    await contains(".o_stage_rule_others").click();
    await waitForNone(".o_dialog");
    expect.verifySteps([moveStep({ids: [6, 7], only_allowed: true})]);
});
