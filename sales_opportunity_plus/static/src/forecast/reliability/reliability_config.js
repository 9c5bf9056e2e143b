import {chartColors} from "../chart/forecast_chart";
import {getColor} from "@web/core/colors/colors";

const STYLES = ["circle", "triangle", "rect", "rectRot", "star"];

/**
 * Chart.js: what was said against what came, a line per source, and the diagonal that a
 * perfect forecast would keep to. The larger a point, the more opportunities are in it.
 *
 * @param {object[]} sources those with enough data
 * @param {object} names of the axes and of the diagonal
 * @param {Function} format of a point: source, bin
 * @returns {object}
 */
export function reliabilityConfig(sources, names, format) {
    const colors = chartColors();
    const axis = (title) => ({
        min: 0,
        max: 100,
        title: {display: true, text: title, color: colors.text},
        grid: {color: colors.grid},
        ticks: {color: colors.text, callback: (value) => `${value} %`},
    });
    const lines = sources.map((source, number) => ({
        label: source.label,
        data: source.bins.map(({said, came}) => ({x: said * 100, y: came * 100})),
        borderColor: getColor(number, undefined, "sm"),
        backgroundColor: getColor(number, undefined, "sm"),
        borderWidth: source.source === "counts" ? 3 : 1.5,
        pointStyle: STYLES[number % STYLES.length],
        pointRadius: source.bins.map(
            ({deals}) => 3 + Math.min(Math.sqrt(deals) / 2, 9)
        ),
        showLine: true,
    }));
    const diagonal = {
        label: names.perfect,
        data: [
            {x: 0, y: 0},
            {x: 100, y: 100},
        ],
        borderColor: colors.end,
        borderDash: [6, 4],
        borderWidth: 1.5,
        pointRadius: 0,
        showLine: true,
    };
    return {
        type: "scatter",
        data: {datasets: [...lines, diagonal]},
        options: {
            maintainAspectRatio: false,
            animation: {duration: 300},
            scales: {x: axis(names.said), y: axis(names.came)},
            plugins: {
                legend: {labels: {color: colors.text, usePointStyle: true}},
                tooltip: {
                    filter: ({datasetIndex}) => datasetIndex < sources.length,
                    callbacks: {
                        label: ({datasetIndex, dataIndex}) =>
                            format(
                                sources[datasetIndex],
                                sources[datasetIndex].bins[dataIndex]
                            ),
                    },
                },
            },
        },
    };
}
