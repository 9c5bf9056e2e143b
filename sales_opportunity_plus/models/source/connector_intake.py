"""The items of one call on their way in: what all kinds of them have in common."""

from collections import Counter
from typing import NamedTuple

from odoo.tools import SQL, email_normalize

from ...engine import field_mapping, inbound
from ...engine.refusal import Refusal
from .crm_lead_match import Sought
from .touchpoint_sql import Touch
from .utm_lookup import MODELS, utm_ids

_UTM = {"campaign_id": "campaign", "medium_id": "medium", "source_id": "source"}


class Arrival(NamedTuple):
    """An item that is well formed, with what Odoo makes of its texts."""

    place: int
    item: inbound.Inbound
    #: The key under which its touch is recorded.
    key: str
    sought: Sought
    currency_id: int | None
    utm: dict


class Intake:
    """Takes items one by one in words and all at once in SQL.

    ``answers`` has one dictionary per item, in their order; ``refused`` has what is to
    be kept of those that were rejected.
    """

    #: Whether it brings leads; a subclass says so.
    is_lead = False

    def __init__(self, connector, payloads):
        self.connector = connector
        self.env = connector.env
        self.company = connector.company_id
        self.origin = connector._source_origin()
        self.payloads = payloads
        self.answers = [None] * len(payloads)
        self.refused = []

    def run(self):
        """Record what can be recorded; say what became of each item."""
        arrivals = self._named(self._arrivals())
        arrivals = self._new_ones(arrivals)
        if arrivals:
            self._record(arrivals)
            self._answer_repeated()
        return self.answers

    def counts(self):
        return dict(Counter(answer["status"] for answer in self.answers))

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _reject(self, place, refusal, detail=None):
        self.answers[place] = {
            "status": "rejected",
            "code": refusal.code,
            "reason": refusal.reason,
        }
        self.refused.append((self.payloads[place], refusal, detail))

    def _accept(self, place, status, record_id, matched_by=None):
        self.answers[place] = {"status": status, "id": record_id or None}
        if matched_by:
            self.answers[place]["matched_by"] = matched_by

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _arrivals(self):
        terms = self._terms()
        lines = [line._line() for line in self.connector.mapping_ids]
        found = []
        for place, payload in enumerate(self.payloads):
            try:
                item = field_mapping.mapped(lines, payload) if lines else payload
                if lines and not self.is_lead:
                    item = {k: v for k, v in item.items() if k in inbound.TOUCH_FIELDS}
                found.append(self._arrival(place, inbound.checked(item, terms)))
            except Refusal as refusal:
                self._reject(place, refusal)
        return found

    def _terms(self):
        default = self.connector.default_kind_id.code or None
        kinds = set(self.connector._accepted_kinds().mapped("code"))
        if self.is_lead:
            default = default or "form"
            kinds.add(default)
        return inbound.Terms(self.env.cr.now(), kinds, default, self.is_lead)

    def _arrival(self, place, item):
        email = item.email and email_normalize(item.email)
        if item.email and not email:
            raise Refusal("email", "email is not an email address.")
        phone = item.phone and self._phone(item.phone)
        return Arrival(
            place,
            item,
            self._touch_key(item.external_key),
            Sought(item.lead_external_key, email or None, phone or None),
            self._currency_id(item),
            {},
        )

    def _touch_key(self, key):
        return key

    def _phone(self, number):
        country = self.company.country_id
        return self.env["res.partner"]._phone_format(number=number, country=country)

    def _currency_id(self, item):
        if item.currency is None:
            return self.company.currency_id.id if item.cost else None
        currency = self._currencies().get(item.currency)
        if not currency:
            raise Refusal("currency", f"There is no currency {item.currency} here.")
        return currency

    def _currencies(self):
        if not hasattr(self, "_currency_ids"):
            records = self.env["res.currency"].with_context(active_test=False)
            self._currency_ids = {one.name: one.id for one in records.search([])}
        return self._currency_ids

    # ------------------------------------------------------------
    # Campaigns, mediums and sources
    # ------------------------------------------------------------

    def _named(self, arrivals):
        """Give the arrivals their campaign, medium and source."""
        ids = {
            field: utm_ids(
                self.env,
                field,
                {getattr(one.item, name) for one in arrivals} - {None},
                create=self._may_create_names(),
            )
            for field, name in _UTM.items()
        }
        named = []
        for one in arrivals:
            try:
                named.append(one._replace(utm=self._utm(one.item, ids)))
            except Refusal as refusal:
                self._reject(one.place, refusal)
        return named

    def _may_create_names(self):
        return self.connector.create_utm

    def _utm(self, item, ids):
        utm = {}
        for field, name in _UTM.items():
            given = getattr(item, name)
            utm[field] = ids[field].get(given) or (
                not given and self.connector[field].id
            )
            if given and not utm[field] and not self.connector.create_utm:
                raise Refusal(name, f"There is no {name} “{given}” here.")
        return utm

    # ------------------------------------------------------------
    # What is known already
    # ------------------------------------------------------------

    def _new_ones(self, arrivals):
        """The arrivals that were not recorded before, nor twice in this call."""
        known = self._known([one.key for one in arrivals])
        first = {}
        new = []
        for one in arrivals:
            if one.key in known:
                self._accept(one.place, "duplicate", known[one.key])
            elif one.key in first:
                first[one.key].append(one.place)
            else:
                first[one.key] = []
                new.append(one)
        self.repeated = {key: places for key, places in first.items() if places}
        self.first = {one.key: one.place for one in new}
        return new

    def _known(self, keys):
        """What is recorded under each key: the id that the sender is told."""
        column = "lead_id" if self.is_lead else "id"
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT external_key, COALESCE(%s, 0) FROM crm_touchpoint "
                    "WHERE origin = %s AND external_key = ANY(%s)",
                    SQL.identifier(column),
                    self.origin,
                    keys,
                )
            )
        )

    def _answer_repeated(self):
        """Items that came twice in one call are answered like the first of them."""
        if not self.repeated:
            return
        known = self._known(list(self.repeated))
        for key, places in self.repeated.items():
            answer = self.answers[self.first[key]]
            for place in places:
                if key in known:
                    self._accept(place, "duplicate", known[key])
                else:
                    self._reject(place, Refusal(answer["code"], answer["reason"]))

    # ------------------------------------------------------------
    # Touches
    # ------------------------------------------------------------

    def _match(self, arrivals):
        leads = self.env["crm.lead"]
        sought = [one.sought for one in arrivals]
        return leads._source_match(sought, self.origin, self.company)

    def _touch(self, one, match):
        item = one.item
        return Touch(
            kind=item.kind,
            happened_at=item.happened_at,
            lead_id=match.lead_id,
            partner_id=match.partner_id,
            landing_page=item.landing_page,
            referrer=item.referrer,
            click_id=item.click_id,
            cost=item.cost,
            currency_id=one.currency_id,
            origin=self.origin,
            external_key=one.key,
            # Once per opportunity: where it was found by it, the key is known.
            lead_external_key=None
            if match.matched_by == "external_key"
            else item.lead_external_key,
            company_id=self.company.id,
            consent=item.consent or self.connector.consent or None,
            matched_by=match.matched_by,
            note=item.note,
            **{field: one.utm[field] or None for field in MODELS},
        )

    def _record(self, arrivals):
        """Write the arrivals and answer each of them."""
        raise NotImplementedError
