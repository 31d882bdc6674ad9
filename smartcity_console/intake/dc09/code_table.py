"""Reads the tables of event codes: one code a line, so that a firm's engineer can check them against the standard."""

from __future__ import annotations

from collections.abc import Iterator

from smartcity_console.intake.arrival import Role
from smartcity_console.intake.dc09.signal import Meaning
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.site import Sensor

UNKNOWN = Meaning(AlertKind.OTHER, Sensor.OTHER, Priority.HIGH, Role.OPENS, "알 수 없는 코드", "Unknown code")
"""A code in no table may be anything: it enters the queue above the routine, and the operator sees the code itself."""


def rows(table: str) -> Iterator[tuple[str, Meaning]]:
    """Yield each line `code role kind sensor priority | Korean | English`; empty lines and `;` comments are passed."""
    for line in filter(None, (line.strip() for line in table.splitlines())):
        if not line.startswith(";"):
            facts, ko, en = (part.strip() for part in line.split("|"))
            code, role, kind, sensor, priority = facts.split()
            yield code, Meaning(AlertKind(kind), Sensor(sensor), Priority(priority), Role(role), ko, en)
