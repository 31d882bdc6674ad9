"""The ring's file format: a segment is a head and then one record per packet, exactly as the camera sent it.

Head: magic `SCRING1\\n`, u32 length, JSON of SegmentHead, u32 CRC-32 of the JSON.
Record: `>4sBxxxIqqqqI` = mark `PKT1`, flags, payload bytes, pts, dts, receive time UTC in us, receive time on
CLOCK_MONOTONIC in ns, CRC-32 over the header before it and the payload; then the payload. Integers are big-endian.
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import msgspec

MAGIC = b"SCRING1\n"
MARK = b"PKT1"
SUFFIX = ".seg"
_HEADER = struct.Struct(">4sBxxxIqqqqI")
HEADER_BYTES = _HEADER.size
_CRC_BYTES = 4
MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

KEY = 1
CORRUPT = 2
NO_DTS = 4
AUDIO = 8  # a packet of the sound that came with the pictures; its times are in ticks of `SegmentHead.audio`
CLOCK = 16  # no packet: what the camera's own clock was at `pts` (RTCP sender report); the payload is UTC in us, i64
ASIDE = AUDIO | CLOCK


class Torn(Exception):
    """The bytes at hand are not a whole, intact record: the tail of a segment being written, or damage."""


class AudioHead(msgspec.Struct, frozen=True):
    """The sound of a stream: libavcodec's codec name, ticks per second of its times, what its decoder needs."""

    codec: str
    rate_hz: int
    channels: int
    ticks_per_s: int
    extradata: bytes = b""


class SegmentHead(msgspec.Struct, frozen=True):
    """What a decoder needs to know of the stream, and which connection (`session`) the packets came over."""

    camera_id: str
    session: str
    codec: str
    width_px: int
    height_px: int
    time_base_num: int
    time_base_den: int
    extradata: bytes = b""  # Annex B parameter sets for H.264 and H.265
    audio: AudioHead | None = None  # only where sound is recorded

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick of pts and dts."""
        return Fraction(self.time_base_num, self.time_base_den)


class Record(msgspec.Struct, frozen=True, gc=False):
    """One packet: times in ticks of the segment's time base, receive times of this machine."""

    payload: bytes
    flags: int
    pts: int
    dts: int
    utc_us: int
    mono_ns: int

    @property
    def is_key(self) -> bool:
        return bool(self.flags & KEY)

    @property
    def is_picture(self) -> bool:
        return not self.flags & ASIDE

    @property
    def received_at(self) -> datetime:
        return from_us(self.utc_us)


def from_us(utc_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=utc_us)


def to_us(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def clock_record(pts: int, camera_utc_us: int, utc_us: int, mono_ns: int) -> Record:
    """Return the note that the camera's clock was `camera_utc_us` at `pts`, heard at our times."""
    return Record(camera_utc_us.to_bytes(8, "big", signed=True), CLOCK, pts, pts, utc_us, mono_ns)


def camera_utc_us(record: Record) -> int:
    """Return the camera's own UTC out of a clock record."""
    return int.from_bytes(record.payload, "big", signed=True)


def encode_head(head: SegmentHead) -> bytes:
    body = msgspec.json.encode(head)
    return MAGIC + len(body).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


_HEAD = msgspec.json.Decoder(SegmentHead)  # made once: clips are cut in several threads


def decode_head(data: bytes) -> tuple[SegmentHead, int]:
    """Return the head and where the first record begins. Raises Torn."""
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "big")
    body, crc = data[start:end], data[end : end + _CRC_BYTES]
    if data[: len(MAGIC)] != MAGIC or len(crc) < _CRC_BYTES or zlib.crc32(body) != int.from_bytes(crc, "big"):
        raise Torn
    try:
        return _HEAD.decode(body), end + _CRC_BYTES
    except msgspec.DecodeError:
        raise Torn from None


def encode_record(record: Record) -> tuple[bytes, bytes]:
    """Return header and payload: to be written in one call, without copying the payload."""
    facts = (MARK, record.flags, len(record.payload), record.pts, record.dts, record.utc_us, record.mono_ns)
    bare = _HEADER.pack(*facts, 0)[:-_CRC_BYTES]
    crc = zlib.crc32(record.payload, zlib.crc32(bare))
    return bare + crc.to_bytes(_CRC_BYTES, "big"), record.payload


def decode_record(data: bytes | memoryview, at: int = 0) -> tuple[Record, int]:
    """Return the record at a place and where the next begins. Raises Torn when it is not whole and intact."""
    if at + HEADER_BYTES > len(data):
        raise Torn
    mark, flags, size, pts, dts, utc_us, mono_ns, crc = _HEADER.unpack_from(data, at)
    end = at + HEADER_BYTES + size
    if mark != MARK or size > MAX_PAYLOAD_BYTES or end > len(data):
        raise Torn
    payload = bytes(data[at + HEADER_BYTES : end])
    if zlib.crc32(payload, zlib.crc32(data[at : at + HEADER_BYTES - _CRC_BYTES])) != crc:
        raise Torn
    return Record(payload, flags, pts, dts, utc_us, mono_ns), end


def next_record(data: bytes, at: int) -> tuple[Record, int]:
    """Return the first intact record at or after a place and where the next begins: damage costs what it hit and no more.

    Raises Torn when there is none (yet).
    """
    view, place = memoryview(data), at
    while place >= 0:
        try:
            return decode_record(view, place)
        except Torn:
            place = data.find(MARK, place + 1)  # a mark inside a payload is no record: its checksum says so
    raise Torn


def bare_record(header: bytes, at: int) -> tuple[Record, int]:
    """Return a record without its payload, and where the next begins. Raises Torn when there is no header here."""
    if len(header) < HEADER_BYTES:
        raise Torn
    mark, flags, size, pts, dts, utc_us, mono_ns, _ = _HEADER.unpack(header)
    if mark != MARK or size > MAX_PAYLOAD_BYTES:
        raise Torn
    return Record(b"", flags, pts, dts, utc_us, mono_ns), at + HEADER_BYTES + size


class Glance(msgspec.Struct, frozen=True, gc=False):
    """A record's header alone, for walking a segment without its payloads (and so without its checksum)."""

    flags: int
    size: int
    pts: int
    utc_us: int


def glance(header: bytes) -> Glance:
    """Raises Torn when there is no record header here."""
    if len(header) < HEADER_BYTES:
        raise Torn
    mark, flags, size, pts, _, utc_us, _, _ = _HEADER.unpack(header)
    if mark != MARK or size > MAX_PAYLOAD_BYTES:
        raise Torn
    return Glance(flags, size, pts, utc_us)


def segment_name(utc_us: int) -> str:
    """Return a file name that sorts by time: `20261123T050304.123456Z.seg`."""
    return from_us(utc_us).strftime("%Y%m%dT%H%M%S.%fZ") + SUFFIX


def segment_start_us(name: str) -> int:
    """Return the first receive time out of a segment's name. Raises ValueError."""
    return to_us(datetime.strptime(name.removesuffix(SUFFIX), "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC))
