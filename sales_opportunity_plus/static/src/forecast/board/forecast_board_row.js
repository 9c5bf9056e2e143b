import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ForecastRange} from "./forecast_range";

const CATEGORIES = [
    ["pipeline", _t("Pipeline")],
    ["best_case", _t("Best Case")],
    ["most_likely", _t("Most Likely")],
    ["commit", _t("Commit")],
];
/** Of a level of the hierarchy, in rem. */
const INDENT = 1.25;

/**
 * The cells of a row, in a table or, on a phone, on a card.
 */
export class ForecastBoardRow extends Component {
    static template = "sales_opportunity_plus.ForecastBoardRow";
    static components = {ForecastRange};
    static props = {
        row: Object,
        columns: Array,
        format: Object,
        sums: String,
        isFolded: Boolean,
        isParent: Boolean,
        isCard: {type: Boolean, optional: true},
        onToggle: Function,
        onOpen: Function,
        onAdjust: Function,
    };

    get values() {
        return this.props.row.values;
    }

    get isCumulative() {
        return this.props.sums === "cumulative";
    }

    get indent() {
        return `margin-inline-start: ${INDENT * this.props.row.depth}rem`;
    }

    get avatar() {
        const {kind, user_id: userId} = this.props.row;
        return kind === "person" && userId
            ? `/web/image/res.users/${userId}/avatar_128`
            : "";
    }

    /** The number of a column that opens its opportunities. */
    number({name, type}) {
        if (type === "category") {
            return this.values[this.props.sums][name];
        }
        if (type === "weighted") {
            return this.values.weighted + (this.isCumulative ? this.values.closed : 0);
        }
        return this.values[name];
    }

    get range() {
        const less = this.isCumulative ? 0 : this.values.closed;
        const {p10, p50, p90} = this.values;
        return [p10, p50, p90].map((value) => value - less);
    }

    /**
     * What stands beside the projection: a year before, else the run-rate.
     *
     * @returns {object}
     */
    get naive() {
        const {naive_last: last, naive_run_rate: runRate} = this.values;
        return last
            ? {label: _t("Last year"), value: last}
            : {label: _t("Run-rate"), value: runRate || 0};
    }

    get overdueHelp() {
        return _t("%(count)s past their expected closing: %(amount)s", {
            count: this.values.overdue_count,
            amount: this.props.format.exact(this.values.overdue),
        });
    }

    get callHelp() {
        const {call} = this.values;
        return (
            call &&
            _t("Last call on %(day)s: %(amount)s", {
                day: call.day,
                amount: this.props.format.exact(call.amount),
            })
        );
    }

    /** What was said of each category, and what commit comes to with it. */
    get adjustmentHelp() {
        const {adjustments, cumulative} = this.values;
        const {format} = this.props;
        const labels = Object.fromEntries(CATEGORIES);
        const parts = Object.entries(adjustments).map(
            ([name, delta]) => `${labels[name]} ${format.signed(delta)}`
        );
        if (adjustments.commit) {
            const amount = format.amount(cumulative.commit + adjustments.commit);
            parts.push(_t("commit with it: %s", amount));
        }
        return parts.join("; ") || _t("Add to a figure, take from it or replace it");
    }

    isBehind({name}) {
        return name === "gap" && this.values.gap > 0;
    }
}
