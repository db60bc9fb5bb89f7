"""Where a host name leads, and whether that is the public internet."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from monitor.errors import FetchError

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the literal addresses of a host and port; raises OSError or UnicodeError when it has none."""

_AT_MOST = 4  # addresses of one host that are tried
# a name server that does not answer holds a thread: it must not hold the look-ups of others
_LOOKUPS = ThreadPoolExecutor(32, thread_name_prefix="dns")
# not public, though Python 3.11's is_global says so of some; NAT64 and 6to4 reach IPv4 inside
_CLOSED = [
    ip_network(text)
    for text in (
        "100.64.0.0/10 192.0.0.0/24 192.88.99.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 "
        "64:ff9b:1::/48 2001::/23 2002::/16 3fff::/20 5f00::/16 fec0::/10 ff00::/8"
    ).split()
]


def is_public(address: str) -> bool:
    """Tell whether a literal address belongs to the public internet."""
    ip: IPv4Address | IPv6Address = ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip.version == net.version and ip in net for net in _CLOSED)


async def look_up(host: str, port: int) -> list[str]:
    """Return what the system knows of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_LOOKUPS, socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def checked(resolve: Resolve, host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of a host; one that is not public refuses them all. Raises FetchError."""
    try:
        addresses = list(dict.fromkeys(await resolve(host, port)))
        closed = [address for address in addresses if not is_public(address)]
    except (OSError, UnicodeError, ValueError) as fault:
        raise FetchError(f"the host name {host[:100]} is not known") from fault
    if not addresses:
        raise FetchError(f"the host name {host} has no address")
    if closed and not allow_private:
        raise FetchError(f"{host} leads into a local network ({closed[0]}); refused")
    return addresses[:_AT_MOST]
