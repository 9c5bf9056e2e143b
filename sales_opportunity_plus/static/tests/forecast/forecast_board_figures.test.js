import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {makeMockEnv, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {ForecastRange} from "@sales_opportunity_plus/forecast/board/forecast_range";
import {formatter} from "@sales_opportunity_plus/forecast/board/forecast_board_format";

defineMailModels();
describe.current.tags("desktop");
beforeEach(makeMockEnv);

const money = () => formatter({currency_id: 1, options: {measure: "revenue"}});
const count = () => formatter({currency_id: 1, options: {measure: "count"}});

test("amounts have no cents, and huge ones their first digits", () => {
    expect(money().amount(1234567.89)).toBe("1,234,568");
    expect(money().amount(2345678901)).toBe("2.35G");
    expect(money().exact(1234.5)).toBe("$\u00a01,234.50");
});

test("opportunities are counted whole, unless they are weighted", () => {
    expect(count().amount(1200)).toBe("1,200");
    expect(count().amount(2.25)).toBe("2.3");
    expect(count().exact(7)).toBe("7");
    expect(count().short(1200)).toBe("1,200");
});

test("what is small is written out on a range", () => {
    expect(money().short(999.4)).toBe("999");
    expect(money().short(1550)).toBe("1.6k");
    expect(money().short(-2500000)).toBe("-2.5M");
});

test("a change has its sign, shares are percent", () => {
    expect([5, 0, -5].map((one) => money().signed(one))).toEqual(["+5", "0", "-5"]);
    expect(money().percent(0.256)).toBe("26 %");
    expect(money().ratio(2.94)).toBe("2.9×");
});

async function mountRange(props) {
    await mountWithCleanup(ForecastRange, {
        props: {low: 100, middle: 300, high: 400, format: money(), ...props},
    });
}

const place = (name) => {
    const {insetInlineStart, width} = document.querySelector(
        `.o_forecast_range_${name}`
    ).style;
    return width ? [insetInlineStart, width] : insetInlineStart;
};

test("the range lies on a line from zero to its end", async () => {
    await mountRange();
    expect(place("span")).toEqual(["25%", "75%"]);
    expect(place("middle")).toBe("75%");
    expect(".o_forecast_range_target").toHaveCount(0);
    expect(".o_forecast_range").toHaveAttribute(
        "aria-label",
        "P10 $\u00a0100.00, P50 $\u00a0300.00, P90 $\u00a0400.00"
    );
});

test("a target beyond the range makes the line longer", async () => {
    await mountRange({target: 800});
    expect(place("span")).toEqual(["12.5%", "37.5%"]);
    expect(place("target")).toBe("100%");
});

test("less than zero lies on the line too", async () => {
    await mountRange({low: -100, middle: 0, high: 100});
    expect(place("span")).toEqual(["0%", "100%"]);
    expect(place("middle")).toBe("50%");
});

test("a range that is a point is named once", async () => {
    await mountRange({low: 300, middle: 300, high: 300});
    expect(".o_forecast_range").toHaveText("300");
});
