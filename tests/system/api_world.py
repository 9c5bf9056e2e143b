"""A connector of a running server, and calls in its name."""

import hashlib
import hmac
import json
import time

import requests

from testing import databases
from testing.odoo_process import shell
from testing.paths import logs

SECRET = "a secret of the tests"
ROOT = "/sales_opportunity_plus/v1"
SETTING = """
import json
home = env["res.company"].browse({home})
connectors = {{}}
for name, values in {connectors!r}.items():
    connector = env["crm.connector"].create(
        dict(values, name=name, company_id=home.id, rate_limit=6000))
    connector.sudo().secret = {secret!r}
    connectors[name] = [connector.id, connector.key_id]
json.dump(connectors, open({path!r}, "w"))
env.cr.commit()
"""


def connectors(world, **wanted):
    """{name: (id, key)} of new connectors of the home company."""
    path = logs() / f"{world['database']}-connectors.json"
    values = {
        name: {"may_lead": True, "when_unknown": "contact", **extra}
        for name, extra in wanted.items()
    }
    home = world["companies"]["home"]
    code = SETTING.format(home=home, connectors=values, secret=SECRET, path=str(path))
    shell(world["database"], code)
    made = json.loads(path.read_text())
    path.unlink()
    return made


class Caller:
    """Another system."""

    def __init__(self, url, key):
        self.url = url
        self.key = key

    def post(self, endpoint, body, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = str(int(time.time()))
        text = at.encode() + b"." + raw
        signature = hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": "application/json",
            "X-SOP-Connector": self.key,
            "X-SOP-Timestamp": at,
            "X-SOP-Signature": f"v1={signature}",
            **headers,
        }
        address = f"{self.url}{ROOT}/{endpoint}"
        return requests.post(address, data=raw, headers=sent, timeout=120)


def touches(database, connector_id):
    """(external key, lead id) of what a connector brought."""
    return databases.query(
        database,
        "SELECT external_key, lead_id FROM crm_touchpoint WHERE origin = %s",
        (f"connector:{connector_id}",),
    )
