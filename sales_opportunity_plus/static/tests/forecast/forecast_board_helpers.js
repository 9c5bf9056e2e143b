import {
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";
import {mailModels} from "@mail/../tests/mail_test_helpers";

const NOTHING = {commit: 0, most_likely: 0, best_case: 0, pipeline: 0};

/** The figures of a row: 1,500 closed, 500 in commit on top of it. */
export const values = (more = {}) => ({
    closed: 1500,
    weighted: 400,
    category: {...NOTHING, commit: 500},
    cumulative: {...NOTHING, commit: 2000, best_case: 2000},
    p10: 1600,
    p50: 1900,
    p90: 2500,
    target: null,
    gap: null,
    overdue: 0,
    overdue_count: 0,
    adjustment: 0,
    adjustments: {},
    ...more,
});

const row = (kind, key, parent, more = {}) => ({
    kind,
    key,
    parent,
    depth: ["company", "team", "person"].indexOf(kind),
    label: key,
    team_id: 0,
    user_id: 0,
    can_adjust: false,
    values: values(),
    ...more,
});

export const company = (more) => row("company", "Company", null, more);
export const team = (more) => row("team", "Team", "Company", {team_id: 3, ...more});
export const person = (more) =>
    row("person", "Ann", "Team", {team_id: 3, user_id: 7, ...more});

export const board = (more = {}) => ({
    options: {kind: "month", day: "2026-07-15", measure: "revenue"},
    period: {
        label: "July 2026",
        start: "2026-07-01",
        is_current: true,
        previous: "2026-06-01",
        following: "2026-08-01",
    },
    columns: [
        {name: "closed", type: "deals", label: "Closed"},
        {name: "commit", type: "category", label: "Commit"},
        {name: "best_case", type: "category", label: "Best Case"},
        {name: "pipeline", type: "category", label: "Pipeline", optional: true},
        {name: "weighted", type: "weighted", label: "Weighted"},
        {name: "range", type: "range", label: "P10 – P90"},
        {name: "adjustment", type: "adjustment", label: "Adjusted"},
        {name: "gap", type: "amount", label: "Gap", empty: "No target is entered."},
    ],
    rows: [company(), team(), person()],
    notes: [],
    currency: "USD",
    currency_id: 1,
    can_submit: false,
    ...more,
});

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _views = {
        search: `
            <search>
                <filter name="mine" string="Mine" domain="[('name', '=', 'x')]"/>
            </search>`,
    };
}

class Adjustment extends models.Model {
    _name = "crm.forecast.adjustment";

    reason = fields.Char();

    _views = {form: `<form><field name="reason"/></form>`};
}

export function defineBoardModels() {
    defineModels({...mailModels, Lead, Adjustment});
}

export const outlook = (more = {}) => ({rows: [], names: [], notes: [], ...more});

/**
 * Open the board; the server answers with ``answer``, called with each question.
 *
 * @param {Function} [answer]
 * @param {Function} [ahead] what is read behind the first screen
 */
export async function openBoard(answer = () => board(), ahead = () => outlook()) {
    onRpc("crm.forecast.board", "read_board", ({args}) => answer(args[0]));
    onRpc("crm.forecast.board", "read_outlook", ({args}) => ahead(args[0]));
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_forecast_board",
    });
}
