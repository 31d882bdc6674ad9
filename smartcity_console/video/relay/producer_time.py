"""The producer reference time box (ISO/IEC 14496-12, 8.16.5): when a picture was received, told with each fragment.

A player that knows it can say how old the picture is that it shows; one that does not passes over the box.
"""

from __future__ import annotations

import struct

_BOX = struct.Struct(">I4sIIQQ")  # size, type, version and flags, reference track, NTP time, media time
BOX_BYTES = _BOX.size
_VERSION_1_FLAGS_24 = 1 << 24 | 24  # as libavformat writes a wall clock
_NTP_OFFSET_S = 2_208_988_800  # from 1900 to 1970
_TRACK = 1


def producer_time(utc_us: int, media_ticks: int) -> bytes:
    """Return the box: the picture at `media_ticks` of the track's time scale was received at `utc_us`."""
    seconds, rest_us = divmod(utc_us, 1_000_000)
    ntp = (seconds + _NTP_OFFSET_S) << 32 | (rest_us << 32) // 1_000_000
    return _BOX.pack(BOX_BYTES, b"prft", _VERSION_1_FLAGS_24, _TRACK, ntp, max(0, media_ticks))


def read_producer_time(fragment: bytes) -> tuple[int, int] | None:
    """Return receive time in UTC us and media ticks of a fragment that begins with the box, else None."""
    if len(fragment) < BOX_BYTES or fragment[4:8] != b"prft":
        return None
    *_, ntp, media_ticks = _BOX.unpack_from(fragment)
    seconds, part = ntp >> 32, ntp & 0xFFFFFFFF
    return (seconds - _NTP_OFFSET_S) * 1_000_000 + round(part * 1_000_000 / 2**32), media_ticks
