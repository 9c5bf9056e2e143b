import {Component, useState} from "@odoo/owl";
import {cropped, waterfallConfig} from "./waterfall_config";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {ForecastChart} from "../chart/forecast_chart";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** What happened to the pipeline: a chart and its table; each bar opens its deals. */
export class WaterfallField extends Component {
    static template = "sales_opportunity_plus.WaterfallField";
    static components = {ForecastChart};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.state = useState({place: 0, isCropped: false});
        this.drawn = {};
    }

    get chart() {
        return this.props.record.data[this.props.name] || {parts: []};
    }

    get part() {
        return this.chart.parts[this.state.place] || {bars: []};
    }

    get isEmpty() {
        return this.part.bars.every(({value, deals}) => !value && !deals);
    }

    get canCrop() {
        return cropped(this.part.bars) !== undefined;
    }

    /** One configuration for what is shown: another one draws the chart anew. */
    get config() {
        const {place, isCropped} = this.state;
        const isSmall = this.ui.isSmall;
        const key = JSON.stringify([place, isCropped, isSmall, this.part.bars]);
        if (this.drawn.key !== key) {
            const config = waterfallConfig(this.part.bars, {
                isSmall,
                start: isCropped ? cropped(this.part.bars) : undefined,
                format: (bar) => `${this.signed(bar)} (${bar.deals})`,
                formatShort: (value) =>
                    formatFloat(value, {
                        humanReadable: true,
                        decimals: 2,
                        minDigits: 1,
                    }),
                onOpen: (bar) => this.onOpen(bar),
            });
            this.drawn = {key, config};
        }
        return this.drawn.config;
    }

    get height() {
        return this.ui.isSmall ? 60 + 28 * this.part.bars.length : 380;
    }

    get label() {
        const said = this.part.bars.map((bar) => `${bar.label} ${this.signed(bar)}`);
        return _t("Waterfall chart: %s", said.join(", "));
    }

    isEnd({bar}) {
        return ["opening", "closing"].includes(bar);
    }

    signed(bar) {
        const said = formatMonetary(bar.value, {currencyId: this.chart.currency_id});
        return bar.value > 0 && !this.isEnd(bar) ? `+${said}` : said;
    }

    color(bar) {
        if (this.isEnd(bar) || !bar.value) {
            return "";
        }
        return bar.value < 0 ? "text-danger" : "text-success";
    }

    onChoose(ev) {
        Object.assign(this.state, {place: Number(ev.target.value), isCropped: false});
    }

    async onOpen({bar}) {
        const args = [[this.props.record.resId], bar, this.part.key];
        const action = await this.orm.call(
            "crm.pipeline.waterfall",
            "action_open_bar",
            args
        );
        this.action.doAction(action);
    }
}

registry.category("fields").add("forecast_waterfall", {
    component: WaterfallField,
    displayName: _t("Waterfall"),
    supportedTypes: ["json"],
});
