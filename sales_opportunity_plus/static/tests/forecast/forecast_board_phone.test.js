import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {
    board,
    company,
    defineBoardModels,
    openBoard,
    person,
    team,
} from "./forecast_board_helpers";

defineBoardModels();
describe.current.tags("mobile");
beforeEach(() => browser.localStorage.clear());

test("rows are cards that name their figures", async () => {
    onRpc("crm.forecast.board", "action_open_deals", ({args}) => {
        expect.step(args.slice(1, 3));
        return {type: "ir.actions.act_window_close"};
    });
    await openBoard();
    expect(".o_forecast_board table").toHaveCount(0);
    expect("section.o_forecast_row").toHaveCount(3);
    expect(queryAllTexts(".o_forecast_person dt")).toEqual([
        "Closed",
        "Commit",
        "Best Case",
        "Weighted",
        "P10 – P90",
        "Adjusted",
        "Gap",
    ]);
    await contains(".o_forecast_person .o_forecast_cell_commit button").click();
    expect.verifySteps([["Ann", "commit"]]);
});

test("teams are folded where there are many people", async () => {
    const people = [...Array(10).keys()].map((n) => person({key: `Person ${n}`}));
    await openBoard(() => board({rows: [company(), team(), ...people]}));
    expect("section.o_forecast_row").toHaveCount(2);
});

test("the other views are behind the cog", async () => {
    onRpc("crm.forecast.board", "action_open_report", ({args}) => {
        expect.step(args[1]);
        return {type: "ir.actions.act_window_close"};
    });
    await openBoard();
    expect(".o_cp_switch_buttons").toHaveCount(0);
    await contains(".o_cp_action_menus button").click();
    await contains(".o-dropdown-item:contains(Graph)").click();
    expect.verifySteps(["graph"]);
});
