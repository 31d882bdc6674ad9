"""Writes one camera's packets: unbuffered appends, a new segment about every ten seconds at a keyframe."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from smartcity_console.clock import Clock
from smartcity_console.model.errors import DiskFull
from smartcity_console.video.ring.format import (
    SUFFIX,
    Record,
    SegmentHead,
    Torn,
    decode_head,
    encode_head,
    encode_record,
    next_record,
    segment_name,
    segment_start_us,
    to_us,
)

_ENOSPC = (28, 122)  # ENOSPC, EDQUOT
_IOV_MAX = 1024  # parts of one writev (limits.h); even, so that a header and its payload stay together


class ReceiveClock:
    """UTC of a reception, anchored once to the monotonic clock: a step of the wall clock reorders nothing.

    One instance serves a whole recorder process, so that all its cameras agree.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._anchor_us = to_us(clock.now())
        self._anchor_s = clock.monotonic_s()

    def now(self) -> tuple[int, int]:
        """Return (UTC in us, CLOCK_MONOTONIC in ns)."""
        mono_s = self._clock.monotonic_s()
        return self._anchor_us + round((mono_s - self._anchor_s) * 1e6), round(mono_s * 1e9)


class RingWriter:
    """Appends to `root/<camera_id>/`. A record is in the file when `append` returns: a crash tears the last at most."""

    def __init__(self, root: Path, camera_id: str, segment_s: float, *, sync: bool = True) -> None:
        """`sync`: a segment is forced to the disk when it ends; not needed where a `Syncer` does so all the time."""
        self._sync = sync
        self._size = 0
        self.folder = root / camera_id
        self.folder.mkdir(parents=True, exist_ok=True)
        self._segment_us = round(segment_s * 1e6)
        self._file: int | None = None
        self._opened_us = 0
        self._head: SegmentHead | None = None
        self._last_us = 0
        self.recovered_bytes = self._recover()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def append(self, head: SegmentHead, record: Record) -> bool:
        """Append a packet; False when it was left out because no keyframe has begun a segment yet. Raises DiskFull."""
        return self.append_all(head, (record,)) == 1

    def append_all(self, head: SegmentHead, records: Iterable[Record]) -> int:
        """Append packets that came together, in one write where no new segment begins among them.

        Return how many were taken. Raises DiskFull: then what the segment lacks of them is lost, all of it.
        """
        parts: list[bytes] = []
        taken = 0
        for record in records:
            if self._must_roll(head, record):
                self._write(parts)
                parts = []
                self._open(head, record.utc_us)
            if self._file is not None:
                parts += encode_record(record)
                self._last_us = max(self._last_us, record.utc_us)
                taken += 1
        self._write(parts)
        return taken

    def close(self) -> None:
        """End the segment; what it holds is forced to the disk unless a `Syncer` does that."""
        if self._file is not None:
            if self._sync:
                os.fdatasync(self._file)
            os.close(self._file)
        self._file, self._head = None, None

    def _must_roll(self, head: SegmentHead, record: Record) -> bool:
        if head != self._head and self._file is not None:
            self.close()  # another connection or other parameters: nothing of it fits the open segment
        due = self._file is None or record.utc_us - self._opened_us >= self._segment_us
        return due and record.is_key

    def _open(self, head: SegmentHead, utc_us: int) -> None:
        self.close()
        start_us = max(utc_us, self._last_us + 1)  # a name is never taken twice and never sorts before an older one
        path = self.folder / segment_name(start_us)
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        except OSError as error:
            raise self._told(error) from error
        self._opened_us, self._head, self._last_us, self._size = utc_us, head, start_us, 0
        self._write([encode_head(head)])

    def _write(self, parts: list[bytes]) -> None:
        """Append whole or not at all: a half-written record is cut off again before the error is told."""
        for at in range(0, len(parts), _IOV_MAX):
            some = parts[at : at + _IOV_MAX]
            assert self._file is not None
            try:
                wanted = sum(map(len, some))
                if os.writev(self._file, some) != wanted:
                    raise OSError(_ENOSPC[0], os.strerror(_ENOSPC[0]))
                self._size += wanted
            except OSError as error:
                os.ftruncate(self._file, self._size)
                self.close()
                raise self._told(error) from error

    def _told(self, error: OSError) -> Exception:
        if error.errno not in _ENOSPC:
            return error
        return DiskFull(path=self.folder, free_mib=free_mib(self.folder))

    def _recover(self) -> int:
        """Cut the torn tail off the newest segment; return the bytes cut. A segment without a whole head is removed."""
        names = sorted(p.name for p in self.folder.iterdir() if p.name.endswith(SUFFIX))
        if not names:
            return 0
        newest = self.folder / names[-1]
        data = newest.read_bytes()
        whole, self._last_us = _whole_bytes(data, segment_start_us(names[-1]))
        if whole == 0:
            newest.unlink()
        elif whole < len(data):
            os.truncate(newest, whole)
        return len(data) - whole


def _whole_bytes(data: bytes, start_us: int) -> tuple[int, int]:
    """Return how far the segment is intact (0: not even one record) and the last receive time in it."""
    last_us = start_us
    try:
        _, at = decode_head(data)
    except Torn:
        return 0, last_us
    first = at
    while True:
        try:
            record, at = next_record(data, at)
        except Torn:
            return (at if at > first else 0), last_us
        last_us = max(last_us, record.utc_us)


def free_mib(path: Path) -> int:
    """Return the MiB that an ordinary user may still write on the path's file system."""
    facts = os.statvfs(path)
    return facts.f_bavail * facts.f_frsize // (1024 * 1024)
