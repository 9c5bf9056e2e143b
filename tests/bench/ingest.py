"""What other systems send, through the intake of the API and as plain records."""

COUNT = 500


def connector(env):
    """Id of the connector that sends; plain Odoo has none."""
    if "crm.connector" not in env:
        return None
    values = {"name": "Bench", "company_id": env.company.id, "may_lead": True}
    return env["crm.connector"].create(values).id


def leads(connector_id, team_id):
    """A call that brings leads: one batch of the API, or one ``create``."""

    def call(env):
        if connector_id:
            source = env["crm.connector"].browse(connector_id)
            source.sudo().team_id = team_id
            answers, _counts = source._as_technical()._take("leads", _payloads())
            assert all(answer["status"] == "created" for answer in answers)
        else:
            env["crm.lead"].create(_values(env, team_id))

    return call


def _payloads():
    return [
        {
            "kind": "form",
            "happened_at": "2026-03-10T10:00:00Z",
            "external_key": f"bench-{number}",
            "name": f"Sent lead {number}",
            "contact_name": f"Person {number}",
            "email": f"sent{number}@bench.example",
            "phone": f"+3247{number:07}",
            "expected_revenue": 100,
        }
        for number in range(COUNT)
    ]


def _values(env, team_id):
    return [
        {
            "name": payload["name"],
            "type": "lead",
            "company_id": env.company.id,
            "team_id": team_id,
            "user_id": False,
            "contact_name": payload["contact_name"],
            "email_from": payload["email"],
            "phone": payload["phone"],
            "expected_revenue": payload["expected_revenue"],
        }
        for payload in _payloads()
    ]
