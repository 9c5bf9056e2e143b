import {animationFrame, beforeEach, describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {ConnectionLostError, makeErrorFromResponse} from "@web/core/network/rpc";
import {errorText} from "@sales_opportunity_plus/forecast/board/forecast_board_error";
import {ForecastBoardModel} from "@sales_opportunity_plus/forecast/board/forecast_board_model";

describe.current.tags("headless");
beforeEach(allowTranslations);

function refused(name, message) {
    return makeErrorFromResponse({
        code: 200,
        message: "Odoo Server Error",
        data: {name, message, debug: "Traceback", arguments: [message], context: {}},
    });
}

test("what Odoo says to people is shown as it is", () => {
    const error = refused("odoo.exceptions.UserError", "“decade” is no period.");
    expect(errorText(error)).toBe("“decade” is no period.");
});

test("the text of any other exception is not", () => {
    const text = errorText(
        refused("psycopg2.errors.UndefinedColumn", "column lead.oops does not exist")
    );
    expect(text).not.toMatch("oops");
    expect(text).toMatch("could not be read");
    expect(errorText(new ConnectionLostError("/web"))).toMatch("connection is lost");
});

test("trying again takes the message away", async () => {
    const fail = () => Promise.reject(refused("KeyError", "'oops'"));
    const answer = () => Promise.resolve({rows: [], names: [], notes: []});
    const answers = [fail, answer, answer, answer, fail];
    const orm = {call: () => answers.shift()()};
    const model = ForecastBoardModel.create(orm, {period: "month"});
    await model.load();
    expect(model.error).toMatch("Try again");
    expect(model.isLoading).toBe(false);
    await model.load();
    await animationFrame();
    expect(model.error).toBe("");
    expect(model.data.rows).toEqual([]);
    // What is read behind the first screen may fail by itself.
    await model.load();
    await animationFrame();
    expect(model.error).toMatch("Try again");
    expect(answers).toEqual([]);
});
