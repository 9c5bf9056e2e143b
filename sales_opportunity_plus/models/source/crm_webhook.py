from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.web_address import check_address
from ..lead_domain import parse_lead_domain

#: Set to True by an administrator to let webhooks call addresses of the own network.
PRIVATE_PARAMETER = "sales_opportunity_plus.webhook_private_addresses"
#: More fields than that are a data export, not an event.
MOST_FIELDS = 40
#: Types of fields that a payload can carry as they are in the table.
PLAIN_TYPES = (
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "integer",
    "many2one",
    "monetary",
    "selection",
    "text",
)


class CrmWebhook(models.Model):
    """Another system that wants to know what happens to opportunities.

    Nothing is sent while somebody works: the event is written down in the same
    transaction (``crm.webhook.delivery``) and a scheduled action sends it.
    """

    _name = "crm.webhook"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Outgoing Webhook"
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="Switched off, no new event is written down; what waits is sent when it "
        "is switched on again.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Only opportunities of this company are told. An opportunity without a "
        "company counts for that of its sales team, else of its salesperson.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Gets an activity when events cannot be delivered.",
    )
    url = fields.Char(
        "Address",
        required=True,
        tracking=True,
        help="Where events are sent by POST. It begins with https://, and addresses "
        "of your own network are refused unless an administrator allows them.",
    )
    timeout = fields.Integer(
        "Timeout (Seconds)",
        default=10,
        required=True,
        help="How long an answer is waited for, from 1 to 30 seconds.",
    )
    on_created = fields.Boolean("Opportunity Created", default=True, tracking=True)
    on_converted = fields.Boolean(
        "Lead Converted",
        default=True,
        tracking=True,
        help="A lead became an opportunity.",
    )
    on_stage_moved = fields.Boolean(
        "Stage Moved",
        default=True,
        tracking=True,
        help="The stage changed, by winning or reopening too.",
    )
    on_won = fields.Boolean("Won", default=True, tracking=True)
    on_lost = fields.Boolean("Lost", default=True, tracking=True)
    on_reopened = fields.Boolean("Reopened", default=True, tracking=True)
    on_rule_blocked = fields.Boolean(
        "Held Back by a Rule",
        tracking=True,
        help="A stage rule held a move back: the opportunity did not move.",
    )
    domain = fields.Char(
        "Only Opportunities",
        tracking=True,
        help="Empty: every opportunity. It is asked when the event happens.",
    )
    send_amount = fields.Boolean(
        "Amount", default=True, help="Expected revenue, currency and probability."
    )
    send_people = fields.Boolean(
        "Salesperson and Team", default=True, help="Names of your own people."
    )
    send_contact = fields.Boolean(
        "Contact", default=True, help="The name of the customer."
    )
    send_source = fields.Boolean("Campaign, Medium and Source", default=True)
    send_personal = fields.Boolean(
        "Personal Data",
        tracking=True,
        help="Contact person, email address and phone number. Send them only where "
        "you have a legal basis.",
    )
    field_names = fields.Char(
        "More Fields",
        help="Technical names of further fields of the opportunity, parted by commas: "
        "priority, city, x_region. They are sent under “extra”; of a record its ID is "
        "sent.",
    )
    problem = fields.Char(compute="_compute_problem")

    _plausible_timeout = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 30)",
        "The timeout of a webhook is between 1 and 30 seconds.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        webhooks.sudo()._give_secret()
        self.env.registry.clear_cache()
        return webhooks

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo asks its rules before: nobody hands it to a company not his own.
            self.check_access("write")
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        deliveries = self.env["crm.webhook.delivery"].sudo()
        for webhook in self:
            if deliveries.search_count([("webhook_id", "=", webhook.id)], limit=1):
                raise UserError(
                    self.env._(
                        "The webhook “%(webhook)s” cannot be deleted: its deliveries "
                        "would be lost. Archive it instead.",
                        webhook=webhook.display_name,
                    )
                )

    # ------------------------------------------------------------
    # What people enter
    # ------------------------------------------------------------

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            found = check_address(webhook.url, webhook._private_allowed())
            if isinstance(found, str):
                raise ValidationError(webhook._address_fault(found))

    def _private_allowed(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(PRIVATE_PARAMETER) in ("True", "true", "1")

    def _address_fault(self, fault):
        reasons = {
            "no_address": self.env._("it is empty or too long"),
            "characters": self.env._("it has blanks or other forbidden characters"),
            "port": self.env._("its host or port cannot be read"),
            "scheme": self.env._("it does not begin with https://"),
            "no_host": self.env._("it names no host"),
            "credentials": self.env._("it has a user name or password in it"),
            "private": self.env._(
                "it belongs to a private network (an administrator can allow that "
                "with the system parameter %s)",
                PRIVATE_PARAMETER,
            ),
        }
        return self.env._(
            "“%(webhook)s” cannot send to %(url)s: %(reason)s. Enter an address such "
            "as https://example.com/events.",
            webhook=self.display_name,
            url=(self.url or "")[:200],
            reason=reasons[fault],
        )

    @api.constrains("domain")
    def _check_domain(self):
        for webhook in self:
            parse_lead_domain(webhook, "domain")

    @api.constrains("field_names")
    def _check_field_names(self):
        for webhook in self:
            names = webhook._column_names()
            # PostgreSQL builds an object of fifty pairs at most.
            if len(names) > MOST_FIELDS or not all(map(self._sendable, names)):
                raise ValidationError(webhook._field_fault(names))

    def _column_names(self):
        return [name.strip() for name in (self.field_names or "").split(",") if name]

    def _sendable(self, name):
        """Whether a payload can carry a field as it is in the table."""
        field = self.env["crm.lead"]._fields.get(name)
        return bool(
            field
            and field.type in PLAIN_TYPES
            and field.store
            and field.column_type
            and not field.groups
            and not field.translate
            and not field.company_dependent
        )

    def _field_fault(self, names):
        bad = [name for name in names if not self._sendable(name)]
        return self.env._(
            "“%(webhook)s” cannot send the fields %(names)s. Name up to %(most)s "
            "stored fields of the opportunity that everybody may read, with plain "
            "values, such as: priority, city, date_deadline.",
            webhook=self.display_name,
            names=", ".join(bad or names)[:200],
            most=MOST_FIELDS,
        )

    @api.depends("domain", "url")
    def _compute_problem(self):
        for webhook in self:
            try:
                webhook._check_domain()
                webhook._check_url()
            except ValidationError as error:
                webhook.problem = str(error)
            else:
                webhook.problem = False
