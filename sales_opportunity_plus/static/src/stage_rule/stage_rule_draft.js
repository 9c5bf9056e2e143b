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
        this.records = markRaw({});
        // Which missing things look settled, by the key of the failure.
        this.done = {};
        this.reasonId = false;
        this.note = "";
    }

    /**
     * @param {string} fieldName
     * @param {Object} record the record that holds what is typed for the field
     */
    keep(fieldName, record) {
        this.records[fieldName] = record;
    }

    /** Whether all that was typed can be read as what it should be. */
    async isValid() {
        const records = Object.values(this.records);
        const checks = await Promise.all(
            records.map((record) => record.checkValidity({displayNotification: true}))
        );
        return checks.every(Boolean);
    }

    /** The values to write, ready for the server. */
    async values() {
        const values = {};
        for (const [fieldName, record] of Object.entries(this.records)) {
            const changes = await record.getChanges();
            // A record without an id of its own stands for many: what was left empty
            // is no value for them.
            if (fieldName in changes && (record.resId || !isEmpty(changes[fieldName]))) {
                values[fieldName] = changes[fieldName];
            }
        }
        return values;
    }
}
