"""Finding ONVIF devices: WS-Discovery probes (OASIS WS-Discovery 1.0, April 2005) to the multicast group, or one by one.

Multicast does not cross a router, so a centre gives the ranges of its camera networks: each address is then asked by
itself. Sockets belong to the call and are closed with it; what strangers answer is bounded and believed of nothing but
where a device says it is to be reached.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from smartcity_console.video.onvif.address import DeviceAddress, parse_address
from smartcity_console.video.onvif.errors import AddressRefused, DeviceUnreachable, short

MULTICAST, PORT = "239.255.255.250", 3702
LISTEN_S, REPEATS, REPEAT_EVERY_S = 3.0, 2, 0.4
MOST_ADDRESSES, MOST_FOUND = 4096, 4096
PER_BURST, BURST_EVERY_S = 64, 0.02  # 3,200 probes a second: no switch drops them
_SCOPE = "onvif://www.onvif.org/"
_log = logging.getLogger(__name__)
logging.getLogger("wsdiscovery").setLevel(logging.ERROR)  # it writes whole datagrams of strangers into the log


class Found(msgspec.Struct, frozen=True):
    """A device that answered. `name` and `model` are what it says in its scopes; they may be empty."""

    address: DeviceAddress
    name: str
    model: str
    turns: bool


def addresses_in(text: str) -> list[str]:
    """Read `10.1.2.3`, `10.1.2.0/24` or `10.1.2.3-10.1.2.40` as single addresses. Raises AddressRefused."""
    try:
        found = list(_expanded(text.strip()))
    except ValueError as error:
        raise AddressRefused(address=short(text), why=short(error)) from None
    return found


def _expanded(text: str) -> Iterator[str]:
    if "-" in text:
        first, last = (ipaddress.ip_address(part.strip()) for part in text.split("-", 1))
        count = int(last) - int(first) + 1
        if first.version != last.version or count < 1:
            raise ValueError("the range ends before it begins")
        _bounded(count)
        yield from (str(first + n) for n in range(count))
        return
    network = ipaddress.ip_network(text, strict=False)
    _bounded(network.num_addresses)
    yield from (str(host) for host in (network.hosts() if network.num_addresses > 2 else network))


def _bounded(count: int) -> None:
    if count > MOST_ADDRESSES:
        raise ValueError(f"{count} addresses; at most {MOST_ADDRESSES} at a time")


async def discover(
    addresses: Iterable[str] = (), *, listen_s: float = LISTEN_S, port: int = PORT, interface: str = ""
) -> list[Found]:
    """Return the devices that answer, by address; without `addresses` those of the local network (by `interface`'s
    address, where given). Raises DeviceUnreachable when nothing can be sent at all."""
    targets = list(addresses)
    ear = _Ear()
    loop = asyncio.get_running_loop()
    sock = _socket(interface)
    try:
        transport, _ = await loop.create_datagram_endpoint(lambda: ear, sock=sock)
    except OSError as error:
        sock.close()
        raise DeviceUnreachable(device="WS-Discovery", why=short(error.strerror)) from None
    try:
        for _ in range(REPEATS):
            await _ask_all(transport, targets or [MULTICAST], port)
            await asyncio.sleep(REPEAT_EVERY_S)
        await asyncio.sleep(max(0.0, listen_s - REPEATS * REPEAT_EVERY_S))
    finally:
        transport.close()
    if not ear.found and ear.errors >= len(targets or [MULTICAST]) * REPEATS:
        raise DeviceUnreachable(device="WS-Discovery", why="no way to the network")
    return sorted(ear.found.values(), key=_in_order)


def _in_order(found: Found) -> tuple[int, int, str, int]:
    try:
        ip = ipaddress.ip_address(found.address.host)
        return (ip.version, int(ip), "", found.address.port)
    except ValueError:
        return (9, 0, found.address.host, found.address.port)


def _socket(interface: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    if interface:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
    return sock


async def _ask_all(transport: asyncio.DatagramTransport, targets: list[str], port: int) -> None:
    message = _probe()
    for at, target in enumerate(targets, start=1):
        transport.sendto(message, (target, port))
        if at % PER_BURST == 0:
            await asyncio.sleep(BURST_EVERY_S)


def _probe() -> bytes:
    from wsdiscovery import QName
    from wsdiscovery.actions import constructProbe
    from wsdiscovery.message import createSOAPMessage

    transmitter = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
    message = createSOAPMessage(constructProbe([transmitter], []))
    return message if isinstance(message, bytes) else str(message).encode()


class _Ear(asyncio.DatagramProtocol):
    """Hears answers; the first of a device counts."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], Found] = {}
        self.errors = 0
        self.unreadable = 0

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if len(self.found) >= MOST_FOUND:
            return
        for found in _matches(data, str(addr[0])):
            self.found.setdefault((found.address.host, found.address.port), found)

    def error_received(self, exc: Exception) -> None:
        del exc
        self.errors += 1  # an ICMP "unreachable" of one address: the others may answer


def _matches(data: bytes, sender: str) -> list[Found]:
    """Return the devices of one answer; nothing for what is no answer."""
    from wsdiscovery.message import parseSOAPMessage

    try:
        message = parseSOAPMessage(data, sender)
        told = message.getProbeResolveMatches() if message is not None else []
        found = [_found(match, sender) for match in told]
    except Exception as error:  # the parser trusts what it reads: any error is the sender's
        _log.debug("an answer to a probe makes no sense: %s", type(error).__name__)
        return []
    return [each for each in found if each is not None]


def _found(match: Any, sender: str) -> Found | None:
    scopes = [unquote(str(scope.getValue())) for scope in match.getScopes()]
    said = {"name": "", "hardware": "", "type": ""}
    for scope in scopes:
        key, _, value = scope.removeprefix(_SCOPE).partition("/")
        if scope.startswith(_SCOPE) and key in said:
            said[key] = f"{said[key]} {value}".strip()
    address = _own_address([str(url) for url in match.getXAddrs()], sender)
    if address is None:
        return None
    return Found(address, short(said["name"]), short(said["hardware"]), "ptz" in said["type"].lower().split())


def _own_address(urls: list[str], sender: str) -> DeviceAddress | None:
    """Return where the device is reached: of the addresses it names, the one that it answered from; else its sender's
    address with the port it names: a probe must not be turned into a call to somebody else."""
    read = []
    for url in urls:
        try:
            if urlsplit(url).scheme in ("http", "https"):
                read.append(parse_address(url))
        except AddressRefused:
            continue
    if not read:
        return None
    own = next((address for address in read if address.host == sender), read[0])
    return DeviceAddress(own.scheme, sender, own.port)
