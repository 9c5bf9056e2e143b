from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What the name of a document's type means, as patterns of MIME types.
MIME_TYPES = {
    "pdf": ["application/pdf"],
    "image": ["image/%"],
    "word": ["%word%", "%opendocument.text%", "text/plain", "%rtf%"],
    "sheet": ["%excel%", "%spreadsheet%", "text/csv"],
}

_PRESENT = "%s IS NOT NULL"
_NOT_BLANK = "COALESCE(%s ~ '\\S', FALSE)"
_NOT_ZERO = "COALESCE(%s <> 0, FALSE)"
#: What *set* means by type of column; anything else is asked as a domain.
_FIELD_SET = {
    "many2one": _PRESENT,
    "date": _PRESENT,
    "datetime": _PRESENT,
    "selection": _PRESENT,
    "char": _NOT_BLANK,
    "text": _NOT_BLANK,
    "integer": _NOT_ZERO,
    "float": _NOT_ZERO,
    "monetary": _NOT_ZERO,
    "boolean": "%s IS TRUE",
}


class CrmStageRuleRequirement(models.Model):
    """The SQL of each kind of requirement: a condition on an opportunity.

    A kind ``x`` is the method ``_requirement_sql_x(spec, moment)``. All conditions
    of all rules that are about a move go into one query, whatever the number of
    opportunities; see ``moment`` for what a condition may refer to.
    """

    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement"]

    @api.model
    def _requirement_sql(self, spec, moment):
        """The condition of a requirement: it is met."""
        return getattr(self, f"_requirement_sql_{spec.kind}")(spec, moment)

    @api.model
    def _requirement_sql_field(self, spec, moment):
        if spec.values["property"]:
            return self._requirement_sql_property(spec.values["property"], moment)
        model = moment.env["crm.lead"]
        field = model._fields.get(spec.values["field"])
        if field is None or not field.store:
            # It went with the addon that brought it: nobody could ever fill it.
            return SQL("TRUE")
        if field.type == "html":
            # An editor that was opened and left leaves empty tags behind.
            column = model._field_to_sql(moment.lead, field.name, moment.query)
            return SQL(
                "COALESCE(%(column)s ~ '<img' OR regexp_replace(%(column)s,"
                " '<[^>]*>|&nbsp;|\\s', '', 'g') <> '', FALSE)",
                column=column,
            )
        if field.column_type and not (field.company_dependent or field.translate):
            if condition := _FIELD_SET.get(field.type):
                return SQL(condition, SQL.identifier(moment.lead, field.name))
        return self._requirement_domain(Domain(field.name, "!=", False), moment)

    @api.model
    def _requirement_sql_property(self, name, moment):
        """A property of the team; where the team has no such property, it is met."""
        moment.query.left_join(moment.lead, "team_id", "crm_team", "id", "team_id")
        team = moment.query.make_alias(moment.lead, "team_id")
        return SQL(
            """(COALESCE(%(value)s -> %(name)s, 'false'::jsonb)
                    NOT IN ('false', '""', '0', '0.0', '[]', 'null')
                OR NOT COALESCE(%(team)s @> jsonb_build_array(
                       jsonb_build_object('name', %(name)s)), FALSE))""",
            value=SQL.identifier(moment.lead, "lead_properties"),
            team=SQL.identifier(team, "lead_properties_definition"),
            name=name,
        )

    @api.model
    def _requirement_sql_condition(self, spec, moment):
        return self._requirement_domain(spec.values["domain"], moment)

    @api.model
    def _requirement_domain(self, domain, moment):
        """A domain as a condition; decided as the superuser, whoever moves."""
        if domain is None:
            return SQL("TRUE")
        model = moment.env["crm.lead"].sudo().with_context(active_test=False)
        domain = domain.optimize_full(model)
        return SQL("(%s) IS TRUE", domain._to_sql(model, moment.lead, moment.query))

    @api.model
    def _requirement_sql_checklist(self, spec, moment):
        return SQL(
            """NOT EXISTS (
                SELECT FROM crm_stage_checklist_item item
                  LEFT JOIN crm_stage_checklist_tick tick
                    ON tick.item_id = item.id AND tick.lead_id = %(lead_id)s
                   AND tick.ticked_at <= %(at)s
                 WHERE item.requirement_id = %(id)s AND item.active
                   AND tick.id IS NULL)""",
            lead_id=moment.lead_id,
            at=moment.at,
            id=spec.id,
        )

    @api.model
    def _requirement_sql_activity_done(self, spec, moment):
        type_id = spec.values["activity_type_id"]
        return SQL(
            """EXISTS (
                SELECT FROM mail_message done
                 WHERE done.model = 'crm.lead' AND done.res_id = %(lead_id)s
                   AND %(type)s AND %(within)s)""",
            lead_id=moment.lead_id,
            type=SQL("done.mail_activity_type_id = %s", type_id)
            if type_id
            else SQL("done.mail_activity_type_id IS NOT NULL"),
            within=moment.within(SQL("done.date"), spec.values["since_stage"]),
        )

    @api.model
    def _requirement_sql_activity_planned(self, spec, moment):
        type_id = spec.values["activity_type_id"]
        return SQL(
            """EXISTS (
                SELECT FROM mail_activity plan
                 WHERE plan.res_model = 'crm.lead' AND plan.res_id = %(lead_id)s
                   AND plan.active AND plan.date_deadline >= (%(at)s)::date
                   AND %(type)s)""",
            lead_id=moment.lead_id,
            at=moment.at,
            type=SQL("plan.activity_type_id = %s", type_id) if type_id else SQL("TRUE"),
        )

    @api.model
    def _requirement_sql_activity_no_overdue(self, spec, moment):
        return SQL(
            """NOT EXISTS (
                SELECT FROM mail_activity plan
                 WHERE plan.res_model = 'crm.lead' AND plan.res_id = %(lead_id)s
                   AND plan.active AND plan.date_deadline < (%(at)s)::date)""",
            lead_id=moment.lead_id,
            at=moment.at,
        )

    @api.model
    def _requirement_sql_meeting(self, spec, moment):
        return SQL(
            """EXISTS (
                SELECT FROM calendar_event meeting
                 WHERE meeting.opportunity_id = %(lead_id)s AND meeting.active
                   AND %(within)s)""",
            lead_id=moment.lead_id,
            within=moment.within(SQL("meeting.stop"), spec.values["since_stage"]),
        )

    @api.model
    def _requirement_sql_reply(self, spec, moment):
        """A mail that came in from somebody who does not work here."""
        return SQL(
            """EXISTS (
                SELECT FROM mail_message reply
                 WHERE reply.model = 'crm.lead' AND reply.res_id = %(lead_id)s
                   AND reply.message_type = 'email' AND %(within)s
                   AND NOT EXISTS (
                       SELECT FROM res_users colleague
                        WHERE colleague.partner_id = reply.author_id
                          AND colleague.share IS NOT TRUE))""",
            lead_id=moment.lead_id,
            within=moment.within(SQL("reply.date"), spec.values["since_stage"]),
        )

    @api.model
    def _requirement_sql_document(self, spec, moment):
        conditions = [moment.within(SQL("document.create_date"), False)]
        if pattern := spec.values["document_pattern"]:
            # The name is text, not a pattern: its percent signs mean themselves.
            conditions.append(
                SQL("position(lower(%s) in lower(document.name)) > 0", pattern.strip())
            )
        if mime_types := MIME_TYPES.get(spec.values["document_type"]):
            conditions.append(SQL("document.mimetype LIKE ANY(%s)", mime_types))
        return SQL(
            """EXISTS (
                SELECT FROM ir_attachment document
                 WHERE document.res_model = 'crm.lead'
                   AND document.res_id = %s AND document.res_field IS NULL
                   AND %s)""",
            moment.lead_id,
            SQL(" AND ").join(conditions),
        )

    @api.model
    def _requirement_sql_min_time(self, spec, moment):
        return SQL(
            "COALESCE(%(entered_at)s <= %(at)s - %(hours)s * interval '1 hour', TRUE)",
            entered_at=moment.entered_at,
            at=moment.at,
            hours=spec.values["hours"],
        )

    @api.model
    def _requirement_sql_reason(self, spec, moment):
        """A loss has Odoo's own reason; any other is given with the move itself."""
        return SQL(
            "(%s = 'lost' AND %s IS NOT NULL)",
            SQL.identifier(moment.lead, "won_status"),
            SQL.identifier(moment.lead, "lost_reason_id"),
        )
