"""Addresses of devices as a person gives them, and addresses as devices give them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from smartcity_console.video.onvif.errors import AddressRefused

_SECRET_KEYS = frozenset(("user", "username", "usr", "password", "passwd", "pwd", "pass", "auth"))


class DeviceAddress(msgspec.Struct, frozen=True):
    """Scheme, host and port of a device's service."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self._bracketed()}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self._bracketed()}:{self.port}"

    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_address(text: str) -> DeviceAddress:
    """Read `host`, `host:port` or `http(s)://host:port/…`. Raises AddressRefused; user and password have no place here."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError as error:
        raise AddressRefused(address="?", why=str(error)) from None
    if parts.username or parts.password:
        raise AddressRefused(address=parts.hostname, why="give user and password apart from the address")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused(address=text, why="not http(s)://host:port")
    return DeviceAddress(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80))


def at_host(url: str, host: str) -> str:
    """Return a URL that a device gave with the host that it is reached at: behind NAT it names one that nobody can
    reach, and a dishonest one must not send its caller elsewhere. User, password and their like are taken out."""
    parts = urlsplit(url)
    bracketed = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    plain = [(key, value) for key, value in parse_qsl(parts.query, True) if key.lower() not in _SECRET_KEYS]
    had_secret = len(plain) != len(parse_qsl(parts.query, True))
    query = urlencode(plain) if had_secret else parts.query
    return urlunsplit((parts.scheme, f"{bracketed}{port}", parts.path, query, ""))
