"""Keeps the ring within its bounds: minutes per camera, GiB in all, free disk; what is locked stays."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings
from smartcity_console.video.ring.format import SUFFIX, segment_start_us, to_us
from smartcity_console.video.ring.reader import Span
from smartcity_console.video.ring.writer import free_mib

_log = logging.getLogger(__name__)
_LOCKS = ".locks"
_RESUME_FACTOR = 1.1  # free space must exceed the bound by a tenth before recording goes on: no flapping at the edge


class RingLockRefused(ConsoleError):
    code = "ring_lock_refused"
    ko = "영상 구간 잠금 이름 {key}을(를) 쓸 수 없습니다. 구간은 잠기지 않았습니다. 글자, 숫자, - _ 만 쓰십시오."
    en = "The lock name {key} cannot be used. The span is not locked. Use letters, digits, - and _ only."


class Bounds(msgspec.Struct, frozen=True):
    """How much the ring may hold."""

    minutes: float
    max_bytes: int
    min_free_mib: int


def bounds_of(settings: Settings) -> Bounds:
    """Return the bounds that the settings `recorder.*` give."""
    return Bounds(
        minutes=settings.number("recorder.minutes"),
        max_bytes=round(settings.number("recorder.max_gib") * 2**30),
        min_free_mib=settings.whole("recorder.min_free_mib"),
    )


def lock(root: Path, spans: Sequence[Span], key: str) -> None:
    """Keep spans from being dropped until `unlock(key)`; the same key again replaces them. Raises RingLockRefused."""
    write_atomically(_lock_file(root, key), msgspec.json.encode(spans))


def unlock(root: Path, key: str) -> None:
    """Let the spans of a key go; an unknown key is no error. Raises RingLockRefused."""
    _lock_file(root, key).unlink(missing_ok=True)


_SPANS = msgspec.json.Decoder(list[Span])


def locked_spans(root: Path) -> list[Span]:
    """Return all locked spans. A lock file that cannot be read is told in the log and locks nothing."""
    spans: list[Span] = []
    for file in sorted((root / _LOCKS).glob("*.json")):
        try:
            spans += _SPANS.decode(file.read_bytes())
        except FileNotFoundError:
            continue  # unlocked between listing and reading
        except msgspec.DecodeError as error:
            _log.error("ring lock %s cannot be read: %s", file.name, error)
    return spans


def _lock_file(root: Path, key: str) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,120}", key):
        raise RingLockRefused(key=key)
    return root / _LOCKS / f"{key}.json"


class _File(msgspec.Struct):
    path: Path
    camera_id: str
    start_us: int
    end_us: int  # the next segment's start; of the newest, when it was last written
    size: int
    is_newest: bool


class RingKeeper:
    """Drops the oldest unlocked segments and watches the free space. One thread calls `keep` every few seconds."""

    def __init__(
        self, root: Path, bounds: Bounds, say: Callable[[ConsoleError], None], free: Callable[[Path], int] = free_mib
    ) -> None:
        self._root = root
        self._bounds = bounds
        self._say = say
        self._free = free
        self.paused = False
        self.dropped_segments = 0

    def keep(self, now_us: int) -> None:
        """Bring the ring within its bounds as of a receive time, and decide whether recording pauses."""
        self._root.mkdir(parents=True, exist_ok=True)
        files = self._files()
        oldest_us = now_us - round(self._bounds.minutes * 60e6)
        locks = _locks_us(locked_spans(self._root))
        loose = [file for file in files if not _is_locked(file, locks)]
        excess = sum(file.size for file in files) - self._bounds.max_bytes
        for file in sorted(loose, key=lambda f: (f.start_us, f.camera_id)):
            if file.end_us < oldest_us or (excess > 0 and not file.is_newest):
                excess -= file.size
                self._drop(file)
        self._watch_space()

    def pause(self, error: DiskFull) -> None:
        """Stop recording because a write found the disk full; told once until space is back."""
        if not self.paused:
            self.paused = True
            self._say(error)

    def _watch_space(self) -> None:
        free = self._free(self._root)
        if free < self._bounds.min_free_mib:
            self.pause(DiskFull(path=self._root, free_mib=free))
        elif self.paused and free >= self._bounds.min_free_mib * _RESUME_FACTOR:
            self.paused = False
            _log.info("recording goes on: %d MiB are free", free)

    def _drop(self, file: _File) -> None:
        file.path.unlink(missing_ok=True)
        self.dropped_segments += 1

    def _files(self) -> list[_File]:
        folders = [f for f in self._root.iterdir() if f.is_dir() and not f.name.startswith(".")]
        return [file for folder in folders for file in _camera_files(folder)]


def _camera_files(folder: Path) -> list[_File]:
    """List a camera's segments, oldest first; the newest may be open and is not dropped for its size."""
    paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX))
    files = []
    for path, following in zip(paths, [*paths[1:], None], strict=True):
        facts, start_us = path.stat(), segment_start_us(path.name)
        end_us = segment_start_us(following.name) if following else max(start_us, facts.st_mtime_ns // 1000)
        files.append(_File(path, folder.name, start_us, end_us, facts.st_size, following is None))
    return files


def _locks_us(spans: Iterable[Span]) -> dict[str, list[tuple[int, int]]]:
    by_camera: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        by_camera.setdefault(span.camera_id, []).append((to_us(span.start), to_us(span.end)))
    return by_camera


def _is_locked(file: _File, locks: dict[str, list[tuple[int, int]]]) -> bool:
    """Say whether a lock touches the segment. Segments begin at keyframes, so a span's own segments decode alone."""
    return any(file.start_us <= end and start <= file.end_us for start, end in locks.get(file.camera_id, ()))
