"""Where a request comes from."""

from ipaddress import ip_address, ip_network
from typing import Any

from litestar.connection import ASGIConnection

from booking.settings import Settings


def client_address(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> str:
    """The client's address; X-Forwarded-For counts only as far as trusted proxies have written it.

    Addresses of IPv6 count by their /64, which is what one subscriber has.
    """
    address = connection.client.host if connection.client else ""
    forwarded = connection.headers.get("x-forwarded-for", "").split(",")
    while forwarded and _is_trusted(address, settings):
        named = forwarded.pop().strip()
        if not named:
            break
        address = named
    return _group(address)


def _is_trusted(address: str, settings: Settings) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in settings.trusted_proxies)


def _group(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    return str(found) if found.version == 4 else ":".join(found.exploded.split(":")[:4])
