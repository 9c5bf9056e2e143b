"""One item of a call to the API: what it must look like."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .plain_text import clean
from .refusal import Refusal

LONGEST_KEY = 200
LONGEST_LINK = 2000
LONGEST_NOTE = 1000
LONGEST_DESCRIPTION = 20_000
MOST_MONEY = 1_000_000_000_000
CONSENTS = ("consent", "contract", "interest", "none")
#: How far the clock of the sender may be ahead.
AHEAD = timedelta(days=1)
EARLIEST = datetime(1990, 1, 1)
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(Z|z|[+-][0-9]{2}:?[0-9]{2})"
)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
#: Longest text by field; ``clean`` cuts what is longer.
TEXTS = {
    "campaign": 255,
    "medium": 255,
    "source": 255,
    "landing_page": LONGEST_LINK,
    "referrer": LONGEST_LINK,
    "click_id": 500,
    "note": LONGEST_NOTE,
    "phone": 64,
}
#: The fields that only a lead has.
LEAD_TEXTS = {
    "name": 255,
    "contact_name": 255,
    "company_name": 255,
    "description": LONGEST_DESCRIPTION,
}
KEYS = ("external_key", "lead_external_key")
TOUCH_FIELDS = frozenset(
    {*TEXTS, *KEYS, "kind", "happened_at", "email", "cost", "currency", "consent"}
)
LEAD_FIELDS = TOUCH_FIELDS | LEAD_TEXTS.keys() | {"expected_revenue"}


@dataclass(frozen=True)
class Inbound:
    """An item that is well formed."""

    kind: str
    #: Naive, UTC.
    happened_at: datetime
    external_key: str
    lead_external_key: str | None = None
    email: str | None = None
    phone: str | None = None
    campaign: str | None = None
    medium: str | None = None
    source: str | None = None
    landing_page: str | None = None
    referrer: str | None = None
    click_id: str | None = None
    cost: float | None = None
    currency: str | None = None
    consent: str | None = None
    note: str | None = None
    name: str | None = None
    contact_name: str | None = None
    company_name: str | None = None
    description: str | None = None
    expected_revenue: float | None = None


@dataclass(frozen=True)
class Terms:
    """What a connector accepts."""

    #: Naive, UTC.
    now: datetime
    kinds: Collection[str]
    default_kind: str | None = None
    is_lead: bool = False


def checked(item: object, terms: Terms) -> Inbound:
    """The item as it is taken; raises ``Refusal``."""
    if not isinstance(item, dict):
        raise Refusal("not_an_object", "An item is a JSON object with named fields.")
    known = LEAD_FIELDS if terms.is_lead else TOUCH_FIELDS
    for name in item:
        if name not in known:
            shown = clean(str(name), 60)
            raise Refusal("unknown_field", f"There is no field “{shown}”.")
    values = {name: value for name, value in item.items() if value not in (None, "")}
    lengths = {**TEXTS, **LEAD_TEXTS}
    texts = {
        name: _text(values, name, longest)
        for name, longest in lengths.items()
        if name in values
    }
    inbound = Inbound(
        kind=_kind(values, terms),
        happened_at=_moment(values, terms),
        external_key=_key(values, "external_key") or _own_key(item),
        lead_external_key=_key(values, "lead_external_key"),
        email=_email(values),
        cost=_money(values, "cost"),
        currency=_choice(values, "currency", "[A-Za-z]{3}"),
        consent=_consent(values),
        expected_revenue=_money(values, "expected_revenue"),
        **{name: text or None for name, text in texts.items()},
    )
    if not (inbound.lead_external_key or inbound.email or inbound.phone):
        if not terms.is_lead:
            raise Refusal(
                "nobody",
                "Nothing says whose touch it is: give lead_external_key, email or "
                "phone.",
            )
        if not (inbound.name or inbound.contact_name or inbound.company_name):
            raise Refusal(
                "nobody", "Give at least a name, an email or a phone of the lead."
            )
    return inbound


def _kind(values: dict[str, object], terms: Terms) -> str:
    kind = values.get("kind", terms.default_kind)
    if kind is None:
        raise Refusal("kind", "Give the kind of touch.")
    if not isinstance(kind, str) or kind not in terms.kinds:
        shown = clean(str(kind), 60)
        raise Refusal("kind", f"The kind “{shown}” is not accepted here.")
    return kind


def _moment(values: dict[str, object], terms: Terms) -> datetime:
    given = values.get("happened_at")
    if given is None:
        if "external_key" not in values:
            raise Refusal(
                "happened_at",
                "Give happened_at or external_key: without both, nobody can tell "
                "whether the event was sent before.",
            )
        return terms.now
    moment = parsed_moment(given) if isinstance(given, str) else None
    if moment is None:
        raise Refusal(
            "happened_at",
            "happened_at is a moment with its time zone, as in "
            "2026-03-31T09:30:00+02:00.",
        )
    if moment < EARLIEST:
        raise Refusal("happened_at", f"happened_at is before {EARLIEST.year}.")
    if moment > terms.now + AHEAD:
        raise Refusal("happened_at", "happened_at is more than a day ahead.")
    return moment


def parsed_moment(text: str) -> datetime | None:
    """An ISO 8601 moment with a zone, as naive UTC."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
            _zone(zone),
        )
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text in "Zz":
        return timezone.utc
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _text(values: dict[str, object], name: str, longest: int) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise Refusal(name, f"{name} is a text.")
    return clean(value, longest)


def _key(values: dict[str, object], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_KEY or clean(value) != value:
        raise Refusal(
            name,
            f"{name} is a text of at most {LONGEST_KEY} characters, without control "
            "characters and without blanks around it.",
        )
    return value


def _own_key(item: dict[str, object]) -> str:
    """Names an item that brings no key: the same item twice is one event."""
    written = json.dumps(item, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(written.encode()).hexdigest()


def _email(values: dict[str, object]) -> str | None:
    value = values.get("email")
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 254:
        raise Refusal("email", "email is an address of at most 254 characters.")
    address = clean(value)
    if not _EMAIL.fullmatch(address) or address != value.strip():
        raise Refusal("email", "email is not an email address.")
    return address


def _money(values: dict[str, object], name: str) -> float | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(name, f"{name} is a number.")
    if not 0 <= value < MOST_MONEY:
        raise Refusal(name, f"{name} is an amount of zero or more.")
    return float(value)


def _choice(values: dict[str, object], name: str, pattern: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise Refusal(name, f"{name} is a code of three letters, as in EUR.")
    return value.upper()


def _consent(values: dict[str, object]) -> str | None:
    value = values.get("consent")
    if value is None:
        return None
    if not isinstance(value, str) or value not in CONSENTS:
        raise Refusal("consent", f"consent is one of {', '.join(CONSENTS)}.")
    return value
