import json

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from . import source_call
from .source_call import Refused

ROOT = "/sales_opportunity_plus/v1"
FORM = "application/x-www-form-urlencoded"
#: A form with a name of more brackets is refused.
DEEPEST = 20
# Nobody logs in: who calls is known by the signature, and Odoo's session and its
# token against forged forms have nothing to do with it.
_OPEN = {
    "type": "http",
    "auth": "public",
    "csrf": False,
    "save_session": False,
    "readonly": False,
}
_POST = {
    **_OPEN,
    "methods": ["POST"],
    "max_content_length": lambda _controller: source_call.longest_body(),
}


class SourceApi(http.Controller):
    """The way in for touches and leads of other systems."""

    @http.route(f"{ROOT}/touchpoints", **_POST)
    def source_touchpoints(self, **_query):
        return source_call.answered(self._signed, "touchpoints")

    @http.route(f"{ROOT}/leads", **_POST)
    def source_leads(self, **_query):
        return source_call.answered(self._signed, "leads")

    @http.route(f"{ROOT}/hooks/<string:token>", **{**_POST, "methods": ["GET", "POST"]})
    def source_hook(self, token, **_query):
        return source_call.answered(self._addressed, token)

    @http.route(
        f"{ROOT}/openapi.json", **{**_OPEN, "methods": ["GET"], "readonly": True}
    )
    def source_openapi(self, **_query):
        with file_open("sales_opportunity_plus/data/api/openapi.json", "r") as handle:
            document = json.load(handle)
        document["servers"] = [{"url": request.httprequest.host_url.rstrip("/")}]
        return request.make_json_response(document)

    def _signed(self, endpoint):
        body = source_call.raw_body()
        connector = source_call.signing_connector(body)
        source_call.keep_to_limit(connector)
        self._check_allowed(connector, endpoint)
        status, content, replayed = source_call.take_once(connector, endpoint, body)
        headers = {"Idempotent-Replayed": "true"} if replayed else {}
        return request.make_json_response(content, headers=headers, status=status)

    def _addressed(self, token):
        """A system that cannot sign, where the connector allows it.

        It is told that all is well whenever its items were received: what is rejected
        waits in Odoo, and sending it again would not help.
        """
        if request.httprequest.method != "POST":
            # Mailchimp asks whether the address is there before it uses it.
            return request.make_json_response({})
        is_form = request.httprequest.mimetype == FORM
        body = source_call.raw_body((source_call.JSON, FORM))
        connector = request.env["crm.connector"]._addressed_by(token)._as_technical()
        if not connector:
            raise source_call.unauthorised()
        source_call.keep_to_limit(connector)
        endpoint = connector.hook_endpoint
        self._check_allowed(connector, endpoint)
        if is_form:
            body = _form_as_json(request.httprequest.form)
        _status, content = source_call.take(connector, endpoint, body, always_ok=True)
        return request.make_json_response(content)

    def _check_allowed(self, connector, endpoint):
        if not connector._may(endpoint):
            raise Refused(
                403, "not_allowed", f"This connector may not send {endpoint}."
            )


def _form_as_json(form):
    """``data[merges][FNAME]=Ann`` as nested objects; Mailchimp sends nothing else."""
    content = {}
    for name, value in form.items():
        if name.count("[") > DEEPEST:
            raise Refused(
                400,
                "too_deep",
                f"A field of the form is nested more than {DEEPEST} times.",
            )
        first, *rest = name.replace("]", "").split("[")
        here = content
        for step in (first, *rest)[:-1]:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                break
        if isinstance(here, dict):
            here[(first, *rest)[-1]] = value
    return json.dumps(content).encode()
