import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {mailModels} from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
preloadBundle("web.chartjs_lib");

class Waterfall extends models.Model {
    _name = "crm.pipeline.waterfall";

    said = fields.Json();
    _records = [{id: 5, said: false}];
}

defineModels({...mailModels, Waterfall});

async function mountField(widget, said) {
    Waterfall._records[0].said = said;
    await mountView({
        type: "form",
        resModel: "crm.pipeline.waterfall",
        resId: 5,
        arch: `<form><field name="said" widget="${widget}"/></form>`,
    });
}

test("the probability that counts is marked among the others", async () => {
    await mountField("forecast_probabilities", {
        counts: "history",
        reason: "The team trusts its history.",
        values: [
            {source: "manual", label: "By hand", value: null},
            {source: "history", label: "History", value: 61.6},
            {source: "stage", label: "Stage", value: 0},
        ],
    });
    expect(queryAllTexts(".badge")).toEqual(["By hand –", "History 62 %", "Stage 0 %"]);
    expect(".badge[aria-current=true]").toHaveText("History 62 %");
    expect("small").toHaveText("The team trusts its history.");
});

test("an opportunity that is new has no probabilities yet", async () => {
    await mountField("forecast_probabilities", false);
    expect("[name=said] .badge").toHaveCount(0);
});

const part = (key, change, more = {}) => ({
    key,
    label: key,
    bars: [
        {bar: "opening", label: "Opening", value: 1000, deals: 4},
        {bar: "won", label: "Won", value: change, deals: 1},
        {bar: "new", label: "New", value: 50, deals: 2},
        {bar: "closing", label: "Closing", value: 1050 + change, deals: 5},
    ],
    ...more,
});

test("each bar stands in the table with its sign, and opens its deals", async () => {
    onRpc("crm.pipeline.waterfall", "action_open_bar", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window_close"};
    });
    const parts = [part("all", -200), part("Team", -10)];
    await mountField("forecast_waterfall", {currency_id: 1, parts});
    const amounts = () => queryAllTexts(".o_forecast_waterfall td:nth-child(3)");
    expect(amounts()).toEqual(["$ 1,000.00", "$ -200.00", "+$ 50.00", "$ 850.00"]);
    expect("canvas").toHaveAttribute("aria-label", /Won \$\u00a0-200\.00/);
    await contains("tbody tr:eq(1) button").click();
    await contains(".o_forecast_waterfall select").select("1");
    expect(amounts()[1]).toBe("$ -10.00");
    await contains("tbody tr:eq(1) button").click();
    expect.verifySteps([
        [[5], "won", "all"],
        [[5], "won", "Team"],
    ]);
});

test("the changes can be enlarged; another row begins at zero again", async () => {
    const parts = [part("all", -20), part("Team", -10)];
    await mountField("forecast_waterfall", {currency_id: 1, parts});
    const start = () =>
        window.Chart.getChart(document.querySelector("canvas")).options.scales.y.min;
    expect(start()).toBe(undefined);
    await contains(".o_forecast_waterfall input[type=checkbox]").click();
    expect(start()).toBeGreaterThan(900);
    await contains(".o_forecast_waterfall select").select("1");
    expect(start()).toBe(undefined);
    expect(".o_forecast_waterfall input[type=checkbox]").not.toBeChecked();
});

test("of a pipeline that never was there is no chart", async () => {
    const bars = [{bar: "opening", label: "Opening", value: 0, deals: 0}];
    await mountField("forecast_waterfall", {
        currency_id: 1,
        parts: [part("all", 0, {bars})],
    });
    expect("canvas").toHaveCount(0);
    expect(".o_forecast_waterfall p.text-muted").toHaveCount(1);
});
