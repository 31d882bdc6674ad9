"""Poses that operators set: kept beside the imported values, so that no later import takes them away.

The table `poses` only grows; a camera's last entry holds. A column cache remembers the last entry that it has taken in.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from smartcity_console.city.store.building import vfov_deg
from smartcity_console.city.store.columns import ASSUMED, POSED, CameraColumns
from smartcity_console.model.camera import Pose

FIELDS: tuple[str, ...] = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "width_px", "height_px", "range_m")
_TAKEN = "poses_taken.npy"
_LOCK = "poses.lock"
_LOCK_AGAIN_S, _LOCK_TRIES = 0.02, 100  # two seconds: who writes needs milliseconds
_log = logging.getLogger(__name__)
_SAID_TO = "poses_said_to"  # in `about`: the last event of the workspace's journal that is kept here


def insert(db: sqlite3.Connection, camera_id: str, pose: Pose, actor: str, at: datetime) -> None:
    """Keep a pose with who set it and when."""
    values = (at.isoformat(), actor, camera_id, *(getattr(pose, field) for field in FIELDS))
    listed = ", ".join(("at", "actor", "camera_id", *FIELDS))
    db.execute(f"INSERT INTO poses({listed}) VALUES ({', '.join('?' * len(values))})", values)


def last(db: sqlite3.Connection, camera_id: str) -> Pose | None:
    """Return the pose that an operator has set for a camera."""
    row = db.execute(
        f"SELECT {', '.join(FIELDS)} FROM poses WHERE camera_id = ? ORDER BY no DESC LIMIT 1", (camera_id,)
    ).fetchone()
    return Pose(**dict(zip(FIELDS, row, strict=True))) if row else None


class SaidPose(msgspec.Struct, frozen=True):
    """A pose as the journal has it: `seq` is its event's, `at` when it was said."""

    seq: int
    camera_id: str
    pose: Pose
    actor: str
    at: datetime


def keep_said(db: sqlite3.Connection, said: Iterable[SaidPose]) -> list[SaidPose]:
    """Keep the journal's poses that the catalogue does not have yet, and return those; within a transaction.

    What is said of a camera that no import has brought yet is kept for the one that brings it.
    """
    found = db.execute("SELECT value FROM about WHERE name = ?", (_SAID_TO,)).fetchone()
    fresh = [one for one in said if one.seq > int(found[0] if found else 0)]
    for one in fresh:
        insert(db, one.camera_id, one.pose, one.actor, one.at)
    if fresh:
        last_seq = str(fresh[-1].seq)
        db.execute("INSERT OR REPLACE INTO about(name, value) VALUES (?, ?)", (_SAID_TO, last_seq))
    return fresh


class _Entry(msgspec.Struct, frozen=True):
    no: int
    camera_no: int
    pose: Pose


def take_in(db: sqlite3.Connection, columns: CameraColumns, folder: Path) -> None:
    """Write the poses that a column cache does not have yet into its files; every process that maps them sees it.

    One at a time, over all processes: a pose that is older must not be written over a newer one.
    """
    if not _entries_after(db, _taken(folder)):
        return
    with _alone(folder) as is_ours:
        if not is_ours:
            _log.warning("another program holds %s: poses are taken in at the next look, until then as before", folder)
            return
        _take_in(columns, folder, _entries_after(db, _taken(folder)))


def _take_in(columns: CameraColumns, folder: Path, fresh: Sequence[_Entry]) -> None:
    if not fresh:
        return  # another was first
    files = {name: np.load(folder / f"{name}.npy", mmap_mode="r+") for name in (*_PATCHED, "flags", "reach_m")}
    for entry in fresh:
        index = columns.index_of_no(entry.camera_no)
        if index is not None:
            patch(files, columns, index, entry.pose)
    for file in files.values():
        file.flush()
    _note_taken(folder, fresh[-1].no)


_PATCHED = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "vfov_deg", "range_m", "width_px")


def patch(files: Mapping[str, Any], columns: CameraColumns, index: int, pose: Pose) -> None:
    """Write a pose into the arrays that `files` names as the columns do."""
    for name in _PATCHED:
        if name != "vfov_deg":
            value = getattr(pose, name)
            files[name][index] = np.nan if value is None else value
    files["vfov_deg"][index] = vfov_deg(pose.hfov_deg, pose.height_px / pose.width_px)
    files["flags"][index] = (int(files["flags"][index]) | POSED) & ~ASSUMED
    # The camera stays in its cell: its band must be searched as far as it now reaches.
    band = columns.band_at(index)
    files["reach_m"][band] = max(float(files["reach_m"][band]), pose.range_m)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Hold a cache's lock, so that nobody else writes; False when a program that hangs has not let go in time."""
    with (folder / _LOCK).open("ab") as file:
        yield any(_locked(file, again_s) for again_s in (0.0, *[_LOCK_AGAIN_S] * _LOCK_TRIES))


def _locked(file: BinaryIO, again_s: float) -> bool:
    time.sleep(again_s)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken(folder: Path) -> int:
    """Return the last entry taken in; 0, so that all are taken in anew, where that cannot be read."""
    try:
        return int(np.load(folder / _TAKEN)[0])
    except (FileNotFoundError, ValueError, EOFError):
        return 0


def _note_taken(folder: Path, no: int) -> None:
    """Replace the note whole: others read it at any time."""
    draft = folder / f"{os.getpid()}.{threading.get_ident()}.{_TAKEN}"
    np.save(draft, np.array([no], dtype=np.int64))
    draft.replace(folder / _TAKEN)


def _entries_after(db: sqlite3.Connection, taken: int) -> list[_Entry]:
    listed = ", ".join(f"p.{field}" for field in FIELDS)
    rows = db.execute(
        f"SELECT p.no, c.no, {listed} FROM poses p JOIN cameras c ON c.id = p.camera_id WHERE p.no > ? ORDER BY p.no",
        (taken,),
    ).fetchall()
    return [_Entry(row[0], row[1], Pose(**dict(zip(FIELDS, row[2:], strict=True)))) for row in rows]
