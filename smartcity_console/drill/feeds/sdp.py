"""The session description of one feed (RFC 8866), with the parameter sets a decoder needs before the first picture."""

from __future__ import annotations

from base64 import b64encode

from smartcity_console.drill.feeds.recording import Recording
from smartcity_console.drill.feeds.rtp import CLOCK_HZ, PAYLOAD_TYPE
from smartcity_console.video.nal import parameter_sets

SENDABLE = frozenset(("h264", "hevc", "mpeg4"))
"""Codecs that the muxer puts on RTP as they are; a recording in another one is converted first. MJPEG is one of those:
RFC 2435 leaves the Huffman tables out, so a recording with tables of its own would arrive as noise."""

_ENCODING = {"h264": "H264", "hevc": "H265", "mpeg4": "MP4V-ES"}


def describe(recording: Recording, host: str, title: str, session: int) -> str:
    """Return the SDP text; its one medium is controlled as `trackID=0`."""
    lines = [
        "v=0",
        f"o=- {session} 1 IN {_family(host)} {host}",
        f"s={title}",
        f"c=IN {_family(host)} {'::' if ':' in host else '0.0.0.0'}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {_ENCODING[recording.codec]}/{CLOCK_HZ}",
        _format_line(recording),
        f"a=framesize:{PAYLOAD_TYPE} {recording.width_px}-{recording.height_px}",
        "a=control:trackID=0",
    ]
    return "\r\n".join(lines) + "\r\n"


def _family(host: str) -> str:
    return "IP6" if ":" in host else "IP4"


def _format_line(recording: Recording) -> str:
    parameters = {"h264": _h264, "hevc": _hevc, "mpeg4": _mpeg4}[recording.codec]
    return f"a=fmtp:{PAYLOAD_TYPE} {parameters(recording)}"


def _sets(recording: Recording) -> dict[str, list[bytes]]:
    """Return the parameter sets from the file's head, or from its first keyframe where they stand in band only."""
    sets = parameter_sets(recording.codec, recording.extradata)
    return sets if sets["sps"] else parameter_sets(recording.codec, recording.first_key)


def _joined(units: list[bytes]) -> str:
    return ",".join(b64encode(unit).decode("ascii") for unit in units)


def _h264(recording: Recording) -> str:
    """RFC 6184 8.1: profile-level-id is the three bytes behind the SPS's first."""
    sets = _sets(recording)
    profile = f"profile-level-id={sets['sps'][0][1:4].hex().upper()};" if sets["sps"] else ""
    return f"packetization-mode=1;{profile}sprop-parameter-sets={_joined(sets['sps'] + sets['pps'])}"


def _hevc(recording: Recording) -> str:
    """RFC 7798 7.1."""
    return ";".join(f"sprop-{kind}={_joined(units)}" for kind, units in _sets(recording).items() if units)


def _mpeg4(recording: Recording) -> str:
    """RFC 6416 7.1: config is the visual object sequence in hexadecimal, its profile byte behind B0."""
    config = recording.extradata
    profile = config[4] if config[:4] == b"\x00\x00\x01\xb0" else 1
    return f"profile-level-id={profile};config={config.hex().upper()}"
