"""Several seats take operators' poses into one column cache: none reads half a note, and none writes an older pose last."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from smartcity_console.city.store import CameraRow, CatalogueStore
from smartcity_console.city.store import poses as poses_module
from smartcity_console.city.store.poses import SaidPose
from smartcity_console.model.camera import Pose

AT = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def pose(azimuth_deg: float) -> Pose:
    return Pose(height_m=6.0, azimuth_deg=azimuth_deg, tilt_deg=10.0, hfov_deg=60.0, width_px=1920, height_px=1080)


def said(seq: int, azimuth_deg: float) -> SaidPose:
    return SaidPose(seq, "cctv-a", pose(azimuth_deg), "seat/1", AT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "catalogue.sqlite"
    with CatalogueStore.open(file) as store:
        rows = [CameraRow(source="cctv", key="a", name="a", lon_deg=127.03, lat_deg=37.5)]
        store.apply(store.plan("cameras", "cctv", rows))
    return file


def shown(path: Path) -> float:
    """Return the azimuth in the column cache, which the maps and the ranking look at."""
    (file,) = path.parent.glob("columns/*/azimuth_deg.npy")
    return float(np.load(file)[0])


def in_threads(*works: Callable[[], object]) -> list[BaseException]:
    errors: list[BaseException] = []

    def guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_seats_that_take_the_same_poses_in_at_once_see_the_last_one(path: Path) -> None:
    def keep_all() -> None:
        with CatalogueStore.open(path) as store:
            for seq in range(1, 21):
                store.keep_poses([said(seq, float(seq))])

    assert in_threads(*[keep_all] * 4) == []
    assert shown(path) == 20.0


def test_who_read_before_another_wrote_does_not_write_the_older_pose_over_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go = threading.Event(), threading.Event()
    real = poses_module._entries_after

    def slow_reader(db, taken):  # type: ignore[no-untyped-def]
        entries = real(db, taken)
        if threading.current_thread().name == "slow" and not read.is_set():
            read.set()
            assert go.wait(20)
        return entries

    monkeypatch.setattr(poses_module, "_entries_after", slow_reader)

    def keep(seq: int, azimuth_deg: float) -> None:
        with CatalogueStore.open(path) as store:
            store.keep_poses([said(seq, azimuth_deg)])

    slow = threading.Thread(target=keep, args=(1, 10.0), name="slow")
    slow.start()
    assert read.wait(20)
    keep(2, 20.0)
    go.set()
    slow.join(20)
    assert shown(path) == 20.0


def test_a_note_cut_short_is_taken_for_none(path: Path) -> None:
    with CatalogueStore.open(path) as store:
        store.keep_poses([said(1, 10.0)])
    (note,) = path.parent.glob("columns/*/poses_taken.npy")
    note.write_bytes(b"")
    with CatalogueStore.open(path) as store:
        store.keep_poses([said(2, 20.0)])
    assert shown(path) == 20.0
    assert note.stat().st_size > 0 and [*path.parent.glob("columns/*/*.poses_taken.npy")] == []


@pytest.mark.logs
def test_a_program_that_hangs_over_the_lock_holds_nobody_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poses_module, "_LOCK_TRIES", 3)
    (folder,) = (one for one in (path.parent / "columns").iterdir() if one.is_dir())
    with CatalogueStore.open(path) as store:
        with (folder / "poses.lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            store.keep_poses([said(1, 10.0)])
            assert np.isnan(shown(path))
        store.keep_poses([said(2, 20.0)])
    assert shown(path) == 20.0
