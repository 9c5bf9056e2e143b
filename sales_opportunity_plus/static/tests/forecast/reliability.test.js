import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();
describe.current.tags("desktop");
preloadBundle("web.chartjs_lib");

const judged = (source, label) => ({
    source,
    label,
    is_enough: true,
    deals: 40,
    n: 80,
    brier: 0.18,
    log_loss: 0.5,
    auc: null,
    ece: 0.04,
    ece_by_chance: 0.03,
    bins: [{low: 0.1, high: 0.3, deals: 12, n: 20, said: 0.2, came: 0.25}],
});
const tooFew = {source: "manual", label: "By hand", is_enough: false, text: "3 of 20"};

let answer;
beforeEach(() => {
    answer = {
        sources: [judged("counts", "Counts"), judged("odoo", "Odoo"), tooFew],
        teams: [{id: 3, name: "Europe"}],
        win_rate: 0.5,
        needed: 20,
    };
    onRpc("crm.forecast.reliability", "action_read", ({kwargs}) => {
        expect.step([kwargs.months, kwargs.team_id]);
        return answer;
    });
});

async function open() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_forecast_reliability",
    });
    expect.verifySteps([[12, false]]);
}

const rows = () => queryAllTexts(".o_forecast_reliability .table-responsive tbody tr");

test("what is known of each probability, and what is not", async () => {
    await open();
    const shown = rows().map((text) => text.replace(/\s+/g, " "));
    const [known, , few, plain] = shown;
    expect(known).toBe("Counts 40 80 0.180 0.500 – 0.040 (0.030)");
    expect(few).toBe("By hand 3 of 20");
    expect(plain).toMatch(/50\.0 % 0\.250$/);
    expect("canvas").toHaveAttribute(
        "aria-label",
        /Odoo: 20\.0 % said, 25\.0 % won \(12 opportunities\)/
    );
});

test("the groups are of the probability that was chosen", async () => {
    await open();
    expect("h5").toHaveText("Counts");
    await contains(".o_forecast_reliability button:contains(Odoo)").click();
    expect("h5").toHaveText("Odoo");
    expect("button[aria-pressed=true]").toHaveText("Odoo");
});

test("another period and another team are read anew", async () => {
    await open();
    await contains(".o_forecast_reliability select:first").select("0");
    await contains(".o_forecast_reliability select:last").select("3");
    expect.verifySteps([
        [0, false],
        [0, 3],
    ]);
});

test("before enough have closed it says so instead of guessing", async () => {
    answer = {sources: [tooFew], teams: [], win_rate: null, needed: 20};
    await open();
    expect("canvas").toHaveCount(0);
    expect(".o_forecast_reliability p").toHaveText(/20\s+of them have closed/);
    expect(rows()).toHaveLength(1);
});
