import {Component, onWillStart, useState} from "@odoo/owl";
import {ForecastChart} from "../chart/forecast_chart";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {reliabilityConfig} from "./reliability_config";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

const NONE = "–";

/** How often opportunities were won that were given a probability, by source. */
export class ForecastReliability extends Component {
    static template = "sales_opportunity_plus.ForecastReliability";
    static components = {ForecastChart, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Reliability of Probabilities");

    setup() {
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.periods = [
            [3, _t("Last 3 months")],
            [6, _t("Last 6 months")],
            [12, _t("Last 12 months")],
            [0, _t("All")],
        ];
        this.state = useState({months: 12, teamId: 0, chosen: "counts"});
        this.data = useState({sources: [], teams: []});
        onWillStart(() => this.load());
    }

    async load() {
        const {months, teamId} = this.state;
        const found = await this.orm.call(
            "crm.forecast.reliability",
            "action_read",
            [],
            {months, team_id: teamId || false, context: user.context}
        );
        Object.assign(this.data, found);
        this.config = reliabilityConfig(
            this.judged,
            {said: _t("Probability said"), came: _t("Won"), perfect: _t("Perfect")},
            (source, bin) => `${source.label}: ${this.sentence(bin)}`
        );
    }

    get judged() {
        return this.data.sources.filter((source) => source.is_enough);
    }

    get chosen() {
        return (
            this.judged.find(({source}) => source === this.state.chosen) ||
            this.judged[0]
        );
    }

    get label() {
        const said = this.judged.map(
            (source) =>
                `${source.label}: ${source.bins.map((bin) => this.sentence(bin))}`
        );
        return _t("Reliability diagram. %s", said.join(". "));
    }

    sentence({said, came, deals}) {
        return _t("%(said)s said, %(came)s won (%(deals)s opportunities)", {
            said: this.percent(said),
            came: this.percent(came),
            deals,
        });
    }

    percent(value) {
        const known = value !== null && value !== undefined;
        return known ? `${formatFloat(value * 100, {digits: [0, 1]})} %` : NONE;
    }

    number(value) {
        const known = value !== null && value !== undefined;
        return known ? formatFloat(value, {digits: [0, 3]}) : NONE;
    }

    /** Brier score of who gives the win rate to every opportunity. */
    get plainBrier() {
        const rate = this.data.win_rate;
        return this.number(rate && rate * (1 - rate));
    }

    onPeriod(ev) {
        this.state.months = Number(ev.target.value);
        return this.load();
    }

    onTeam(ev) {
        this.state.teamId = Number(ev.target.value);
        return this.load();
    }
}

registry.category("actions").add("crm_forecast_reliability", ForecastReliability);
