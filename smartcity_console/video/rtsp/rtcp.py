"""RTCP sender reports (RFC 3550 6.4.1): what the camera's own clock was at which RTP time."""

from __future__ import annotations

import struct

import msgspec

_NTP_UNIX_S = 2_208_988_800  # 1900-01-01 to 1970-01-01, RFC 5905
_SENDER_REPORT = 200
# 2000-01-01: a camera that counts from its own start tells no time of day. NTP's 32 bits begin again in 2036, and then
# cannot be told from such a count: reports are passed over from there on, and the offset is unknown.
_EARLIEST_US = 946_684_800_000_000


class SenderReport(msgspec.Struct, frozen=True):
    """UTC of the sender's clock in us at an RTP time stamp."""

    utc_us: int
    stamp: int


def sender_report(data: bytes) -> SenderReport | None:
    """Return the report of a compound packet; None when there is none that tells a time of day."""
    at = 0
    while at + 8 <= len(data):
        kind, words = struct.unpack_from(">xBH", data, at)
        if kind == _SENDER_REPORT and at + 20 <= len(data):
            seconds, fraction, stamp = struct.unpack_from(">III", data, at + 8)
            utc_us = (seconds - _NTP_UNIX_S) * 1_000_000 + (fraction * 1_000_000 >> 32)
            return SenderReport(utc_us, stamp) if utc_us >= _EARLIEST_US else None
        at += 4 * (words + 1)
    return None
