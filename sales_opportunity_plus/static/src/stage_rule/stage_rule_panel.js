import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {StageRuleChecklist} from "./stage_rule_checklist";
import {useStageRuleForm} from "./use_stage_rule_form";

const CLOSED = "sales_opportunity_plus.stage_rule_panel_closed";
const OUTCOMES = {
    ready: {color: "success", icon: "fa-check", label: () => _t("Ready")},
    warn: {color: "warning", icon: "fa-exclamation-triangle"},
    missing: {color: "danger", icon: "fa-times"},
    late: {color: "danger", icon: "fa-hourglass-end", label: () => _t("Over time")},
    waiting: {
        color: "warning",
        icon: "fa-clock-o",
        label: () => _t("Waiting for approval"),
    },
};

/**
 * What is needed before the next stage, on the opportunity itself.
 */
export class StageRulePanel extends Component {
    static template = "sales_opportunity_plus.StageRulePanel";
    static components = {StageRuleChecklist};
    static props = {...standardFieldProps};

    setup() {
        this.stageRule = useService("stage_rule");
        this.ui = useService("ui");
        this.state = useState({
            // What was read since the form was loaded.
            fresh: null,
            open: !this.ui.isSmall && !browser.localStorage.getItem(CLOSED),
        });
        useStageRuleForm(
            () => this.props.record,
            () => this.refresh()
        );
        let known = this.loaded;
        onWillUpdateProps(({record, name}) => {
            if (record.data[name] !== known) {
                known = record.data[name];
                this.state.fresh = null;
            }
        });
    }

    get loaded() {
        return this.props.record.data[this.props.name];
    }

    get panel() {
        return this.state.fresh || this.loaded || {};
    }

    get leadIds() {
        return [this.props.record.resId];
    }

    get isShown() {
        const {record} = this.props;
        const {outcome} = this.panel;
        return Boolean(
            record.resId &&
                record.data.won_status === "pending" &&
                outcome &&
                outcome !== "none"
        );
    }

    get title() {
        const {next} = this.panel;
        return next ? _t("Before %s", next.name) : _t("Stage rules");
    }

    get outcome() {
        const outcome = OUTCOMES[this.panel.outcome] || OUTCOMES.missing;
        const label = outcome.label?.() || _t("%s missing", this.panel.missing);
        return {...outcome, label};
    }

    severityLabel(rule) {
        return {
            warn: _t("Warning"),
            log: _t("Only logged"),
        }[rule.severity];
    }

    iconOf({met, state}) {
        if (met) {
            return "fa-check-circle text-success";
        }
        return state === "open"
            ? "fa-clock-o text-warning"
            : "fa-times-circle text-danger";
    }

    approvalText({state, rule, requester}) {
        return state === "open"
            ? _t("%(rule)s: %(user)s asked for approval.", {rule, user: requester})
            : _t("%(rule)s: approved, as %(user)s asked.", {rule, user: requester});
    }

    toggle() {
        this.state.open = !this.state.open;
        if (this.state.open) {
            browser.localStorage.removeItem(CLOSED);
        } else if (!this.ui.isSmall) {
            browser.localStorage.setItem(CLOSED, "1");
        }
    }

    /** A tick changes this panel only: a form that is being edited stays as it is. */
    async refresh() {
        this.state.fresh = await this.stageRule.panel(this.props.record.resId);
    }

    isOnForm(requirement) {
        const name = requirement.fix?.field;
        return !requirement.met && name && name in this.props.record.activeFields;
    }

    goToField(requirement) {
        const selector = `.o_form_view [name="${requirement.fix.field}"]`;
        const fields = [...document.querySelectorAll(selector)];
        const field = fields.find((element) => element.offsetParent);
        field?.scrollIntoView({block: "center"});
        field?.querySelector("input, textarea, select, [tabindex]")?.focus();
    }
}

export const stageRulePanel = {
    component: StageRulePanel,
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "won_status", type: "selection"},
        {name: "stage_id", type: "many2one"},
    ],
};

registry.category("fields").add("stage_rule_panel", stageRulePanel);
