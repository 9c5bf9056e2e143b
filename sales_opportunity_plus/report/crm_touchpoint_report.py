import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..models.selections import TOUCH_CONSENTS, TOUCH_MATCHES
from .report_sql import CHANNEL, CHANNEL_JOINS, open_lead, readable_leads

MANAGERS = "sales_team.group_sale_manager"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"


class CrmTouchpointReport(models.Model):
    """The ledger of touches as people read it; a line has the id of its touch.

    Whoever may read an opportunity reads its touches. Touches of a contact without
    an opportunity are for those who see everybody's opportunities and may read the
    contact: no salesperson owns them.
    """

    _name = "crm.touchpoint.report"
    _description = "Touchpoint Analysis"
    _auto = False
    _order = "happened_at desc, id desc"
    _depends = {
        "crm.connector": ["name"],
        "crm.touch.kind": ["counts"],
        "crm.lead": ["user_id", "team_id", "company_id"],
        "res.partner": ["name"],
        "utm.campaign": ["name"],
        "utm.medium": ["name"],
        "utm.source": ["name"],
    }

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    kind_id = fields.Many2one("crm.touch.kind", "Kind", readonly=True)
    kind_icon = fields.Char(related="kind_id.icon", string="Icon")
    counts = fields.Boolean(
        "Counts for Attribution",
        readonly=True,
        help="Its kind counts, and it was not reversed.",
    )
    campaign_id = fields.Many2one("utm.campaign", "Campaign", readonly=True)
    medium_id = fields.Many2one("utm.medium", "Medium", readonly=True)
    source_id = fields.Many2one("utm.source", "Source", readonly=True)
    campaign_name = fields.Char(
        readonly=True, help="Kept when the campaign is deleted."
    )
    medium_name = fields.Char(readonly=True, help="Kept when the medium is deleted.")
    source_name = fields.Char(readonly=True, help="Kept when the source is deleted.")
    channel_name = fields.Char(
        "Came Through", readonly=True, help="Campaign / medium / source."
    )
    is_direct = fields.Boolean(
        "Direct", readonly=True, help="Nobody sent the visitor: no campaign or source."
    )
    happened_at = fields.Datetime("Happened On", readonly=True)
    recorded_at = fields.Datetime("Recorded On", readonly=True)
    recorded_by_id = fields.Many2one("res.users", "Recorded By", readonly=True)
    landing_page = fields.Char(readonly=True)
    referrer = fields.Char(readonly=True)
    click_id = fields.Char(
        "Click ID", readonly=True, help="How the ad platform names the click."
    )
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    # Touches of one group may be in several currencies: no sum.
    cost = fields.Monetary(
        readonly=True, aggregator=None, groups=MANAGERS, help="Of this touch alone."
    )
    origin = fields.Char("Origin (Technical)", readonly=True)
    origin_name = fields.Char(
        "Reported By",
        readonly=True,
        help="Odoo itself, a person by hand, an import, or a connector by its name.",
    )
    external_key = fields.Char(
        readonly=True, help="Names the event in the system that reported it."
    )
    consent = fields.Selection(TOUCH_CONSENTS, "Consent Basis", readonly=True)
    matched_by = fields.Selection(
        TOUCH_MATCHES, readonly=True, help="How the opportunity was found."
    )
    note = fields.Char(readonly=True)
    status = fields.Selection(
        [("valid", "Valid"), ("reversed", "Reversed"), ("reversal", "Reversal")],
        readonly=True,
        help="A touch that was a mistake is reversed: it stays, with its reversal, and "
        "neither counts.",
    )
    is_reversed = fields.Boolean(
        "Reversed", readonly=True, help="It was a mistake: a reversal takes it back."
    )
    is_reversal = fields.Boolean(
        "Reversal", readonly=True, help="It takes another touch back."
    )
    is_merged = fields.Boolean(
        "From a Merged Opportunity",
        readonly=True,
        help="The touch was one of an opportunity that was merged into this one or "
        "deleted.",
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    can_reverse = fields.Boolean(compute="_compute_can_reverse")

    # Two branches: a condition on the opportunity then reaches the index of the
    # first one and does away with the second.
    @property
    def _table_query(self):
        with_lead = SQL(
            "%s WHERE %s",
            self._branch(
                SQL("lead.id AS lead_id, lead.user_id, lead.team_id, lead.company_id"),
                SQL("JOIN crm_lead lead ON lead.id = t.lead_id"),
            ),
            readable_leads(self.env, SQL("lead.id")),
        )
        if not (self.env.su or self.env.user.has_group(ALL_LEADS)):
            return with_lead
        of_contact = SQL(
            "%s WHERE t.lead_id IS NULL AND %s",
            self._branch(
                SQL(
                    "NULL::int AS lead_id, NULL::int AS user_id, NULL::int AS team_id,"
                    " NULLIF(t.company_id, 0) AS company_id"
                )
            ),
            self._readable_contacts(),
        )
        return SQL("%s UNION ALL %s", with_lead, of_contact)

    @api.model
    def _branch(self, lead, join=None):
        return SQL(
            """
            SELECT t.id, t.happened_at, t.recorded_at, t.landing_page, t.referrer,
                   t.click_id, t.cost, t.origin, t.external_key, t.consent,
                   COALESCE(connector.name, %(origins)s::jsonb ->> t.origin, t.origin)
                       AS origin_name,
                   t.matched_by, t.note, t.kind_id, partner.id AS partner_id,
                   %(channel)s, channel.is_direct,
                   NULLIF(concat_ws(' / ', channel.campaign_name,
                                    channel.medium_name, channel.source_name),
                          '') AS channel_name,
                   CASE WHEN t.reversed_by_id IS NOT NULL THEN 'reversed'
                        WHEN t.reverses_id IS NOT NULL THEN 'reversal'
                        ELSE 'valid'
                   END AS status,
                   t.reversed_by_id IS NOT NULL AS is_reversed,
                   t.reverses_id IS NOT NULL AS is_reversal,
                   t.merged_lead_id IS NOT NULL AS is_merged,
                   kind.counts AND t.reversed_by_id IS NULL
                       AND t.reverses_id IS NULL AS counts,
                   currency.id AS currency_id, recorder.id AS recorded_by_id,
                   %(lead)s
              FROM crm_touchpoint t
              %(join)s
              JOIN crm_touch_channel channel ON channel.id = t.channel_id
              LEFT JOIN crm_touch_kind kind ON kind.id = t.kind_id
              LEFT JOIN res_partner partner ON partner.id = t.partner_id
              %(channel_joins)s
              LEFT JOIN res_currency currency ON currency.id = t.currency_id
              LEFT JOIN res_users recorder ON recorder.id = t.recorded_by_id
              LEFT JOIN crm_connector connector ON connector.id
                   = substring(t.origin FROM '^connector:([0-9]{1,9})$')::int
            """,
            origins=json.dumps(self._origin_names()),
            lead=lead,
            join=join or SQL(),
            channel=CHANNEL,
            channel_joins=CHANNEL_JOINS,
        )

    @api.model
    def _origin_names(self):
        """What people call the origins that are no connector; override to add some."""
        return {
            "odoo": self.env._("Odoo"),
            "manual": self.env._("By hand"),
            "import": self.env._("Import"),
            "reversal": self.env._("Reversal"),
            "demo": self.env._("Demo data"),
        }

    @api.model
    def _readable_contacts(self):
        """A condition: the contact is readable, or there is none (any more)."""
        if self.env.su:
            return SQL("TRUE")
        partners = self.env["res.partner"].with_context(active_test=False)
        return SQL(
            "(partner.id IS NULL OR partner.id IN %s)",
            partners._search(Domain.TRUE).subselect(),
        )

    @api.depends("kind_id", "channel_name", "happened_at")
    def _compute_display_name(self):
        for touch in self:
            parts = [
                touch.kind_id.name,
                touch.channel_name,
                format_date(self.env, touch.happened_at) if touch.happened_at else "",
            ]
            touch.display_name = " · ".join(part for part in parts if part)

    @api.depends("origin", "is_reversed", "is_reversal", "lead_id")
    @api.depends_context("uid")
    def _compute_can_reverse(self):
        is_manager = self.env.user.has_group(MANAGERS)
        own = self.lead_id._filtered_access("write")
        for touch in self:
            may = is_manager or (touch.origin == "manual" and touch.lead_id in own)
            live = not (touch.is_reversed or touch.is_reversal)
            touch.can_reverse = bool(touch.id and may and live)

    def action_open_lead(self):
        """Open the opportunity of the line, or its contact when there is none."""
        self.check_access("read")
        if self.lead_id:
            return open_lead(self)
        self.partner_id.check_access("read")
        return self.partner_id.get_formview_action()

    def action_add_touch(self):
        """Add a touch to the opportunity whose timeline this is."""
        lead = self.env["crm.lead"].browse(self.env.context.get("source_lead_id"))
        lead.check_access("write")
        return lead.action_source_add_touch()

    def action_reverse(self):
        """Ask why, then take the touch back."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reverse a Touch"),
            "res_model": "crm.touch.reversal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_touchpoint_id": self.id},
        }

    def _refuse_reversal(self):
        """Say why the user cannot take this touch back, if he cannot."""
        self.ensure_one()
        if self.is_reversed or self.is_reversal:
            raise UserError(
                self.env._(
                    "“%s” was reversed already: there is nothing left to take back.",
                    self.display_name,
                )
            )
        if not self.can_reverse:
            raise AccessError(
                self.env._(
                    "“%(touch)s” was reported by “%(origin)s”. You may reverse what "
                    "was entered by hand on your own opportunities; ask your sales "
                    "manager to reverse this one.",
                    touch=self.display_name,
                    origin=self.origin_name,
                )
            )
