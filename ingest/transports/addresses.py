"""Which addresses a source may send us on to: public ones alone, connected to just as they were checked."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from ingest.errors import TransportError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 inside IPv6, by RFC 6052: the gateway behind it may well reach its own private network."""


def is_public(address: str) -> bool:
    """Whether an address is on the open network: not private, loopback, link-local, multicast, reserved."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of `host`, all of them public; connect to one of these and look nothing up again.

    Raises TransportError where there is none, or where any is not public.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransportError(f"cannot find {host}: {error}") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not is_public(address):
            raise TransportError(f"was sent on to {host}, which is {address}: not a public address")
    if not addresses:
        raise TransportError(f"cannot find {host}")
    return addresses
