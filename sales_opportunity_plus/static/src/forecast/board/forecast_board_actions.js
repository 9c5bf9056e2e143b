import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";

/** Other views of the same figures. */
export const VIEWS = [
    {type: "pivot", icon: "oi oi-view-pivot", label: _t("Pivot")},
    {type: "graph", icon: "fa fa-area-chart", label: _t("Graph")},
    {type: "list", icon: "oi oi-view-list", label: _t("List")},
];

/**
 * What a person can do from the board: open what is behind it.
 *
 * @param {object} model ``ForecastBoardModel``
 * @returns {object}
 */
export function useBoardActions(model) {
    const orm = useService("orm");
    const action = useService("action");
    const dialog = useService("dialog");

    /** The scope that a new adjustment or call begins with. */
    function ofPeriod() {
        const {options} = model.data;
        return {
            ...user.context,
            default_period_kind: options.kind,
            default_period_start: options.day,
            default_measure: options.measure,
        };
    }

    function ofRow({team_id: teamId, user_id: userId}) {
        return {
            default_team_id: teamId || false,
            default_user_id: userId || false,
            default_forecast_category: "commit",
        };
    }

    async function run(method, args, options) {
        const found = await orm.call("crm.forecast.board", method, args);
        return action.doAction(found, options);
    }

    return {
        openDeals: (row, name, newWindow = false) =>
            run(
                "action_open_deals",
                [model.question, row.key, name, model.options.sums === "cumulative"],
                {newWindow}
            ),
        openReport: (viewType) => run("action_open_report", [model.question, viewType]),
        adjust: (row) =>
            dialog.add(FormViewDialog, {
                resModel: "crm.forecast.adjustment",
                title: _t("Adjust the Forecast: %s", row.label),
                context: {...ofPeriod(), ...ofRow(row)},
                onRecordSaved: () => model.load(),
            }),
        submitCall: () =>
            action.doAction(
                {
                    type: "ir.actions.act_window",
                    name: _t("Submit Forecast Call"),
                    res_model: "crm.forecast.call.entry",
                    views: [[false, "form"]],
                    target: "new",
                    context: ofPeriod(),
                },
                {onClose: () => model.load()}
            ),
        sinceLastCall: async () =>
            action.doAction(
                await orm.call("crm.pipeline.waterfall", "action_since_last_call")
            ),
        openLead: (leadId) =>
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: leadId,
                views: [[false, "form"]],
            }),
    };
}
