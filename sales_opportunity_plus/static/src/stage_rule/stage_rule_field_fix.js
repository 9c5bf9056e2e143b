import {Record} from "@web/model/record";
import {useService} from "@web/core/utils/hooks";
import {Field} from "@web/views/fields/field";
import {Component, onWillStart} from "@odoo/owl";

const WIDGETS = {many2many: "many2many_tags"};
const WORD = /[A-Za-z_]\w*/g;
const TAGS = {
    related: {
        activeFields: {display_name: {}},
        fields: {display_name: {name: "display_name", type: "char"}},
    },
};

/**
 * A missing field, edited with Odoo's own widget for it.
 *
 * One opportunity is read from the server. Several share one value that starts empty.
 */
export class StageRuleFieldFix extends Component {
    static template = "sales_opportunity_plus.StageRuleFieldFix";
    static components = {Record, Field};
    static props = {
        fieldName: String,
        leadIds: {type: Array, element: Number},
        failureKey: String,
        message: String,
        draft: Object,
    };

    setup() {
        const fieldService = useService("field");
        onWillStart(async () => {
            const fields = await fieldService.loadFields("crm.lead");
            this.record = this.prepareRecord(fields);
        });
    }

    get definition() {
        return this.record.fields[this.props.fieldName];
    }

    /** One2many fields and the like need a form of their own. */
    get isEditable() {
        const field = this.definition;
        return field && !field.readonly && !["one2many", "binary"].includes(field.type);
    }

    /** The message names the field already, as a rule. */
    get isNamed() {
        return this.props.message.includes(this.definition.string);
    }

    get widget() {
        return WIDGETS[this.definition.type];
    }

    prepareRecord(fields) {
        const {fieldName, leadIds, draft, failureKey} = this.props;
        const names = [fieldName, ...neededBy(fields[fieldName], fields)];
        const activeFields = Object.fromEntries(
            names.map((name) => [name, fields[name]?.type === "many2many" ? TAGS : {}])
        );
        const hooks = {
            onRootLoaded: (record) => draft.keep(fieldName, leadIds, record),
            onRecordChanged: (record) => {
                draft.done[failureKey] = isSet(record.data[fieldName]);
            },
        };
        const one = leadIds.length === 1;
        return {
            resModel: "crm.lead",
            mode: "edit",
            fields,
            activeFields,
            hooks,
            ...(one ? {resId: leadIds[0]} : {values: {}}),
        };
    }
}

function isSet(value) {
    return Boolean(value?.records ? value.records.length : value);
}

/** Other fields that the widget reads: a currency, what the domain speaks of. */
function neededBy(field, fields) {
    const names = [field?.currency_field, field?.definition_record];
    if (typeof field?.domain === "string") {
        names.push(...field.domain.match(WORD));
    }
    return names.filter((name) => name in fields && name !== field.name);
}
