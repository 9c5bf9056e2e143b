from odoo import api, fields, models

MODULE = "sales_opportunity_plus"
#: The past is not news: nobody is told, and nothing is logged as done today.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "no_mail_to_attendees": True,
    "dont_notify": True,
}


class CrmDemoCompany(models.AbstractModel):
    """Writes the demo company that ``sales_opportunity_plus/demo`` makes up.

    Each room adds a method ``_build_<what>`` that writes its part and names it in
    ``_build_steps``; what the part consists of is generated there, without Odoo.
    Records get an external identifier, so that later steps find them and
    uninstalling the addon removes them, except for those that go with their
    opportunity or with their table.
    """

    _name = "crm.demo.company"
    _description = "Demo Company"

    @api.model
    def _build(self, today=None, **size):
        """Write the company as of ``today``, unless it is there already.

        ``size`` is handed on to the generator, for smaller companies in tests.
        """
        if self.env.ref(f"{MODULE}.demo_company_de", raise_if_not_found=False):
            return
        # Only a build pays for loading the generator.
        from ...demo.generator import generate

        firm = generate(today or fields.Date.today(), **size)
        builder = self.with_context(**QUIET)
        for step in builder._build_steps():
            getattr(builder, step)(firm)

    @api.model
    def _build_steps(self):
        """The steps in their order; override to add those of another room."""
        return [
            "_build_companies",
            "_build_rates",
            "_build_people",
            "_build_teams",
            "_build_stages",
            "_build_catalogue",
            "_build_customers",
            "_build_deals",
            "_build_history",
            "_build_overrides",
            "_build_slips",
            "_build_budget_rates",
            "_build_targets",
            "_build_calls",
            "_build_adjustments",
            "_build_activities",
            "_build_meetings",
            "_build_costs",
            "_build_touches",
            "_build_connector",
            "_build_webhook",
            "_build_credits",
            "_build_process",
        ]

    @api.model
    def _demo_create(self, model, values_by_key):
        """Create records of ``model`` in one batch, named by their keys."""
        return self.env[model]._load_records(
            [
                {"xml_id": f"{MODULE}.demo_{key}", "values": values, "noupdate": True}
                for key, values in values_by_key.items()
            ]
        )

    @api.model
    def _demo_name(self, key, records):
        """Give an external identifier to each of what was not created here."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{MODULE}.demo_{key}_{place}",
                    "record": record,
                    "noupdate": True,
                }
                for place, record in enumerate(records.sorted("id"), 1)
            ]
        )

    @api.model
    def _demo_id(self, key):
        """Database id of what an earlier step created for ``key``."""
        return self.env["ir.model.data"]._xmlid_to_res_id(
            f"{MODULE}.demo_{key}", raise_if_not_found=True
        )

    @api.model
    def _demo_shared_id(self, item):
        """Database id of ``item``: Odoo's own record, or the one we created."""
        if not item.shared:
            return self._demo_id(item.key)
        return self._demo_ref(item.shared)

    @api.model
    def _demo_ref(self, xmlid):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            xmlid, raise_if_not_found=True
        )

    @api.model
    def _demo_country_ids(self):
        return {
            country.code: country.id for country in self.env["res.country"].search([])
        }

    @api.model
    def _demo_offline(self, model):
        """Values that keep Odoo's data services from asking about invented firms.

        They are looked up on the internet when created, where the modules for that
        are installed, unless they are marked as done.
        """
        done = ("iap_enrich_auto_done", "iap_enrich_done")
        return dict.fromkeys(self.env[model]._fields.keys() & set(done), True)
