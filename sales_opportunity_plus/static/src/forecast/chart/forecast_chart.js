/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {cookie} from "@web/core/browser/cookie";
import {getCustomColor} from "@web/core/colors/colors";
import {loadBundle} from "@web/core/assets";

/**
 * Colours of the charts, for the light or the dark theme.
 *
 * @returns {object}
 */
export function chartColors() {
    const scheme = cookie.get("color_scheme");
    const pick = (bright, dark) => getCustomColor(scheme, bright, dark);
    return {
        text: pick("#111827", "#E4E4E4"),
        grid: pick("rgba(0,0,0,.1)", "rgba(255,255,255,.15)"),
        up: pick("#1E8E5A", "#3FBF85"),
        down: pick("#C9304B", "#EA6175"),
        end: pick("#7E8290", "#A4A8B6"),
    };
}

/** A chart of Odoo's own Chart.js, drawn anew when its configuration changes. */
export class ForecastChart extends Component {
    static template = "sales_opportunity_plus.ForecastChart";
    static props = {config: Object, label: String, height: Number};

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (config) => {
                const chart = new Chart(this.canvasRef.el, config);
                return () => chart.destroy();
            },
            () => [this.props.config]
        );
    }
}
