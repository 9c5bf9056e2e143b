from odoo.tools import SQL


def post_init_hook(env):
    """Give a database that has lived before us its past, in set-based SQL."""
    env["crm.stage.history"]._backfill()
    env["crm.touchpoint"]._backfill()
    env["crm.pipeline.history"]._backfill()
    env["crm.forecast.statement"]._backfill()


#: Rows that are never deleted one by one and hold on to people and sales teams, those
#: of the demo company among them. Odoo deletes records before it drops the tables.
KEPT_TABLES = (
    "crm_forecast_call",
    "crm_forecast_adjustment",
    "crm_forecast_target_version",
    "crm_forecast_target",
)


def uninstall_hook(env):
    """Take away what Odoo's own uninstallation forgets or stumbles over.

    Rows that refuse to be deleted, reflected foreign keys, and the external ids that
    other modules gave to what our models have of their mixins (conversations,
    activities).
    """
    for table in KEPT_TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
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
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data named
             USING ir_model_data own
              JOIN ir_model model ON model.id = own.res_id
             WHERE own.module = 'sales_opportunity_plus' AND own.model = 'ir.model'
               AND named.module <> own.module
               AND named.model IN ('ir.model.inherit', 'ir.model.fields.selection')
               AND split_part(named.name, '__', 2) = replace(model.model, '.', '_')
               AND NOT EXISTS (
                   SELECT FROM ir_model_data other
                    WHERE other.model = 'ir.model' AND other.res_id = model.id
                      AND other.module <> own.module)
            """
        )
    )
