import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAllAttributes, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {
    board,
    company,
    defineBoardModels,
    openBoard,
    person,
    team,
    values,
} from "./forecast_board_helpers";

defineBoardModels();
describe.current.tags("desktop");
beforeEach(() => browser.localStorage.clear());

const cells = (name) => queryAllTexts(`td.o_forecast_cell_${name}`);

test("sums are with what is more certain, or of each category alone", async () => {
    await openBoard();
    expect(cells("commit")).toEqual(["2,000", "2,000", "2,000"]);
    expect(cells("weighted")[0]).toBe("1,900");
    expect("td.o_forecast_cell_range:first").toHaveText("1.6k\n2.5k");
    await contains(".o_forecast_category").click();
    expect(cells("commit")).toEqual(["500", "500", "500"]);
    expect(cells("weighted")[0]).toBe("400");
    expect("td.o_forecast_cell_range:first").toHaveText("100\n1.0k");
    expect(".o_forecast_category").toHaveAttribute("aria-pressed", "true");
});

test("a team that is folded hides its people", async () => {
    await openBoard();
    expect(queryAllAttributes(".o_forecast_row", "data-key")).toEqual([
        "Company",
        "Team",
        "Ann",
    ]);
    await contains(".o_forecast_team .o_forecast_fold").click();
    expect(queryAllAttributes(".o_forecast_row", "data-key")).toEqual([
        "Company",
        "Team",
    ]);
    expect(".o_forecast_team .o_forecast_fold").toHaveAttribute(
        "aria-expanded",
        "false"
    );
    await contains(".o_forecast_company .o_forecast_fold").click();
    expect(".o_forecast_row").toHaveCount(1);
});

test("a long board opens with its teams folded", async () => {
    const people = [...Array(60).keys()].map((n) => person({key: `Person ${n}`}));
    await openBoard(() => board({rows: [company(), team(), ...people]}));
    expect(".o_forecast_row").toHaveCount(2);
});

test("a number opens what is behind it, as it is summed", async () => {
    onRpc("crm.forecast.board", "action_open_deals", ({args}) => {
        expect.step(args.slice(1));
        return {type: "ir.actions.act_window_close"};
    });
    const late = values({overdue: 80, overdue_count: 2});
    await openBoard(() => board({rows: [company(), team(), person({values: late})]}));
    await contains(".o_forecast_person .o_forecast_cell_commit button").click();
    await contains(".o_forecast_category").click();
    await contains(".o_forecast_team .o_forecast_cell_closed button").click();
    await contains(".o_forecast_overdue").click();
    expect.verifySteps([
        ["Ann", "commit", true],
        ["Team", "closed", false],
        ["Ann", "overdue", false],
    ]);
    expect(".o_forecast_overdue").toHaveAttribute(
        "aria-label",
        "2 past their expected closing: $\u00a080.00"
    );
});

test("what is nothing cannot be opened", async () => {
    await openBoard(() =>
        board({rows: [company({values: values({closed: 0})}), team()]})
    );
    expect(".o_forecast_company .o_forecast_cell_closed button").toHaveCount(0);
    expect(".o_forecast_company .o_forecast_cell_gap span").toHaveAttribute(
        "data-tooltip",
        "No target is entered."
    );
});

test("who leads a row says what he makes of it", async () => {
    const said = values({adjustment: -250, adjustments: {commit: -250}});
    const rows = [
        company({values: said}),
        team({can_adjust: true, values: said}),
        person(),
    ];
    onRpc("crm.forecast.adjustment", "onchange", ({kwargs}) => {
        const names = ["team_id", "user_id", "period_kind", "period_start"];
        expect.step(names.map((name) => kwargs.context[`default_${name}`]));
    });
    await openBoard(() => {
        expect.step("read");
        return board({rows});
    });
    expect(cells("adjustment")).toEqual(["-250", "-250", "–"]);
    expect(".o_forecast_cell_adjustment button").toHaveCount(1);
    expect(".o_forecast_adjust").toHaveAttribute(
        "data-tooltip",
        "Commit -250; commit with it: 1,750"
    );
    await contains(".o_forecast_adjust").click();
    await contains(".modal [name=reason] input").edit("They wait for the budget");
    await contains(".modal .o_form_button_save").click();
    expect.verifySteps(["read", [3, false, "month", "2026-07-15"], "read"]);
});

test("a note leads to what it speaks of", async () => {
    onRpc("crm.forecast.board", "action_open_deals", ({args}) => {
        expect.step(args.slice(1, 3));
        return {type: "ir.actions.act_window_close"};
    });
    const notes = [
        {type: "overdue", text: "Two are late", name: "overdue"},
        {type: "info", text: "A rate is missing"},
    ];
    await openBoard(() => board({notes}));
    expect(".o_forecast_board_notes button").toHaveCount(1);
    await contains(".o_forecast_note_overdue").click();
    expect.verifySteps([["Company", "overdue"]]);
});
