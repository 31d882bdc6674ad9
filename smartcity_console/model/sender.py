"""What the centre itself knows of firms and of the accounts that report for them, beside and above the catalogue."""

from __future__ import annotations

import enum
import ipaddress
from urllib.parse import urlsplit

import msgspec

from smartcity_console.model.geo import Position
from smartcity_console.model.site import Zone

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 5.0, 32 * 86_400.0


class Door(enum.StrEnum):
    """The protocols by which an account may be registered to report."""

    DC09 = "dc09"
    LINKED = "linked"
    WEBHOOK = "webhook"
    CAP = "cap"
    MQTT = "mqtt"


class FirmRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A firm as the centre registers it; a field left blank is the catalogue's.

    `call_back` is its control room's number, `status_url` where it is told what became of its alerts, `networks` those
    from which its accounts may report (none: any). `contact_sha256` names a record of the vault: a person's name, phone.
    """

    id: str
    name_ko: str = ""
    name_en: str = ""
    call_back: str = ""
    status_url: str = ""
    networks: tuple[str, ...] = ()
    contact_sha256: str = ""


class SenderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the centre registers it; a field left blank is the catalogue's.

    `interval_s` is within how many seconds it must be heard (0: not supervised), `doors` the protocols it may use
    (none: any), `networks` its own (none: its firm's). It never names cameras: those are the catalogue's alone.
    """

    account: str
    firm_id: str
    site_name: str = ""
    address: str = ""
    position: Position | None = None
    zones: tuple[Zone, ...] = ()
    interval_s: float = 0.0
    networks: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    contact_sha256: str = ""


def canonical_account(account: str) -> str:
    """Return an account as it is filed under: the number it means, whatever its case and leading zeros."""
    return account.strip().upper().lstrip("0") or "0"


def is_account(text: str) -> bool:
    """Whether a text can be an account: 3 to 32 letters, digits, `-_.`, and the colon of a linked system (`119:D7`)."""
    return 3 <= len(text) <= 32 and text.isascii() and all(letter.isalnum() or letter in "-_.:" for letter in text)


def network_of(text: str) -> Network:
    """Return a network in CIDR form, or a single address. Raises ValueError."""
    return ipaddress.ip_network(text.strip(), strict=True)


def address_of(text: str) -> Address | None:
    """Return an IP address; IPv4 within IPv6 as what it is; None for what is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def url_trouble(url: str) -> str:
    """Return why an address cannot be called back; "" when it can: https, or http on this machine alone."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "it cannot be read"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "it holds letters that no address has"
    if not host or parts.scheme not in ("https", "http"):
        return "it is no https address"
    if parts.username or parts.password or parts.fragment:
        return "it holds a login or a fragment"
    if parts.scheme == "http" and not is_this_machine(host):
        return "http is for this machine alone: use https"
    return ""


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback
