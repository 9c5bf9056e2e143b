"""What the SQL reports of the addon share."""

from odoo.fields import Domain
from odoo.tools import SQL


def readable_leads(env, column):
    """A condition: ``column`` names an opportunity that the user may read.

    It asks ``crm.lead`` itself, so that every record rule on opportunities holds
    in the report too, those of other addons and of the customer included.
    """
    if env.su:
        return SQL("TRUE")
    leads = env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
    return SQL("%s IN %s", column, leads.subselect())


def open_lead(record):
    """The action that opens the opportunity of a report line."""
    record.ensure_one()
    lead = record.lead_id
    lead.check_access("read")
    return {
        "type": "ir.actions.act_window",
        "res_model": "crm.lead",
        "res_id": lead.id,
        "views": [(False, "form")],
    }
