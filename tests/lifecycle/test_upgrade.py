"""From a version before the ledger: updating gives the touches of the past."""

from testing import databases
from testing.odoo_process import load, shell
from testing.paths import ADDON

#: A lead as it was before there was a ledger.
LIVED = """
medium = env["utm.medium"].search([], limit=1)
env["crm.lead"].create([{"name": "Old", "medium_id": medium.id}, {"name": "Older"}])
env.cr.execute("DELETE FROM crm_touchpoint")
env.cr.execute(
    "UPDATE ir_module_module SET latest_version = '19.0.1.1.0' "
    "WHERE name = 'sales_opportunity_plus'")
env.cr.commit()
"""
TOUCHES = """
    SELECT lead.name, kind.code, touch.happened_at = lead.create_date
      FROM crm_touchpoint touch
      JOIN crm_lead lead ON lead.id = touch.lead_id
      JOIN crm_touch_kind kind ON kind.id = touch.kind_id"""


def test_updating_fills_the_ledger_once(addon_template, module_clone):
    database = module_clone(addon_template, "upgrade")
    shell(database, LIVED)
    assert databases.query(database, TOUCHES) == []
    load(database, update=(ADDON,))
    assert databases.query(database, TOUCHES) == [("Old", "created", True)]
    load(database, update=(ADDON,))
    assert len(databases.query(database, TOUCHES)) == 1
