"""The one byte sequence that a set of files has as a package: a canonical ZIP (PKWARE APPNOTE 6.3.10, 4.3-4.4).

Stored, never compressed; names ASCII and ascending; every time 1980-01-01 00:00; no extra field, no comment, no data
descriptor, no ZIP64. Written by hand because the bytes must be the same for every version of every library: the
verifier makes them again from the contents and compares, so that a changed header is found like a changed clip.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

CHUNK_BYTES = 1 << 20
_DIGEST_CHUNK_BYTES = 8 << 20
MAX_BYTES = 0xFFFF_0000  # below what a ZIP without ZIP64 can address
MAX_MEMBERS = 512
MAX_NAME_BYTES = 120
_STEM = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
_NAME = re.compile(
    rf"incident\.json|eido\.json|cap\.xml|forwarding\.json|custody\.json|custody\.pdf|README\.txt|SHA256SUMS|manifest\.json|manifest\.sig|signer\.pem|certificate\.pem|track\.geojson|clips/{_STEM}\.mp4|stills/{_STEM}\.jpg"
)

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _MADE_BY = 20, 3 << 8 | 20  # 3: Unix, so that the mode below counts
_DOS_TIME, _DOS_DATE = 0, 1 << 5 | 1
_MODE = 0o100644 << 16


class NotCanonical(Exception):
    """The file is no canonical container; the text says where it departs from one."""


class Digest(msgspec.Struct, frozen=True):
    """What a stream of bytes amounts to."""

    size_bytes: int
    sha256: str
    crc32: int


class Member(msgspec.Struct, frozen=True):
    """One file to be written: its name inside and where its bytes come from."""

    name: str
    source: Path | bytes

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces of at most CHUNK_BYTES."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")

    def digest(self) -> Digest:
        """Read the bytes once, in pieces large enough to leave the interpreter to others for most of the time."""
        if isinstance(self.source, bytes):
            return digest(iter((self.source,)))
        with self.source.open("rb") as file:
            return digest(iter(lambda: file.read(_DIGEST_CHUNK_BYTES), b""))


class Entry(msgspec.Struct, frozen=True):
    """One file as it lies in a container; `data_offset` counts bytes from the container's start."""

    name: str
    size_bytes: int
    crc32: int
    header_offset: int

    @property
    def data_offset(self) -> int:
        return self.header_offset + _LOCAL.size + len(self.name)


def is_member_name(name: str) -> bool:
    """Return whether a package may hold a file of this name. No path can leave the package by it."""
    return len(name) <= MAX_NAME_BYTES and _NAME.fullmatch(name) is not None


def digest(chunks: Iterator[bytes]) -> Digest:
    """Read a stream once for its size, SHA-256 and CRC-32."""
    sha, crc, size = hashlib.sha256(), 0, 0
    for chunk in chunks:
        sha.update(chunk)
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
    return Digest(size, sha.hexdigest(), crc)


class Sink(Protocol):
    """Where a container is written to."""

    def write(self, data: bytes, /) -> object: ...


def write_container(out: Sink, members: Sequence[tuple[Member, Digest]]) -> None:
    """Write the container. Raises ValueError when a member's name, digest or the whole size does not fit."""
    offset, entries = 0, []
    for member, known in sorted(members, key=lambda pair: pair[0].name):
        entry = Entry(member.name, known.size_bytes, known.crc32, offset)
        offset = entry.data_offset + entry.size_bytes
        entries.append(entry)
        if not is_member_name(member.name) or offset > MAX_BYTES or len(entries) > MAX_MEMBERS:
            raise ValueError(f"{member.name}: no place in a package")
        out.write(_local_header(entry))
        _copy(member, known, out)
    out.write(_directory(entries, offset))


def _copy(member: Member, known: Digest, out: Sink) -> None:
    """Copy a member's bytes; a source that changed since its digest was taken is refused."""
    crc, size = 0, 0
    for chunk in member.chunks():
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        out.write(chunk)
    if (crc, size) != (known.crc32, known.size_bytes):
        raise ValueError(f"{member.name}: changed while it was being sealed")


def read_entries(file: BinaryIO) -> list[Entry]:
    """Return what a container holds, in order. Raises NotCanonical unless every byte outside the files' own data
    is exactly what `write_container` would write. Reads headers only: the data is the caller's to check."""
    end = file.seek(0, 2)
    if end > MAX_BYTES + MAX_MEMBERS * (_CENTRAL.size + MAX_NAME_BYTES) + _END.size:
        raise NotCanonical("larger than a package may be")
    entries: list[Entry] = []
    offset = 0
    while (entry := _read_local(file, offset, end)) is not None:
        if entries and entry.name <= entries[-1].name:
            raise NotCanonical(f"{entry.name}: out of order or twice")
        entries.append(entry)
        offset = entry.data_offset + entry.size_bytes
        if len(entries) > MAX_MEMBERS:
            raise NotCanonical("more files than a package may hold")
    _require_directory(file, entries, offset)
    return entries


def _require_directory(file: BinaryIO, entries: Sequence[Entry], offset: int) -> None:
    expected = _directory(entries, offset)
    file.seek(offset)
    if file.read(len(expected) + 1) != expected:
        raise NotCanonical(f"the directory at byte {offset} does not match the files, or something follows it")


def _read_local(file: BinaryIO, offset: int, end: int) -> Entry | None:
    """Read the local header at `offset`; None where the central directory begins."""
    file.seek(offset)
    raw = file.read(_LOCAL.size)
    if raw[:4] in (_CENTRAL_MARK, _END_MARK):
        return None
    if len(raw) < _LOCAL.size:
        raise NotCanonical(f"cut off at byte {offset}")
    *_, crc, size, _stored, name_bytes, _extra = _LOCAL.unpack(raw)
    name = file.read(min(name_bytes, MAX_NAME_BYTES + 1)).decode("latin-1")
    entry = Entry(name, size, crc, offset)
    if not is_member_name(name):
        raise NotCanonical(f"a file of this name has no place in a package (byte {offset})")
    if raw + name.encode() != _local_header(entry):
        raise NotCanonical(f"{name}: header at byte {offset}")
    if entry.data_offset + size > end:
        raise NotCanonical(f"{name}: cut off")
    return entry


def entry_chunks(file: BinaryIO, entry: Entry, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """Yield an entry's bytes from `start`, `length` of them (None: to its end)."""
    left = entry.size_bytes - start if length is None else min(length, entry.size_bytes - start)
    file.seek(entry.data_offset + start)
    while left > 0 and (chunk := file.read(min(CHUNK_BYTES, left))):
        left -= len(chunk)
        yield chunk


def _local_header(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    size = entry.size_bytes
    return _LOCAL.pack(_LOCAL_MARK, _VERSION, 0, 0, _DOS_TIME, _DOS_DATE, entry.crc32, size, size, len(name), 0) + name


def _central_header(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    size = entry.size_bytes
    fixed = (_CENTRAL_MARK, _MADE_BY, _VERSION, 0, 0, _DOS_TIME, _DOS_DATE, entry.crc32, size, size)
    return _CENTRAL.pack(*fixed, len(name), 0, 0, 0, 0, _MODE, entry.header_offset) + name


def _directory(entries: Sequence[Entry], offset: int) -> bytes:
    central = b"".join(map(_central_header, entries))
    count = len(entries)
    return central + _END.pack(_END_MARK, 0, 0, count, count, len(central), offset, 0)
