from odoo import SUPERUSER_ID, models

from .connector_lead_intake import LeadIntake
from .connector_touch_intake import TouchIntake
from .crm_lead_match import Caller

_INTAKES = {"touchpoints": TouchIntake, "leads": LeadIntake}


class CrmConnector(models.Model):
    """What a connector brings, once it is known who calls."""

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    def _as_technical(self):
        """The connector as it acts: Odoo's own user, in one company.

        The sender is nobody in Odoo. What it brings is written by OdooBot, which does
        not see more than a connector finds: every look-up names its company.
        """
        company = self.sudo().company_id
        clean = self.with_user(SUPERUSER_ID).with_context(
            allowed_company_ids=company.ids,
            mail_create_nosubscribe=True,
            source_caller=Caller(self.sudo().default_kind_id.code or "api"),
        )
        return clean

    def _may(self, endpoint):
        return self.may_lead if endpoint == "leads" else self.may_touch

    def _intake(self, endpoint, payloads):
        self.ensure_one()
        return _INTAKES[endpoint](self, payloads)

    def _take(self, endpoint, payloads):
        """Record items of a call; one answer per item, in their order."""
        intake = self._intake(endpoint, payloads)
        answers = intake.run()
        self.env["crm.connector.rejection"]._store(self, endpoint, intake.refused)
        counts = intake.counts()
        self.env["crm.connector.traffic"]._count_items(self, counts)
        return answers, counts
