"""Where a live view may be fetched from: the address in its own hand-off's notice, and nowhere else."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from smartcity_console.desk.errors import NoSuchFile

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_PORTS = {"ws": 80, "wss": 443}


def live_policy(url: str) -> str:
    """Return the Content-Security-Policy of the worker that fetches a live view. Raises NoSuchFile for an address that
    is no WebSocket's."""
    return f"default-src 'none'; connect-src {live_origin(url)}"


def live_origin(url: str) -> str:
    """Return scheme, host and port as a policy writes them (CSP Level 3, clause 2.3.1). It has no way to write an IPv6
    number, and browsers match none: there the scheme alone is held to. Raises NoSuchFile."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise NoSuchFile() from None
    if parts.scheme not in _PORTS or not (_is_ipv6(host) or _NAME.fullmatch(host)):
        raise NoSuchFile()
    return f"{parts.scheme}:" if _is_ipv6(host) else f"{parts.scheme}://{host}:{port}"


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
