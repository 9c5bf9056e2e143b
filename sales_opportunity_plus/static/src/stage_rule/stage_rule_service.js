import {checkRainbowmanMessage} from "@crm/views/check_rainbowman_message";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

export const STAGE_RULE_ERROR =
    "odoo.addons.sales_opportunity_plus.exceptions.StageRuleError";
export const HELD_BACK = "STAGE-RULE:HELD-BACK";
export const MOVED = "STAGE-RULE:MOVED";

/**
 * Talks to the server about moves, and lets the views know what came of them.
 */
export const stageRuleService = {
    dependencies: ["orm", "action", "notification", "effect", "mail.store"],
    async: ["move", "ask", "tick", "panel"],
    start(env, services) {
        const {orm, action, notification, effect} = services;
        const call = (method, ids, args, kwargs) =>
            orm.call("crm.lead", method, [ids, ...args], kwargs);

        /**
         * One value for all that miss it; those that have one of their own keep it.
         */
        async function save(changes) {
            for (const change of changes) {
                await orm.write("crm.lead", change.leadIds, valuesOf([change]));
            }
        }

        /**
         * Views show the opportunities where they are. A form that knows how to do
         * so refreshes itself: going through the action would save it first.
         *
         * A move was done with all that the form had changed. An approval was asked
         * for the move alone: then other changes stay in the form.
         */
        async function refresh(ids, model, keepChanges = false) {
            if (model && model !== "crm.lead") {
                // A wizard, as that of a loss: what it was opened for is done.
                await action.doAction({type: "ir.actions.act_window_close"});
            }
            const notice = {ids, keepChanges, handled: false};
            env.bus.trigger(MOVED, notice);
            if (!notice.handled && action.currentController) {
                await action.doAction("soft_reload");
            }
        }

        return {
            /**
             * Try a move again.
             *
             * @param {StageRuleDecision} decision
             * @param {object[]} changes of the draft
             * @param {object} options arguments of the server's method
             * @returns {Promise<{moved: number, held: number}>}
             */
            async move(decision, changes, options) {
                let fixes = {};
                if (decision.ids.length === 1) {
                    fixes = valuesOf(changes);
                } else {
                    await save(changes);
                }
                return call("action_stage_rule_move", decision.ids, [decision.replay], {
                    ...options,
                    fixes,
                });
            },
            async ask(decision, changes, {note, reasonId}) {
                await save(changes);
                // The reason belongs to the move: it is kept until that is approved.
                const reason = reasonId ? {stage_reason_id: reasonId} : {};
                const values = {...decision.replay.values, ...reason};
                return call("action_stage_rule_request_approval", decision.ids, [
                    {...decision.replay, values},
                    note.trim() || false,
                ]);
            },
            tick(ids, itemId, ticked) {
                return call("action_stage_rule_tick", ids, [itemId, ticked]);
            },
            async panel(id) {
                const [lead] = await orm.read("crm.lead", [id], ["stage_rule_panel"]);
                return lead.stage_rule_panel;
            },
            /**
             * Schedule an activity on opportunities.
             *
             * @param {number[]} ids
             * @param {number} [typeId] of the activity
             * @returns {Promise<boolean>} whether there is one more of it now
             */
            async schedule(ids, typeId) {
                const domain = [
                    ["res_model", "=", "crm.lead"],
                    ["res_id", "in", ids],
                ];
                const count = () => orm.searchCount("mail.activity", domain);
                const before = await count();
                await services["mail.store"].scheduleActivity(
                    "crm.lead",
                    ids,
                    typeId || undefined
                );
                return (await count()) > before;
            },
            /** The views go back to what the server has. */
            heldBack: (ids) => env.bus.trigger(HELD_BACK, {ids}),
            async moved(decision, result, model) {
                await refresh(decision.ids, model);
                notification.add(movedMessage(decision, result), {type: "success"});
                if (decision.isWonByOne) {
                    await checkRainbowmanMessage(orm, effect, decision.ids[0]);
                }
            },
            async asked(decision, {message}, model) {
                await refresh(decision.ids, model, true);
                notification.add(message, {type: "success"});
            },
        };
    },
};

function valuesOf(changes) {
    return Object.fromEntries(changes.map(({fieldName, value}) => [fieldName, value]));
}

function movedMessage(decision, {moved, held}) {
    if (held) {
        return _t("%(moved)s moved, %(held)s stay where they are.", {moved, held});
    }
    if (decision.ids.length > 1) {
        return _t("%s opportunities moved.", moved);
    }
    const [move] = decision.moves;
    return _t("%(opportunity)s moved: %(move)s.", {
        opportunity: move.lead_name,
        move: move.from?.id === move.to?.id ? move.move_label : move.to?.name,
    });
}

registry.category("services").add("stage_rule", stageRuleService);
