"""Builders of stage rules, for every test about them."""

from odoo.tools import SQL

from .common import FirmCase


class StageRuleMixin:
    """Builders; works with every test class that has the firm."""

    @classmethod
    def _rule(cls, *requirements, **values):
        """A rule that blocks; requirements are kinds or dicts of values."""
        lines = [
            {"kind": one} if isinstance(one, str) else dict(one) for one in requirements
        ]
        values.setdefault("name", "Test Rule")
        values["requirement_ids"] = [(0, 0, line) for line in lines]
        return cls.env["crm.stage.rule"].create(values)

    @classmethod
    def _needs_field(cls, name, **values):
        field = cls.env["ir.model.fields"]._get("crm.lead", name)
        return {"kind": "field", "field_id": field.id, "field_name": name, **values}

    @classmethod
    def _decisions(cls, leads):
        """Rows of the decision log about these opportunities, in order."""
        query = "SELECT * FROM crm_stage_decision WHERE lead_id = ANY(%s) ORDER BY id"
        return cls.env.execute_query_dict(SQL(query, leads.ids))


class StageRuleCase(StageRuleMixin, FirmCase):
    pass
