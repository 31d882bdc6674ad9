"""Recordings in a codec that no camera sends become H.264 once; the result is kept in the workspace's cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from smartcity_console.drill.feeds.recording import UnreadableFeed

_KEYFRAME_EVERY_S = 1.0
_SAY_EVERY_FRAMES = 200
Say = Callable[[str], None]


class ConversionStopped(Exception):
    """The program was told to stop in the middle of a conversion; nothing of it is kept."""


def as_h264(path: Path, cache: Path, say: Say, stopped: Callable[[], bool] = lambda: False) -> Path:
    """Return an H.264 copy of the recording, made now or at an earlier start.

    Raises UnreadableFeed; ConversionStopped when `stopped` says so.
    """
    copy = cache / f"{path.stem}-{_identity(path)}.mp4"
    if copy.is_file():
        return copy
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = copy.with_suffix(".part")
    try:
        _convert(path, unfinished, say, stopped)
    except ConversionStopped:
        unfinished.unlink(missing_ok=True)
        raise
    except (av.FFmpegError, OSError, ValueError) as error:
        unfinished.unlink(missing_ok=True)
        raise UnreadableFeed(name=path.name, why=str(error)) from error
    return unfinished.replace(copy)


def _identity(path: Path) -> str:
    """Name the content by what changes with it, without reading gigabytes: place, size, time of change."""
    facts = path.stat()
    return hashlib.sha256(f"{path.resolve()}|{facts.st_size}|{facts.st_mtime_ns}".encode()).hexdigest()[:12]


def _convert(path: Path, target: Path, say: Say, stopped: Callable[[], bool]) -> None:
    with av.open(str(path), "r") as source, av.open(str(target), "w", format="mp4") as sink:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        encoder = _encoder(sink, stream)
        for frame in _even_frames(path, source, stream, say):
            if stopped():
                raise ConversionStopped
            sink.mux(encoder.encode(frame))
        sink.mux(encoder.encode(None))


def _encoder(sink: OutputContainer, stream: VideoStream) -> VideoStream:
    """Set up x264 the way a camera sends: no B-pictures, a keyframe each second."""
    rate = stream.average_rate or stream.guessed_rate or Fraction(15)
    encoder = sink.add_stream("libx264", rate=rate, options={"preset": "superfast", "crf": "22", "tune": "zerolatency"})
    encoder.width, encoder.height = stream.codec_context.width & ~1, stream.codec_context.height & ~1
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, 90_000)
    encoder.codec_context.gop_size = max(1, round(float(rate) * _KEYFRAME_EVERY_S))
    return encoder


def _even_frames(path: Path, source: InputContainer, stream: VideoStream, say: Say) -> Iterator[VideoFrame]:
    """Decode to frames of even size in yuv420p whose times strictly rise; tell the progress."""
    total, last_pts = stream.frames, -1
    width, height = stream.codec_context.width & ~1, stream.codec_context.height & ~1
    for number, frame in enumerate(source.decode(stream)):
        if number % _SAY_EVERY_FRAMES == 0:
            say(f"{path.name}: {stream.codec_context.name} -> h264, frame {number}" + (f" of {total}" if total else ""))
        even = frame.reformat(width=width, height=height, format="yuv420p")
        at_s = frame.time if frame.time is not None else number / float(stream.average_rate or 15)
        last_pts = max(last_pts + 1, round(at_s * 90_000))
        even.pict_type = PictureType.NONE  # else each intra picture of the source would force a keyframe
        even.pts, even.time_base = last_pts, Fraction(1, 90_000)
        yield even
