import {mailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models} from "@web/../tests/web_test_helpers";

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();

    _records = [
        {id: 1, name: "New"},
        {id: 2, name: "Talk"},
    ];
}

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    won_status = fields.Selection({selection: [["pending", "Pending"]]});
    date_deadline = fields.Date({string: "Expected Closing"});
    phone = fields.Char({string: "Phone"});
    stage_id = fields.Many2one({relation: "crm.stage"});
    stage_rule_panel = fields.Json();
    stage_rule_missing = fields.Integer();
    stage_rule_state = fields.Selection({
        selection: ["none", "ready", "missing", "waiting", "late"].map((one) => [
            one,
            one,
        ]),
    });

    _records = [
        {id: 7, name: "Deal", stage_id: 1, won_status: "pending"},
        {id: 8, name: "Other", stage_id: 1, won_status: "pending"},
    ];
}

export function defineStageRuleModels() {
    defineModels({...mailModels, Stage, Lead});
    return Lead;
}

export const needsDate = {
    kind: "field",
    requirement_id: 9,
    message: "Set “Expected Closing”.",
    fix: {type: "field", field: "date_deadline"},
};

export const needsTicks = (ticked = false) => ({
    kind: "checklist",
    requirement_id: 10,
    message: "Tick the checklist.",
    fix: {
        type: "checklist",
        items: [
            {id: 3, name: "Budget confirmed", ticked},
            {id: 4, name: "Buyer known", ticked: true},
        ],
    },
});

export const needsReason = {
    kind: "reason",
    requirement_id: 11,
    message: "Say why: choose a reason.",
    fix: {type: "reason", reasons: [{id: 5, name: "No budget"}]},
};

export const needsApproval = (state = "none") => ({
    kind: "approval",
    message: "Needs approval by a manager.",
    state,
    fix: {type: "approval"},
});

export const rule = (failures, values = {}) => ({
    rule_id: 4,
    name: "Know the budget",
    sentence: "From any stage to Talk: needs a date.",
    severity: "block",
    result: "blocked",
    guidance: "Ask who pays.",
    may_bypass: false,
    may_confirm: false,
    failures,
    ...values,
});

export const move = (rules, values = {}) => ({
    lead_id: 7,
    lead_name: "Deal",
    from: {id: 1, name: "New"},
    to: {id: 2, name: "Talk"},
    move: "forward",
    move_label: "Forward",
    rules,
    ...values,
});

export const refusal = (moves, values = {}) => ({
    moves,
    held: moves.length,
    total: moves.length,
    may_move_others: false,
    replay: {
        ids: moves.map((one) => one.lead_id),
        method: "write",
        values: {stage_id: 2},
    },
    ...values,
});
