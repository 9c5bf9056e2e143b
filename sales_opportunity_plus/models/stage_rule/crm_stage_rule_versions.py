from odoo import api, models
from odoo.exceptions import UserError

from . import stage_decision_sql

#: Fields of a rule that change nothing about what it decides.
_NOT_DECIDING = {"version_id", "active", "sequence"}
_SKIPPED = {
    "id",
    "display_name",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
}


class CrmStageRule(models.Model):
    """Versions: a rule that has decided keeps saying what it said then.

    A version that no decision names is changed in place; the first edit after a
    decision makes the next one.
    """

    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._keep_versions()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"version_id"}:
            self._keep_versions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep the rules that have decided: the log names them."""
        for rule in self:
            if rule._is_used():
                raise UserError(
                    self.env._(
                        "The rule “%s” cannot be deleted: it has decided about moves, "
                        "and the log names it. Archive it instead.",
                        rule.display_name,
                    )
                )

    def unlink(self):
        versions = self.env["crm.stage.rule.version"].sudo()
        versions = versions.search([("rule_id", "in", self.ids)])
        self.write({"version_id": False})
        versions.unlink()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _is_used(self, version=None):
        """Whether the log or a request names this rule, or one of its versions."""
        self.ensure_one()
        query = stage_decision_sql.names(
            "version" if version else "rule",
            version.id if version else self.id,
            since=(version or self).create_date,
        )
        requests = self.env["crm.stage.approval"].sudo()
        domain = [("rule_id", "=", self.id)]
        if version:
            domain.append(("version_id", "=", version.id))
        return bool(self.env.execute_query(query) or requests.search(domain, limit=1))

    def _keep_versions(self):
        """Let the newest version of each rule say what the rule says now."""
        self.env.flush_all()
        for rule in self.sudo().with_context(active_test=False):
            definition = rule._definition()
            newest = rule.version_id
            if newest and newest.definition == definition:
                continue
            values = {
                "definition": definition,
                "sentence": rule.with_context(lang=None).sentence,
            }
            if newest and not rule._is_used(newest):
                newest.write(values)
                continue
            values.update(rule_id=rule.id, number=newest.number + 1 if newest else 1)
            rule.version_id = newest.create(values)
        self.env.registry.clear_cache()

    def _definition(self):
        """All that the rule decides by, as JSON; names are read without a language."""
        self.ensure_one()
        rule = self.with_context(lang=None)
        definition = _values(rule, _NOT_DECIDING | {"requirement_ids", "sentence"})
        definition["requirements"] = [
            _values(one, {"rule_id", "item_ids"})
            | {"items": [_values(item, {"requirement_id"}) for item in one.item_ids]}
            for one in rule.requirement_ids
        ]
        return definition


def _values(record, skipped):
    values = {"id": record.id}
    for name, field in record._fields.items():
        if name in _SKIPPED or name in skipped or not field.store:
            continue
        value = record[name]
        if field.relational:
            value = sorted(value.ids) if field.type != "many2one" else value.id
        elif field.type in ("date", "datetime") and value:
            value = value.isoformat()
        values[name] = value
    return values


class CrmStageRuleRequirement(models.Model):
    """A change of a requirement is a change of its rule."""

    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement"]

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        requirements.rule_id._keep_versions()
        return requirements

    def write(self, vals):
        rules = self.rule_id
        result = super().write(vals)
        (rules | self.rule_id)._keep_versions()
        return result

    def unlink(self):
        """Archive what has decided: the log and the ticks keep what they name."""
        rules = self.rule_id.exists()
        used = self.filtered(lambda one: one.rule_id.sudo()._is_used())
        used.active = False
        result = super(CrmStageRuleRequirement, self - used).unlink()
        rules._keep_versions()
        return result


class CrmStageChecklistItem(models.Model):
    """A change of a checklist is a change of its rule."""

    _name = "crm.stage.checklist.item"
    _inherit = ["crm.stage.checklist.item"]

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.requirement_id.rule_id._keep_versions()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.requirement_id.rule_id._keep_versions()
        return result

    def unlink(self):
        """Archive what was ticked: who ticked it, and when, is kept."""
        rules = self.requirement_id.rule_id.exists()
        ticks = self.env["crm.stage.checklist.tick"].sudo()
        ticked = ticks.search([("item_id", "in", self.ids)]).item_id & self
        ticked.active = False
        result = super(CrmStageChecklistItem, self - ticked).unlink()
        rules._keep_versions()
        return result
