"""Who may be handed an incident: the city's stations and those of recipients.toml, the fittest of each kind first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import shapely

from smartcity_console.city import City, plane
from smartcity_console.handoff.recipients import Entry, RecipientsFile
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.geo import Position
from smartcity_console.model.recipient import Recipient, Why

MOST_OF_A_KIND = 3

_Found = tuple[Agency, bool, float]
"""Agency, whether its area holds the place, metres to it."""


class RecipientBook:
    """Answers off the Qt thread and on it: a few polygons and one small file, read again when it changes."""

    def __init__(self, workspace: Path, city: Callable[[], City]) -> None:
        self._city, self._file = city, RecipientsFile(workspace)

    def propose(self, kind: AlertKind, place: Position, now: datetime) -> tuple[Recipient, ...]:
        """Return the recipients for an incident, of each kind some few.

        First whose area holds the place, then the nearest; whoever is off duty comes after those who are on.
        """
        entries = self._file.now()
        found: list[Recipient] = []
        for agency_kind in AgencyKind:
            known = [*self._city().answering(agency_kind, place), *_written(entries, agency_kind, place)]
            fittest = _fittest(known, entries, kind, now)
            more = [one for one in fittest[MOST_OF_A_KIND:] if one.why is Why.AREA]  # off duty, but it is theirs
            found += [*fittest[:MOST_OF_A_KIND], *more[:MOST_OF_A_KIND]]
        return tuple(found)


def _written(entries: Mapping[str, Entry], kind: AgencyKind, place: Position) -> list[_Found]:
    x, y = plane.xy_of(place)
    spot, found = shapely.Point(place.lon_deg, place.lat_deg), []
    for entry in entries.values():
        agency = entry.agency
        if agency is not None and agency.kind is kind:
            far = shapely.Point(plane.xy_of(agency.position)).distance(shapely.Point(x, y))
            found.append((agency, bool(entry.area) and shapely.Polygon(entry.area).intersects(spot), float(far)))
    return found


def _fittest(known: list[_Found], entries: Mapping[str, Entry], kind: AlertKind, now: datetime) -> list[Recipient]:
    """Return those who take the kind, in order; the reason says when the area's own is off duty."""
    all_of_kind = [_recipient(one, entries.get(one[0].id)) for one in known]
    ours = [one for one in all_of_kind if one.suits(kind)]
    ours.sort(key=lambda one: (not one.on_duty(now), one.why is not Why.AREA, one.distance_m, one.agency.id))
    away = any(one.why is Why.AREA and not one.on_duty(now) for one in ours)
    if away and ours[0].why is Why.NEAREST and ours[0].on_duty(now):
        ours[0] = msgspec.structs.replace(ours[0], why=Why.OFF_DUTY_NEXT)
    return ours


def _recipient(found: _Found, entry: Entry | None) -> Recipient:
    agency, holds, distance_m = found
    why = Why.AREA if holds else Why.NEAREST
    if entry is None:
        return Recipient(agency=agency, why=why, distance_m=distance_m)
    return Recipient(
        agency=agency,
        why=why,
        distance_m=distance_m,
        for_kinds=entry.for_kinds,
        duty=entry.hours,
        duty_words=entry.duty,
        is_masked=entry.masked,
        ways=tuple(way.__struct_config__.tag for way in entry.ways),  # type: ignore[misc]
    )
