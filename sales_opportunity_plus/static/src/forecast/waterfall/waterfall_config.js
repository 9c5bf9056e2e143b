import {chartColors} from "../chart/forecast_chart";

const ENDS = ["opening", "closing"];

/**
 * Where each bar begins and ends: opening and closing stand on zero, each change floats
 * from where the one before it ended.
 *
 * @param {object[]} bars
 * @returns {number[][]}
 */
export function floats(bars) {
    let level = 0;
    return bars.map(({bar, value}) => {
        if (ENDS.includes(bar)) {
            level = value;
            return [0, value];
        }
        level += value;
        return [level - value, level];
    });
}

/**
 * Where the axis begins when it is to show the changes: a tenth below the lowest.
 *
 * @param {object[]} bars
 * @returns {number | undefined} undefined where that would be zero or less
 */
export function cropped(bars) {
    const levels = floats(bars).flatMap(([from, to], n) =>
        ENDS.includes(bars[n].bar) ? [to] : [from, to]
    );
    const low = Math.min(...levels);
    const start = low - Math.max(Math.max(...levels) - low, low / 100) / 10;
    return start > 0 ? start : undefined;
}

function color({bar, value}, colors) {
    if (ENDS.includes(bar)) {
        return colors.end;
    }
    return value < 0 ? colors.down : colors.up;
}

/**
 * The configuration of Chart.js.
 *
 * @param {object[]} bars
 * @param {object} how
 * @param {boolean} how.isSmall bars lie, their names above each other
 * @param {number} [how.start] where the axis begins, zero if not given
 * @param {Function} how.format of an amount
 * @param {Function} how.formatShort of an amount on the axis
 * @param {Function} how.onOpen gets a bar that was clicked
 * @returns {object}
 */
export function waterfallConfig(bars, how) {
    const colors = chartColors();
    const amounts = {
        min: how.start,
        grid: {color: colors.grid},
        ticks: {color: colors.text, callback: how.formatShort},
    };
    const names = {grid: {display: false}, ticks: {color: colors.text}};
    return {
        type: "bar",
        data: {
            labels: bars.map(({label}) => label),
            datasets: [
                {
                    data: floats(bars).map(([from, to]) =>
                        how.start === undefined
                            ? [from, to]
                            : [Math.max(from, how.start), to]
                    ),
                    backgroundColor: bars.map((bar) => color(bar, colors)),
                    borderRadius: 3,
                    borderSkipped: false,
                    minBarLength: 2,
                },
            ],
        },
        options: {
            maintainAspectRatio: false,
            indexAxis: how.isSmall ? "y" : "x",
            animation: {duration: 300},
            scales: how.isSmall ? {x: amounts, y: names} : {x: names, y: amounts},
            plugins: {
                legend: {display: false},
                tooltip: {
                    displayColors: false,
                    callbacks: {label: ({dataIndex}) => how.format(bars[dataIndex])},
                },
            },
            onClick: (_ev, [found]) => found && how.onOpen(bars[found.index]),
            onHover: (ev, found) => {
                ev.native.target.style.cursor = found.length ? "pointer" : "";
            },
        },
    };
}
