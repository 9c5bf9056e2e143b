from odoo import api, fields, models

_READER = "sales_team.group_sale_salesman"


class MailingMailing(models.Model):
    """The touches that a mailing brought, for whoever may read touches.

    Every mailing has a source of its own: what carries it is a touch of the mailing,
    visits and forms that its links brought included.
    """

    _name = "mailing.mailing"
    _inherit = ["mailing.mailing"]

    source_touch_count = fields.Integer(
        "Touches",
        compute="_compute_source_touch_count",
        groups=_READER,
        help="Touches with the source of this mailing that you may see: mails sent, "
        "opened, clicked and answered, and the visits and forms its links brought. "
        "Reversed ones do not count.",
    )

    @api.depends("source_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_source_touch_count(self):
        groups = self.env["crm.touchpoint.report"]._read_group(
            [*self._source_touch_domain(), ("status", "=", "valid")],
            ["source_id"],
            ["__count"],
        )
        counts = dict(groups)
        for mailing in self:
            mailing.source_touch_count = counts.get(mailing.source_id, 0)

    def _source_touch_domain(self):
        return [("source_id", "in", self.source_id.ids)]

    def action_source_view_touches(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_touchpoint_report_action"
        )
        action["domain"] = self._source_touch_domain()
        return action
