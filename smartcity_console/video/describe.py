"""What a stream's parameter sets and first keyframe say of it."""

from __future__ import annotations

import io

import av

from smartcity_console.video.nal import parameter_sets

_RAW_FORMAT = {"h264": "h264", "hevc": "hevc", "mpeg4": "m4v", "mjpeg": "mjpeg"}
_SETS_WITHIN_BYTES = 4096  # a keyframe's parameter sets stand before its slices


def picture_size(codec: str, extradata: bytes, first_key: bytes) -> tuple[int, int]:
    """Return (width, height) in pixels as libavformat's raw demuxer reads them. Raises ValueError, av.FFmpegError."""
    with av.open(io.BytesIO(extradata + first_key), "r", format=_RAW_FORMAT[codec]) as container:
        context = container.streams.video[0].codec_context
        if not context.width:
            raise ValueError("no parameter sets before the first keyframe")
        return context.width, context.height


def with_sets_in_band(codec: str, extradata: bytes, key: bytes) -> bytes:
    """Return the Annex B parameter sets that hold from a keyframe on: its own, and the known ones of the kinds it lacks."""
    found = parameter_sets(codec, key[:_SETS_WITHIN_BYTES])
    if not found["sps"]:
        return extradata
    known = parameter_sets(codec, extradata)
    units = [unit for kind in found for unit in (found[kind] or known[kind])]
    return b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
