"""A copy of a clip with its masks burned in, for onward use. The original is not touched."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.masks import Polygons
from smartcity_console.video.relay.burn import Burner

_GREY = 128
_TICKS_PER_S = 90_000


class MaskFailed(ConsoleError):
    code = "mask_failed"
    ko = "클립 {name}의 가림 처리 사본을 만들지 못했습니다: {why}. 원본은 그대로이며 내보낸 것은 없습니다. 다시 시도하십시오."
    en = (
        "No masked copy of {name} could be made: {why}. The original is untouched and nothing was given out. Try again."
    )


class MaskedCopy(msgspec.Struct, frozen=True):
    """A checked copy. `covered` is the part of the picture under masks, 0 … 1; sound is left out."""

    path: Path
    pictures: int
    sha256: str
    covered: float


def burn_masks(clip: Path, polygons: Polygons, out_path: Path) -> MaskedCopy:
    """Encode the clip anew as H.264 with the areas grey. Raises MaskFailed.

    The copy appears only when it holds as many pictures as the original and every covered pixel of its first, middle
    and last picture is grey.
    """
    unfinished = out_path.with_name(out_path.name + ".part")
    try:
        out_path.parent.mkdir(parents=True, exist_ok=True)
        pictures, covered = _encode(clip, polygons, unfinished)
        _check(unfinished, polygons, pictures)
        digest = hashlib.sha256(unfinished.read_bytes()).hexdigest()
        unfinished.replace(out_path)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MaskFailed(name=clip.name, why=getattr(error, "strerror", None) or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return MaskedCopy(out_path, pictures, digest, covered)


def _encode(clip: Path, polygons: Polygons, out: Path) -> tuple[int, float]:
    with (
        av.open(str(clip), "r") as source,
        av.open(str(out), "w", format="mp4", options={"movflags": "faststart"}) as sink,
    ):
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        encoder = _encoder(sink, stream)
        burner = Burner(polygons, encoder.width, encoder.height)
        pictures, last = 0, -1
        for frame in source.decode(stream):
            last = max(last + 1, round(float(frame.time or 0.0) * _TICKS_PER_S))
            sink.mux(encoder.encode(_covered(frame, burner, encoder, last)))
            pictures += 1
        sink.mux(encoder.encode(None))
        return pictures, float(np.mean(burner.covered))


def _encoder(sink: OutputContainer, stream: VideoStream) -> VideoStream:
    rate = stream.average_rate or Fraction(25)
    encoder = sink.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "20"})
    encoder.width, encoder.height = stream.codec_context.width & ~1, stream.codec_context.height & ~1
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, _TICKS_PER_S)
    return encoder


def _covered(frame: VideoFrame, burner: Burner, encoder: VideoStream, pts: int) -> VideoFrame:
    planes = frame.reformat(width=encoder.width, height=encoder.height, format="yuv420p").to_ndarray()
    planes = np.ascontiguousarray(planes, dtype=np.uint8)
    burner.burn(planes)
    made = VideoFrame.from_ndarray(planes, format="yuv420p")
    made.pts, made.time_base = pts, Fraction(1, _TICKS_PER_S)
    made.pict_type = PictureType.NONE
    return made


def _check(path: Path, polygons: Polygons, pictures: int) -> None:
    """Raises ValueError when the copy is not what was meant: nothing half covered may go out."""
    with av.open(str(path), "r") as container:
        found = _check_pictures(container, polygons, {0, pictures // 2, pictures - 1})
    if found != pictures:
        raise ValueError(f"{found} pictures instead of {pictures}")


def _check_pictures(container: InputContainer, polygons: Polygons, looked_at: set[int]) -> int:
    found, burner = 0, None
    for number, frame in enumerate(container.decode(video=0)):
        found = number + 1
        if number not in looked_at:
            continue
        burner = burner or Burner(polygons, frame.width, frame.height)
        luma = frame.reformat(format="yuv420p").to_ndarray()[: frame.height]
        under = luma[burner.covered]
        if under.size and float(np.mean(np.abs(under.astype(np.int16) - _GREY))) > 8.0:
            raise ValueError("an area is not covered")
    return found
