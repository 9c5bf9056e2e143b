"""What a database consists of: taken before an installation and after an uninstall.

Odoo's own tables are compared by what names a record, never by id: an installation
uses up ids, and that is no trace of ours.
"""

from testing import databases

PG_CATALOGUE = {
    "tables": """
        SELECT relkind, relname FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
           AND relkind IN ('r', 'v', 'm', 'S')""",
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger",
    "functions": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "types": """
        SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace""",
    "extensions": "SELECT extname FROM pg_extension",
}
ODOO_CATALOGUE = {
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name, ttype, store FROM ir_model_fields",
    "selections": """
        SELECT f.model, f.name, s.value FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id""",
    "field groups": """
        SELECT f.model, f.name, count(*) FROM ir_model_fields_group_rel r
          JOIN ir_model_fields f ON f.id = r.field_id GROUP BY 1, 2""",
    "constraints of models": "SELECT name, type FROM ir_model_constraint",
    "relations of models": "SELECT name FROM ir_model_relation",
    # Odoo lists each addon that it finds, installed or not.
    "external ids": """
        SELECT module, name, model FROM ir_model_data
         WHERE NOT (module = 'base'
                    AND starts_with(name, 'module_sales_opportunity_plus'))""",
    "inheritance": """
        SELECT m.model, p.model FROM ir_model_inherit i
          JOIN ir_model m ON m.id = i.model_id JOIN ir_model p ON p.id = i.parent_id""",
    "views": "SELECT name, model, type, active, key FROM ir_ui_view",
    "view arches": "SELECT name, model, arch_db->>'en_US' FROM ir_ui_view",
    "actions": "SELECT type, name->>'en_US' FROM ir_actions",
    "server actions": "SELECT state, usage FROM ir_act_server",
    "menus": "SELECT name->>'en_US', parent_path <> '' FROM ir_ui_menu",
    "rules": "SELECT name, domain_force FROM ir_rule",
    "access rows": "SELECT name, active FROM ir_model_access",
    "groups": "SELECT name->>'en_US', share FROM res_groups",
    "group implications": """
        SELECT g.name->>'en_US', h.name->>'en_US' FROM res_groups_implied_rel r
          JOIN res_groups g ON g.id = r.gid JOIN res_groups h ON h.id = r.hid""",
    "members of groups": """
        SELECT u.login, g.name->>'en_US' FROM res_groups_users_rel r
          JOIN res_users u ON u.id = r.uid JOIN res_groups g ON g.id = r.gid""",
    "crons": """
        SELECT c.cron_name, c.active FROM ir_cron c""",
    "parameters": """
        SELECT key FROM ir_config_parameter""",
    "defaults": "SELECT field_id, json_value FROM ir_default",
    "assets": "SELECT name, bundle, path FROM ir_asset",
    "filters": "SELECT name, model_id FROM ir_filters",
    "sequences": "SELECT name, code FROM ir_sequence",
    "mail subtypes": "SELECT name->>'en_US', res_model FROM mail_message_subtype",
    "mail templates": "SELECT name->>'en_US', model FROM mail_template",
    "attachments of views": """
        SELECT name, res_model FROM ir_attachment
         WHERE url IS NULL OR url NOT LIKE '/web/assets/%'""",
    "companies": "SELECT name FROM res_company",
    "modules": """
        SELECT name, state FROM ir_module_module
         WHERE NOT starts_with(name, 'sales_opportunity_plus')""",
}


def snapshot(database):
    """{kind: sorted rows} of everything an addon can add to."""
    taken = {}
    for kind, sql in {**PG_CATALOGUE, **ODOO_CATALOGUE}.items():
        rows = databases.query(database, sql)
        taken[kind] = sorted(rows, key=repr)
    return taken


def difference(before, after):
    """{kind: (left behind, lost)}; kinds without a difference are left out."""
    found = {}
    for kind, rows in before.items():
        left, lost = _subtract(after[kind], rows), _subtract(rows, after[kind])
        if left or lost:
            found[kind] = {"left behind": left, "lost": lost}
    return found


def _subtract(rows, others):
    """Rows without their counterparts among the others; a row can occur twice."""
    rest = list(others)
    kept = []
    for row in rows:
        if row in rest:
            rest.remove(row)
        else:
            kept.append(row)
    return kept
