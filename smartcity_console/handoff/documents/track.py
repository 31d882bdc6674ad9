"""The track of sightings as GeoJSON (RFC 7946): where and when it was seen, in order, and the line between the points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smartcity_console.handoff.documents.facts import stamp
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

PlaceOf = Callable[[str], Position | None]
"""Where a camera stands; None when nobody knows."""


def track(incident: Incident, place_of: PlaceOf) -> dict[str, Any] | None:
    """Return the collection; None without a sighting. A point is the camera's place: who was seen stood before it."""
    if not incident.sightings:
        return None
    seen = sorted(incident.sightings, key=lambda one: one.seen_at)
    places = [place_of(one.camera_id) for one in seen]
    points = [
        {
            "type": "Feature",
            "geometry": _point(place),
            "properties": {
                "camera_id": one.camera_id,
                "camera_name": one.camera_name,
                "seen_at": stamp(one.seen_at),
                "seen_by": f"seat {one.seat}",
            },
        }
        for one, place in zip(seen, places, strict=True)
    ]
    line = [[place.lon_deg, place.lat_deg] for place in places if place is not None]
    return {"type": "FeatureCollection", "features": [*points, *([_line(line)] if len(line) > 1 else [])]}


def _point(place: Position | None) -> dict[str, Any] | None:
    return {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]} if place is not None else None


def _line(coordinates: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": {"order": "by time"}}
