from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class CrmTouchKind(models.Model):
    """A kind of touch: visit, form, call, … Companies add their own.

    A kind that touches have cannot be deleted; archive it.
    """

    _name = "crm.touch.kind"
    _description = "Kind of Touch"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Names the kind in the API, in imports and in SQL. It cannot be changed "
        "once touches have it.",
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    icon = fields.Char(default="fa-circle", help="A Font Awesome class, for the list.")
    counts = fields.Boolean(
        "Counts for Attribution",
        default=True,
        help="Whether an attribution model that names no kinds gives credit to touches "
        "of this kind.",
    )
    anonymise_after_days = fields.Integer(
        "Anonymise After (Days)",
        help="So many days after a touch, its contact, note, referrer, click id and "
        "the details of its landing page are taken away, once its opportunity is "
        "closed; the touch, its campaign and its credit stay. 0: never.",
    )

    _code_is_unique = models.Constraint(
        "UNIQUE(code)", "A kind of touch with this code exists already."
    )
    _anonymise_after_is_an_age = models.Constraint(
        "CHECK (anonymise_after_days >= 0)",
        "The number of days after which touches are anonymised is 0 (never) or more.",
    )

    def write(self, vals):
        if "code" in vals:
            self.filtered(lambda kind: kind.code != vals["code"])._keep_codes()
        return super().write(vals)

    def _keep_codes(self):
        for kind in self._used():
            raise ValidationError(
                self.env._(
                    "The code “%(code)s” of the kind of touch “%(name)s” cannot be "
                    "changed: touches were recorded with it. Archive the kind and "
                    "create another one instead.",
                    code=kind.code,
                    name=kind.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for kind in self._used():
            raise UserError(
                self.env._(
                    "The kind of touch “%(name)s” cannot be deleted: touches were "
                    "recorded with it. Archive it instead.",
                    name=kind.name,
                )
            )

    def _used(self):
        """Those of these kinds that touches have."""
        if not self:
            return self
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM unnest(%s) AS kind(id) WHERE EXISTS "
                "(SELECT FROM crm_touchpoint WHERE kind_id = kind.id)",
                self.ids,
            )
        )
        return self.browse(row[0] for row in rows)
