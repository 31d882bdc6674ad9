"""Which protocols the gateway hears, each over its door."""

from __future__ import annotations

import os
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.gateway.doors import Doors
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.peers import Peers
from smartcity_console.intake.linked.server import LinkedServer
from smartcity_console.intake.receiver import Receiver
from smartcity_console.intake.server import Dc09Server
from smartcity_console.journal import Vault
from smartcity_console.model.ids import new_id
from smartcity_console.settings import Settings


def make_receivers(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> list[Receiver]:
    """Return every receiver, not yet started. Raises what is wrong with their lists (PeersRefused, KeyFileRefused)."""
    return [_dc09(inbox, doors, workspace, settings, clock), _linked(inbox, doors, workspace, settings, clock)]


def _dc09(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> Dc09Server:
    keys = SenderKeys(workspace, clock)
    return Dc09Server(inbox, doors["dc09"], settings, clock, udp=doors["dc09_udp"], key_of=keys.of)


def _linked(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> LinkedServer:
    reader = Reader(
        lambda: new_id("alert", clock.now(), os.urandom),
        Vault(workspace).put,
        settings.number("intake.linked.fix_m"),
    )
    peers = Peers.read(workspace / "linked.toml")
    return LinkedServer(inbox, doors["linked"], reader, peers, settings, clock)
