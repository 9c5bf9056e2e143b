import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {Deferred, animationFrame} from "@odoo/hoot-mock";
import {contains, makeServerError} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {
    board,
    company,
    defineBoardModels,
    openBoard,
    outlook,
    person,
    team,
    values,
} from "./forecast_board_helpers";

defineBoardModels();
describe.current.tags("desktop");
beforeEach(() => browser.localStorage.clear());

test("where nothing is forecast the board says what to do", async () => {
    await openBoard(() => board({rows: [company()]}));
    expect(".o_forecast_row").toHaveCount(0);
    expect(".o_nocontent_help").toHaveText(/expected revenue/);
});

test("after an error the old figures stay, and one can try again", async () => {
    let isBroken = false;
    await openBoard(() => {
        if (isBroken) {
            throw makeServerError({message: "Broken"});
        }
        return board();
    });
    isBroken = true;
    await contains(".o_forecast_following").click();
    expect("[role=alert]").toHaveCount(1);
    expect(".o_forecast_row").toHaveCount(3);
    isBroken = false;
    await contains("[role=alert] button").click();
    expect("[role=alert]").toHaveCount(0);
});

test("a late answer to an old question is dropped", async () => {
    const answers = {};
    await openBoard(({day}) => answers[day] || board());
    const late = (answers["2026-08-01"] = new Deferred());
    await contains(".o_forecast_following").click();
    expect("[aria-busy=true]").toHaveCount(1);
    await contains(".o_forecast_previous").click();
    late.resolve(board({rows: [company()]}));
    await animationFrame();
    expect(".o_forecast_row").toHaveCount(3);
    expect("[aria-busy=false]").toHaveCount(1);
});

test("the search narrows the board", async () => {
    await openBoard(({domain}) => {
        expect.step(domain);
        return board();
    });
    await contains(".o_searchview_dropdown_toggler").click();
    await contains(".o_filter_menu .o-dropdown-item:contains(Mine)").click();
    expect.verifySteps([[], [["name", "=", "x"]]]);
});

test("what takes longer to read comes behind the first screen", async () => {
    const read = new Deferred();
    const columns = [
        {name: "closed", type: "deals", label: "Closed"},
        {name: "projection", type: "projection", label: "Projection"},
    ];
    await openBoard(
        () => board({columns, rows: [company(), team()]}),
        () => read
    );
    expect(".o_forecast_row").toHaveCount(2);
    expect(".o_forecast_board").not.toHaveText(/ran high/);
    read.resolve(
        outlook({
            names: ["projection"],
            rows: [
                company({values: values({projection: 4711})}),
                person({values: values({closed: 0, projection: 815})}),
            ],
            notes: [{type: "bias", text: "It ran high."}],
        })
    );
    await animationFrame();
    expect(".o_forecast_row").toHaveCount(3);
    expect(".o_forecast_row:first").toHaveText(/1,500[^]*4,711/);
    expect(".o_forecast_board").toHaveText(/ran high/);
});
