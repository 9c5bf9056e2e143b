"""Twenty stage rules of mixed kinds, for the operations that are measured with them.

*process*: as a company has them, five of the twenty are about the move that is
measured. *every*: all twenty are. *idle*: none is.
"""

KINDS = (
    {"kind": "field", "field": "expected_revenue"},
    {"kind": "condition", "domain": "[('partner_id.active', '=', True)]"},
    {"kind": "activity_planned"},
    {"kind": "activity_done"},
    {"kind": "activity_no_overdue"},
    {"kind": "meeting"},
    {"kind": "document", "document_pattern": "offer"},
    {"kind": "min_time", "duration": 1},
    {"kind": "checklist", "item_ids": [(0, 0, {"name": "Budget"})]},
    {"kind": "reply"},
)
#: Out of twenty rules, so many are about the measured move.
ABOUT = {"process": 5, "every": 20, "idle": 0}
COUNT = 20


def create(env, target):
    """Make the rules of each set, archived; ids by name of the set."""
    rules = env["crm.stage.rule"]
    other = env["crm.stage"].search([("id", "!=", target)], limit=1)
    return {
        name: rules.create(
            [_rule(env, n, target if n < about else other.id) for n in range(COUNT)]
        ).ids
        for name, about in ABOUT.items()
    }


def _rule(env, number, stage_id):
    return {
        "name": f"Rule {number}",
        "active": False,
        # What does not hold is written down: a blocked move would not be one.
        "severity": "log",
        "domain": "[('expected_revenue', '>', 10)]" if number % 3 == 0 else "[]",
        "to_stage_ids": [(6, 0, [stage_id])],
        "requirement_ids": [
            (0, 0, _requirement(env, KINDS[number % len(KINDS)])),
            (0, 0, _requirement(env, {"kind": "field", "field": "email_from"})),
        ],
    }


def _requirement(env, values):
    values = dict(values)
    if name := values.pop("field", None):
        values["field_id"] = env["ir.model.fields"]._get("crm.lead", name).id
    return values


def switch(env, sets, name):
    """Let the rules of one set, or none, be active."""
    for other, rule_ids in sets.items():
        rules = env["crm.stage.rule"].with_context(active_test=False)
        rules.browse(rule_ids).write({"active": other == name})
