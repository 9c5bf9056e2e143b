from odoo import api, models
from odoo.exceptions import UserError


class AppendOnly(models.AbstractModel):
    """Rows that the addon writes in SQL and nobody writes by hand.

    What has happened stays as it was: not even the superuser changes it.
    """

    _name = "crm.append.only"
    _description = "Append-Only Rows"

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_change()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        raise UserError(self._append_only_text())

    def _append_only_text(self):
        """What a person reads who tries; override to say what to do instead."""
        return self.env._("This is written by the system and cannot be changed.")
