from odoo import fields, models


class MailingMailing(models.Model):
    """A mailing says what machines did with it, and leaves its touches behind."""

    _name = "mailing.mailing"
    _inherit = ["mailing.mailing"]

    source_machine_count = fields.Integer(
        "By Machines",
        compute="_compute_source_machine_count",
        help="Mails that were opened or clicked by a machine: too soon after they "
        "were sent, by a program that is known for it, or on two links within a "
        "second. They are no touches.",
    )

    def _compute_source_machine_count(self):
        counts = dict(
            self.env["mailing.trace"]
            .sudo()
            ._read_group(
                [
                    ("mass_mailing_id", "in", self.ids),
                    ("source_by_machine", "=", True),
                ],
                ["mass_mailing_id"],
                ["__count"],
            )
        )
        for mailing in self:
            mailing.source_machine_count = counts.get(mailing, 0)

    def action_source_view_machines(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mass_mailing.mailing_trace_action"
        )
        action["domain"] = [
            ("mass_mailing_id", "in", self.ids),
            ("source_by_machine", "=", True),
        ]
        action["context"] = {"create": False}
        return action

    def unlink(self):
        self.env["crm.touchpoint"]._harvest_mailings(self.ids)
        return super().unlink()
