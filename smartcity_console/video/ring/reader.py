"""Reads the ring from any process: what is there, packets of a span, and the tail as it grows."""

from __future__ import annotations

import bisect
import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from smartcity_console.video.ring.format import (
    ASIDE,
    HEADER_BYTES,
    KEY,
    SUFFIX,
    Record,
    SegmentHead,
    Torn,
    bare_record,
    decode_head,
    from_us,
    glance,
    next_record,
    segment_start_us,
    to_us,
)

GAP_US = 2_000_000  # receptions further apart are a gap: a camera sends at least a picture a second
_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
_FETCHED_AHEAD = 3  # segments: some 15 MB of a camera with 4 Mbit/s
_REMEMBERED = 50_000  # segments: some hundred cameras of half an hour


class Span(msgspec.Struct, frozen=True):
    """One unbroken stretch of a camera's recording, by time of reception in UTC."""

    camera_id: str
    start: datetime
    end: datetime


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A packet together with its segment's head."""

    head: SegmentHead
    record: Record


class _Segment(msgspec.Struct, frozen=True):
    """What a walk over the headers found: stretches without a gap, and each keyframe's receive time."""

    stretches: tuple[tuple[int, int], ...]
    keys_us: tuple[int, ...]


class RingReader:
    """Reads what recorders of this or another process write below `root`.

    May be shared between threads, and is best kept: it remembers what it found in finished segments.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._walked: dict[Path, tuple[int, _Segment]] = {}

    def cameras(self) -> list[str]:
        """Return the ids of the cameras that have a place in the ring."""
        if not self.root.is_dir():
            return []
        return sorted(entry.name for entry in self.root.iterdir() if entry.is_dir() and not entry.name.startswith("."))

    def spans(self, camera_id: str) -> list[Span]:
        """Return the unbroken stretches, oldest first."""
        joined: list[list[int]] = []
        for path in self._paths(camera_id):
            for first, last in self._walk(path).stretches:
                if joined and first - joined[-1][1] < GAP_US:
                    joined[-1][1] = max(joined[-1][1], last)
                else:
                    joined.append([first, last])
        return [Span(camera_id, from_us(first), from_us(last)) for first, last in joined]

    def packets(self, camera_id: str, start: datetime, end: datetime) -> Iterator[Taken]:
        """Yield the packets received from the last keyframe at or before `start` up to `end`.

        Where nothing was recorded at `start`, from the first keyframe after it.
        """
        for batch in self.batches(camera_id, start, end):
            yield from batch

    def batches(self, camera_id: str, start: datetime, end: datetime) -> Iterator[list[Taken]]:
        """Yield the packets as `packets` does, a segment's at a time. The disk fetches the next ones meanwhile."""
        return self._run(camera_id, start, end, read_segment, fetch_ahead=_FETCHED_AHEAD)

    def headers(self, camera_id: str, start: datetime, end: datetime) -> Iterator[Taken]:
        """Yield what `packets` would, without payloads and so without their checksums: a damaged one is among them."""
        for batch in self._run(camera_id, start, end, read_headers):
            yield from batch

    def aside(self, camera_id: str, start: datetime, end: datetime) -> Iterator[Taken]:
        """Yield the sound and the notes of the camera's clock that were received from `start` to `end`."""
        start_us, end_us = to_us(start), to_us(end)
        for path in self._between(self._paths(camera_id), start_us, end_us):
            for taken in read_segment(path, everything=True):
                if not taken.record.is_picture and start_us <= taken.record.utc_us <= end_us:
                    yield taken

    def follow(self, camera_id: str) -> Tail:
        """Return a reader of the growing end, beginning at the newest keyframe."""
        return Tail(self, camera_id)

    def paths(self, camera_id: str) -> list[Path]:
        """Return a camera's segment files, oldest first."""
        return self._paths(camera_id)

    def newest_key_us(self, path: Path) -> int | None:
        """Return the receive time of the last keyframe in a segment."""
        keys = self._walk(path).keys_us
        return keys[-1] if keys else None

    def _paths(self, camera_id: str) -> list[Path]:
        folder = self.root / camera_id
        if camera_id not in self.cameras():  # also keeps a name with path separators inside the root
            return []
        return sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX))

    def _key_before(self, paths: list[Path], start_us: int) -> int:
        """Return the receive time to begin at: of the last keyframe at or before a time, or that time itself."""
        earlier = [path for path in paths if segment_start_us(path.name) <= start_us]
        for path in reversed(earlier):
            walked = self._walk(path)
            keys = [key for key in walked.keys_us if key <= start_us]
            covered = walked.stretches and walked.stretches[-1][1] + GAP_US > start_us
            if keys:
                return keys[-1] if covered else start_us
        return start_us

    def _run(
        self,
        camera_id: str,
        start: datetime,
        end: datetime,
        read: Callable[[Path], Iterator[Taken]],
        fetch_ahead: int = 0,
    ) -> Iterator[list[Taken]]:
        start_us, end_us = to_us(start), to_us(end)
        paths = self._paths(camera_id)
        begin_us = self._key_before(paths, start_us)
        ahead = iter(chosen := self._between(paths, begin_us, end_us))
        _fetch(islice(ahead, fetch_ahead))
        for path in chosen:
            _fetch(islice(ahead, bool(fetch_ahead)))
            yield [t for t in self._records_from(path, begin_us, read) if t.record.utc_us <= end_us]

    def _between(self, paths: list[Path], begin_us: int, end_us: int) -> list[Path]:
        starts = [segment_start_us(path.name) for path in paths]
        return paths[max(0, bisect.bisect_right(starts, begin_us) - 1) : bisect.bisect_right(starts, end_us)]

    def _records_from(self, path: Path, from_utc_us: int, read: Callable[[Path], Iterator[Taken]]) -> Iterator[Taken]:
        """Yield a segment's records from the first keyframe at or after a time."""
        walked = self._walk(path)
        if not walked.stretches or walked.stretches[-1][1] < from_utc_us:
            return
        begun = False
        for taken in read(path):
            begun = begun or (taken.record.is_key and taken.record.utc_us >= from_utc_us)
            if begun:
                yield taken

    def _walk(self, path: Path) -> _Segment:
        """Walk a segment's headers; a finished segment is walked once."""
        try:
            size = path.stat().st_size
            known = self._walked.get(path)
            if known and known[0] == size:
                return known[1]
            with path.open("rb") as file:
                walked = _walk_file(file)
        except FileNotFoundError:  # the ring has dropped it meanwhile
            self._walked.pop(path, None)
            return _Segment((), ())
        if len(self._walked) >= _REMEMBERED:
            self._walked.clear()
        self._walked[path] = (size, walked)
        return walked


def _fetch(paths: Iterable[Path]) -> None:
    """Ask the kernel to have the files in memory soon; a file that is gone by now is not missed here."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)


def _walk_file(file: BinaryIO) -> _Segment:
    stretches: list[list[int]] = []
    keys: list[int] = []
    size = os.fstat(file.fileno()).st_size
    try:
        _, at = decode_head(file.read(_HEAD_BYTES))
        while True:
            seen = glance(os.pread(file.fileno(), HEADER_BYTES, at))
            at += HEADER_BYTES + seen.size
            if at > size:
                raise Torn
            if seen.flags & ASIDE:
                continue
            if seen.flags & KEY:
                keys.append(seen.utc_us)
            if stretches and seen.utc_us - stretches[-1][1] < GAP_US:
                stretches[-1][1] = seen.utc_us
            else:
                stretches.append([seen.utc_us, seen.utc_us])
    except Torn:  # the end of what is written so far
        return _Segment(tuple((a, b) for a, b in stretches), tuple(keys))


def read_segment(path: Path, *, everything: bool = False) -> Iterator[Taken]:
    """Yield the whole, intact records of one segment up to its first torn one; none when the file is gone.

    Pictures only, or `everything`: sound and notes of the camera's clock too.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    try:
        head, at = decode_head(data)
        while True:
            record, at = next_record(data, at)
            if everything or record.is_picture:
                yield Taken(head, record)
    except Torn:
        return


def read_headers(path: Path) -> Iterator[Taken]:
    """Yield the pictures of one segment with empty payloads, up to the first place that is no record."""
    try:
        with path.open("rb") as file:
            head, at = decode_head(file.read(_HEAD_BYTES))
            size = os.fstat(file.fileno()).st_size
            while True:
                record, at = bare_record(os.pread(file.fileno(), HEADER_BYTES, at), at)
                if at > size:
                    return
                if record.is_picture:
                    yield Taken(head, record)
    except (FileNotFoundError, Torn):
        return


class SegmentCursor:
    """Reads a segment piece by piece while it grows. A record not yet whole is read again the next time."""

    def __init__(self, file: BinaryIO, *, everything: bool = False) -> None:
        self._file = file
        self._everything = everything
        self._head: SegmentHead | None = None
        self._rest = b""

    def read(self) -> list[Taken]:
        """Return the records that have become whole; empty when there are none. Damaged ones are left out."""
        found: list[Taken] = []
        while not found:
            more = self._file.read(_CHUNK_BYTES)
            if not more:
                break
            self._rest += more
            found = self._decode()
        return found

    def _decode(self) -> list[Taken]:
        at, found = 0, []
        try:
            if self._head is None:
                self._head, at = decode_head(self._rest)
            while True:
                record, at = next_record(self._rest, at)
                if self._everything or record.is_picture:
                    found.append(Taken(self._head, record))
        except Torn:
            self._rest = self._rest[at:]
        return found


class Tail:
    """The growing end of one camera's ring. `read` never waits: it returns what has come since the last call.

    Owns an open file: close it.
    """

    def __init__(self, ring: RingReader, camera_id: str) -> None:
        self._ring = ring
        self._camera_id = camera_id
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._cursor: SegmentCursor | None = None
        self._skip_until_us: int | None = None

    def read(self) -> list[Taken]:
        """Return new packets in order, the first of all being a keyframe; empty when none has come."""
        if self._cursor is None and not self._begin():
            return []
        assert self._cursor is not None
        found = self._cursor.read() or self._read_on()
        return self._from_key(found)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._cursor = None, None

    def _from_key(self, found: list[Taken]) -> list[Taken]:
        if self._skip_until_us is None:
            return found
        for n, taken in enumerate(found):
            if taken.record.is_key and taken.record.utc_us >= self._skip_until_us:
                self._skip_until_us = None
                return found[n:]
        return []

    def _begin(self) -> bool:
        paths = self._ring.paths(self._camera_id)
        if not paths:
            return False
        key_us = self._ring.newest_key_us(paths[-1])
        if key_us is None:
            return False
        self._skip_until_us = key_us
        return self._open(paths[-1])

    def _read_on(self) -> list[Taken]:
        """Go on to the next segment if there is one, after a last look at the one at hand: it grew until then."""
        assert self._path is not None
        assert self._cursor is not None
        later = [path for path in self._ring.paths(self._camera_id) if path.name > self._path.name]
        if not later:
            return []
        last = self._cursor.read()
        return last or (self._cursor.read() if self._open(later[0]) else [])

    def _open(self, path: Path) -> bool:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        self.close()
        self._path, self._file, self._cursor = path, file, SegmentCursor(file)
        return True
