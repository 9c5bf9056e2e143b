"""Signed messages between systems: HMAC-SHA256 over a timestamp and the raw body.

The signed text is ``<timestamp>.<body>``, the timestamp in whole seconds since 1970
(UTC); the signature is written ``v1=<hex>``. Both directions use it.
"""

import hashlib
import hmac
from collections.abc import Iterable

#: How far the clocks of two systems may be apart, in seconds.
WINDOW = 300
_PREFIX = "v1="


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a body sent at a moment."""
    text = str(timestamp).encode() + b"." + body
    return _PREFIX + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def is_signed(
    secrets: Iterable[str], timestamp: int, body: bytes, signature: str
) -> bool:
    """Whether one of the secrets made this signature; takes the same time if not."""
    given = signature.encode("utf-8", "surrogateescape")
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(sign(secret, timestamp, body).encode(), given)
    return found


def is_recent(timestamp: int, now: float, window: int = WINDOW) -> bool:
    """Whether a message was signed at most ``window`` seconds ago, or ahead."""
    return abs(now - timestamp) <= window
