import {CheckBox} from "@web/core/checkbox/checkbox";
import {Component, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/**
 * The lines of a checklist, ticked in place: a tick is saved at once.
 */
export class StageRuleChecklist extends Component {
    static template = "sales_opportunity_plus.StageRuleChecklist";
    static components = {CheckBox};
    static props = {
        items: {
            type: Array,
            element: {type: Object, shape: {id: Number, name: String, "*": true}},
        },
        leadIds: {type: Array, element: Number},
        readonly: {type: Boolean, optional: true},
        onTicked: {type: Function, optional: true},
    };
    static defaultProps = {readonly: false, onTicked: () => {}};

    setup() {
        this.stageRule = useService("stage_rule");
        // What was ticked here goes before what the server said earlier.
        this.state = useState({ticks: {}, busy: 0});
    }

    isTicked(item) {
        return this.state.ticks[item.id] ?? item.ticked;
    }

    async tick(item, ticked) {
        const before = this.isTicked(item);
        this.state.ticks[item.id] = ticked;
        this.state.busy++;
        try {
            await this.stageRule.tick(this.props.leadIds, item.id, ticked);
        } catch (error) {
            this.state.ticks[item.id] = before;
            throw error;
        } finally {
            this.state.busy--;
        }
        this.props.onTicked(this.props.items.every((other) => this.isTicked(other)));
    }
}
