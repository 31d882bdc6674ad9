"""Alerts: what a sender says has happened."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from smartcity_console.model.geo import Position
from smartcity_console.model.site import Sensor


class AlertKind(enum.StrEnum):
    ROBBERY = "robbery"
    INTRUSION = "intrusion"
    FIRE = "fire"
    GAS = "gas"
    MEDICAL = "medical"
    WATER = "water"
    TAMPER = "tamper"
    POWER = "power"
    TROUBLE = "trouble"
    TEST = "test"
    RESTORE = "restore"
    MISSING_PERSON = "missing_person"
    DISASTER = "disaster"
    OTHER = "other"


class Priority(enum.StrEnum):
    """EEMUA 191 wants about 5 / 15 / 80 % of alarms in the three."""

    EMERGENCY = "emergency"
    HIGH = "high"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return _RANK[self]


_RANK = {Priority.EMERGENCY: 0, Priority.HIGH: 1, Priority.NORMAL: 2}


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or clip that came with an alert. It lies in the vault under its SHA-256 in hex; the journal has only this."""

    sha256: str
    media_type: str  # "image/jpeg"
    size_bytes: int
    name: str = ""
    is_personal: bool = False  # the picture of a person sought: purged when the case's time is over


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One reported event. `known` is False when the account is in no register: it still enters the queue."""

    id: str
    protocol: str  # "dc09/SIA-DCS"
    account: str
    receiver: str = ""
    line: str = ""
    sequence: str = ""
    code: str  # as on the wire: "BA", "1110"
    kind: AlertKind
    priority: Priority
    occurred_at: datetime
    received_at: datetime
    known: bool
    firm_id: str | None = None
    firm_name: str = ""
    site_id: str | None = None
    site_name: str = ""
    address: str = ""
    zone: str = ""
    zone_name: str = ""
    sensor: Sensor = Sensor.OTHER
    position: Position | None = None
    text: str = ""
    verification_url: str = ""
    wire_digest: str = ""  # SHA-256 of the frame as received
    reference: str = ""  # the sender's own number of the case: what it changes or cancels by
    is_test: bool = False  # the sender says that it is an exercise
    attachments: tuple[Attachment, ...] = ()
    live_url: str = ""  # the reporting firm's own live view, as told: opened only by an operator's act
    personal_sha256: str = ""  # of the vault's record with names and phones, if there is one
