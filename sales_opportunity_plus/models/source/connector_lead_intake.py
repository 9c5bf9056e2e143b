"""Leads that come through the API, each with the touch that brought it."""

from psycopg2 import DataError, IntegrityError

from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...engine.refusal import Refusal
from .connector_intake import Intake
from .crm_lead_match import LEAD_KEY, Arrivals, Match
from .person_lock import lock_people

#: What Odoo or the rules of the company say against one lead.
_AGAINST_ONE = (UserError, IntegrityError, DataError)


class LeadIntake(Intake):
    is_lead = True

    def _touch_key(self, key):
        return LEAD_KEY + key

    def _record(self, arrivals):
        """Leads of the same person in one call meet again in the next round."""
        self._lock_unknown(arrivals)
        while arrivals:
            later = []
            people = set()
            new, known = [], []
            for one, match in zip(arrivals, self._match(arrivals), strict=True):
                if match.lead_id and self._joins(match):
                    known.append((one, match))
                elif self.connector.when_known == "touch" and people & _people(one):
                    later.append(one)
                else:
                    people |= _people(one)
                    new.append((one, match))
            self._record_known(known)
            self._create(new)
            arrivals = later

    def _lock_unknown(self, arrivals):
        """All at once: locks taken in rounds would be in no order."""
        if self.connector.when_known != "touch":
            return
        matches = zip(arrivals, self._match(arrivals), strict=True)
        unknown = [one.sought for one, match in matches if not match.lead_id]
        lock_people(self.env, unknown, self.origin, self.company)

    def _joins(self, match):
        """Whether a lead whose opportunity was found is only a touch of it."""
        if match.matched_by == "external_key":
            return True
        return self.connector.when_known == "touch"

    def _record_known(self, known):
        touches = [self._touch(one, match) for one, match in known]
        self.env["crm.touchpoint"]._record(touches)
        for one, match in known:
            self._accept(one.place, "created", match.lead_id, match.matched_by)

    # ------------------------------------------------------------
    # New leads
    # ------------------------------------------------------------

    def _create(self, new):
        """Create all at once; where Odoo minds one of them, each on its own."""
        if not new:
            return
        try:
            leads = self._created(new)
        except _AGAINST_ONE as error:
            if len(new) > 1:
                for one in new:
                    self._create([one])
                return
            one, _match = new[0]
            refusal = Refusal(
                "refused", "The lead does not meet the rules that are set up here."
            )
            self._reject(one.place, refusal, str(error))
            return
        for (one, _match), lead_id in zip(new, leads.ids, strict=True):
            self._accept(one.place, "created", lead_id, "created")

    def _created(self, new):
        values = [self._values(one, match) for one, match in new]
        touches = [self._touch(one, Match(matched_by="created")) for one, _match in new]
        arrivals = Arrivals(touches, [row["name"] for row in values])
        leads = self.env["crm.lead"].with_context(source_arrivals=arrivals)
        with self.env.cr.savepoint():
            leads = leads.create(values)
            self.env.flush_all()
        return leads.with_context(source_arrivals=None)

    def _values(self, one, match):
        item, connector = one.item, self.connector
        name = item.name or item.contact_name or item.company_name
        values = {
            "name": name or item.email or item.phone or connector.name,
            "type": connector.lead_type,
            "company_id": self.company.id,
            "user_id": connector.user_id.id,
            "partner_id": match.partner_id,
            "contact_name": item.contact_name,
            "partner_name": item.company_name,
            "expected_revenue": item.expected_revenue or 0,
            "description": item.description and plaintext2html(item.description),
            # Always given: Odoo would look for cookies of the caller otherwise.
            **{field: utm_id or False for field, utm_id in one.utm.items()},
        }
        if connector.team_id:
            values["team_id"] = connector.team_id.id
        if item.email:
            values["email_from"] = item.email
        if item.phone:
            values["phone"] = item.phone
        return values


def _people(one):
    return {value for value in one.sought[1:] if value}
