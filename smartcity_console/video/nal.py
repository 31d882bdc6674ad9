"""NAL units of H.264 (ITU-T H.264 Annex B, ISO/IEC 14496-15 avcC) and H.265 (Annex B, hvcC): split, name, describe.

A camera sends Annex B (start codes), an MP4 file holds length-prefixed units; both carry the same units.
`codec` is everywhere libavcodec's name: "h264" or "hevc".
"""

from __future__ import annotations

from collections.abc import Iterable

_START_CODE = b"\x00\x00\x01"
_H264_PARAMETERS = {7: "sps", 8: "pps"}
_HEVC_PARAMETERS = {32: "vps", 33: "sps", 34: "pps"}
_H264_DELIMITERS = frozenset((9, 10, 11, 12))  # access unit delimiter, ends, filler: framing, not picture
_HEVC_DELIMITERS = frozenset((35, 36, 37, 38))
_ASIDE = {
    "h264": frozenset(_H264_PARAMETERS) | _H264_DELIMITERS,
    "hevc": frozenset(_HEVC_PARAMETERS) | _HEVC_DELIMITERS,
}


def nal_type(codec: str, unit: bytes | memoryview) -> int:
    """Return nal_unit_type of one unit without start code."""
    return (unit[0] >> 1) & 0x3F if codec == "hevc" else unit[0] & 0x1F


def split_annexb(data: bytes) -> list[bytes]:
    """Return the units between start codes; trailing_zero_8bits belong to no unit."""
    units, at = [], data.find(_START_CODE) + 3
    while at >= 3:
        following = data.find(_START_CODE, at)
        if unit := data[at : following if following >= 0 else None].rstrip(b"\x00"):
            units.append(unit)
        at = following + 3
    return units


def split_prefixed(data: bytes, length_bytes: int = 4) -> list[bytes]:
    """Return the units of a length-prefixed sample. Raises ValueError when a length points past the end."""
    units, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length_bytes], "big")
        at += length_bytes
        if size == 0 or at + size > len(data):
            raise ValueError(f"NAL length {size} at byte {at} of {len(data)}")
        units.append(data[at : at + size])
        at += size
    return units


def is_annexb(data: bytes) -> bool:
    """Say whether the bytes begin with a start code of three or four bytes."""
    return data[:3] == b"\x00\x00\x01" or data[:4] == b"\x00\x00\x00\x01"


def split_sample(data: bytes, extradata: bytes) -> list[bytes]:
    """Return the units of one packet, whichever framing the extradata announces."""
    if extradata[:1] == b"\x01" and not is_annexb(extradata):
        return split_prefixed(data, length_bytes(extradata))
    return split_annexb(data)


def length_bytes(extradata: bytes) -> int:
    """Return the width of a length prefix that avcC (byte 4) or hvcC (byte 21) announces."""
    at = 21 if _looks_hvcc(extradata) else 4
    return (extradata[at] & 3) + 1


def _looks_hvcc(extradata: bytes) -> bool:
    """Tell hvcC from avcC: hvcC has four reserved one-bits at byte 13, and avcC has none that long before its SPS."""
    return len(extradata) > 23 and extradata[13] >> 4 == 0xF and extradata[4] & 0xFC != 0xFC


def parameter_sets(codec: str, extradata: bytes) -> dict[str, list[bytes]]:
    """Return the parameter sets by kind ("vps", "sps", "pps") out of avcC, hvcC or Annex B extradata."""
    if extradata[:1] == b"\x01" and not is_annexb(extradata):
        units = _hvcc_units(extradata) if codec == "hevc" else _avcc_units(extradata)
    else:
        units = split_annexb(extradata)
    names = _HEVC_PARAMETERS if codec == "hevc" else _H264_PARAMETERS
    found: dict[str, list[bytes]] = {name: [] for name in names.values()}
    for unit in units:
        if name := names.get(nal_type(codec, unit)):
            found[name].append(unit)
    return found


def _avcc_units(extradata: bytes) -> list[bytes]:
    units, at = [], 5
    for mask in (0x1F, 0xFF):  # numOfSequenceParameterSets has three reserved bits, numOfPictureParameterSets none
        if at >= len(extradata):
            break
        count = extradata[at] & mask
        more, at = _sized_units(extradata, at + 1, count)
        units += more
    return units


def _hvcc_units(extradata: bytes) -> list[bytes]:
    units, at = [], 23
    for _ in range(extradata[22]):
        count = int.from_bytes(extradata[at + 1 : at + 3], "big")
        more, at = _sized_units(extradata, at + 3, count)
        units += more
    return units


def _sized_units(data: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    units = []
    for _ in range(count):
        size = int.from_bytes(data[at : at + 2], "big")
        units.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return [unit for unit in units if unit], at


def annexb_parameters(codec: str, extradata: bytes) -> bytes:
    """Return the parameter sets as Annex B, in the order in which a decoder wants them; empty for another codec."""
    if codec not in ("h264", "hevc"):
        return extradata
    sets = parameter_sets(codec, extradata)
    return b"".join(b"\x00\x00\x00\x01" + unit for kind in sets for unit in sets[kind])


def picture_units(codec: str, units: Iterable[bytes]) -> list[bytes]:
    """Return the units that carry picture or message: without parameter sets and delimiters, which a container moves
    to its head or drops without touching a picture."""
    return [unit for unit in units if is_picture_unit(codec, unit)]


def is_picture_unit(codec: str, unit: bytes | memoryview) -> bool:
    """Say whether a unit carries picture or message (see `picture_units`)."""
    return nal_type(codec, unit) not in _ASIDE["hevc" if codec == "hevc" else "h264"]


def mime_codec(codec: str, extradata: bytes) -> str:
    """Return the RFC 6381 name: `avc1.PPCCLL` out of the SPS (14496-15 E.3), `hvc1.…` out of its profile_tier_level.

    Raises ValueError when there is no SPS.
    """
    sps = parameter_sets(codec, extradata).get("sps") or []
    if not sps or len(sps[0]) < 15 * (codec == "hevc") + 4 * (codec != "hevc"):
        raise ValueError("no sequence parameter set")
    return _hevc_name(sps[0]) if codec == "hevc" else f"avc1.{sps[0][1:4].hex().upper()}"


def _hevc_name(sps: bytes) -> str:
    """Write profile space and idc, reversed compatibility flags, tier and level, constraint bytes (14496-15 E.3)."""
    rbsp = sps.replace(b"\x00\x00\x03", b"\x00\x00")
    head, flags, constraints, level = rbsp[3], rbsp[4:8], rbsp[8:14].rstrip(b"\x00"), rbsp[14]
    space = ("", "A", "B", "C")[head >> 6]
    reversed_flags = int(f"{int.from_bytes(flags, 'big'):032b}"[::-1], 2)
    tier = "H" if head & 0x20 else "L"
    tail = "".join(f".{byte:X}" for byte in constraints)
    return f"hvc1.{space}{head & 0x1F}.{reversed_flags:X}.{tier}{level}{tail}"
