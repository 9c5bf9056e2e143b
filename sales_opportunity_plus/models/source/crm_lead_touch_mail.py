from datetime import datetime

from ..lead_part import LeadPart

#: Messages in which people speak; the others are the system's.
SPOKEN = ("email", "comment", "email_outgoing")
#: Nobody had a CRM before; a message that says so has a wrong date.
EARLIEST = datetime(1990, 1, 1)


class LeadTouchMail(LeadPart):
    """Touches that come from the conversation: emails both ways, done activities."""

    __slots__ = ()

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Record a message as a touch when it is clear whom it goes to.

        A message that is sent later comes by here again then.
        """
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self and not self._is_notification_scheduled(kwargs.get("scheduled_date")):
            self.sudo()._source_record_message(message.sudo(), recipients)
        return recipients

    def _source_record_message(self, message, recipients):
        if message.mail_activity_type_id:
            touch = self._source_touch_of_activity(message)
        else:
            kind = self._source_kind_of_message(message, recipients)
            touch = kind and self._source_touch_of_message(kind, message)
        if touch:
            self.env["crm.touchpoint"]._record([touch])

    def _source_kind_of_message(self, message, recipients):
        """Code of the kind of touch that a message is; ``None`` when it is none.

        What a customer writes is a reply, by email or in the portal. What we write
        counts when it goes to a customer: notes and what only colleagues get do not.
        """
        if message.message_type not in SPOKEN:
            return None
        if message.is_internal or message.subtype_id.internal:
            return None
        author, contact_id = message.author_id, self.partner_id.id
        if author.partner_share or (not author and message.message_type == "email"):
            return "reply" if message.message_type != "email_outgoing" else None
        if any(who["share"] or who["id"] == contact_id for who in recipients if who):
            return "email_sent"
        return None

    def _source_touch_of_message(self, kind, message, **values):
        """The touch of a message; it has no campaign of its own."""
        now = self.env.cr.now()
        contact = message.author_id if kind == "reply" else self.partner_id
        return self._source_touch(
            kind,
            **{
                "happened_at": max(EARLIEST, min(message.date or now, now)),
                "partner_id": contact.id or self.partner_id.id,
                "external_key": f"mail.message:{message.id}",
                "campaign_id": None,
                "medium_id": None,
                "source_id": None,
                **values,
            },
        )

    def _source_touch_of_activity(self, message):
        """The touch of a done activity, or ``None``.

        One that is in the calendar is the meeting there: whichever comes first, done
        or over, records it.
        """
        kind = message.mail_activity_type_id._source_kind()
        if not kind:
            return None
        done = self.env.context.get("source_events_done")
        key = (self.id, message.mail_activity_type_id.id)
        event = done.events.get(key) if isinstance(done, EventsDone) else None
        values = {}
        if event:
            values["external_key"] = f"calendar.event:{event.id}"
            values["happened_at"] = min(event.start, self.env.cr.now())
        return self._source_touch_of_message(kind, message, **values)


class EventsDone:
    """Calendar events of the activities that are being marked as done.

    An object in the context: no client can send one.
    """

    def __init__(self, activities):
        self.events = {
            (done.res_id, done.activity_type_id.id): done.calendar_event_id
            for done in activities
            if done.res_model == "crm.lead" and done.calendar_event_id
        }
