import {Component} from "@odoo/owl";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The probabilities of an opportunity side by side; the one that counts is marked. */
export class ForecastProbabilities extends Component {
    static template = "sales_opportunity_plus.ForecastProbabilities";
    static props = {...standardFieldProps};

    get said() {
        return this.props.record.data[this.props.name] || {values: []};
    }

    get values() {
        return this.said.values.map((one) => ({
            ...one,
            counts: one.source === this.said.counts,
            text:
                one.value === null
                    ? "–"
                    : `${formatFloat(one.value, {digits: [0, 0]})} %`,
        }));
    }
}

registry.category("fields").add("forecast_probabilities", {
    component: ForecastProbabilities,
    supportedTypes: ["json"],
});
