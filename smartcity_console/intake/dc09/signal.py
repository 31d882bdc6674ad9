"""What the payload of a frame says, the same for every payload format: one `Signal` for each event in it."""

from __future__ import annotations

from datetime import time

import msgspec

from smartcity_console.intake.arrival import Role
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.site import Sensor


class Meaning(msgspec.Struct, frozen=True):
    """What an event code stands for. `ko` and `en` are for screens."""

    kind: AlertKind
    sensor: Sensor
    priority: Priority
    role: Role
    ko: str
    en: str


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One event as its payload gives it. `account` is "" when the payload names none of its own.

    `number` is the zone, user, door or area as on the wire without leading zeros; `area` the partition.
    """

    code: str
    meaning: Meaning
    account: str = ""
    number: str = ""
    area: str = ""
    user: str = ""
    peripheral: str = ""
    local_time: time | None = None
    text: str = ""


def without_leading_zeros(digits: str) -> str:
    """Return a number as a catalogue writes it: `007` is `7`, `000` is `0`."""
    return digits.lstrip("0") or ("0" if digits else "")
