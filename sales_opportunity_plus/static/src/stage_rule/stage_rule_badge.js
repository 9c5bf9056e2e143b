import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Whether an opportunity may go on, on its card; silent where no rule speaks.
 */
export class StageRuleBadge extends Component {
    static template = "sales_opportunity_plus.StageRuleBadge";
    static props = {...standardFieldProps};

    get badge() {
        const {data} = this.props.record;
        const missing = data.stage_rule_missing;
        return {
            ready: {
                color: "text-bg-success",
                icon: "fa-check",
                label: _t("Ready"),
                title: _t("Nothing is missing before the next stage"),
            },
            // Most cards miss something: that is no alarm.
            missing: {
                color: "text-muted border",
                icon: "fa-times",
                label: _t("%s missing", missing),
                title: _t("Missing before the next stage: %s", missing),
            },
            waiting: {
                color: "text-bg-warning",
                icon: "fa-clock-o",
                label: _t("Approval"),
                title: _t("Waiting for approval"),
            },
            late: {
                color: "text-bg-danger",
                icon: "fa-hourglass-end",
                label: _t("Over time"),
                title: _t("Longer in this stage than allowed"),
            },
        }[data[this.props.name]];
    }
}

registry.category("fields").add("stage_rule_badge", {
    component: StageRuleBadge,
    supportedTypes: ["selection"],
    fieldDependencies: [{name: "stage_rule_missing", type: "integer"}],
});
