import time

from odoo import api, models
from odoo.http import Response, request
from odoo.tools import hash_sign, verify_hash_signed

from ...engine import visit

COOKIE = "odoo_visit"
API = "/sales_opportunity_plus/v1/"
#: Whoever signs for another purpose signs for another scope.
SCOPE = "sales_opportunity_plus.visit"
_LONGEST = 4096
SELLER = "sales_team.group_sale_salesman"


class IrHttp(models.AbstractModel):
    """Keeps the visit that a campaign brought as one signed tuple, first and last."""

    _name = "ir.http"
    _inherit = ["ir.http"]

    @classmethod
    def _dispatch(cls, endpoint):
        # A parameter of this name in the address would be given to Python twice.
        if any(route.startswith(API) for route in endpoint.routing["routes"]):
            request.params.pop("self", None)
        return super()._dispatch(endpoint)

    @classmethod
    def _set_utm(cls, response):
        result = super()._set_utm(response)
        if not visit.PARAMETERS.isdisjoint(request.httprequest.args):
            cls._source_set_visit(Response.load(response))
        return result

    @classmethod
    def _source_set_visit(cls, response):
        """Write the cookie, if the visitor lets us and there is something new."""
        http = request.env["ir.http"]
        if not http._is_allowed_cookie("optional") or http._source_is_colleague():
            return
        given = request.httprequest
        now = int(time.time())
        new = visit.visit_of(given.args, given.base_url, given.referrer or "", now)
        visits = new and visit.join(http._source_visits(), new)
        if not visits:
            return
        token = hash_sign(
            request.env(su=True),
            SCOPE,
            visit.packed(visits),
            expiration_hours=visit.MAX_AGE // 3600,
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=visit.MAX_AGE,
            domain=cls.get_utm_domain_cookies(),
            secure=given.scheme == "https",
            httponly=True,
            samesite="Lax",
            cookie_type="optional",
        )

    @api.model
    def _source_visits(self):
        """First and last visit of who sends this request; none without consent.

        A cookie that was tampered with or is too old is as good as none.
        """
        token = request.cookies.get(COOKIE) if request else None
        if not token or len(token) > _LONGEST or not request.db:
            return []
        if not self._is_allowed_cookie("optional"):
            return []
        try:
            rows = verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            # Not base 64, not our version, not text.
            return []
        return visit.unpacked(rows, int(time.time()))

    @api.model
    def _source_is_colleague(self):
        """As in Odoo: what salespeople click on is no visit of a customer."""
        user = request.env.user
        return bool(user) and user.has_group(SELLER)
