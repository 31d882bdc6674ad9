"""How loaded the operator is, by the figures of the trade."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model.incident import Incident

WINDOW = timedelta(minutes=10)
FLOOD_STARTS_ABOVE = 10
FLOOD_ENDS_BELOW = 5
"""ISA-18.2 clause 16: a flood begins above ten alarms in ten minutes for one operator and ends below five."""

STALE = timedelta(hours=24)
"""ISA-18.2 clause 16: an alarm that stands longer than a day is stale."""


class Load(enum.StrEnum):
    NORMAL = "normal"
    FLOOD = "flood"


class Figures(msgspec.Struct, frozen=True):
    """What the head of the queue shows. `longest_s` is None when nothing waits unacknowledged; `received` are the
    alarms of all seats."""

    waiting: int
    received: int
    longest_s: float | None
    load: Load


class LoadGauge:
    """Keeps the flood's hysteresis between two looks; one for the queue and the header of a seat."""

    def __init__(self) -> None:
        self._load = Load.NORMAL

    @property
    def load(self) -> Load:
        return self._load

    def figures(
        self, queue: Sequence[Incident], alert_times: Iterable[datetime], now: datetime, seats: int = 1
    ) -> Figures:
        """Return the figures for now. `seats` share what comes in: the limits hold for each operator."""
        received = sum(1 for at in alert_times if now - WINDOW < at <= now)
        of_one = received / max(1, seats)
        if of_one > FLOOD_STARTS_ABOVE:
            self._load = Load.FLOOD
        elif of_one < FLOOD_ENDS_BELOW:
            self._load = Load.NORMAL
        return Figures(len(queue), received, _longest_s(queue, now), self._load)


def is_stale(incident: Incident, now: datetime) -> bool:
    """Return whether an incident has stood in the queue for a day."""
    return now - incident.opened_at >= STALE


def _longest_s(queue: Sequence[Incident], now: datetime) -> float | None:
    waits = [(now - incident.opened_at).total_seconds() for incident in queue if incident.claimed_by is None]
    return max(waits, default=None)
