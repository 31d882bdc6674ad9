"""A city that changes while programs use it: imports by another program, and poses that operators set."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from smartcity_console.city import City, plane, rank_cameras, sample_city_path
from smartcity_console.city.live import LiveCity, WatchedCity
from smartcity_console.city.store import CameraRow, CatalogueStore, SpeedRow
from smartcity_console.clock import ManualClock
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.camera import Pose
from smartcity_console.model.events import CameraPoseSet, Draft, Event, stream_of

WEST_OF_IT_M = 30.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 5, tzinfo=UTC))


def row(key: str, lon: float = 127.05, lat: float = 37.5) -> CameraRow:
    return CameraRow(source="cctv", key=key, name=key, lon_deg=lon, lat_deg=lat, owner="가온시청")


def bring(folder: Path, *rows: CameraRow) -> None:
    """Import cameras as another program does."""
    with CatalogueStore.open(folder / "catalogue.sqlite") as store:
        store.apply(store.plan("cameras", "cctv", rows))


def pose_set(folder: Path, clock: ManualClock, camera_id: str, pose: Pose, before: Pose) -> Event:
    """Put a pose on the workspace's journal."""
    said = CameraPoseSet(camera_id=camera_id, pose=pose, before=before, seat="1")
    journal = SqliteJournal(folder / "journal.sqlite", clock)
    try:
        return journal.append(Draft(stream_of(CameraPoseSet, camera_id), said, "seat/1"))[0]
    finally:
        journal.close()


def turned_west(city: City, camera_id: str) -> tuple[Pose, Pose]:
    """Return (a pose that looks west along the ground, the one it has)."""
    before = city.cameras[camera_id].pose
    return msgspec.structs.replace(before, azimuth_deg=270.0, range_m=120.0, tilt_deg=10.0), before


def sees_west(city: City, camera_id: str) -> tuple[bool, bool]:
    """Return (is its direction known, does it see a spot west of it)."""
    x, y = plane.xy_of(city.cameras[camera_id].position)
    ranked = rank_cameras(city, plane.position_at(x - WEST_OF_IT_M, y), streams=(), limit=50)
    return next((seen.direction_known, seen.in_view) for seen in ranked if seen.camera_id == camera_id)


def test_an_import_by_another_program_is_taken_up(tmp_path: Path, clock: ManualClock) -> None:
    live = LiveCity(tmp_path, "", clock)
    sample = live.city
    assert sample.name == "가온시" and not live.look()
    CatalogueStore.open(tmp_path / "catalogue.sqlite").close()  # what a look at a file to import leaves
    assert not live.look() and live.city is sample
    bring(tmp_path, row("a"))
    assert live.look() and list(live.city.cameras) == ["cctv-a"]
    assert not live.look()
    bring(tmp_path, row("a"), row("b", 127.06))
    live.mark()  # asking alone forgets nothing
    assert live.look() and len(live.city.columns) == 2
    assert len(sample.cameras) > 100  # whoever still reads the old city reads it whole


def test_traffic_alone_is_no_city(tmp_path: Path, clock: ManualClock) -> None:
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as store:
        store.apply(store.plan("speeds", "its", [SpeedRow(source="its", key="1", speed_kmh=30.0)]))
    assert LiveCity(tmp_path, "", clock).city.name == "가온시"


def test_a_pose_reaches_the_catalogue_and_the_ranking(tmp_path: Path, clock: ManualClock) -> None:
    bring(tmp_path, row("a"))
    live, other = LiveCity(tmp_path, "", clock), LiveCity(tmp_path, "", clock)
    assert sees_west(live.city, "cctv-a") == (False, False)
    event = pose_set(tmp_path, clock, "cctv-a", *turned_west(live.city, "cctv-a"))
    assert live.keep_poses([event]) == ["cctv-a"]
    for city in (live.city, other.city, City.open(tmp_path / "catalogue.sqlite")):  # a second seat's too
        assert city.cameras["cctv-a"].pose.azimuth_deg == 270.0
        assert sees_west(city, "cctv-a") == (True, True)
    bring(tmp_path, row("a", 127.0501))
    assert live.look() and sees_west(live.city, "cctv-a") == (True, True)  # an import takes it not away


def test_a_pose_that_is_told_again_changes_nothing(tmp_path: Path, clock: ManualClock) -> None:
    bring(tmp_path, row("a"))
    live = LiveCity(tmp_path, "", clock)
    new, old = turned_west(live.city, "cctv-a")
    first = pose_set(tmp_path, clock, "cctv-a", new, old)
    back = pose_set(tmp_path, clock, "cctv-a", old, new)
    live.keep_poses([first, back])
    LiveCity(tmp_path, "", clock).keep_poses([first])  # another seat that starts and reads the journal again
    assert live.city.cameras["cctv-a"].pose.azimuth_deg is None
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as store:
        assert store._db.execute("SELECT count(*) FROM poses").fetchone() == (2,)


def test_a_pose_lost_by_a_crash_is_made_good_at_the_next_start(tmp_path: Path, clock: ManualClock) -> None:
    bring(tmp_path, row("a"))
    new, old = turned_west(LiveCity(tmp_path, "", clock).city, "cctv-a")
    pose_set(tmp_path, clock, "cctv-a", new, old)  # and the console died before the catalogue heard of it
    journal = SqliteJournal(tmp_path / "journal.sqlite", clock)
    events = [event for event in journal.read() if event.type == "CameraPoseSet"]
    journal.close()
    later = LiveCity(tmp_path, "", clock)
    later.keep_poses(events)
    assert sees_west(later.city, "cctv-a") == (True, True)


def test_the_sample_city_has_an_overlay(tmp_path: Path, clock: ManualClock) -> None:
    live = LiveCity(tmp_path, "", clock)
    camera_id = next(id_ for id_, c in live.city.cameras.items() if not c.indoor and c.site_id is None)
    new, old = turned_west(live.city, camera_id)
    live.keep_poses([pose_set(tmp_path, clock, camera_id, new, old)])
    assert live.city.cameras[camera_id].pose == new
    index = live.city.roll.index_of(camera_id)
    assert index is not None and live.city.columns.azimuth_deg[index] == 270.0
    assert City.open().cameras[camera_id].pose == old  # the file that ships is as it was
    assert not (tmp_path / "catalogue.sqlite").exists()


def test_a_pose_of_a_camera_that_is_imported_later_waits_for_it(tmp_path: Path, clock: ManualClock) -> None:
    live = LiveCity(tmp_path, "", clock)
    pose = Pose(5.0, 270.0, 10.0, 60.0, 1920, 1080, 120.0)
    live.keep_poses([pose_set(tmp_path, clock, "cctv-a", pose, pose)])
    bring(tmp_path, row("a"))
    assert live.look() and sees_west(live.city, "cctv-a") == (True, True)


def test_whoever_only_asks_sees_an_import_too(tmp_path: Path, clock: ManualClock) -> None:
    watched = WatchedCity(tmp_path, "", clock, every_s=2.0)
    bring(tmp_path, row("a"))
    assert watched.now().name == "가온시"
    clock.advance(2.5)
    assert list(watched.now().cameras) == ["cctv-a"]
    (tmp_path / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 1000)
    for end in ("-wal", "-shm"):
        (tmp_path / f"catalogue.sqlite{end}").unlink(missing_ok=True)
    clock.advance(2.5)
    assert list(watched.now().columns.no) and watched.trouble is not None  # the last city goes on


def test_a_chosen_file_is_not_changed(tmp_path: Path, clock: ManualClock, gaon: Any) -> None:
    chosen = tmp_path / "mine.gpkg"
    shutil.copy(sample_city_path(), chosen)
    live = LiveCity(tmp_path, str(chosen), clock)
    bring(tmp_path, row("a"))
    assert not live.look() and live.city.name == gaon.name
