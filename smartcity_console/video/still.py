"""Stills out of a clip: the picture shown at an offset, clean or with the camera and the time burned in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import msgspec
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.capture.opencv import cv2

_QUALITY = 90
_SCREEN_ZONE = ZoneInfo("Asia/Seoul")
_Picture = npt.NDArray[np.uint8]


class NoStill(ConsoleError):
    code = "no_still"
    ko = "{name}에서 {offset_s}초 위치의 정지 영상을 만들 수 없습니다: {why}. 클립은 그대로입니다."
    en = "No still could be made of {name} at {offset_s} s: {why}. The clip is untouched."


class Stills(msgspec.Struct, frozen=True):
    """The same picture twice, as JPEG: as the camera took it, and with camera and time burned in."""

    clean: bytes
    marked: bytes


def still_pair(clip_path: Path, offset_s: float, caption: str) -> Stills:
    """Return the picture shown at an offset into the clip (the last one when the offset lies behind the end), clean and
    with the caption burned in along the lower edge; decoded once. Raises NoStill."""
    picture = _still(clip_path, offset_s)
    clean = _jpeg(picture, clip_path, offset_s)
    _burn_in(picture, caption)
    return Stills(clean, _jpeg(picture, clip_path, offset_s))


def preview(path: Path, offset_s: float) -> tuple[npt.NDArray[np.uint8], float]:
    """Return the picture shown at an offset into a recording (height x width x 3, BGR) and the recording's length in
    seconds. Raises NoStill."""
    picture = _still(path, offset_s)
    with av.open(str(path), "r") as container:
        return picture, float(container.duration or 0) / av.time_base


def still_caption(camera_id: str, at: datetime, name: str = "") -> str:
    """Return what is burned into a still: camera, its name, and the time of the screen's zone with its offset."""
    local = at.astimezone(_SCREEN_ZONE)
    camera = f"{camera_id} {name}".strip()
    return f"{camera}  {local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000} {local:%z}"


def _still(clip_path: Path, offset_s: float) -> _Picture:
    try:
        picture = _picture_at(clip_path, max(0.0, offset_s))
    except (av.FFmpegError, OSError) as error:
        raise NoStill(name=clip_path.name, offset_s=f"{offset_s:g}", why=str(error)) from error
    if picture is None:
        raise NoStill(name=clip_path.name, offset_s=f"{offset_s:g}", why="no picture decodes")
    return picture


def _jpeg(picture: _Picture, clip_path: Path, offset_s: float) -> bytes:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise NoStill(name=clip_path.name, offset_s=f"{offset_s:g}", why="the picture cannot be written as JPEG")
    return bytes(data)


def _picture_at(path: Path, offset_s: float) -> _Picture | None:
    """Decode from the keyframe before the offset; return height x width x 3, BGR."""
    with av.open(str(path), "r") as container:
        stream = container.streams.video[0]
        first_s = float((stream.start_time or 0) * (stream.time_base or 1))
        container.seek(round((first_s + offset_s) * av.time_base), backward=True)
        shown: VideoFrame | None = None
        for frame in container.decode(stream):
            if shown is not None and frame.time is not None and frame.time > first_s + offset_s + 1e-6:
                break
            shown = frame
        return None if shown is None else shown.to_ndarray(format="bgr24").astype(np.uint8, copy=False)


def _burn_in(picture: _Picture, caption: str) -> None:
    """Write white on a dark bar whose height follows the picture's. What is no plain character becomes a space."""
    height, width = picture.shape[:2]
    text = "".join(c if c.isprintable() else " " for c in caption)
    font = cv2.FontFace("uni")  # OpenCV's own: Hangul and Chinese characters without a font of the system's
    size = max(10, height // 30)
    while size > 6 and _text_width(text, font, size) > width - 8:
        size -= 1
    bar = min(height, round(size * 1.6))
    picture[height - bar :] //= 4
    cv2.putText(picture, text, (4, height - round(bar * 0.3)), (255, 255, 255), font, size)


def _text_width(text: str, font: Any, size: int) -> int:
    return int(cv2.getTextSize((10_000, 200), text, (0, 100), font, size)[2])
