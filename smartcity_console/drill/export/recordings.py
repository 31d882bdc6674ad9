"""What is left of a real incident's recordings: in the ring, which forgets, and in its packages, which are kept."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from smartcity_console.drill.export.scenario import Film
from smartcity_console.handoff.verify import read_manifest
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident
from smartcity_console.video.clip import ClipEmpty, cut_clip
from smartcity_console.video.ring import RingReader

_EDGE = timedelta(seconds=2.5)  # a keyframe every two seconds, and a picture
_SHORTEST_S = 12.0  # behind the beginning of the act


class NoRecording(ConsoleError):
    code = "no_recording"
    ko = "카메라 {camera} 의 그때 영상이 남아 있지 않습니다. 다른 카메라는 그대로 내보냅니다. 그 카메라는 다시 촬영하십시오."
    en = "Nothing is left of camera {camera} at that time. The other cameras are exported all the same. Film this one anew."


class Found(msgspec.Struct, frozen=True):
    """A recording as a file of its own; `begins` in UTC."""

    path: Path
    begins: datetime
    length_s: float


class Recordings:
    """Looks for an incident's recordings. Reads only; what it finds is copied into the folder named."""

    def __init__(self, workspace: Path, incident: Incident, film: Film) -> None:
        self._workspace, self._incident, self._film = workspace, incident, film

    def find(self, camera: str, folder: Path) -> Found:
        """Return the camera's longest recording of the act. Raises NoRecording, and what cutting raises."""
        found = [one for one in (self._in_ring(camera, folder), *self._in_packages(camera, folder)) if one is not None]
        if not found:
            raise NoRecording(camera=camera)
        return max(found, key=lambda one: one.length_s)

    def _in_ring(self, camera: str, folder: Path) -> Found | None:
        film, file = self._film, folder / f"{camera}-ring.mp4"
        try:
            cut = cut_clip(RingReader(self._workspace / "ring"), camera, film.start, film.end, file)
        except ClipEmpty:
            return None
        return _found(cut.path, cut.start, cut.end) if self._holds_the_act(cut.start, cut.end) else None

    def _in_packages(self, camera: str, folder: Path) -> Iterator[Found]:
        for number, package in enumerate(self._incident.packages):
            file = (self._workspace / package.path).resolve()
            manifest = read_manifest(file) if file.is_file() else None
            for clip in manifest.clips if manifest else ():
                if clip.camera_id == camera and self._holds_the_act(clip.start, clip.end):
                    yield _found(_taken_out(file, clip.name, folder / f"{camera}-{number}.mp4"), clip.start, clip.end)

    def _holds_the_act(self, start: datetime, end: datetime) -> bool:
        """Whether a recording begins before the act does, and goes on for some time."""
        act = self._film.start + timedelta(seconds=self._film.act_s)
        return start <= act + _EDGE and (end - act).total_seconds() >= _SHORTEST_S


def _found(path: Path, start: datetime, end: datetime) -> Found:
    return Found(path, start, (end - start).total_seconds())


def _taken_out(package: Path, name: str, target: Path) -> Path:
    with zipfile.ZipFile(package) as contents, contents.open(name) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    return target
