"""Copies of recordings in which nobody can be recognised: no face, no figure, no number plate.

OpenCV 5 ships no detector that works without a model file to be had elsewhere, and one that misses a face once shows it. So nothing is
searched for: what moves is hidden whatever it is, with a generous margin in space and time, and what stands still is made
too coarse to recognise anybody by. In numbers, from IEC/EN 62676-4, by which a known person is recognised at 125 pixels per
metre and observed in some detail at 62.5:

- the whole picture is kept at `STILL_COLUMNS` columns: a scene as narrow as 4 m has 60 of them per metre;
- what moves is kept at `MOVING_COLUMNS` columns: a scene of 4 m has 12 per metre, which is what monitoring a crowd takes.

What moves is told by the difference from the median of pictures spread over the recording. Sound is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import numpy.typing as npt
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from smartcity_console.model.errors import ConsoleError

STILL_COLUMNS, MOVING_COLUMNS = 240, 48
_LOOK_COLUMNS = 320  # movement is looked for at this width
_SAMPLES = 41
_DIFFERENT = 14  # of 255, in any of three colours
_MARGIN = 0.02  # of the width, on every side
_AROUND_S = 0.6  # before and after
_KEYFRAME_S, _TICKS = 2.0, 90_000
_COARSE_ENOUGH = 6.0  # mean difference of a checked picture from itself at STILL_COLUMNS, of 255

Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class NotHidden(ConsoleError):
    code = "not_hidden"
    ko = "{name} 의 사람을 가린 사본을 만들지 못했습니다: {why}. 원본은 그대로이고 나간 것은 없습니다. 그 카메라는 다시 촬영하십시오."
    en = "No copy of {name} with its people hidden could be made: {why}. The original is as it was and nothing went out. Film that camera anew."


class Hidden(msgspec.Struct, frozen=True):
    """A checked copy. `moving`: the part of all pictures that was hidden as moving, 0 … 1."""

    path: Path
    pictures: int
    moving: float


def hide_people(clip: Path, out_path: Path) -> Hidden:
    """Write an H.264 copy with a keyframe every two seconds, checked before it appears. Raises NotHidden."""
    unfinished = out_path.with_name(out_path.name + ".part")
    try:
        out_path.parent.mkdir(parents=True, exist_ok=True)
        ground = background(clip)
        pictures, moving = _encode(clip, ground, unfinished)
        _check(unfinished, pictures)
        unfinished.replace(out_path)
    except (av.FFmpegError, OSError, ValueError, cv2.error) as error:
        raise NotHidden(name=clip.name, why=getattr(error, "strerror", None) or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return Hidden(out_path, pictures, moving)


def background(clip: Path) -> Picture:
    """Return what stands still: the median of pictures spread over the clip, `_LOOK_COLUMNS` wide. Raises ValueError."""
    with av.open(str(clip), "r") as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        count = stream.frames or sum(1 for packet in source.demux(stream) if packet.size)
        source.seek(0)
        step = max(1, count // _SAMPLES)
        kept = [_look(_bgr(frame)) for n, frame in enumerate(source.decode(stream)) if n % step == 0]
    if len(kept) < 3:
        raise ValueError("too few pictures to tell what moves")
    return np.asarray(np.median(np.stack(kept), axis=0), dtype=np.uint8)


def moving(picture: Picture, ground: Picture) -> Mask:
    """Return where a picture differs from what stands still, `_LOOK_COLUMNS` wide, with its margin."""
    apart = cv2.absdiff(_look(picture), ground).max(axis=2)
    mask = (cv2.GaussianBlur(apart, (5, 5), 0) > _DIFFERENT).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    size = 2 * max(1, round(_MARGIN * _LOOK_COLUMNS)) + 1
    return np.asarray(cv2.dilate(mask, np.ones((2 * size, size), np.uint8)), dtype=np.bool_)


def hidden(picture: Picture, mask: Mask) -> Picture:
    """Return the picture coarse, and coarser where the mask is."""
    still, blocks = _coarse(picture, STILL_COLUMNS), _coarse(picture, MOVING_COLUMNS)
    height, width = picture.shape[:2]
    full = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.copyTo(blocks, full, still), dtype=np.uint8)


def _coarse(picture: Picture, columns: int) -> Picture:
    """Average down to so many columns and back up: what is lost between cannot be computed back."""
    height, width = picture.shape[:2]
    rows = max(1, round(height * columns / width))
    small = cv2.resize(picture, (min(columns, width), rows), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _look(picture: Picture) -> Picture:
    rows = max(1, round(picture.shape[0] * _LOOK_COLUMNS / picture.shape[1]))
    return np.asarray(cv2.resize(picture, (_LOOK_COLUMNS, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _bgr(frame: VideoFrame) -> Picture:
    return np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)


def _encode(clip: Path, ground: Picture, out: Path) -> tuple[int, float]:
    with av.open(str(clip), "r") as source, av.open(str(out), "w", format="mp4") as sink:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        encoder = _encoder(sink, stream)
        number, covered, last, key = 0, 0.0, -1, 0.0
        around = max(1, round(_AROUND_S * float(stream.average_rate or 15)))
        for frame, mask in _with_masks(source.decode(stream), ground, around):
            number += 1
            last = max(last + 1, round(float(frame.time or 0.0) * _TICKS))
            made = VideoFrame.from_ndarray(hidden(_bgr(frame), mask)[: encoder.height, : encoder.width], format="bgr24")
            made.pts, made.time_base = last, Fraction(1, _TICKS)
            made.pict_type = PictureType.I if last >= key * _TICKS else PictureType.NONE
            key += _KEYFRAME_S * (last >= key * _TICKS)
            sink.mux(encoder.encode(made))
            covered += float(mask.mean())
        sink.mux(encoder.encode(None))
    return number, covered / max(1, number)


def _encoder(sink: OutputContainer, stream: VideoStream) -> VideoStream:
    """Set up x264 the way a camera sends: no B-pictures, closed groups."""
    rate = stream.average_rate or Fraction(15)
    encoder = sink.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "24", "tune": "zerolatency"})
    encoder.width, encoder.height = stream.codec_context.width & ~1, stream.codec_context.height & ~1
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, _TICKS)
    encoder.codec_context.gop_size = max(1, round(float(rate) * _KEYFRAME_S))
    return encoder


def _with_masks(frames: Iterator[VideoFrame], ground: Picture, around: int) -> Iterator[tuple[VideoFrame, Mask]]:
    """Yield each picture with what moves in it or within `around` pictures before and after it."""
    held: deque[tuple[VideoFrame, Mask]] = deque()  # pictures not yet yielded
    within: deque[Mask] = deque()  # masks of the pictures around the next one to be yielded
    count = np.zeros(ground.shape[:2], np.int16)
    for frame in frames:
        mask = moving(_bgr(frame), ground)
        held.append((frame, mask))
        within.append(mask)
        count += mask
        if len(held) > around:
            yield held.popleft()[0], count > 0
        if len(within) > 2 * around:
            count -= within.popleft()
    while held:
        yield held.popleft()[0], count > 0
        if len(within) > len(held) + around:
            count -= within.popleft()


def _check(path: Path, pictures: int) -> None:
    """Raises ValueError when the copy is not what was meant: nothing sharp may go out."""
    looked_at, found = {0, pictures // 2, pictures - 1}, 0
    with av.open(str(path), "r") as container:
        for number, frame in enumerate(container.decode(video=0)):
            found = number + 1
            if number in looked_at:
                picture = _bgr(frame)
                apart = cv2.absdiff(picture, _coarse(picture, STILL_COLUMNS))
                if float(np.mean(apart)) > _COARSE_ENOUGH:
                    raise ValueError("a picture is sharper than it may be")
    if not found or found != pictures:
        raise ValueError(f"{found} pictures instead of {pictures}")
