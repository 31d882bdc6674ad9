"""Which recording plays as which camera: `feeds.toml` beside the recordings, or the sample scene's cameras in order."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.drill.scenario.model import FeedSpec, Scenario
from smartcity_console.model.errors import ConsoleError

SCENE_CAMERAS = (
    *("GN-0001", "GN-0002", "GN-0003", "GN-0004", "GN-0005", "PV-0001"),  # the robbery's
    *("GN-0006", "GN-0007", "GN-0008", "PV-0002"),  # the fire's
)
"""Cameras of the sample city that see its two scenes: anybody's recordings take their places in this order."""

_VIDEO_SUFFIXES = frozenset(
    (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts", ".m2ts", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp")
)


class NoFeeds(ConsoleError):
    code = "no_feeds"
    ko = (
        "폴더 {folder}에 재생할 영상이 없습니다: {why}. 아무것도 바뀌지 않았습니다. 영상 파일을 넣고 다시 시작하십시오."
    )
    en = "There is nothing to play in {folder}: {why}. Nothing was changed. Put recordings there and start again."


class FeedsFileRefused(ConsoleError):
    code = "feeds_file_refused"
    ko = "{file}을(를) 읽을 수 없습니다: {why}. 아무것도 재생하지 않았습니다. 파일을 고치십시오."
    en = "{file} cannot be read: {why}. Nothing is played. Mend the file."


class Binding(msgspec.Struct, frozen=True):
    """One recording posing as one camera. `spec`: how a drill places it in its time."""

    file: Path
    camera_id: str
    spec: FeedSpec | None = None


class FeedPlan(msgspec.Struct, frozen=True):
    """What is to be played. `loop_s` None: each recording loops by its own length."""

    bindings: tuple[Binding, ...]
    loop_s: float | None


class _FeedLine(msgspec.Struct):
    file: str
    camera: str


class _FeedsFile(msgspec.Struct):
    feed: list[_FeedLine]
    loop_s: float | None = None


def plan_feeds(folder: Path) -> FeedPlan:
    """Return the plan for a folder. Raises NoFeeds, FeedsFileRefused."""
    described = folder / "feeds.toml"
    plan = _from_file(described) if described.is_file() else FeedPlan(_in_turn(folder), None)
    if not plan.bindings:
        raise NoFeeds(folder=folder, why="no recording")
    return plan


def plan_scenario(scenario: Scenario, *folders: Path) -> FeedPlan:
    """Return the plan for a drill; a file lies in the first of the folders that has it. Raises NoFeeds."""
    bindings = tuple(Binding(_found(spec.file, folders), spec.camera, spec) for spec in scenario.feeds)
    if not bindings:
        raise NoFeeds(folder=folders[0], why="the scenario names no feed")
    return FeedPlan(bindings, None)


def _found(name: str, folders: tuple[Path, ...]) -> Path:
    """Where nobody has it, the first folder's: reading it then says what is missing."""
    return next((folder / name for folder in folders if (folder / name).is_file()), folders[0] / name)


def _from_file(file: Path) -> FeedPlan:
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        read = msgspec.convert(table, _FeedsFile, strict=False)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, OSError) as error:
        raise FeedsFileRefused(file=file, why=str(error)) from error
    if read.loop_s is not None and not read.loop_s >= 1.0:
        raise FeedsFileRefused(file=file, why=f"loop_s = {read.loop_s:g} is shorter than a second")
    bindings = tuple(Binding(file.parent / line.file, _plain_id(file, line.camera)) for line in read.feed)
    if len({b.camera_id for b in bindings}) < len(bindings):
        raise FeedsFileRefused(file=file, why="one camera has two recordings")
    return FeedPlan(bindings, read.loop_s)


def _plain_id(file: Path, camera_id: str) -> str:
    """A camera id is part of a URL and of paths: letters, digits, `-`, `_` and `.` only."""
    if not camera_id.strip(".") or not all(c.isalnum() or c in "-_." for c in camera_id):
        raise FeedsFileRefused(file=file, why=f"camera id {camera_id!r}")
    return camera_id


def _in_turn(folder: Path) -> tuple[Binding, ...]:
    """Give the scene's cameras the folder's recordings by name, beginning again when there are fewer."""
    if not folder.is_dir():
        raise NoFeeds(folder=folder, why="no such folder")
    files = sorted(f for f in folder.iterdir() if f.is_file() and _is_recording(f))
    return tuple(Binding(files[n % len(files)], camera) for n, camera in enumerate(SCENE_CAMERAS)) if files else ()


def _is_recording(file: Path) -> bool:
    """Hidden files and what is still being written (`x.part.mp4`) are none."""
    unfinished = file.name.startswith(".") or file.stem.endswith(".part")
    return file.suffix.lower() in _VIDEO_SUFFIXES and not unfinished
