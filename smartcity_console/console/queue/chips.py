"""What a card says beyond what, where and who: short marks, the gravest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.queue.load import is_stale
from smartcity_console.model.incident import Incident

TELL_UNSURE_M = 30.0
"""An uncertainty below this is no more than the width of a street, and goes without saying."""


class Chip(msgspec.Struct, frozen=True):
    """A mark; `tone`: "danger", "warn" or "" (quiet). `whole` is what a screen reader and the tooltip say."""

    text: str
    tone: str
    whole: str


def chips(incident: Incident, now: datetime, gone: Callable[[str], str] = lambda _: "") -> list[Chip]:
    """Return an incident's marks. `gone` tells how a seat was left; empty while somebody sits there."""
    found = (
        _escalated(incident),
        _left(incident, gone),
        _test(incident),
        _unknown(incident),
        _restored(incident),
        _stale(incident, now),
    )
    return [chip for chip in (*found, _unsure(incident)) if chip is not None]


def _escalated(incident: Incident) -> Chip | None:
    if not incident.is_escalated:
        return None
    whole = translate("Chip", "brought before the supervisor: nobody has taken it")
    return Chip(translate("Chip", "Escalated"), "danger", whole)


def _left(incident: Incident, gone: Callable[[str], str]) -> Chip | None:
    """A claim whose seat is gone looks cared for and is not: anybody may take it over."""
    holder = incident.claimed_by
    if holder is None or incident.closed_at is not None or not gone(holder):
        return None
    whole = translate("Chip", "seat {seat} is gone: take it over (F2)").format(seat=holder)
    return Chip(translate("Chip", "Seat gone"), "danger", whole)


def _test(incident: Incident) -> Chip | None:
    if not any(alert.is_test for alert in incident.alerts):
        return None
    return Chip(translate("Chip", "Exercise"), "warn", translate("Chip", "the sender says that it is an exercise"))


def _unknown(incident: Incident) -> Chip | None:
    if all(alert.known for alert in incident.alerts):
        return None
    return Chip(translate("Chip", "Unknown"), "warn", translate("Chip", "a sender is in no register"))


def _restored(incident: Incident) -> Chip | None:
    if not incident.is_restored:
        return None
    return Chip(translate("Chip", "Restored"), "", translate("Chip", "every detector has reported its restoral"))


def _stale(incident: Incident, now: datetime) -> Chip | None:
    if not is_stale(incident, now):
        return None
    days = int((now - incident.opened_at).total_seconds() // 86400)
    whole = translate("Chip", "it stands for more than a day")
    return Chip(translate("Chip", "{days} d").format(days=days), "warn", whole)


def _unsure(incident: Incident) -> Chip | None:
    position = incident.position
    if position is None:
        return Chip(translate("Chip", "No place"), "warn", translate("Chip", "nobody has told where it is"))
    if position.uncertainty_m < TELL_UNSURE_M:
        return None
    whole = translate("Chip", "somewhere within {metres:.0f} m").format(metres=position.uncertainty_m)
    return Chip(f"±{position.uncertainty_m:.0f} m", "", whole)
