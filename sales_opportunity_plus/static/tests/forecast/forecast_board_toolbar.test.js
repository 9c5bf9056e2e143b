import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {
    initialOptions,
    remember,
} from "@sales_opportunity_plus/forecast/board/forecast_board_options";
import {board, defineBoardModels, openBoard} from "./forecast_board_helpers";

defineBoardModels();
describe.current.tags("desktop");
beforeEach(() => browser.localStorage.clear());

const REMEMBERED = "sales_opportunity_plus.forecast_board";

async function openStepping(period = {}) {
    await openBoard(({kind, day, measure}) => {
        expect.step([kind, day, measure]);
        const one = board();
        return {...one, period: {...one.period, ...period}};
    });
    expect.verifySteps([["month", false, "revenue"]]);
}

async function choose(button, text) {
    await contains(button).click();
    await contains(`.o-dropdown-item:contains(${text})`).click();
}

test("one goes from period to period and back to the current one", async () => {
    await openStepping({is_current: false});
    await contains(".o_forecast_previous").click();
    await contains(".o_forecast_following").click();
    await contains(".o_forecast_today").click();
    expect.verifySteps([
        ["month", "2026-06-01", "revenue"],
        ["month", "2026-08-01", "revenue"],
        ["month", false, "revenue"],
    ]);
});

test("another kind of period stays where one is", async () => {
    await openStepping({is_current: false});
    await choose(".o_forecast_kind", "Quarter");
    expect.verifySteps([["quarter", "2026-07-01", "revenue"]]);
});

test("of the current period it is the current one", async () => {
    await openStepping();
    await choose(".o_forecast_kind", "Week");
    expect.verifySteps([["week", false, "revenue"]]);
    expect(".o_forecast_today").not.toBeEnabled();
});

test("another measure is read, other sums are not", async () => {
    await openStepping();
    await choose(".o_forecast_measure", "Number");
    expect.verifySteps([["month", false, "count"]]);
    await contains(".o_forecast_category").click();
    expect.verifySteps([]);
    expect(JSON.parse(browser.localStorage.getItem(REMEMBERED))).toEqual({
        period: "month",
        day: false,
        measure: "count",
        sums: "category",
        shown: [],
    });
});

test("columns are taken away and added", async () => {
    await openStepping();
    const headings = () => queryAllTexts(".o_forecast_board th[scope=col]").slice(1);
    expect(headings()).not.toInclude("Pipeline");
    await contains(".o_forecast_columns").click();
    await contains(".o-dropdown-item:contains(Pipeline)").click();
    await contains(".o-dropdown-item:contains(Best Case)").click();
    expect(headings()).toInclude("Pipeline");
    expect(headings()).not.toInclude("Best Case");
    await contains(".o-dropdown-item:contains(Pipeline)").click();
    expect(headings()).not.toInclude("Pipeline");
});

test("the last options are remembered, the day is not", () => {
    remember({
        period: "year",
        day: "2020-01-01",
        measure: "mrr",
        sums: "category",
        shown: ["pipeline"],
    });
    expect(initialOptions({})).toEqual({
        period: "year",
        day: false,
        measure: "mrr",
        sums: "category",
        shown: ["pipeline"],
    });
    expect(initialOptions({period: "week", day: "2026-07-01"})).toMatchObject({
        period: "week",
        day: "2026-07-01",
        measure: "mrr",
    });
});

test("what is no option is left out", () => {
    browser.localStorage.setItem(REMEMBERED, "{broken");
    const wrong = {period: "day", day: "1.7.", measure: "x", sums: "", shown: "all"};
    expect(initialOptions(wrong)).toEqual({
        period: "month",
        day: false,
        measure: "revenue",
        sums: "cumulative",
        shown: [],
    });
});
