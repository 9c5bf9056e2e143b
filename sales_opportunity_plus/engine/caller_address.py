"""Where a call comes from: what tells one caller from another."""

import ipaddress


def network(address: str | None) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: what one caller has to itself.

    What is no address, as with a socket, is one caller.
    """
    try:
        found = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)
