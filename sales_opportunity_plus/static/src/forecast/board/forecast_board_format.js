import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";

/** Of the largest amounts the first digits are enough; the title has them all. */
const HUGE = 1e9;
const THOUSAND = 1000;

/** The texts of the board's numbers, in the words of the user's language. */
export function formatter({currency_id: currencyId, options}) {
    const isCount = options.measure === "count";

    function amount(value, digits = 0) {
        if (isCount) {
            const isWhole = Number.isInteger(value);
            return formatFloat(value, {digits: [16, isWhole ? 0 : 1]});
        }
        const humanReadable = Math.abs(value) >= HUGE;
        return formatCurrency(value, currencyId, {
            noSymbol: true,
            humanReadable,
            digits: [16, humanReadable ? 2 : digits],
        });
    }

    return {
        amount,
        exact: (value) => (isCount ? amount(value) : formatCurrency(value, currencyId)),
        short: (value) =>
            isCount || Math.abs(value) < THOUSAND
                ? amount(Math.round(value))
                : formatFloat(value, {
                      humanReadable: true,
                      decimals: 1,
                      digits: [16, 0],
                  }),
        signed: (value) => `${value > 0 ? "+" : ""}${amount(value)}`,
        percent: (value) => `${formatFloat(100 * value, {digits: [16, 0]})} %`,
        ratio: (value) => `${formatFloat(value, {digits: [16, 1]})}×`,
    };
}
