"""The track of sightings: in order of time, with a line between the places that are known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.handoff.container import entry_chunks, read_entries
from smartcity_console.handoff.documents.track import track
from smartcity_console.handoff.seal import seal_package
from smartcity_console.handoff.verify import verify_package
from smartcity_console.model.events import SightingNoted
from smartcity_console.model.geo import Position

PLACES = {"GN-0001": Position(127.01, 37.51), "GN-0002": Position(127.02, 37.52)}


def seen(incident: Any, *cameras: str) -> Any:
    at = incident.opened_at
    notes = [
        SightingNoted(camera_id=c, camera_name="은행로", seen_at=at + timedelta(seconds=9 - n), seat="3")
        for n, c in enumerate(cameras)
    ]
    return msgspec.structs.replace(incident, sightings=tuple(notes))


def test_points_stand_in_order_and_a_line_joins_what_is_known(ask: Any) -> None:
    told = track(seen(ask(), "GN-0002", "GN-0009", "GN-0001"), PLACES.get)
    assert told is not None
    *points, line = told["features"]
    assert [point["properties"]["camera_id"] for point in points] == ["GN-0001", "GN-0009", "GN-0002"]
    assert points[1]["geometry"] is None
    assert line["geometry"] == {"type": "LineString", "coordinates": [[127.01, 37.51], [127.02, 37.52]]}
    assert track(ask("incident-2"), PLACES.get) is None


def test_it_lies_in_the_package_under_the_seal(parts: Any, key: Any, clock: Any, tmp_path: Path) -> None:
    told = track(seen(parts.incident, "GN-0001"), PLACES.get)
    sealed = seal_package(msgspec.structs.replace(parts, track=told), key, clock.now(), tmp_path / "p.zip")
    assert verify_package(sealed.path).ok
    with sealed.path.open("rb") as file:
        entry = next(entry for entry in read_entries(file) if entry.name == "track.geojson")
        assert msgspec.json.decode(b"".join(entry_chunks(file, entry))) == told
