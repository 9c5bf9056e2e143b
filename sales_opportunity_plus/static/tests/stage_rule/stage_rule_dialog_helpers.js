import {expect} from "@odoo/hoot";
import {queryAllTexts, waitFor} from "@odoo/hoot-dom";
import {StageRuleDialog} from "@sales_opportunity_plus/stage_rule/stage_rule_dialog";
import {getService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";

export const MOVE = "action_stage_rule_move";

export const buttons = () => queryAllTexts(".modal-footer button");

export async function openDialog(context) {
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(StageRuleDialog, {
        data: {context},
        message: "Held back",
        model: "crm.lead",
    });
    await waitFor(".o_stage_rule_dialog");
}

/** Note as a step what the server was asked to move, and let it. */
export function stepMoves() {
    onRpc("crm.lead", MOVE, ({args, kwargs}) => {
        const {fixes, reason_id, override_reason, only_allowed} = kwargs;
        const [ids, replay] = args;
        const given = {ids, method: replay.method, fixes, reason_id};
        expect.step({...given, override_reason, only_allowed});
        return {moved: ids.length, held: 0};
    });
}

export const moveStep = (values) => ({
    ids: [7],
    method: "write",
    fixes: {},
    reason_id: undefined,
    override_reason: undefined,
    only_allowed: undefined,
    ...values,
});
