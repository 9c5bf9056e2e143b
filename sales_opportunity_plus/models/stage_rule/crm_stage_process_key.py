import re
import unicodedata
from uuid import uuid4

from odoo import api, fields, models


class CrmStageProcessKey(models.AbstractModel):
    """A name for a record that is the same in every database it is carried to."""

    _name = "crm.stage.process.key"
    _description = "Stable Key of a Part of the Sales Process"

    process_key = fields.Char(
        compute="_compute_process_key",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="How this record is recognised when the process is carried to another "
        "database. It is given once and does not change with the name.",
    )

    _process_key_once = models.UniqueIndex(
        "(process_key)", "Two records cannot have the same key."
    )

    @api.depends()
    def _compute_process_key(self):
        """A key that people can tell apart in a file, and that never repeats."""
        for record in self.filtered(lambda record: not record.process_key):
            stem = record._process_key_stem() or ""
            plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore")
            words = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")
            record.process_key = "-".join(
                filter(None, [words[:40].strip("-"), uuid4().hex[:10]])
            )

    def _process_key_stem(self):
        """The text that the key begins with."""
        for name in ("name", "kind", "clock", "action"):
            if name in self._fields:
                return self[name]
        return ""


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "crm.stage.process.key"]


class CrmStageReason(models.Model):
    _name = "crm.stage.reason"
    _inherit = ["crm.stage.reason", "crm.stage.process.key"]


class CrmStageRule(models.Model):
    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule", "crm.stage.process.key"]


class CrmStageRuleRequirement(models.Model):
    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement", "crm.stage.process.key"]


class CrmStageChecklistItem(models.Model):
    _name = "crm.stage.checklist.item"
    _inherit = ["crm.stage.checklist.item", "crm.stage.process.key"]


class CrmStageLimit(models.Model):
    _name = "crm.stage.limit"
    _inherit = ["crm.stage.limit", "crm.stage.process.key"]


class CrmStageLimitStep(models.Model):
    _name = "crm.stage.limit.step"
    _inherit = ["crm.stage.limit.step", "crm.stage.process.key"]


class CrmStageAction(models.Model):
    _name = "crm.stage.action"
    _inherit = ["crm.stage.action", "crm.stage.process.key"]
