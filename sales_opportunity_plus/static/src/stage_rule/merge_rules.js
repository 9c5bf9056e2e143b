/**
 * Each rule once, with each missing thing once for all opportunities that miss it.
 *
 * @param {object[]} moves as the server describes them
 * @returns {object[]} rules in the order in which they come up
 */
export function mergeRules(moves) {
    const rules = new Map();
    for (const move of moves) {
        for (const rule of move.rules) {
            if (!rules.has(rule.rule_id)) {
                rules.set(rule.rule_id, {
                    ...rule,
                    mayOverride: true,
                    failures: new Map(),
                });
            }
            const merged = rules.get(rule.rule_id);
            merged.mayOverride &&= Boolean(rule.may_bypass || rule.may_confirm);
            for (const failure of rule.failures) {
                mergeFailure(merged.failures, failure, move);
            }
        }
    }
    const seen = new Set();
    return [...rules.values()].map((rule) => ({
        ...rule,
        failures: [...rule.failures.values()].map((failure) => ({
            ...failure,
            key: `${rule.rule_id}/${failure.key}`,
            askedAbove: isAskedAbove(failure.fix, seen),
        })),
    }));
}

function mergeFailure(failures, failure, move) {
    const key = `${failure.requirement_id || failure.kind}/${failure.message}`;
    const known = failures.get(key);
    if (!known) {
        failures.set(key, {
            ...failure,
            key,
            waits: failure.state === "open",
            leadIds: move.lead_id ? [move.lead_id] : [],
        });
        return;
    }
    known.leadIds.push(move.lead_id);
    known.waits &&= failure.state === "open";
    if (failure.fix?.type === "checklist") {
        const ticked = new Map(failure.fix.items.map((item) => [item.id, item.ticked]));
        const items = known.fix.items.map((item) => ({
            ...item,
            ticked: item.ticked && Boolean(ticked.get(item.id)),
        }));
        known.fix = {...known.fix, items};
    }
}

/** Two rules may want the same field: it is edited where it stands first. */
function isAskedAbove(fix, seen) {
    if (!fix || !["field", "reason"].includes(fix.type)) {
        return false;
    }
    const what = `${fix.type}/${fix.field || ""}`;
    const above = seen.has(what);
    seen.add(what);
    return above;
}
