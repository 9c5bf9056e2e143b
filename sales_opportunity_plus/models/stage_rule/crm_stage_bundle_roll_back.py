from odoo import models
from odoo.exceptions import UserError

from . import bundle_writer


class CrmStageBundleImport(models.Model):
    """Take an import back: what it changed, and what it created."""

    _name = "crm.stage.bundle.import"
    _inherit = ["crm.stage.bundle.import"]

    def action_roll_back(self):
        """Put everything back as it was; what the import created is archived."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "applied":
            raise UserError(
                self.env._("“%s” is not applied: nothing to take back.", self.name)
            )
        parts = self._bundle_parts_by_name()
        if not self.overwrite_later:
            self._refuse_later_changes(parts)
        bundle_writer.roll_back(self.env, parts, self.journal or [])
        self.state = "rolled_back"
        return True

    def _refuse_later_changes(self, parts):
        later = [
            record.display_name if record else entry["after"]["process_key"]
            for entry, record in bundle_writer.changed_since(
                self.env, parts, self.journal or []
            )
        ]
        if later:
            raise UserError(
                self.env._(
                    "Changed since this import: %s. To undo these changes too, tick "
                    "“Undo Later Changes Too” and roll back again.",
                    ", ".join(later),
                )
            )
