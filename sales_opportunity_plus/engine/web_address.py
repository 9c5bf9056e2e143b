"""Which addresses in the web a server may call on behalf of people.

A person who may enter an address must not reach what only the server can reach: the
machine itself, its neighbours, the metadata service of a cloud. Names are checked
when they are entered; what they stand for is checked when the server connects.
"""

import ipaddress
import socket
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Fault = Literal[
    "no_address", "scheme", "no_host", "credentials", "port", "characters", "private"
]
LONGEST = 2000
_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "home.arpa",
    "intranet",
)
# Where a network speaks IPv6 only, this prefix stands before an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class WebAddress(NamedTuple):
    scheme: str
    host: str
    port: int | None


def check_address(text: str, private_allowed: bool = False) -> WebAddress | Fault:
    """The parts of an address, or what is wrong with it.

    :param private_allowed: whether addresses of the own network are allowed; then
        the machine itself may be called without encryption

    >>> check_address("https://example.com/hook").host
    'example.com'
    >>> check_address("http://example.com"), check_address("https://127.1/")
    ('scheme', 'private')
    >>> check_address("https://[::ffff:169.254.169.254]/")
    'private'
    """
    if not text or len(text) > LONGEST:
        return "no_address"
    if any(char <= " " or char == "\x7f" or char == "\\" for char in text):
        return "characters"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "port"
    if parts.scheme not in ("https", "http"):
        return "scheme"
    if not host:
        return "no_host"
    if parts.username is not None or parts.password is not None:
        return "credentials"
    if not private_allowed and is_private_host(host):
        return "private"
    if parts.scheme == "http" and not is_this_machine(host):
        return "scheme"
    return WebAddress(parts.scheme, host, port)


def is_this_machine(host: str) -> bool:
    """Whether a host name or address means the machine itself."""
    address = _address(host)
    if address is not None:
        return address.is_loopback
    return host.lower().rstrip(".") == "localhost"


def is_private_host(host: str) -> bool:
    """Whether a host is known to be private without asking anybody.

    >>> is_private_host("printer.local"), is_private_host("0x7f000001")
    (True, True)
    >>> is_private_host("example.com")
    False
    """
    address = _address(host)
    if address is not None:
        return not _is_public(address)
    name = host.lower().rstrip(".")
    # A name without a dot is looked up in the own network.
    return "." not in name or name.endswith(tuple(f".{end}" for end in _LOCAL_NAMES))


def is_public_address(text: str) -> bool:
    """Whether an IP address belongs to the open internet.

    >>> [is_public_address(one) for one in ("8.8.8.8", "10.0.0.1", "169.254.169.254")]
    [True, False, False]
    """
    address = _address(text)
    return address is not None and _is_public(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    host = host.strip("[]").split("%")[0]
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return _short_form(host)


def _short_form(host: str) -> ipaddress.IPv4Address | None:
    """The short, octal and hexadecimal forms that a connection understands too."""
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError, UnicodeError):
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour or address.teredo:
            return False
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
