"""The ports of the gateway, all bound before anything is written: a port in use must cost nothing."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from smartcity_console.model.errors import PortInUse
from smartcity_console.runtime import bind_tcp, bind_udp
from smartcity_console.settings import Settings


class Door(msgspec.Struct, frozen=True):
    """One port: its name in the announcement, the prefix of its settings, what it is for, the scheme of its address."""

    name: str
    prefix: str
    what: str
    scheme: str = "tcp"
    certificate: str = ""  # the setting that makes http https

    @property
    def transport(self) -> str:
        return "udp" if self.scheme == "udp" else "tcp"


DOORS = (
    Door("dc09", "intake.dc09", "DC-09 receiver"),
    Door("dc09_udp", "intake.dc09_udp", "DC-09 receiver", "udp"),
    Door("linked", "intake.linked", "linked services"),
    Door("webhook", "intake.webhook", "webhook", "http", "intake.webhook.certificate"),
    Door("http", "gateway.http", "gateway HTTP", "http", "gateway.http.certificate"),
)

FREE_PORTS = tuple(f"{door.prefix}.port=0" for door in DOORS)
"""Settings under which every door takes a port of its own: runs beside another gateway, as tests do."""


class Doors:
    """The bound sockets by name."""

    def __init__(self, bound: Mapping[Door, socket.socket]) -> None:
        self._bound = {door.name: (door, sock) for door, sock in bound.items()}

    def __getitem__(self, name: str) -> socket.socket:
        return self._bound[name][1]

    def __contains__(self, name: str) -> bool:
        return name in self._bound

    def addresses(self) -> dict[str, str]:
        """Return where each door is to be reached: `{"dc09": "tcp://127.0.0.1:9091", …}`."""
        return {name: f"{door.scheme}://{_host_port(sock)}" for name, (door, sock) in self._bound.items()}


@contextlib.contextmanager
def open_doors(workspace: Path, settings: Settings, program: str) -> Iterator[Doors]:
    """Bind every door; close them all at the end. Raises PortInUse or AddressRefused."""
    before = _addresses_before(workspace, program)
    with contextlib.ExitStack() as stack:
        doors = [_secured(door, settings) for door in DOORS]
        yield Doors({door: stack.enter_context(_bind(settings, door, before.get(door.name, ""))) for door in doors})


def _secured(door: Door, settings: Settings) -> Door:
    has_certificate = bool(door.certificate and settings.text(door.certificate))
    return msgspec.structs.replace(door, scheme="https") if has_certificate else door


def _bind(settings: Settings, door: Door, before: str) -> socket.socket:
    """Bind a setting's port. Free choice (0) falls on the port of the last run when it is free: addresses that were
    handed out with receipts and live views then still hold after a restart."""
    bind = bind_udp if door.transport == "udp" else bind_tcp
    setting = f"{door.prefix}.port"
    host, port = settings.text(f"{door.prefix}.host"), settings.whole(setting)
    if port == 0 and (last := urlsplit(before).port):
        with contextlib.suppress(PortInUse):
            return bind(host, last, door.what, setting)
    return bind(host, port, door.what, setting)


def _addresses_before(workspace: Path, program: str) -> dict[str, str]:
    """Return what the last gateway announced, whether or not it still runs."""
    try:
        told = json.loads((workspace / "run" / f"{program}.json").read_text("utf-8"))
        return {name: str(address) for name, address in told["addresses"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _host_port(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
