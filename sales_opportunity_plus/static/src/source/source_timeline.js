import {Component, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const CHOSEN_MODEL = "sales_opportunity_plus.attribution_model";

/**
 * The touches of an opportunity, the oldest first, with the credit that each gets
 * under one attribution model. The browser remembers which model was looked at.
 */
export class SourceTimeline extends Component {
    static template = "sales_opportunity_plus.SourceTimeline";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({modelId: browser.localStorage.getItem(CHOSEN_MODEL)});
    }

    get timeline() {
        const value = this.props.record.data[this.props.name];
        return value || {models: [], touches: [], hidden: 0};
    }

    get model() {
        const {models} = this.timeline;
        return models.find(({id}) => String(id) === this.state.modelId) || models[0];
    }

    credit(touch) {
        return this.model && touch.credits[this.model.id];
    }

    get withoutCredit() {
        return !this.timeline.touches.some((touch) => this.credit(touch));
    }

    onChoose(ev) {
        this.state.modelId = ev.target.value;
        browser.localStorage.setItem(CHOSEN_MODEL, ev.target.value);
    }
}

registry.category("fields").add("source_timeline", {
    component: SourceTimeline,
    displayName: _t("Timeline of Touches"),
    supportedTypes: ["json"],
});
