"""A call to the API of sources: who calls, with what, and how it is answered."""

from werkzeug.exceptions import HTTPException, abort

from odoo.http import request

from ..engine.json_body import MOST_BYTES, BodyError, items_of

JSON = "application/json"
UTF8 = ("", "utf-8", "utf8")
LONGEST_IDEMPOTENCY_KEY = 200


class Refused(BodyError):
    """A call that is refused as a whole."""

    def __init__(self, status, code, reason, headers=()):
        super().__init__(status, code, reason)
        self.headers = dict(headers)


#: The same for an unknown connector, a wrong signature and an old timestamp.
UNAUTHORISED = (
    401,
    "not_authorised",
    "The call could not be attributed to a connector: check the key, the secret, the "
    "clock and what was signed.",
)


def answered(handle, *arguments):
    """The response of a handler, or what it refused with."""
    try:
        return handle(*arguments)
    except BodyError as refused:
        return _refusing(refused)


def _refusing(refused):
    error = {"code": refused.code, "reason": refused.reason}
    headers = getattr(refused, "headers", {})
    return request.make_json_response(
        {"error": error}, headers=headers, status=refused.status
    )


def longest_body():
    """Bytes that Odoo may read; a longer body is refused here, before it reads any.

    Odoo asks before it looks for a form in the body, and would answer with a page.
    """
    if (request.httprequest.content_length or 0) > MOST_BYTES:
        abort(_refusing(_too_large()))
    return MOST_BYTES


def raw_body(mimetypes=(JSON,)):
    """The bytes of the body, once they are few and of a kind that is read here."""
    call = request.httprequest
    charset = call.mimetype_params.get("charset", "").lower()
    if call.mimetype not in mimetypes or charset not in UTF8:
        raise Refused(
            415, "not_json", f"Send JSON: the header Content-Type says {JSON}."
        )
    try:
        return call.get_data()
    except HTTPException:
        raise _too_large() from None


def _too_large():
    return Refused(
        413, "too_large", f"The body has more than {MOST_BYTES // 1024} kB: send less."
    )


def signing_connector(body):
    """The connector that signed the call."""
    headers = request.httprequest.headers
    connector = request.env["crm.connector"]._signed_by(
        headers.get("X-SOP-Connector", ""),
        headers.get("X-SOP-Timestamp", ""),
        headers.get("X-SOP-Signature", ""),
        body,
    )
    if not connector:
        raise unauthorised(headers.get("X-SOP-Connector", ""))
    return connector._as_technical()


def unauthorised(key_id=""):
    """What a call is refused with that is nobody's, once it is counted.

    Nothing is asked of the address before: whoever signs correctly is served, whatever
    else comes from there.
    """
    connector = request.env["crm.connector"]._named(key_id)
    failures = request.env["crm.connector.failure"].sudo()
    if not failures._count_failure(connector, request.httprequest.remote_addr):
        return Refused(*UNAUTHORISED)
    return Refused(
        429,
        "too_many_failures",
        "Too many calls from this address could not be attributed to a connector: "
        "check the key, the secret, the clock and what was signed, and wait.",
        _until_next_minute(),
    )


def _until_next_minute():
    return {"Retry-After": str(60 - request.env.cr.now().second)}


def keep_to_limit(connector):
    """Count the call, once even where Odoo has to try it again."""
    if getattr(request, "_source_call_counted", False):
        return
    calls = request.env["crm.connector.traffic"].sudo()._count_call(connector)
    request._source_call_counted = True
    if not calls or calls > connector.rate_limit:
        raise Refused(
            429,
            "too_many_calls",
            f"This connector may call {connector.rate_limit} times a minute: send "
            "several items in one call, or wait.",
            _until_next_minute(),
        )


def take(connector, endpoint, body, always_ok=False):
    """Record the items of a body; the answer and its status."""
    items = items_of(body, connector.items_path or "")
    answers, counts = connector._take(endpoint, items)
    rejected = counts.get("rejected", 0)
    status = 200
    if rejected and not always_ok:
        status = 422 if rejected == len(answers) else 207
    content = {
        "created": counts.get("created", 0),
        "duplicate": counts.get("duplicate", 0),
        "rejected": rejected,
        "results": answers,
    }
    return status, content


def take_once(connector, endpoint, body):
    """The same, where the sender may have sent it before under a key."""
    key = request.httprequest.headers.get("Idempotency-Key")
    if key is None:
        return (*take(connector, endpoint, body), False)
    if not (
        key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST_IDEMPOTENCY_KEY
    ):
        raise Refused(
            400,
            "idempotency_key",
            f"An Idempotency-Key has 1 to {LONGEST_IDEMPOTENCY_KEY} plain characters.",
        )
    # What is wrong with the body as a whole is not kept: it can be sent again.
    items_of(body, connector.items_path or "")
    signed = endpoint.encode() + b"\n" + body
    row, is_new = request.env["crm.connector.answer"]._claim(connector, key, signed)
    if not row._is_of(signed):
        raise Refused(
            409,
            "key_used",
            "This Idempotency-Key came with another body less than a day ago.",
        )
    if is_new:
        status, content = take(connector, endpoint, body)
        row.write({"status": status, "answer": content})
    return row.status, row.answer, not is_new
