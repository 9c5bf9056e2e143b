from odoo.tools import SQL


def post_init_hook(env):
    """Give a database that has lived before us its past, in set-based SQL."""
    env["crm.stage.history"]._backfill()


def uninstall_hook(env):
    """Take away what Odoo's own uninstallation forgets: reflected foreign keys."""
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_constraint reflected
             USING ir_module_module module
             WHERE module.id = reflected.module AND reflected.type = 'f'
               AND module.name = 'sales_opportunity_plus'
            """
        )
    )
