import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..selections import LEAD_TYPES, TOUCH_CONSENTS
from . import connector_terms


class CrmConnector(models.Model):
    """Another system that reports touches and leads: who it is and what it may do."""

    _name = "crm.connector"
    _description = "Connector"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(
        default=True, help="An archived connector is refused like an unknown one."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Its touches and leads belong to this company, and it finds opportunities "
        "and contacts of no other one.",
    )
    system = fields.Selection(
        connector_terms.SYSTEMS, "Kind of System", required=True, default="form"
    )
    key_id = fields.Char(
        "Key ID",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: "sop_" + secrets.token_hex(8),
        help="Names the connector in the header X-SOP-Connector. It is no secret.",
    )
    may_touch = fields.Boolean("May Record Touches", default=True)
    may_lead = fields.Boolean("May Create Leads", default=False)
    kind_ids = fields.Many2many(
        "crm.touch.kind",
        string="Accepted Kinds",
        help="Touches of another kind are rejected. Empty: every kind.",
    )
    default_kind_id = fields.Many2one(
        "crm.touch.kind", "Default Kind", help="For items that name no kind."
    )
    rate_limit = fields.Integer(
        "Calls per Minute",
        required=True,
        default=120,
        help="A further call in the same minute is refused with status 429. A call "
        "brings up to 500 items.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets the leads that this connector creates.",
    )
    lead_type = fields.Selection(
        LEAD_TYPES,
        "Creates",
        required=True,
        default=lambda self: self._default_lead_type(),
    )
    campaign_id = fields.Many2one("utm.campaign", help="For items that name none.")
    medium_id = fields.Many2one("utm.medium", help="For items that name none.")
    source_id = fields.Many2one("utm.source", help="For items that name none.")
    create_utm = fields.Boolean(
        "Create New Names",
        default=True,
        help="Create campaigns, mediums and sources that do not exist yet. Otherwise "
        "items that name one are rejected.",
    )
    consent = fields.Selection(
        TOUCH_CONSENTS, "Consent Basis", help="For items that name none."
    )
    when_known = fields.Selection(
        connector_terms.WHEN_KNOWN,
        "Lead Whose Email or Phone Is Known",
        required=True,
        default="touch",
        help="What to do with a lead whose email or phone is that of an open "
        "opportunity of the company.",
    )
    when_unknown = fields.Selection(
        connector_terms.WHEN_UNKNOWN,
        "Touch of Somebody Unknown",
        required=True,
        default="reject",
        help="What to do with a touch for which neither an open opportunity nor a "
        "contact is found.",
    )
    items_path = fields.Char(
        "Path to the Items",
        help="Where the list of items is in the payload, e.g. events or "
        "entry[0].changes. Empty: the payload is one item or a list of items.",
    )
    mapping_ids = fields.One2many(
        "crm.connector.mapping",
        "connector_id",
        "Mapping",
        copy=True,
        help="Where each field is found in what the system sends. Empty: the system "
        "sends the fields of our API.",
    )
    rejection_ids = fields.One2many("crm.connector.rejection", "connector_id")

    _key_id_is_unique = models.UniqueIndex("(key_id)")
    _rate_limit_is_positive = models.Constraint(
        "CHECK (rate_limit BETWEEN 1 AND 6000)",
        "Allow between 1 and 6,000 calls per minute.",
    )

    @api.model
    def _default_lead_type(self):
        """Leads where the company works with them."""
        used = self.env.user.has_group("crm.group_use_lead")
        return "lead" if used else "opportunity"

    @api.constrains("kind_ids", "default_kind_id")
    def _check_default_kind(self):
        for connector in self:
            kind = connector.default_kind_id
            if kind and connector.kind_ids and kind not in connector.kind_ids:
                raise ValidationError(
                    self.env._(
                        "%(connector)s does not accept the kind “%(kind)s”: add it to "
                        "the accepted kinds or choose another default kind.",
                        connector=connector.name,
                        kind=kind.name,
                    )
                )

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for connector, values in zip(self, copies, strict=True):
            if not (default or {}).get("name"):
                values["name"] = self.env._("%s (copy)", connector.name)
        return copies

    def _source_origin(self):
        """How touches of this connector are marked in the ledger."""
        self.ensure_one()
        return f"connector:{self.id}"

    def _accepted_kinds(self):
        return self.kind_ids or self.env["crm.touch.kind"].search(Domain.TRUE)
