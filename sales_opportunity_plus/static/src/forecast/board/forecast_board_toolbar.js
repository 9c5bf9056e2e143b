import {Component} from "@odoo/owl";
import {CheckBox} from "@web/core/checkbox/checkbox";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {KINDS, MEASURES} from "./forecast_board_options";

/**
 * Which period and measure the board is of, and which columns it has.
 */
export class ForecastBoardToolbar extends Component {
    static template = "sales_opportunity_plus.ForecastBoardToolbar";
    static components = {CheckBox, Dropdown, DropdownItem};
    static props = {
        options: Object,
        period: {type: Object, optional: true},
        columns: Array,
        onChange: Function,
    };
    static defaultProps = {period: {}};

    setup() {
        this.kinds = KINDS;
        this.measures = MEASURES;
    }

    label(choices, value) {
        return choices.find(([key]) => key === value)[1];
    }

    go(day) {
        this.props.onChange({day});
    }

    /**
     * Another kind of period, around the first day of the one that is shown.
     *
     * @param {string} period
     */
    setKind(period) {
        const {is_current: isCurrent, start} = this.props.period;
        this.props.onChange({period, day: isCurrent ? false : start || false});
    }

    /**
     * The columns that can be taken away or added; ``shown`` has those that differ
     * from what the server proposes.
     *
     * @returns {object[]}
     */
    get choices() {
        const {shown} = this.props.options;
        return this.props.columns.map(({name, label, optional}) => ({
            name,
            label,
            isShown: Boolean(optional) === shown.includes(name),
        }));
    }

    toggleColumn(name) {
        const {shown} = this.props.options;
        this.props.onChange({
            shown: shown.includes(name)
                ? shown.filter((one) => one !== name)
                : [...shown, name],
        });
    }
}
