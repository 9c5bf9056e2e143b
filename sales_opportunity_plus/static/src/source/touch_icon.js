import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * The icon of a kind of touch: a Font Awesome class, shown as the icon.
 */
export class TouchIcon extends Component {
    static template = "sales_opportunity_plus.TouchIcon";
    static props = {...standardFieldProps};

    get icon() {
        return this.props.record.data[this.props.name] || "";
    }

    onChange(ev) {
        this.props.record.update({[this.props.name]: ev.target.value.trim()});
    }
}

registry.category("fields").add("touch_icon", {
    component: TouchIcon,
    displayName: _t("Icon"),
    supportedTypes: ["char"],
});
