import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";
import {_t} from "@web/core/l10n/translation";

const REMEMBERED = "sales_opportunity_plus.forecast_board";

export const KINDS = [
    ["week", _t("Week")],
    ["month", _t("Month")],
    ["quarter", _t("Quarter")],
    ["year", _t("Year")],
];
export const MEASURES = [
    ["revenue", _t("Revenue")],
    ["mrr", _t("Recurring Revenue (MRR)")],
    ["count", _t("Number of Opportunities")],
    ["new_business", _t("New Business")],
];
const SUMS = ["cumulative", "category"];

const isOneOf = (choices, value) => choices.some(([key]) => key === value);

/** What of the given options can be used; anything else is left out. */
function known({period, day, measure, sums, shown}) {
    return {
        ...(isOneOf(KINDS, period) && {period}),
        ...(/^\d{4}-\d{2}-\d{2}$/.test(day) && {day}),
        ...(isOneOf(MEASURES, measure) && {measure}),
        ...(SUMS.includes(sums) && {sums}),
        ...(Array.isArray(shown) && {shown}),
    };
}

function remembered() {
    try {
        const {period, measure, sums, shown} = JSON.parse(
            browser.localStorage.getItem(REMEMBERED)
        );
        return {period, measure, sums, shown};
    } catch {
        return {};
    }
}

/**
 * The options to begin with: those of the breadcrumb that is come back to, else those
 * of the address, else the last ones of this browser. The day is not remembered: the
 * board opens on the current period.
 *
 * @param {object} [restored]
 * @returns {object}
 */
export function initialOptions(restored) {
    return {
        period: "month",
        day: false,
        measure: "revenue",
        sums: "cumulative",
        shown: [],
        ...known(remembered()),
        ...known(restored || router.current),
    };
}

export function remember(options) {
    browser.localStorage.setItem(REMEMBERED, JSON.stringify(options));
}

/** What the address says of the board. */
export function inAddress({period, day, measure, sums}) {
    return {period, day: day || undefined, measure, sums};
}
