"""The calm screen of a flood: incidents of one urgency, kind and neighbourhood are one line with a count.

Nothing is left out: the counts of all lines add up to the queue.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence

import msgspec

from smartcity_console.console import words
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.incident import Incident

_NEIGHBOURHOOD = re.compile(r"\S+(?:동|읍|면|리|가)(?=\s|$)")
"""The last of an address's parts that names a neighbourhood (행정구역: 읍, 면, 동, 리, 가)."""

Key = tuple[Priority, AlertKind, str]


class Row(msgspec.Struct, frozen=True):
    """A row of the queue: a card, a group's line (`members` > 1) or a line of one incident. `incident` leads it."""

    id: str
    incident: Incident
    members: tuple[Incident, ...]
    is_calm: bool = False
    is_open: bool = False  # a group whose members are listed under it
    is_member: bool = False

    @property
    def is_group(self) -> bool:
        return len(self.members) > 1

    @property
    def area(self) -> str:
        return area(self.incident)


def cards(queue: Sequence[Incident]) -> list[Row]:
    """Return a card for each incident."""
    return [Row(incident.id, incident, (incident,)) for incident in queue]


def lines(queue: Sequence[Incident], opened: Collection[str], chosen_id: str | None = None) -> list[Row]:
    """Return the calm screen's rows for a queue in order. A group shows its members when it is opened, or when one of
    them that does not lead it is chosen: what is chosen is always in sight."""
    groups: dict[Key, list[Incident]] = {}
    for incident in queue:
        groups.setdefault((incident.priority, incident.kind, area(incident)), []).append(incident)
    rows: list[Row] = []
    for key, members in groups.items():
        rows += _rows(group_id(key), members, opened, chosen_id)
    return rows


def group_id(key: Key) -> str:
    return "group:" + "/".join((key[0].value, key[1].value, key[2]))


def _rows(id_: str, members: list[Incident], opened: Collection[str], chosen_id: str | None) -> list[Row]:
    if len(members) == 1:
        return [Row(members[0].id, members[0], (members[0],), is_calm=True)]
    is_open = id_ in opened or any(member.id == chosen_id for member in members[1:])
    head = Row(id_, members[0], tuple(members), is_calm=True, is_open=is_open)
    under = [Row(m.id, m, (m,), is_calm=True, is_member=True) for m in members] if is_open else []
    return [head, *under]


def area(incident: Incident) -> str:
    """Return the neighbourhood that an incident's address names, else the place as its card tells it."""
    for alert in incident.alerts:
        if alert.address and (name := _neighbourhood(alert.address)):
            return name
    return words.place(incident)


@functools.lru_cache(maxsize=8192)
def _neighbourhood(address: str) -> str:
    """Kept: a flood asks for the same addresses again and again."""
    return next(reversed(_NEIGHBOURHOOD.findall(address)), "")
