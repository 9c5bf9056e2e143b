from odoo import fields, models

#: What a done activity is when its type says nothing else: by what the type does.
KINDS = {"phonecall": "call", "meeting": "meeting", "upload_file": None}
OTHER_KIND = "activity"


class MailActivityType(models.Model):
    """What a done activity of a type is for source tracking."""

    _name = "mail.activity.type"
    _inherit = ["mail.activity.type"]

    touch_kind_id = fields.Many2one(
        "crm.touch.kind",
        "Touch Recorded As",
        help="The kind of touch that a done activity of this type is on an "
        "opportunity. Empty: a call or a meeting, as “Action” says, nothing for the "
        "upload of a document, and “Other activity” for all others.",
    )

    def _source_kind(self):
        """Code of the kind of touch; ``None`` when it is no touch."""
        return self.sudo().touch_kind_id.code or KINDS.get(self.category, OTHER_KIND)
