import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_ICON = re.compile(r"fa-[a-z0-9-]{1,60}")


class CrmTouchKind(models.Model):
    """What managers see of a kind, and what they may not do to those of the addon."""

    _name = "crm.touch.kind"
    _inherit = ["crm.touch.kind"]

    touch_count = fields.Integer(
        "Touches", compute="_compute_touch_count", help="Touches of this kind."
    )
    is_fixed = fields.Boolean(
        compute="_compute_touch_count",
        help="Touches or the addon itself name its code, so the code stays.",
    )

    @api.depends("code")
    def _compute_touch_count(self):
        counts = {}
        if self._origin.ids:
            query = SQL(
                "SELECT kind_id, COUNT(*) FROM crm_touchpoint "
                "WHERE kind_id = ANY(%s) GROUP BY kind_id",
                self._origin.ids,
            )
            counts = dict(self.env.execute_query(query))
        shipped = self._origin._shipped()
        for kind in self:
            kind.touch_count = counts.get(kind._origin.id, 0)
            kind.is_fixed = bool(kind.touch_count) or kind._origin in shipped

    def _shipped(self):
        """Those of these kinds that came with the addon: its code names them."""
        names = self.sudo()._get_external_ids()
        return self.filtered(
            lambda kind: any(
                name.startswith("sales_opportunity_plus.")
                for name in names.get(kind.id, ())
            )
        )

    @api.constrains("code", "icon")
    def _check_code_and_icon(self):
        for kind in self:
            if not _CODE.fullmatch(kind.code):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be the code of a kind: use small letters, digits "
                        "and underscores, beginning with a letter, such as trade_fair.",
                        kind.code,
                    )
                )
            if kind.icon and not _ICON.fullmatch(kind.icon):
                raise ValidationError(
                    self.env._(
                        "“%(icon)s” of the kind “%(kind)s” is not an icon: enter a "
                        "Font Awesome class such as fa-phone.",
                        icon=kind.icon,
                        kind=kind.name,
                    )
                )

    def _keep_codes(self):
        self._refuse_shipped()
        return super()._keep_codes()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        self._refuse_shipped()

    def _refuse_shipped(self):
        for kind in self._shipped():
            raise UserError(
                self.env._(
                    "The kind “%(kind)s” came with the addon, which names it "
                    "“%(code)s”. Archive it instead, or give it another name.",
                    kind=kind.name,
                    code=kind.code,
                )
            )
