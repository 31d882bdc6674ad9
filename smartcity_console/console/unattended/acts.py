"""What happens in an unattended run, as data: alarms, incidents, and who stands outside. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade


@dataclass(frozen=True)
class Alarm:
    """One signal of a firm's panel."""

    account: str
    code: str
    zone: str
    text: str = ""


@dataclass(frozen=True)
class Act:
    """One incident of the day: what raises it and how the operator deals with it."""

    site_id: str
    alarms: tuple[Alarm, ...]
    kind: AgencyKind
    grade: Grade
    note: str
    steps: tuple[str, ...]
    units: tuple[str, ...]


class Desk(Protocol):
    """Somebody at the receiving page."""

    def answer(self, handoff_id: str, units: Sequence[str]) -> None:
        """Begin to open, play, accept and report units; returns at once."""

    def done(self) -> bool:
        """Return whether the last answer is through. Raises ConsoleError when it failed."""


@dataclass(frozen=True)
class World:
    """What lies outside the console. `send` returns at the gateway's acknowledgement (called off the Qt thread);
    `loop_position_s` says where in their loop the feeds are (None: they do not say), and the day begins at
    `begins_at_s` of it."""

    send: Callable[[Alarm], None]
    gateway_up: Callable[[], bool]
    loop_position_s: Callable[[], float | None]
    begins_at_s: float
    desks: Mapping[AgencyKind, Desk]
    acts: tuple[Act, ...]
    noise: tuple[Alarm, ...]


@dataclass
class Played:
    """What the run brought, filled as it went: one that ended early still has a report."""

    error: ConsoleError | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    incident_ids: list[str] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    alerts_received: int = 0
    screenshots: list[Path] = field(default_factory=list)
