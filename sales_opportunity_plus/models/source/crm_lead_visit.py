import hashlib
from datetime import datetime, timezone

from odoo.http import request

from ..lead_part import LeadPart
from .ir_http import COOKIE
from .utm_lookup import clean, utm_ids

_FIELDS = ("campaign_id", "medium_id", "source_id")


class LeadVisit(LeadPart):
    """Visits that came before a form: their touches come from the signed cookie."""

    __slots__ = ()

    def _source_kind_of_creation(self):
        # Odoo's form creates as the superuser: the request knows who filled it in.
        if self._source_is_form():
            return "form"
        return super()._source_kind_of_creation()

    def _source_is_form(self):
        """Whether a visitor of the website is behind this, not a colleague."""
        user = request.env.user if request and request.db and request.env else None
        return bool(user) and not user._is_internal()

    def _source_touches_of_creation(self, kind):
        touches = super()._source_touches_of_creation(kind)
        if not (kind == "form" and request and request.cookies.get(COOKIE)):
            return touches
        visits = self.env["ir.http"]._source_visits()
        if not visits or not self._source_is_form():
            return touches
        utm = [self._source_utm_of_visit(visit) for visit in visits]
        forms = [touch for touch in touches if touch.kind == kind]
        others = [touch for touch in touches if touch.kind != kind]
        key = f"crm.lead:{self.id}:created"
        form = forms[0] if forms else self._source_touch(kind, external_key=key)
        if not forms or self._source_has_cookie_utm():
            # Odoo's three cookies may come from three visits: the last one is meant.
            form = form._replace(**utm[-1])
        return [
            *others,
            *map(self._source_touch_of_visit, visits, utm),
            form,
        ]

    def _source_has_cookie_utm(self):
        """Whether campaign, medium and source are what Odoo's own cookies say."""
        website = self.env.ref("utm.utm_medium_website", raise_if_not_found=False)
        for _parameter, field, cookie in self.env["utm.mixin"].tracking_fields():
            if field not in _FIELDS:
                continue
            said = (request.cookies.get(cookie) or "").strip().lower()
            # Odoo's form fills the medium in where no cookie says one.
            by_form = not said and website and self[field] == website
            if not by_form and (self[field].name or "").strip().lower() != said:
                return False
        return True

    def _source_utm_of_visit(self, visit):
        """Ids of campaign, medium and source; those that do not exist are created."""
        names = (visit.campaign, visit.medium, visit.source)
        return {
            field: utm_ids(self.env, field, [name]).get(name)
            for field, name in zip(_FIELDS, names, strict=True)
        }

    def _source_touch_of_visit(self, visit, utm):
        told = "\x1f".join(visit.came_through).encode()
        digest = hashlib.sha256(told).hexdigest()[:16]
        return self._source_touch(
            "visit",
            happened_at=datetime.fromtimestamp(visit.at, timezone.utc).replace(
                tzinfo=None
            ),
            landing_page=clean(visit.landing_page, 2000) or None,
            referrer=clean(visit.referrer, 2000) or None,
            click_id=clean(visit.click_id, 500) or None,
            # A form that is sent twice for one opportunity brings no second visit.
            external_key=f"visit:{self.id}:{visit.at}:{digest}",
            **utm,
        )
