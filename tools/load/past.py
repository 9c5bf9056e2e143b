"""Gives loaded opportunities their past: stays, dates and calls."""

from markupsafe import Markup


def apply(env, loaded):
    """`loaded` are pairs of record and id; gives the number of calls logged."""
    stays, dates, calls = [], [], []
    for record, lead_id in loaded:
        stays += _stays(env, lead_id, record.past.stays)
        dates.append(_dates(lead_id, record.past))
        calls += [(record, lead_id, place) for place in range(len(record.past.calls))]
    env["crm.stage.history"]._import_past(stays)
    env["crm.lead"]._stage_history_backdate(dates)
    _log_calls(env, [lead_id for _record, lead_id in loaded], calls)
    return len(calls)


def _id(env, key):
    return (key and env["ir.model.data"]._xmlid_to_res_id(key)) or None


def _stays(env, lead_id, stays):
    """Stays as the addon's history takes them; ``None`` means nobody, or unknown."""
    rows = [
        {
            "lead_id": lead_id,
            "stage_id": _id(env, stay.stage),
            "entered_at": stay.entered_at,
            "status": stay.status,
            "user_id": _id(env, stay.salesperson),
            "team_id": _id(env, stay.team),
            "moved_by_id": _id(env, stay.moved_by or "base.user_root"),
            # How sure people were then is not in the data.
            "probability": None,
        }
        for stay in stays
    ]
    # The last stay goes on: it is as sure as the opportunity is.
    del rows[-1]["probability"]
    return rows


def _dates(lead_id, past):
    # Being lost or won is a stay of its own; the stage may be older than that.
    entered = past.stays[-1]
    for stay in reversed(past.stays):
        if stay.stage != entered.stage:
            break
        entered = stay
    dates = {
        "create_date": past.created_at,
        "date_open": past.assigned_at,
        "date_closed": past.closed_at,
        "date_last_stage_update": entered.entered_at,
    }
    # Odoo keeps whole seconds in the dates of an opportunity.
    return {"lead_id": lead_id} | {
        name: moment and moment.replace(microsecond=0) for name, moment in dates.items()
    }


def _log_calls(env, lead_ids, calls):
    """Log calls as Odoo logs an activity that is marked as done."""
    message = env["mail.message"]
    message.search(
        [
            ("model", "=", "crm.lead"),
            ("res_id", "in", lead_ids),
            ("message_id", "=like", "<real-data-call-%"),
        ]
    ).unlink()
    shared = {
        "model": "crm.lead",
        "message_type": "notification",
        "subtype_id": _id(env, "mail.mt_activities"),
        "mail_activity_type_id": _id(env, "mail.mail_activity_data_call"),
        "is_internal": True,
        # Said, because Odoo would look them up for each message.
        "email_from": False,
        "reply_to": False,
    }
    message.create([shared | _message(env, *call) for call in calls])


def _message(env, record, lead_id, place):
    call = record.past.calls[place]
    author = env["res.users"].browse(_id(env, call.employee or "base.user_root"))
    body = Markup("<p>Call: %s</p>") % call.summary
    if call.seconds is not None:
        minutes, seconds = divmod(call.seconds, 60)
        body += Markup("<p>%s min %02d s</p>") % (minutes, seconds)
    return {
        "res_id": lead_id,
        "date": call.made_at.replace(microsecond=0),
        "author_id": author.partner_id.id,
        "body": body,
        "message_id": f"<real-data-call-{record.key}-{place}@localhost>",
    }
