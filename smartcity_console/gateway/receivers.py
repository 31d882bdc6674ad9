"""Which protocols the gateway hears, each over its door."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.gateway.doors import Doors
from smartcity_console.gateway.webhook import WebhookServer
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.peers import Peers
from smartcity_console.intake.linked.server import LinkedServer
from smartcity_console.intake.receiver import Receiver
from smartcity_console.intake.server import Dc09Server
from smartcity_console.intake.webhook.app import Webhook
from smartcity_console.intake.webhook.keys import read_keys
from smartcity_console.journal import Vault
from smartcity_console.model.ids import new_id
from smartcity_console.settings import Settings


def make_receivers(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> list[Receiver]:
    """Return every receiver, not yet started. Raises what is wrong with their lists (PeersRefused, KeyFileRefused …)."""
    made = (_dc09, _linked, _webhook)
    return [make(inbox, doors, workspace, settings, clock) for make in made]


def _dc09(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> Dc09Server:
    keys = SenderKeys(workspace, clock)
    return Dc09Server(inbox, doors["dc09"], settings, clock, udp=doors["dc09_udp"], key_of=keys.of)


def _linked(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> LinkedServer:
    reader = Reader(_ids(clock), Vault(workspace).put, settings.number("intake.linked.fix_m"))
    peers = Peers.read(workspace / "linked.toml")
    return LinkedServer(inbox, doors["linked"], reader, peers, settings, clock)


def _webhook(inbox: Inbox, doors: Doors, workspace: Path, settings: Settings, clock: Clock) -> WebhookServer:
    read_keys(workspace)  # a list that cannot be used is told at the start, not to the first firm that calls
    webhook = Webhook(
        inbox,
        inbox.register,
        lambda: read_keys(workspace),
        Vault(workspace).put,
        _ids(clock),
        clock,
        per_minute=settings.whole("intake.webhook.per_minute"),
        max_bytes=settings.whole("intake.webhook.max_bytes"),
    )
    return WebhookServer(webhook, doors["webhook"], settings)


def _ids(clock: Clock) -> Callable[[], str]:
    return lambda: new_id("alert", clock.now(), os.urandom)
