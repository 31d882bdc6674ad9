"""What a DESCRIBE answers (RFC 8866): the tracks, their codecs, and what their decoders need (RFC 6184, 7798, 3640)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode

import msgspec

_VIDEO = {"H264": "h264", "H265": "hevc", "HEVC": "hevc"}
_AUDIO = {"MPEG4-GENERIC": "aac", "PCMU": "pcm_mulaw", "PCMA": "pcm_alaw"}
_STATIC = {"0": "PCMU/8000", "8": "PCMA/8000", "26": "JPEG/90000"}  # RFC 3551 6
_SETS = {"h264": ("sprop-parameter-sets",), "hevc": ("sprop-vps", "sprop-sps", "sprop-pps")}


class Track(msgspec.Struct, frozen=True):
    """One medium. `codec` is libavcodec's name, or "" with `encoding` as the SDP names it when we cannot take it."""

    kind: str  # "video" or "audio"
    payload_type: int
    encoding: str
    codec: str
    ticks_per_s: int
    channels: int
    control: str
    extradata: bytes  # Annex B parameter sets; an AudioSpecificConfig for AAC
    size_bits: int = 13  # of an AU header: RFC 3640 3.3.6
    index_bits: int = 3


def tracks_of(sdp: bytes) -> list[Track]:
    """Return the media in order; what cannot be understood is left out."""
    media = re.split(r"(?m)^(?=m=)", sdp.decode("utf-8", "replace").replace("\r\n", "\n"))[1:]
    return [track for text in media if (track := _track(text)) is not None]


def session_control(sdp: bytes) -> str:
    """Return the session's own control address: `*` or "" for that of the request."""
    head = re.split(rb"(?m)^m=", sdp)[0]
    found = re.search(rb"(?m)^a=control:(\S+)", head)
    return found[1].decode("utf-8", "replace") if found else "*"


def _track(text: str) -> Track | None:
    media = re.match(r"m=(video|audio) \d+(?:/\d+)? RTP/S?AVPF? (\d+)", text)
    if media is None:
        return None
    kind, payload_type = media[1], media[2]
    mapped = re.search(rf"(?m)^a=rtpmap:{payload_type} +(\S+)", text)
    name, _, rest = (mapped[1] if mapped else _STATIC.get(payload_type, "?/90000")).partition("/")
    rate, _, channels = rest.partition("/")
    control = re.search(r"(?m)^a=control:(\S+)", text)
    facts = _format_facts(text, payload_type)
    codec = (_VIDEO if kind == "video" else _AUDIO).get(name.upper(), "")
    if codec == "aac" and facts.get("mode", "AAC-hbr").lower() != "aac-hbr":
        codec = ""
    return Track(
        kind=kind,
        payload_type=int(payload_type),
        encoding=name[:40],
        codec=codec,
        ticks_per_s=int(rate) if rate.isdigit() and 0 < int(rate) <= 10**6 else 90_000,
        channels=int(channels) if channels.isdigit() else 1,
        control=control[1] if control else "",
        extradata=_extradata(codec, facts),
        size_bits=_small(facts.get("sizelength"), 13),
        index_bits=_small(facts.get("indexlength"), 3),
    )


def _small(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and 0 < int(text) <= 32 else otherwise


def _format_facts(text: str, payload_type: str) -> dict[str, str]:
    found = re.search(rf"(?m)^a=fmtp:{payload_type} +(.*)$", text)
    pairs = [part.partition("=") for part in found[1].split(";")] if found else []
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _extradata(codec: str, facts: dict[str, str]) -> bytes:
    try:
        if codec == "aac":
            return bytes.fromhex(facts.get("config", ""))
        texts = [part for key in _SETS.get(codec, ()) for part in facts.get(key, "").split(",") if part]
        return b"".join(b"\x00\x00\x00\x01" + b64decode(text) for text in texts)
    except (ValueError, binascii.Error):
        return b""
