import {useEnv} from "@odoo/owl";
import {useBus} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {HELD_BACK, MOVED} from "./stage_rule_service";

//: What makes Odoo choose another stage: then the stage is not what the user set.
const CAUSES = ["team_id", "user_id", "type"];

/**
 * Keep a form right about the stage of its opportunity.
 *
 * Odoo leaves a form that could not be saved as it is: the status bar would show the
 * stage that was refused, and the next save would try it again. Lists and cards need
 * nothing of this, they go back by themselves.
 *
 * @param {() => Object} getRecord of the form
 * @param {() => any} onChange called once the form shows what the server has
 */
export function useStageRuleForm(getRecord, onChange) {
    const {bus} = useEnv();
    const isMeant = ({detail}) => detail.ids.includes(getRecord().resId);
    const savedStage = (record) => record._values.stage_id;
    // Whether there were other changes before the stage was clicked.
    let wasDirty = false;
    useRecordObserver((record) => {
        const {dirty, data} = record;
        if (data.stage_id?.id === savedStage(record)?.id) {
            wasDirty = dirty;
        }
    });

    async function goBack() {
        const record = getRecord();
        const changes = await record.getChanges();
        if (!("stage_id" in changes) || CAUSES.some((name) => name in changes)) {
            return;
        }
        if (wasDirty) {
            await record.update({stage_id: savedStage(record)});
        } else {
            await record.discard();
        }
    }

    async function reload() {
        const record = getRecord();
        await record.load();
        bus.trigger("MAIL:RELOAD-THREAD", {model: record.resModel, id: record.resId});
        await onChange();
    }

    useBus(bus, HELD_BACK, (event) => isMeant(event) && goBack());
    useBus(bus, MOVED, (event) => {
        if (isMeant(event)) {
            event.detail.handled = true;
            reload();
        }
    });
}
