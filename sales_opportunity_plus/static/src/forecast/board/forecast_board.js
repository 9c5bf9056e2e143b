import {Component, onWillStart, onWillUpdateProps, useRef, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {download} from "@web/core/network/download";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {formatter} from "./forecast_board_format";
import {ForecastBoardModel} from "./forecast_board_model";
import {inAddress, initialOptions, remember} from "./forecast_board_options";
import {ForecastBoardRow} from "./forecast_board_row";
import {ForecastBoardToolbar} from "./forecast_board_toolbar";
import {VIEWS, useBoardActions} from "./forecast_board_actions";

const ICONS = {
    warning: "fa-exclamation-triangle text-warning",
    overdue: "fa-clock-o text-danger",
    top: "fa-pie-chart text-info",
    bias: "fa-balance-scale text-info",
    info: "fa-info-circle text-info",
};
/** So many rows are unfolded at first; of more, the teams only. */
const UNFOLDED = 60;

/**
 * The forecast of a period by company, team and salesperson.
 */
export class ForecastBoard extends Component {
    static template = "sales_opportunity_plus.ForecastBoard";
    static components = {
        Dropdown,
        DropdownItem,
        ForecastBoardRow,
        ForecastBoardToolbar,
        Layout,
        SearchBar,
    };
    static props = {
        domain: Array,
        restored: {type: Object, optional: true},
        updateActionState: {type: Function, optional: true},
    };

    setup() {
        this.ui = useState(useService("ui"));
        this.views = VIEWS;
        this.icons = ICONS;
        this.searchBarToggler = useSearchBarToggler();
        const {restored} = this.props;
        this.model = useState(
            ForecastBoardModel.create(
                useService("orm"),
                initialOptions(restored?.options)
            )
        );
        this.actions = useBoardActions(this.model);
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => ({
                options: {...this.model.options},
                folded: {...this.model.folded},
            }),
        });
        onWillStart(async () => {
            await this.load(this.props.domain);
            this.model.folded = restored?.folded || this.foldedAtFirst;
        });
        onWillUpdateProps(async ({domain}) => {
            if (JSON.stringify(domain) !== JSON.stringify(this.model.domain)) {
                await this.load(domain);
            }
        });
    }

    load(domain = this.model.domain) {
        this.model.domain = domain;
        this.props.updateActionState?.(inAddress(this.model.options));
        return this.model.load();
    }

    get foldedAtFirst() {
        const rows = this.model.data?.rows || [];
        const teams = rows.filter(({kind}) => kind === "team");
        const isLong = this.ui.isSmall ? rows.length > 10 : rows.length > UNFOLDED;
        return Object.fromEntries(isLong ? teams.map(({key}) => [key, true]) : []);
    }

    get data() {
        return this.model.data;
    }

    get format() {
        return formatter(this.data);
    }

    get isCount() {
        return this.data.options.measure === "count";
    }

    tooltip({help, empty}) {
        return [help, empty].filter(Boolean).join(" ");
    }

    rowProps(row) {
        return {
            row,
            columns: this.model.columns,
            format: this.format,
            sums: this.model.options.sums,
            isFolded: this.model.isFolded(row),
            isParent: row.kind !== "person",
            onToggle: (one) => this.model.toggle(one),
            onOpen: this.actions.openDeals,
            onAdjust: this.actions.adjust,
        };
    }

    openNote({name, lead_id: leadId}) {
        return leadId
            ? this.actions.openLead(leadId)
            : this.actions.openDeals(this.data.rows[0], name);
    }

    get display() {
        return {controlPanel: {}};
    }

    change(options) {
        Object.assign(this.model.options, options);
        remember(this.model.options);
        if (!("sums" in options || "shown" in options)) {
            return this.load();
        }
        this.props.updateActionState?.(inAddress(this.model.options));
    }

    exportWorkbook() {
        const board = {options: this.model.question, sums: this.model.options.sums};
        return download({
            url: "/sales_opportunity_plus/forecast_board/xlsx",
            data: {
                board: JSON.stringify(board),
                company_ids: JSON.stringify(user.context.allowed_company_ids),
            },
        });
    }
}
