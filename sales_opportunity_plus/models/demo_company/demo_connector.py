from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.fields import Command

#: Field of our API → where the form of the website has it.
MAPPING = {
    "external_key": "submission.id",
    "happened_at": "submission.at",
    "kind": "submission.type",
    "email": "visitor.email",
    "landing_page": "page.path",
    "note": "visitor.message",
}
SENT_AT = time(9, 12)


class CrmDemoCompany(models.AbstractModel):
    """A connector that has been called: most was taken, some waits to be put right.

    It has no secret, so that nobody can call it before somebody makes one.
    """

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_connector(self, firm):
        connector = self._demo_create("crm.connector", self._demo_connector())
        sent = self._demo_submissions(firm)
        intake = connector._as_technical()._intake("touchpoints", sent)
        intake.run()
        rejections = self.env["crm.connector.rejection"].sudo()
        rejections._store(connector, "touchpoints", intake.refused)
        rejections = rejections.search([("connector_id", "=", connector.id)])
        self._demo_name("rejection", rejections)
        self.env["crm.connector.traffic"].create(
            {
                "connector_id": connector.id,
                "minute": self._demo_yesterday(firm),
                "calls": len(sent),
                **intake.counts(),
            }
        )

    @api.model
    def _demo_connector(self):
        kinds = [
            self._demo_ref(f"sales_opportunity_plus.touch_kind_{kind}")
            for kind in ("form", "visit", "email_click", "chat")
        ]
        return {
            "connector": {
                "name": "Forms of the website",
                "company_id": self._demo_id("company_de"),
                "system": "form",
                "kind_ids": [Command.set(kinds)],
                "default_kind_id": kinds[0],
                "source_id": self._demo_ref("utm.utm_source_search_engine"),
                "medium_id": self._demo_ref("utm.utm_medium_website"),
                "create_utm": False,
                "consent": "consent",
                "mapping_ids": [
                    Command.create({"target": target, "value": path})
                    for target, path in MAPPING.items()
                ],
            }
        }

    @api.model
    def _demo_submissions(self, firm):
        """What the website sent yesterday; three of it are rejected.

        A moment without its zone, a kind that is not accepted, an address with a slip.
        """
        at = self._demo_yesterday(firm)
        emails = self._demo_known_emails(firm, at)
        sent = [
            self._demo_submission(place, email, at + timedelta(minutes=7 * place))
            for place, email in enumerate(emails)
        ]
        *_taken, zone, kind, person = sent
        zone["submission"]["at"] = zone["submission"]["at"].removesuffix("Z")
        kind["submission"]["type"] = "brochure"
        person["visitor"]["email"] += ".invalid"
        person["visitor"]["message"] = "Please call me back. The address has a slip?"
        return sent

    @api.model
    def _demo_submission(self, place, email, at):
        return {
            "submission": {
                "id": f"web-{4100 + place}",
                "at": f"{at.isoformat()}Z",
                "type": "form",
            },
            "visitor": {"email": email, "message": "Please send me the data sheets."},
            "page": {"path": "/solutions/shuttle"},
        }

    @api.model
    def _demo_known_emails(self, firm, at):
        """Addresses of five customers, first those with an open opportunity."""
        emails = {
            contact.key: contact.email
            for customer in firm.customers
            for contact in customer.contacts
        }
        known = [
            deal
            for deal in firm.deals
            if deal.company == "company_de" and deal.created < at - timedelta(days=7)
        ]
        known.sort(key=lambda deal: deal.status != "open")
        return list(dict.fromkeys(emails[deal.contact] for deal in known))[:5]

    @api.model
    def _demo_yesterday(self, firm):
        return datetime.combine(firm.today - timedelta(days=1), SENT_AT)
