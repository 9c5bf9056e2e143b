from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Fill the ledger with the past, as the installation does since this version."""
    api.Environment(cr, SUPERUSER_ID, {})["crm.touchpoint"]._backfill()
