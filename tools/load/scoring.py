"""Lets Odoo's predictive scoring learn from the loaded past.

Odoo scores only opportunities created since a day that is set at installation, and
it learns from new outcomes one by one: after a load it has to start anew.
"""

from odoo_platform.console import say

from . import ledger

DONE = "real_data.scoring"


def run(env, first_day):
    """Score the open opportunities, unless it was done after the last change."""
    if ledger.remembers(env.cr, DONE):
        return
    say("Odoo's scoring learns from the outcomes …")
    day = str(first_day)
    env["ir.config_parameter"].set_param("crm.pls_start_date", day)
    leads = env["crm.lead"]
    leads._cron_update_automated_probabilities()
    # The scoring writes probabilities in SQL: what depends on them is stale.
    opened = leads.search([("won_status", "=", "pending")])
    opened.invalidate_recordset()
    for name in ("prorated_revenue", "recurring_revenue_prorated"):
        env.add_to_compute(leads._fields[name], opened)
    env.flush_all()
    ledger.remember(env.cr, {DONE: day})
    env.cr.commit()


def forget(env):
    """Say that opportunities change."""
    ledger.forget(env.cr, DONE)
