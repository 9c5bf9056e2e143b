import {useEnv} from "@odoo/owl";
import {useBus} from "@web/core/utils/hooks";
import {deepEqual, pick} from "@web/core/utils/objects";
import {HELD_BACK, MOVED} from "./stage_rule_service";

// What makes Odoo choose another stage: then the stage is not what the user set.
const CAUSES = ["team_id", "user_id", "type"];

/**
 * Keep a form right about the stage of its opportunity.
 *
 * Odoo leaves a form that could not be saved as it is: the status bar would show the
 * stage that was refused, and the next save would try it again. Lists and cards need
 * nothing of this, they go back by themselves.
 *
 * @param {() => object} getRecord of the form
 * @param {() => any} onChange called once the form shows what the server has
 */
export function useStageRuleForm(getRecord, onChange) {
    const {bus} = useEnv();
    const isMeant = ({detail}) => detail.ids.includes(getRecord().resId);

    async function goBack() {
        const record = getRecord();
        const changes = await record.getChanges();
        if (!("stage_id" in changes) || CAUSES.some((name) => name in changes)) {
            return;
        }
        // Odoo works out again what follows from the stage; what the user typed
        // himself stays.
        await record.update({stage_id: record._values.stage_id});
        if (await isAsSaved(record)) {
            await record.discard();
        }
    }

    async function reload(keepChanges) {
        const record = getRecord();
        if (!keepChanges || !(await record.isDirty())) {
            await record.load();
        }
        bus.trigger("MAIL:RELOAD-THREAD", {model: record.resModel, id: record.resId});
        await onChange();
    }

    useBus(bus, HELD_BACK, (event) => isMeant(event) && goBack());
    useBus(bus, MOVED, (event) => {
        if (isMeant(event)) {
            event.detail.handled = true;
            reload(event.detail.keepChanges);
        }
    });
}

/** Whether nothing but values that are saved already is left of the changes. */
async function isAsSaved(record) {
    const changes = await record.getChanges();
    const values = pick(record._values, ...Object.keys(changes));
    const hasCommands = Object.values(changes).some(Array.isArray);
    return !hasCommands && deepEqual(changes, record._getChanges(values));
}
