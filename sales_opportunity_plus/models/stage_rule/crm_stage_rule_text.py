from odoo import api, models
from odoo.fields import Domain

from .domain_words import domain_words


class CrmStageRuleRequirement(models.Model):
    """What a requirement says to people, and how what is missing can be mended."""

    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement"]

    @api.depends("kind", "message", "field_id", "field_name", "activity_type_id")
    def _compute_display_name(self):
        for requirement in self:
            requirement.display_name = requirement._get_phrase()

    def _get_message(self):
        """What the salesperson reads when it is missing."""
        self.ensure_one()
        if self.message:
            return self.message
        return getattr(self, f"_message_{self.kind}", self._get_phrase)()

    def _get_phrase(self):
        """The requirement as a part of the rule's sentence."""
        self.ensure_one()
        phrase = getattr(self, f"_phrase_{self.kind}", None)
        return phrase() if phrase else self._kind_label()

    def _kind_label(self):
        kinds = self._fields["kind"]._description_selection(self.env)
        return dict(kinds).get(self.kind) or ""

    def _field_label(self):
        if self.property_name:
            return self.property_name
        field = self.env["crm.lead"]._fields.get(
            self.field_id.sudo().name or self.field_name or ""
        )
        if field is None:
            return self.env._("a field that is gone (%s)", self.field_name or "?")
        return field._description_string(self.env)

    def _phrase_field(self):
        return self.env._("“%s” is set", self._field_label())

    def _message_field(self):
        return self.env._("Set “%s”.", self._field_label())

    def _phrase_condition(self):
        return self.message or domain_words(self.env, self.domain or "[]")

    def _message_condition(self):
        return self.env._("This does not hold: %s.", self._phrase_condition())

    def _phrase_checklist(self):
        names = ", ".join(self.item_ids.mapped("name"))
        return self.env._("ticked: %s", names or "–")

    def _message_checklist(self):
        return self.env._(
            "Tick the checklist: %s.", ", ".join(self.item_ids.mapped("name"))
        )

    def _activity_label(self):
        return self.activity_type_id.sudo().name or self.env._("activity")

    def _phrase_activity_done(self):
        if self.since_stage:
            return self.env._("%s done in this stage", self._activity_label())
        return self.env._("%s done", self._activity_label())

    def _message_activity_done(self):
        if self.since_stage:
            return self.env._(
                "Mark an activity as done in this stage: %s.", self._activity_label()
            )
        return self.env._("Mark an activity as done: %s.", self._activity_label())

    def _phrase_activity_planned(self):
        return self.env._("%s planned", self._activity_label())

    def _message_activity_planned(self):
        return self.env._("Plan a next activity: %s.", self._activity_label())

    def _phrase_activity_no_overdue(self):
        return self.env._("no activity is overdue")

    def _message_activity_no_overdue(self):
        return self.env._("Do or reschedule the activities that are overdue.")

    def _phrase_meeting(self):
        if self.since_stage:
            return self.env._("a meeting held in this stage")
        return self.env._("a meeting held")

    def _message_meeting(self):
        return self.env._("Hold a meeting on this opportunity first.")

    def _phrase_reply(self):
        if self.since_stage:
            return self.env._("the customer replied in this stage")
        return self.env._("the customer replied")

    def _message_reply(self):
        return self.env._("The customer has not replied by e-mail yet.")

    def _phrase_document(self):
        types = self._fields["document_type"]._description_selection(self.env)
        return self.env._(
            "a document attached (%s)",
            " ".join(
                filter(
                    None,
                    (
                        dict(types).get(self.document_type),
                        self.document_pattern and f"“{self.document_pattern}”",
                    ),
                )
            )
            or self.env._("any"),
        )

    def _message_document(self):
        return self.env._("Missing: %s.", self._phrase_document())

    def _phrase_min_time(self):
        if self.duration_unit == "hours":
            return self.env._("at least %g hours in the stage", self.duration)
        return self.env._("at least %g days in the stage", self.duration)

    def _message_min_time(self):
        return self.env._(
            "It has to be in its stage longer: %s.", self._phrase_min_time()
        )

    def _phrase_reason(self):
        return self.env._("a reason given")

    def _message_reason(self):
        return self.env._("Say why: choose a reason.")

    def _get_fix(self, lead):
        """How to mend it on the spot, for the dialog; ``None`` where one cannot."""
        self.ensure_one()
        fix = getattr(self, f"_fix_{self.kind}", None)
        return fix(lead) if fix else None

    def _fix_field(self, lead):
        name = self.field_id.sudo().name or self.field_name
        field = lead._fields.get(name or "")
        if self.property_name or field is None or field.readonly:
            return None
        return {"type": "field", "field": name}

    def _fix_checklist(self, lead):
        ticks = self.env["crm.stage.checklist.tick"].sudo()
        ticked = ticks.search(
            [("lead_id", "=", lead.id), ("item_id", "in", self.item_ids.ids)]
        ).item_id
        return {
            "type": "checklist",
            "items": [
                {"id": item.id, "name": item.name, "ticked": item in ticked}
                for item in self.item_ids
                if item.active
            ],
        }

    def _fix_activity_planned(self, lead):
        return {"type": "activity", "activity_type_id": self.activity_type_id.id}

    def _fix_activity_done(self, lead):
        return {"type": "activity", "activity_type_id": self.activity_type_id.id}

    def _fix_reason(self, lead):
        every = self.env["crm.stage.reason"].sudo()
        reasons = self.reason_ids or every.search(Domain.TRUE)
        return {
            "type": "reason",
            "reasons": [{"id": one.id, "name": one.name} for one in reasons],
        }
