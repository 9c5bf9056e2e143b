"""Touches that come through the API."""

from ...engine.refusal import Refusal
from .connector_intake import Intake
from .crm_lead_match import LEAD_KEY
from .person_lock import lock_people

_OWN = "touch:"


class TouchIntake(Intake):
    def _touch_key(self, key):
        # What begins like the key of a lead is told apart from one.
        return _OWN + key if key.startswith((LEAD_KEY, _OWN)) else key

    def _record(self, arrivals):
        matched = list(zip(arrivals, self._match(arrivals), strict=True))
        matched = self._with_somebody(matched)
        touches = [self._touch(one, match) for one, match in matched]
        self._write(touches)
        ids = self._known([one.key for one, _match in matched])
        for one, match in matched:
            self._accept(one.place, "created", ids[one.key], match.matched_by)

    def _write(self, touches):
        self.env["crm.touchpoint"]._record(touches)

    def _with_somebody(self, matched):
        """Leave out touches of nobody we know, or make their contacts."""
        unknown = [
            one for one, match in matched if not (match.lead_id or match.partner_id)
        ]
        partners = {}
        if self.connector.when_unknown == "contact":
            sought = [one.sought for one in unknown]
            lock_people(self.env, sought, self.origin, self.company)
            partners = self._contacts(unknown)
        kept = []
        for one, match in matched:
            if not (match.lead_id or match.partner_id):
                partner_id = partners.get(_person(one))
                if not partner_id:
                    self._reject(one.place, self._unknown(one))
                    continue
                match = match._replace(partner_id=partner_id)
            kept.append((one, match))
        return kept

    def _contacts(self, unknown):
        """Id of a new contact for each person."""
        people = {_person(one): one for one in unknown if _person(one)}
        values = [
            {
                "name": person,
                "email": one.sought.email,
                "phone": one.item.phone,
                "company_id": self.company.id,
            }
            for person, one in people.items()
        ]
        partners = self.env["res.partner"].create(values)
        return dict(zip(people, partners.ids, strict=True))

    def _unknown(self, one):
        if one.sought.email or one.sought.phone:
            return Refusal(
                "unknown_person",
                "There is neither an open opportunity nor a contact with this email "
                "or phone.",
            )
        if one.item.phone:
            return Refusal("phone", "phone is not a phone number that can be called.")
        return Refusal(
            "unknown_key", "No lead or touch was sent under this lead_external_key."
        )


def _person(one):
    return one.sought.email or one.sought.phone
