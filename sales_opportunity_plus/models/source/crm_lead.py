from odoo import fields, models

from .crm_lead_credit import LeadCredit
from .crm_lead_match import LeadMatch
from .crm_lead_timeline import LeadTimeline
from .crm_lead_touch import LeadTouch
from .crm_lead_touch_mail import LeadTouchMail
from .crm_lead_touch_screen import LeadTouchScreen
from .crm_lead_visit import LeadVisit
from .crm_lead_webhook import LeadWebhook


class CrmLead(
    LeadWebhook,
    LeadCredit,
    LeadTimeline,
    LeadMatch,
    LeadTouchScreen,
    LeadVisit,
    LeadTouchMail,
    LeadTouch,
    models.Model,
):
    """What source tracking adds to the opportunity; see ``LeadPart``."""

    _name = "crm.lead"
    _inherit = ["crm.lead"]

    # Not stored: the ledger says it, and nothing that is written here changes it.
    touch_count = fields.Integer(
        "Touches",
        compute="_compute_touches",
        search="_search_touch_count",
        help="Visits, mails, calls and others in the ledger that were not reversed.",
    )
    first_touch_id = fields.Many2one(
        "crm.touchpoint.report",
        "First Touch",
        compute="_compute_touches",
        help="Where this deal began, as the ledger has it. A later change of campaign, "
        "medium or source does not change it.",
    )
    last_touch_id = fields.Many2one(
        "crm.touchpoint.report",
        "Last Touch",
        compute="_compute_touches",
        help="The latest touch so far; of a closed deal the last one before the "
        "closing.",
    )
    first_touch_campaign_id = fields.Many2one(
        "utm.campaign",
        compute="_compute_touches",
        search="_search_first_touch_campaign_id",
        help="The campaign of the first touch.",
    )
    first_touch_medium_id = fields.Many2one(
        "utm.medium",
        compute="_compute_touches",
        search="_search_first_touch_medium_id",
        help="The medium of the first touch.",
    )
    first_touch_source_id = fields.Many2one(
        "utm.source",
        compute="_compute_touches",
        search="_search_first_touch_source_id",
        help="The source of the first touch.",
    )

    # Core's index on the email is for parts of it (trigrams).
    _by_email = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    source_credit_table = fields.Json(
        "Timeline of Touches",
        compute="_compute_source_credit_table",
        exportable=False,
        help="The touches of the deal and what each gets of it, model by model.",
    )
