from odoo import api, fields, models

SELLER = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    """The contact shows its touches, of all its opportunities and of none."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    touch_count = fields.Integer(
        "Touches",
        compute="_compute_touch_count",
        groups=SELLER,
        help="Touches in the ledger that you may see, those of its people included.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_touch_count(self):
        self.touch_count = 0
        touches = self.env["crm.touchpoint.report"]
        if not self.ids or not touches.has_access("read"):
            return
        groups = touches._read_group(
            self._source_touch_domain(), ["partner_id"], ["__count"]
        )
        own = set(self.ids)
        for partner, count in groups:
            while partner:
                if partner.id in own:
                    partner.touch_count += count
                partner = partner.parent_id

    def _source_touch_domain(self):
        people = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        return [
            ("partner_id", "in", people.ids),
            ("is_reversed", "=", False),
            ("is_reversal", "=", False),
        ]

    def action_source_open_touches(self):
        """Open the timeline of this contact; the rules of the report apply there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_touchpoint_report_action_timeline"
        )
        action["domain"] = self._source_touch_domain()[:1]
        action["context"] = {"source_timeline": "partner"}
        action["display_name"] = self.env._("Touches of %s", self.display_name)
        return action
