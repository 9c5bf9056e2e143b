"""What an intake would do, without doing it."""

from ..selections import TOUCH_MATCHES
from .connector_lead_intake import LeadIntake
from .connector_touch_intake import TouchIntake
from .utm_lookup import MODELS

_SHOWN = (
    "kind",
    "happened_at",
    "external_key",
    "email",
    "phone",
    "name",
    "contact_name",
    "company_name",
    "campaign",
    "medium",
    "source",
    "landing_page",
    "referrer",
    "click_id",
    "cost",
    "currency",
    "expected_revenue",
    "note",
)


class _Trial:
    """Goes with an intake: reads everything, writes nothing."""

    def __init__(self, connector, payloads):
        super().__init__(connector, payloads)
        self.told = {}

    def _may_create_names(self):
        return False

    def _utm(self, item, ids):
        if not self.connector.create_utm:
            return super()._utm(item, ids)
        return dict.fromkeys(MODELS)

    def _record(self, arrivals):
        for one, match in zip(arrivals, self._match(arrivals), strict=True):
            told = [
                (name, value)
                for name in _SHOWN
                if (value := getattr(one.item, name)) is not None
            ]
            refusal = self._against(one, match)
            if refusal:
                self._reject(one.place, refusal)
                continue
            told += self._whose(match)
            self.told[one.place] = told
            self._accept(one.place, "created", None)

    def _answer_repeated(self):
        for places in self.repeated.values():
            for place in places:
                self._accept(place, "duplicate", None)

    def _whose(self, match):
        matched_by = dict(TOUCH_MATCHES)[match.matched_by]
        if match.lead_id:
            lead = self.env["crm.lead"].browse(match.lead_id)
            return [("→", f"{lead.display_name} ({matched_by})")]
        if match.partner_id:
            partner = self.env["res.partner"].browse(match.partner_id)
            return [("→", partner.display_name)]
        return []


class _TouchTrial(_Trial, TouchIntake):
    def _against(self, one, match):
        if match.lead_id or match.partner_id:
            return None
        if self.connector.when_unknown == "contact" and any(one.sought[1:]):
            return None
        return self._unknown(one)


class _LeadTrial(_Trial, LeadIntake):
    def _against(self, one, match):
        return None

    def _whose(self, match):
        return super()._whose(match) if match.lead_id and self._joins(match) else []


def tried(connector, endpoint, payloads):
    """(status, what is recorded or the reason) of each item."""
    trial = {"touchpoints": _TouchTrial, "leads": _LeadTrial}[endpoint]
    intake = trial(connector, payloads)
    rows = []
    for place, answer in enumerate(intake.run()):
        told = intake.told.get(place) or answer.get("reason", "")
        rows.append((answer["status"], told))
    return rows
