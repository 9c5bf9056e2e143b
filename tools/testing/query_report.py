"""Queries of plain Odoo against ours, block by block of core's assertQueryCount."""

from collections import Counter

ALLOWED_PER_CALL = 3
# Why our addon runs a statement that plain Odoo does not. What is not named here
# fails the run: somebody has to know the reason first.
REASONS = {
    "insert crm_stage_history": "one per write or create, whatever the number of leads",
    "update crm_stage_history": "one per move, merge or deletion: ends or moves stays",
    "select crm_stage_history": "counts the stays for the button of the form",
    "select res_currency": "rounds the weighted amount on the form",
    "insert crm_stage_checklist_tick": "one per merge: ticks go to the survivor",
    "update crm_stage_action_run": "one per merge: runs go to the survivor",
    "update crm_stage_breach": "one per merge: breaches go to the survivor",
    "update crm_stage_decision": "one per merge: decisions go to the survivor",
    "select crm_stage_approval": "one per merge or deletion; counts for the form",
    "select crm_stage_decision": "counts the decisions for the button of the form",
    "insert crm_touchpoint": "one per save, mail or activity that is a touch",
    "insert crm_touch_channel": "a touch whose campaign, medium and source are new",
    "update crm_touchpoint": "one per merge or deletion: touches change hands",
    "select crm_touchpoint": "first and last touch, and their number, on the form",
    "insert ir_cron_trigger": "one per commit: marks deals and asks for their credits",
    "insert crm_attribution_stale": "with a touch, in the statement that records it",
    "with unnest": "first and last touch of the opportunity on the form",
    "delete crm_attribution_credit": "one per deletion: credits go with their deal",
    "select crm_attribution_credit": "the credits of the touches on the form",
    "select crm_attribution_model": "the models of the credits on the form",
    "select crm_touch_kind": "names the kind of a touch on the form",
    "select crm_lead": "reads the leads whose stage Odoo recomputed, all at once",
}


def compare(plain, ours):
    """(lines of the table, problems) for the blocks of two runs."""
    lines, problems = [], []
    for test, blocks in sorted(plain.items()):
        counterparts = ours.get(test, [])
        if len(counterparts) != len(blocks):
            problems.append(
                f"{test}: {len(counterparts)} query counts, not {len(blocks)}"
            )
        for number, (before, after) in enumerate(
            zip(blocks, counterparts, strict=False), 1
        ):
            name = f"{test.rsplit('/', 1)[-1]} #{number}"
            changes, found = judge(name, before, after)
            more = after["count"] - before["count"]
            lines.append(
                f"queries {name}: plain {before['count']}, ours {after['count']} "
                f"({more:+d} in {after['calls']} calls{changes})"
            )
            problems += found
    return lines, problems


def judge(name, before, after):
    """Explain the difference of one block: (text, problems)."""
    added = Counter(after["kinds"])
    added.subtract(before["kinds"])
    changed = {kind: count for kind, count in sorted(added.items()) if count}
    text = "".join(
        f"; {count:+d} {kind}" + (f": {REASONS[kind]}" if kind in REASONS else "")
        for kind, count in changed.items()
    )
    problems = [
        f"{name}: {count} unexplained `{kind}`"
        for kind, count in changed.items()
        if count > 0 and kind not in REASONS
    ]
    more = after["count"] - before["count"]
    allowed = ALLOWED_PER_CALL * after["calls"]
    if more > allowed:
        problems.append(f"{name}: {more} more queries, {allowed} allowed")
    return text, problems
