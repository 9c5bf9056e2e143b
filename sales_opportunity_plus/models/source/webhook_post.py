"""Send one event to its receiver: no ORM, so that threads can do it."""

import socket
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ...engine.web_address import check_address, is_public_address
from ...engine.webhook import PATIENCE, signatures

#: So much of an answer is read and kept.
EXCERPT = 200
#: A receiver may ask us to wait for so many seconds at most.
LONGEST_WAIT = 86_400


class Parcel(NamedTuple):
    """An event ready to be sent."""

    delivery_id: int
    webhook_id: int
    event: str
    event_id: str
    body: bytes
    attempts: int
    url: str
    secrets: tuple[str, ...]
    timeout: int
    private_allowed: bool


class Answer(NamedTuple):
    """What came of it: a status, or the kind of fault without one."""

    status: int | None
    fault: str | None
    text: str
    duration: int
    #: Seconds that the receiver asks us to wait, if it does.
    wait: int | None = None

    @property
    def accepted(self):
        return self.status is not None and 200 <= self.status < 300


class RefusedAddress(Exception):
    """A host stands for an address of a private network."""


class _Checked:
    """Connects to an address that was looked at, and to no other.

    Looking a name up first and connecting to the name then would let its owner
    answer with two addresses, a harmless one and one of ours.
    """

    def _new_conn(self):
        found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        refused = [one[4][0] for one in found if not is_public_address(one[4][0])]
        if refused:
            raise RefusedAddress(refused[0])
        error = None
        for _family, _kind, _protocol, _name, address in found:
            try:
                return socket.create_connection(address[:2], self.timeout)
            except OSError as failed:
                error = failed
        raise error or OSError("no address")


class _CheckedHTTP(_Checked, HTTPConnection):
    pass


class _CheckedHTTPS(_Checked, HTTPSConnection):
    pass


class _CheckedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTP


class _CheckedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPS


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args, **options):
        result = super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _CheckedHTTPPool,
            "https": _CheckedHTTPSPool,
        }
        return result


def new_session(private_allowed):
    """A session that takes no proxy, password or certificate from its surroundings."""
    session = requests.Session()
    session.trust_env = False
    if not private_allowed:
        session.mount("https://", _CheckedAdapter())
        session.mount("http://", _CheckedAdapter())
    return session


def post(parcel, session):
    """Send an event once, signed at this moment; never raises."""
    begun = time.monotonic()
    status, fault, text, *wait = _post(parcel, session)
    return Answer(status, fault, text, round((time.monotonic() - begun) * 1000), *wait)


def _post(parcel, session):
    """(status, kind of fault, text, seconds to wait where the receiver says so)."""
    address = check_address(parcel.url, parcel.private_allowed)
    if isinstance(address, str):
        return None, "address", address
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "sales-opportunity-plus/1",
        "Accept-Encoding": "identity",
        "X-SOP-Timestamp": str(timestamp),
        "X-SOP-Signature": signatures(parcel.secrets, timestamp, parcel.body),
        "X-SOP-Event": parcel.event,
        "X-SOP-Event-Id": parcel.event_id,
    }
    try:
        with session.post(
            parcel.url,
            data=parcel.body,
            headers=headers,
            timeout=parcel.timeout,
            # Another host was not checked, and was not entered by anybody.
            allow_redirects=False,
            stream=True,
        ) as response:
            wait = _seconds(response.headers.get("Retry-After"))
            return response.status_code, None, _excerpt(response), wait
    except RefusedAddress as error:
        return None, "private", str(error)
    except requests.exceptions.SSLError as error:
        return None, "tls", str(error)[:EXCERPT]
    except requests.exceptions.Timeout:
        return None, "timeout", ""
    except Exception as error:  # pylint: disable=broad-exception-caught
        # Whatever a receiver makes of the connection: it is tried again.
        return None, "connection", str(error)[:EXCERPT]


def _seconds(text):
    """What a receiver that is too busy asks for; a date is left to the back-off."""
    if text and text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT)
    return None


def _excerpt(response):
    """The beginning of an answer; how it ends is nobody's business."""
    try:
        raw = next(response.iter_content(EXCERPT), b"")
    except requests.exceptions.RequestException:
        return ""
    return raw.decode("utf-8", "replace").replace("\0", " ")


def send_all(parcels, seconds, answers: Callable):
    """Send events, each receiver in a thread of its own, one after the other.

    :param seconds: no event is begun after that
    :param answers: is called in the threads, with a parcel and its ``Answer`` or
        ``None`` where it was not sent
    """
    lanes = {}
    for parcel in parcels:
        lanes.setdefault(parcel.webhook_id, []).append(parcel)
    until = time.monotonic() + seconds
    for lane in lanes.values():
        # A daemon: a receiver that drips its answer cannot keep the server alive.
        threading.Thread(
            target=_send_lane, args=(lane, until, answers), daemon=True
        ).start()


def _send_lane(lane, until, answers):
    failures = 0
    with new_session(lane[0].private_allowed) as session:
        for parcel in lane:
            answer = None
            if failures < PATIENCE and time.monotonic() < until:
                answer = post(parcel, session)
                failures = 0 if answer.accepted else failures + 1
                if answer.status == 410:
                    failures = PATIENCE
            answers(parcel, answer)
