import {describe, expect, test} from "@odoo/hoot";
import {Component, useState, xml} from "@odoo/owl";
import {mountWithCleanup, preloadBundle} from "@web/../tests/web_test_helpers";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    cropped,
    floats,
    waterfallConfig,
} from "@sales_opportunity_plus/forecast/waterfall/waterfall_config";
import {ForecastChart} from "@sales_opportunity_plus/forecast/chart/forecast_chart";
import {reliabilityConfig} from "@sales_opportunity_plus/forecast/reliability/reliability_config";

defineMailModels();
describe.current.tags("desktop");
preloadBundle("web.chartjs_lib");

const bars = (opening, ...changes) => {
    const sum = changes.reduce((all, one) => all + one, opening);
    return [
        {bar: "opening", label: "Opening", value: opening},
        ...changes.map((value, n) => ({bar: `change_${n}`, label: "Change", value})),
        {bar: "closing", label: "Closing", value: sum},
    ];
};

test("changes float from where the one before ended", () => {
    expect(floats(bars(100, 50, -80))).toEqual([
        [0, 100],
        [100, 150],
        [150, 70],
        [0, 70],
    ]);
});

test("the axis is cut below the lowest level, if that is above zero", () => {
    expect(cropped(bars(1000, 20, -60))).toBe(954);
    expect(cropped(bars(1000, -990))).toBe(undefined);
    expect(cropped(bars(0, 50))).toBe(undefined);
});

test("a bar says what it is, and opens", () => {
    const all = bars(100, 50, -80);
    const {data, options} = waterfallConfig(all, {
        isSmall: true,
        start: 60,
        format: ({value}) => `${value}!`,
        onOpen: ({bar}) => expect.step(bar),
    });
    expect(data.datasets[0].data[0]).toEqual([60, 100]);
    expect(options.indexAxis).toBe("y");
    expect(options.scales.x.min).toBe(60);
    expect(options.plugins.tooltip.callbacks.label({dataIndex: 2})).toBe("-80!");
    const [end, up, down, again] = data.datasets[0].backgroundColor;
    expect(new Set([end, up, down]).size).toBe(3);
    expect(again).toBe(end);
    options.onClick({}, [{index: 1}]);
    options.onClick({}, []);
    expect.verifySteps(["change_0"]);
});

test("the diagram has a line per source, and the diagonal", () => {
    const bins = [
        {said: 0.2, came: 0.25, deals: 4},
        {said: 0.8, came: 0.5, deals: 900},
    ];
    const {data, options} = reliabilityConfig(
        [
            {source: "counts", label: "Counts", bins},
            {source: "odoo", label: "Odoo", bins},
        ],
        {perfect: "Perfect"},
        (source, bin) => `${source.label} ${bin.deals}`
    );
    expect(data.datasets.map(({label}) => label)).toEqual([
        "Counts",
        "Odoo",
        "Perfect",
    ]);
    expect(data.datasets[0].data[1]).toEqual({x: 80, y: 50});
    expect(data.datasets[0].pointRadius).toEqual([4, 12]);
    expect(data.datasets[0].borderWidth).toBeGreaterThan(data.datasets[1].borderWidth);
    const {filter, callbacks} = options.plugins.tooltip;
    expect([0, 2].map((datasetIndex) => filter({datasetIndex}))).toEqual([true, false]);
    expect(callbacks.label({datasetIndex: 1, dataIndex: 0})).toBe("Odoo 4");
});

test("another configuration draws another chart, and the old one goes", async () => {
    const config = (label) => ({
        type: "bar",
        data: {labels: [label], datasets: [{data: [1]}]},
        options: {animation: false},
    });
    class Parent extends Component {
        static components = {ForecastChart};
        static template = xml`
            <ForecastChart t-if="state.isShown" config="state.config"
                label="state.label" height="120"/>`;
        static props = {};

        setup() {
            this.state = useState({config: config("a"), label: "A", isShown: true});
        }
    }
    const parent = await mountWithCleanup(Parent);
    const canvas = document.querySelector("canvas[role=img]");
    const drawn = () => window.Chart.getChart(canvas);
    const first = drawn();
    expect("canvas").toHaveAttribute("aria-label", "A");
    expect(first.data.labels).toEqual(["a"]);
    parent.state.label = "B";
    await animationFrame();
    expect("canvas").toHaveAttribute("aria-label", "B");
    expect(drawn().id).toBe(first.id);
    parent.state.config = config("b");
    await animationFrame();
    expect(drawn().data.labels).toEqual(["b"]);
    parent.state.isShown = false;
    await animationFrame();
    expect(drawn()).toBe(undefined);
});
