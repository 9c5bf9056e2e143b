import secrets
from datetime import timedelta

from odoo import fields, models

#: For so long a replaced secret goes on signing beside the new one.
OVERLAP = timedelta(hours=24)


class CrmWebhook(models.Model):
    """The secret that events are signed with; for administrators only."""

    _name = "crm.webhook"
    _inherit = ["crm.webhook"]

    secret = fields.Char(
        "Signing Secret",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="The receiver needs it to check that events come from here.",
    )
    old_secret = fields.Char(
        "Replaced Secret", copy=False, readonly=True, groups="base.group_system"
    )
    old_secret_until = fields.Datetime(
        "Replaced Secret Signs Until",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Until then every event carries two signatures, one of each secret.",
    )

    def _give_secret(self):
        for webhook in self:
            webhook.secret = _new_secret()

    def action_new_secret(self):
        """Replace the secret; the old one signs too until receivers know the new."""
        self.ensure_one()
        self.check_access("write")
        # The fields are for administrators: nobody else gets further.
        self.write(
            {
                "old_secret": self.secret,
                "old_secret_until": self.env.cr.now() + OVERLAP,
                "secret": _new_secret(),
            }
        )
        self.message_post(
            body=self.env._(
                "The signing secret was replaced. Events carry a signature of the old "
                "one too for 24 hours."
            )
        )

    def _signing_secrets(self):
        """The secrets that sign now, the newest first."""
        self.ensure_one()
        webhook = self.sudo()
        found = [webhook.secret]
        until = webhook.old_secret_until
        if webhook.old_secret and until and until > self.env.cr.now():
            found.append(webhook.old_secret)
        return tuple(found)


def _new_secret():
    return secrets.token_urlsafe(32)
