import {markRaw} from "@odoo/owl";

const isEmpty = (value) =>
    value === false ||
    value === null ||
    value === undefined ||
    value === "" ||
    (Array.isArray(value) && !value.length);

/**
 * What the user entered in the dialog and what is not saved yet.
 *
 * It outlives the answer of the server: when something else is missing after a first
 * try, nothing is to be typed again.
 */
export class StageRuleDraft {
    constructor() {
        this.entries = markRaw({});
        // Which missing things look settled, by the key of the failure.
        this.done = {};
        this.reasonId = false;
        this.note = "";
    }

    /**
     * @param {string} fieldName
     * @param {number[]} leadIds the opportunities that miss it
     * @param {object} record the record that holds what is typed for the field
     */
    keep(fieldName, leadIds, record) {
        this.entries[fieldName] = {leadIds, record};
    }

    /** Whether all that was typed can be read as what it should be. */
    async isValid() {
        const checks = await Promise.all(
            Object.values(this.entries).map(({record}) =>
                record.checkValidity({displayNotification: true})
            )
        );
        return checks.every(Boolean);
    }

    /**
     * What to write, ready for the server.
     *
     * @returns {Promise<{fieldName: string, value: any, leadIds: number[]}[]>}
     */
    async changes() {
        const found = [];
        for (const [fieldName, {leadIds, record}] of Object.entries(this.entries)) {
            const values = await record.getChanges();
            // A record without an id of its own stands for many: what was left empty
            // is no value for them.
            if (fieldName in values && (record.resId || !isEmpty(values[fieldName]))) {
                found.push({fieldName, value: values[fieldName], leadIds});
            }
        }
        return found;
    }
}
