import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {WithSearch} from "@web/search/with_search/with_search";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ForecastBoard} from "./forecast_board";

/**
 * The client action: the board with Odoo's search above it.
 */
export class ForecastBoardAction extends Component {
    static template = "sales_opportunity_plus.ForecastBoardAction";
    static components = {ForecastBoard, WithSearch};
    static props = {...standardActionServiceProps};
    static displayName = _t("Forecast Board");
    static path = "crm-forecast-board";

    get search() {
        const {action, globalState} = this.props;
        return {
            resModel: "crm.lead",
            searchViewId: action.params?.search_view_id || false,
            searchMenuTypes: ["filter", "favorite"],
            loadIrFilters: true,
            context: action.context || {},
            ...(globalState && {globalState}),
        };
    }
}

registry.category("actions").add("crm_forecast_board", ForecastBoardAction);
