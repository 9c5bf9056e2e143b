from typing import NamedTuple

from ..lead_part import LeadPart
from . import lead_match_sql

#: Before the key of a lead in another system, in the key of the touch it came with.
LEAD_KEY = "lead:"
_OF_LEAD = ["active", "won_status", "company_id", "team_id", "user_id", "partner_id"]
_OF_PERSON = ["email_normalized", "phone_sanitized"]


class Sought(NamedTuple):
    """Whom a touch is of, as far as the sender says; email and phone normalised."""

    external_key: str | None = None
    email: str | None = None
    phone: str | None = None


class Match(NamedTuple):
    lead_id: int | None = None
    partner_id: int | None = None
    #: A value of ``TOUCH_MATCHES``.
    matched_by: str = "none"


class LeadMatch(LeadPart):
    """Which opportunity a touch from outside belongs to."""

    __slots__ = ()

    def _source_match(self, sought, origin, company):
        """Find the opportunity, or at least the contact, of each ``Sought``.

        In this order: what the sender called by the same key before, the email of an
        open opportunity, its phone, an open opportunity of the contact with that email
        or phone. Of several, the opportunity that was created last. Never one of
        another company.

        :return: list of ``Match`` in the order of ``sought``
        """
        self.env["crm.lead"].flush_model([*_OF_LEAD, *_OF_PERSON])
        self.env["res.partner"].flush_model(["active", "company_id", *_OF_PERSON])
        matches = [Match() for _one in sought]
        for field, matched_by, statement in (
            ("external_key", "external_key", self._source_by_key(origin)),
            ("email", "email", self._source_by("by_own", "email_normalized")),
            ("phone", "phone", self._source_by("by_own", "phone_sanitized")),
            ("email", "contact", self._source_by("by_contact", "email_normalized")),
            ("phone", "contact", self._source_by("by_contact", "phone_sanitized")),
        ):
            places = {}
            for place, (one, match) in enumerate(zip(sought, matches, strict=True)):
                if not match.lead_id and (value := getattr(one, field)):
                    places.setdefault(value, []).append(place)
            if not places:
                continue
            rows = self.env.execute_query(statement(list(places), company.id))
            for value, lead_id, partner_id in rows:
                for place in places[value]:
                    if lead_id:
                        matches[place] = Match(lead_id, partner_id, matched_by)
                    elif not matches[place].partner_id:
                        matches[place] = Match(None, partner_id, "none")
        return matches

    def _source_by(self, statement, column):
        build = getattr(lead_match_sql, statement)
        return lambda values, company_id: build(column, values, company_id)

    def _source_by_key(self, origin):
        """What a key names: the lead that came with it, or the one of that touch."""

        return lambda keys, company_id: lead_match_sql.by_external_key(
            origin, keys, LEAD_KEY, company_id
        )

    # ------------------------------------------------------------
    # Leads that another system creates
    # ------------------------------------------------------------

    def _source_after_create(self):
        arrivals = self.env.context.get("source_arrivals")
        if isinstance(arrivals, Arrivals):
            arrivals.arrive(self)
        return super()._source_after_create()

    def _source_kind_of_creation(self):
        # Also of leads that automation creates on the way.
        caller = self.env.context.get("source_caller")
        if isinstance(caller, Caller):
            return caller.kind
        return super()._source_kind_of_creation()

    def _source_touches_of_creation(self, kind):
        arrivals = self.env.context.get("source_arrivals")
        touch = isinstance(arrivals, Arrivals) and arrivals.by_lead.get(self.id)
        if touch:
            partner = self.partner_id
            return [touch._replace(lead_id=self.id, partner_id=partner.id)]
        return super()._source_touches_of_creation(kind)


class Caller:
    """The connector that acts, in the context: an object, which no client can send."""

    def __init__(self, kind):
        self.kind = kind


class Arrivals:
    """The touches that come with leads which are about to be created.

    Nobody outside can make one: a context that comes over RPC holds plain values.
    """

    def __init__(self, touches, names):
        self.touches = touches
        self.names = names
        self.by_lead = {}

    def arrive(self, leads):
        """The leads exist now; others that automation creates on the way do not."""
        if leads.mapped("name") == self.names and not self.by_lead:
            self.by_lead = dict(zip(leads.ids, self.touches, strict=True))
