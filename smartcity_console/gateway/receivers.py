"""Which protocols the gateway hears, each over its door."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.gateway.doors import Doors
from smartcity_console.gateway.ports import Places
from smartcity_console.gateway.webhook import WebhookServer
from smartcity_console.intake.cap.folder import CapFolder
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.peers import Peers
from smartcity_console.intake.linked.server import LinkedServer
from smartcity_console.intake.linked.taken import TakenMessages
from smartcity_console.intake.mqtt.desk import MessageDesk
from smartcity_console.intake.mqtt.rules import read_rules
from smartcity_console.intake.mqtt.subscriber import MqttSubscriber
from smartcity_console.intake.receiver import Receiver
from smartcity_console.intake.senders import Senders
from smartcity_console.intake.server import Dc09Server
from smartcity_console.intake.webhook.app import Webhook
from smartcity_console.intake.webhook.keys import read_keys
from smartcity_console.journal import Vault
from smartcity_console.model.ids import new_id
from smartcity_console.model.sender import Door
from smartcity_console.settings import Settings

REPORTS = "smartcity/alerts/"


class Hearing(msgspec.Struct, frozen=True):
    """What the receivers are made with."""

    inbox: Inbox
    doors: Doors
    places: Places
    workspace: Path
    settings: Settings
    clock: Clock
    senders: Senders = msgspec.field(default_factory=Senders)
    taken: TakenMessages = msgspec.field(default_factory=TakenMessages)

    def allowed(self, door: Door) -> Callable[[str, str, str], bool]:
        """Return whether an account may be spoken for at a door: (account, address, firm where the door knows it)."""
        return lambda account, address, firm_id: self.senders.allowed(door, account, address, firm_id)

    def new_alert_id(self) -> str:
        return new_id("alert", self.clock.now(), os.urandom)

    def keep(self, data: bytes) -> str:
        """Put a record into the vault; return its digest."""
        return Vault(self.workspace).put(data)


def make_receivers(hearing: Hearing) -> list[Receiver]:
    """Return every receiver, not yet started. Raises what is wrong with their lists (PeersRefused, KeyFileRefused …)."""
    made: list[Receiver] = [_dc09(hearing), _linked(hearing), _webhook(hearing), _cap(hearing)]
    if hearing.settings.text("intake.mqtt.host"):
        made.append(_mqtt(hearing))
    return made


def _dc09(hearing: Hearing) -> Dc09Server:
    keys = SenderKeys(hearing.workspace, hearing.clock)
    doors = hearing.doors
    register, senders = hearing.inbox.register, hearing.senders

    def allowed(account: str, address: str) -> bool:
        unknown = senders.binds_firms and senders.account(account) is None
        firm_id = register.firm_id(account) if unknown else ""  # asked of the catalogue only where it matters
        return senders.allowed(Door.DC09, account, address, firm_id or "")

    return Dc09Server(
        hearing.inbox,
        doors["dc09"],
        hearing.settings,
        hearing.clock,
        udp=doors["dc09_udp"],
        key_of=keys.of,
        allowed=allowed,
    )


def _linked(hearing: Hearing) -> LinkedServer:
    reader = Reader(hearing.new_alert_id, hearing.keep, hearing.settings.number("intake.linked.fix_m"))
    peers = Peers.read(hearing.workspace / "linked.toml")
    return LinkedServer(
        hearing.inbox,
        hearing.doors["linked"],
        reader,
        peers,
        hearing.settings,
        hearing.clock,
        allowed=hearing.allowed(Door.LINKED),
        taken=hearing.taken,
    )


def _webhook(hearing: Hearing) -> WebhookServer:
    workspace, settings = hearing.workspace, hearing.settings
    read_keys(workspace)  # a list that cannot be used is told at the start, not to the first firm that calls
    webhook = Webhook(
        hearing.inbox,
        hearing.inbox.register,
        lambda: read_keys(workspace),
        hearing.keep,
        hearing.new_alert_id,
        hearing.clock,
        per_minute=settings.whole("intake.webhook.per_minute"),
        max_bytes=settings.whole("intake.webhook.max_bytes"),
        allowed=hearing.allowed(Door.WEBHOOK),
    )
    return WebhookServer(webhook, hearing.doors["webhook"], settings)


def _cap(hearing: Hearing) -> CapFolder:
    chosen = hearing.settings.text("intake.cap.folder")
    folder = Path(chosen) if chosen else hearing.workspace / "cap-in"
    return CapFolder(folder, hearing.inbox, hearing.keep, hearing.new_alert_id, hearing.clock)


def _mqtt(hearing: Hearing) -> MqttSubscriber:
    desk = MessageDesk(
        hearing.inbox,
        read_rules(hearing.workspace),
        hearing.places.camera_place,
        hearing.keep,
        hearing.new_alert_id,
        hearing.clock,
        REPORTS,
        lambda account: hearing.senders.allowed(Door.MQTT, account, ""),
    )
    return MqttSubscriber(desk, hearing.workspace, hearing.settings)
