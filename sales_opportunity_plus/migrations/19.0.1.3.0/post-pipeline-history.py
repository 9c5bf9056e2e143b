from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Rebuild the pipeline's past, as the installation does since this version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["crm.pipeline.history"]._backfill()
    env["crm.forecast.statement"]._backfill()
