import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * From P10 to P90 as a bar, with P50 as a mark and the target as a line.
 */
export class ForecastRange extends Component {
    static template = "sales_opportunity_plus.ForecastRange";
    static props = {
        low: Number,
        middle: Number,
        high: Number,
        target: {type: [Number, {value: null}], optional: true},
        format: Object,
    };

    get isPoint() {
        return this.props.high === this.props.low;
    }

    get description() {
        const {low, middle, high, format} = this.props;
        return _t("P10 %(low)s, P50 %(middle)s, P90 %(high)s", {
            low: format.exact(low),
            middle: format.exact(middle),
            high: format.exact(high),
        });
    }

    /**
     * Percent of the bar's length.
     *
     * @param {number} value
     * @returns {number}
     */
    at(value) {
        const {low, high, target} = this.props;
        const start = Math.min(low, 0);
        const end = Math.max(high, target || 0, start + 1e-9);
        return Math.min(Math.max((100 * (value - start)) / (end - start), 0), 100);
    }

    get style() {
        const left = this.at(this.props.low);
        return `inset-inline-start: ${left}%; width: ${this.at(this.props.high) - left}%`;
    }

    mark(value) {
        return `inset-inline-start: ${this.at(value)}%`;
    }
}
