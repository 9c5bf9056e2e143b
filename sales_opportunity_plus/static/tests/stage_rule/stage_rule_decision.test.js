import {describe, expect, test} from "@odoo/hoot";
import {StageRuleDecision} from "@sales_opportunity_plus/stage_rule/stage_rule_decision";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {
    move,
    needsApproval,
    needsDate,
    needsReason,
    needsTicks,
    refusal,
    rule,
} from "./stage_rule_models";

describe.current.tags("headless");

const decide = (moves, values) => new StageRuleDecision(refusal(moves, values));
const second = {lead_id: 8, lead_name: "Other"};

test("a missing thing is asked for once, for all that miss it", () => {
    const decision = decide([
        move([rule([needsDate])]),
        move([rule([needsDate, needsReason])], second),
    ]);
    expect(decision.rules).toHaveLength(1);
    expect(decision.failures.map(({leadIds}) => leadIds)).toEqual([[7, 8], [8]]);
    expect(decision.isBatch).toBe(true);
});

test("a line of a checklist is ticked when it is ticked everywhere", () => {
    const decision = decide([
        move([rule([needsTicks(true)])]),
        move([rule([needsTicks(false)])], second),
    ]);
    expect(decision.failures[0].fix.items.map(({ticked}) => ticked)).toEqual([
        false,
        true,
    ]);
});

test("two rules that want the same field ask for it once", () => {
    const again = {...needsDate, requirement_id: 20};
    const decision = decide([move([rule([needsDate]), rule([again], {rule_id: 5})])]);
    expect(decision.failures.map(({askedAbove}) => askedAbove)).toEqual([false, true]);
});

test("to move anyway, every rule must let the user", () => {
    const soft = rule([needsDate], {may_confirm: true});
    const hard = rule([needsReason], {rule_id: 5});
    expect(decide([move([soft])]).canOverride).toBe(true);
    expect(decide([move([soft, hard])]).canOverride).toBe(false);
    expect(decide([move([soft]), move([hard], second)]).canOverride).toBe(false);
});

test("an approval is asked for once", () => {
    expect(decide([move([rule([needsApproval()])])]).canAsk).toBe(true);
    expect(decide([move([rule([needsApproval("open")])])]).canAsk).toBe(false);
});

test("nothing can be tried again while an opportunity is created", () => {
    const created = move([rule([needsDate])], {lead_id: null, from: null});
    const decision = decide([created], {replay: null});
    expect([decision.canReplay, decision.canFix, decision.canOverride]).toEqual([
        false,
        false,
        false,
    ]);
    expect(decision.failures[0].leadIds).toEqual([]);
});

test("a part of something bigger is not done alone", () => {
    const tried = (model, method) => {
        const replay = {ids: [7], method, values: {}};
        const context = refusal([move([rule([needsDate])])], {replay});
        return new StageRuleDecision(context, model).canReplay;
    };
    expect(tried("crm.lead", "write")).toBe(true);
    expect(tried("crm.lead.lost", "action_set_lost")).toBe(true);
    expect(tried("crm.merge.opportunity", "write")).toBe(false);
});

test("the title says what is held back", () => {
    allowTranslations();
    const lost = {to: {id: 1, name: "New"}, move: "lost", move_label: "Lost"};
    const titles = [
        decide([move([])]),
        decide([move([], lost)]),
        decide([move([])], {held: 3, total: 1000}),
    ].map(({title}) => `${title}`);
    expect(titles).toEqual([
        "Deal cannot move to Talk yet",
        "Deal: Lost is held back",
        "3 of 1000 opportunities cannot move yet",
    ]);
});

test("what was mended stays in sight in the next round", () => {
    const first = decide([
        move([rule([needsDate, needsTicks()]), rule([needsReason], {rule_id: 5})]),
    ]);
    const [date, , reason] = first.failures.map(({key}) => key);
    const next = decide([move([rule([needsTicks()])])]);
    next.after(first, {[date]: true, [reason]: true});
    expect(next.failures.map(({kind}) => kind)).toEqual([
        "field",
        "checklist",
        "reason",
    ]);
    expect(next.rules.map(({rule_id}) => rule_id)).toEqual([4, 5]);
});
