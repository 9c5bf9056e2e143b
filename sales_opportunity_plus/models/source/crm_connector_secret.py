import hashlib
import re
import secrets
import time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ...engine.signature import is_recent, is_signed
from . import connector_terms

#: Compared with where there is no connector, so that the answer takes as long.
_NOBODY = secrets.token_hex(32)
OVERLAP_HOURS = 72


class CrmConnector(models.Model):
    """Who may call: secrets that sign, and addresses that are secret themselves.

    Nobody reads a secret, exports included: it is shown once, when it is made.
    """

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    secret = fields.Char(groups=NO_ACCESS, copy=False)
    secret_before = fields.Char(groups=NO_ACCESS, copy=False)
    secret_at = fields.Datetime("Secret Made On", readonly=True, copy=False)
    secret_before_until = fields.Datetime(
        "Secret Before Valid Until",
        readonly=True,
        copy=False,
        help="After a rotation the secret before stays valid for 72 hours, so that the "
        "other system can be changed without losing a call.",
    )
    allow_hook = fields.Boolean(
        "Accept a Secret Address",
        help="Some systems cannot sign what they send (Mailchimp, Typeform…). They may "
        "call an address that contains a secret instead. Whoever gets to know the "
        "address, from a log for instance, can send in the name of this connector: use "
        "it only where signing is not possible, and only over HTTPS.",
    )
    hook_endpoint = fields.Selection(
        connector_terms.ENDPOINTS, "The Address Brings", default="touchpoints"
    )
    hook_hash = fields.Char(groups=NO_ACCESS, copy=False, index="btree_not_null")
    hook_at = fields.Datetime("Address Made On", readonly=True, copy=False)

    # ------------------------------------------------------------
    # Making secrets
    # ------------------------------------------------------------

    def action_source_rotate_secret(self):
        """Make a new secret and show it once; the one before stays valid a while."""
        self.ensure_one()
        self.check_access("write")
        connector = self.sudo()
        now = fields.Datetime.now()
        connector.write(
            {
                "secret_before": connector.secret,
                "secret_before_until": connector.secret
                and now + relativedelta(hours=OVERLAP_HOURS),
                "secret": secrets.token_urlsafe(32),
                "secret_at": now,
            }
        )
        return self._show_once(self.env._("Secret of %s", self.name), connector.secret)

    def action_source_revoke_before(self):
        """End the secret before at once, after a leak."""
        self.check_access("write")
        self.sudo().write({"secret_before": False, "secret_before_until": False})

    def action_source_make_address(self):
        """Make a new secret address and show it once; the one before is void."""
        self.ensure_one()
        self.check_access("write")
        token = secrets.token_urlsafe(32)
        self.sudo().write(
            {
                "hook_hash": self._token_hash(token),
                "hook_at": fields.Datetime.now(),
                "allow_hook": True,
            }
        )
        return self._show_once(
            self.env._("Secret address of %s", self.name),
            f"{self.get_base_url()}/sales_opportunity_plus/v1/hooks/{token}",
        )

    def _show_once(self, title, secret):
        """A dialog that has the secret from the action alone: it is stored nowhere."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.connector.secret",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_secret": secret, "default_connector_id": self.id},
        }

    # ------------------------------------------------------------
    # Recognising who calls
    # ------------------------------------------------------------

    @api.model
    def _signed_by(self, key_id, timestamp, signature, body):
        """The connector that signed a body, or none; which of both failed is not told.

        :param timestamp: text of the header, seconds since 1970
        """
        connector = self._named(key_id)
        valid = [connector.secret] if connector.secret else []
        if connector.secret_before and connector.secret_before_until:
            if connector.secret_before_until > fields.Datetime.now():
                valid.append(connector.secret_before)
        at = int(timestamp) if re.fullmatch("[0-9]{1,12}", timestamp) else 0
        signed = is_signed(valid or [_NOBODY], at, body, signature)
        if not (valid and signed and is_recent(at, time.time())):
            return self.sudo().browse()
        return connector

    @api.model
    def _named(self, key_id):
        """The connector that a call names, whoever sent it."""
        return self.sudo().search([("key_id", "=", _plain(key_id))], limit=1)

    @api.model
    def _addressed_by(self, token):
        """The connector whose secret address was called, or none.

        The address is looked up by a hash: how long that takes says nothing of it.
        """
        return self.sudo().search(
            [("hook_hash", "=", self._token_hash(token)), ("allow_hook", "=", True)],
            limit=1,
        )

    @api.model
    def _token_hash(self, token):
        return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _plain(text):
    """What can be looked up: a header may carry any byte."""
    return text if text.isascii() and text.isprintable() and len(text) < 64 else ""
