import {Component, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {StageRuleChecklist} from "./stage_rule_checklist";
import {StageRuleFieldFix} from "./stage_rule_field_fix";

/**
 * One thing that is missing, and the means to put it right there.
 */
export class StageRuleFailure extends Component {
    static template = "sales_opportunity_plus.StageRuleFailure";
    static components = {StageRuleChecklist, StageRuleFieldFix};
    static props = {
        failure: Object,
        draft: Object,
        isBatch: Boolean,
        canFix: Boolean,
    };

    setup() {
        this.stageRule = useService("stage_rule");
        this.draft = useState(this.props.draft);
    }

    get fix() {
        const {failure, canFix} = this.props;
        return canFix && !failure.askedAbove ? failure.fix : null;
    }

    get isDone() {
        return Boolean(this.draft.done[this.props.failure.key]);
    }

    get icon() {
        if (this.isDone) {
            return "fa-check-circle text-success";
        }
        return this.props.failure.waits
            ? "fa-clock-o text-warning"
            : "fa-times-circle text-danger";
    }

    settle(done) {
        this.draft.done[this.props.failure.key] = done;
    }

    chooseReason(ev) {
        this.draft.reasonId = Number(ev.target.value) || false;
        this.settle(Boolean(this.draft.reasonId));
    }

    async schedule() {
        const {failure} = this.props;
        const {schedule} = this.stageRule;
        if (await schedule(failure.leadIds, failure.fix.activity_type_id)) {
            this.settle(true);
        }
    }
}
