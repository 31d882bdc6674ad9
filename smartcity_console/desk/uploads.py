"""Packages on their way in. What arrived before a line was cut is kept, so that the sender goes on from there.

A sender asks `HEAD …/package` with the digest of what it has; `Upload-Offset` in the answer says how many bytes are here.
It sends the rest with `PUT` and `Content-Range: bytes <first>-<last>/<size>` (RFC 9110, 14.5), or the whole without.
Whether the whole is what was sealed, only its SHA-256 says: a part from a disk that lied is thrown away and sent anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from smartcity_console.desk.errors import BadContent, DeskRefusal, WrongOffset

_SHA256 = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_BATCH_BYTES = 1 << 20


class Received(msgspec.Struct, frozen=True):
    """A whole package that arrived, not yet believed."""

    path: Path
    sha256: str
    size_bytes: int


class Uploads:
    """The desk's `incoming` folder. A part has one owner at a time: taking it up is a rename."""

    def __init__(self, directory: Path) -> None:
        """What an earlier life left half received is taken over."""
        self._root = directory / "incoming"
        self._root.mkdir(parents=True, exist_ok=True)
        for file in sorted(self._root.glob("*.part"), key=lambda path: path.stat().st_size):
            handoff_id, digest, *_ = file.name.split(".")
            if digest == "part":  # of a version that kept nothing
                file.unlink(missing_ok=True)
                continue
            file.replace(self._root / f"{handoff_id}.{digest}.kept")  # the longest one last

    def offset(self, handoff_id: str, sha256: str) -> int:
        """Return how many bytes of a package are here. Raises BadContent when that is no digest."""
        kept = self._kept(handoff_id, sha256)
        return kept.stat().st_size if kept.is_file() else 0

    async def receive(self, handoff_id: str, sha256: str, first: int, chunks: AsyncIterator[bytes]) -> Received:
        """Write a package from byte `first` on; what came is kept when it breaks off.

        Raises BadContent (not what the digest says; then nothing is kept), WrongOffset, and what `chunks` raises.
        """
        kept = self._kept(handoff_id, sha256)
        part = kept.with_suffix(f".{os.urandom(8).hex()}.part")
        self._take_up(kept, part, first)
        try:
            received = await _append(part, first, chunks)
            if received.sha256 != sha256.lower():
                raise BadContent(why="X-Content-SHA256")
            return received
        except DeskRefusal:
            part.unlink(missing_ok=True)
            raise
        except BaseException:
            self._keep(part, kept)
            raise

    def forget(self, handoff_id: str) -> None:
        """Remove what is left of a hand-off's parts: its package is here."""
        for file in self._root.glob(f"{handoff_id}.*.kept"):
            file.unlink(missing_ok=True)

    def _take_up(self, kept: Path, part: Path, first: int) -> None:
        if first == 0:
            part.touch()
            return
        try:
            kept.replace(part)
        except FileNotFoundError:
            raise WrongOffset(first=first, offset=0) from None
        size = part.stat().st_size
        if size != first:
            part.replace(kept)
            raise WrongOffset(first=first, offset=size)

    def _keep(self, part: Path, kept: Path) -> None:
        """Keep what broke off, when it is more than what is kept already; one part a hand-off."""
        size = part.stat().st_size if part.is_file() else 0
        known = kept.stat().st_size if kept.is_file() else 0
        if size <= known:
            part.unlink(missing_ok=True)
            return
        self.forget(kept.name.partition(".")[0])
        part.replace(kept)

    def _kept(self, handoff_id: str, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256.lower()):
            raise BadContent(why="X-Content-SHA256")
        return self._root / f"{handoff_id}.{sha256.lower()[:32]}.kept"


def first_byte(content_range: str) -> int:
    """Return where a PUT begins; 0 without the header. Raises BadContent."""
    if not content_range:
        return 0
    found = _RANGE.fullmatch(content_range)
    if found is None or int(found[1]) > int(found[2]) or int(found[2]) + 1 != int(found[3]):
        raise BadContent(why="Content-Range")
    return int(found[1])


async def _append(path: Path, first: int, chunks: AsyncIterator[bytes]) -> Received:
    """Write a stream after what is there, durably; return the whole's digest and size. Disk and hash run in a thread."""
    with path.open("r+b") as file:
        sha = await asyncio.to_thread(_hash_so_far, file)
        size, batch = first, bytearray()
        try:
            async for chunk in chunks:
                batch += chunk
                size += len(chunk)
                if len(batch) >= _BATCH_BYTES:
                    full, batch = batch, bytearray()
                    await asyncio.to_thread(_write, file, sha, full)
        finally:
            if batch:
                _write(file, sha, batch)
        await asyncio.to_thread(_make_durable, file)
    return Received(path, sha.hexdigest(), size)


def _hash_so_far(file: BinaryIO) -> hashlib._Hash:
    sha = hashlib.sha256()
    for piece in iter(lambda: file.read(_BATCH_BYTES), b""):
        sha.update(piece)
    return sha


def _write(file: BinaryIO, sha: hashlib._Hash, data: bytearray) -> None:
    sha.update(data)
    file.write(data)


def _make_durable(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
