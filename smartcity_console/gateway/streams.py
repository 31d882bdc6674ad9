"""`streams.json`: where each camera's stream is found. Read again whenever the file changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from smartcity_console.model.errors import ConsoleError

LOOK_EVERY_S = 0.5
_log = logging.getLogger(__name__)


class StreamsUnreadable(ConsoleError):
    code = "streams_unreadable"
    ko = (
        "카메라 스트림 목록 {path}을(를) 읽을 수 없습니다({why}). 앞서 읽은 목록으로 계속합니다. "
        "파일을 고치면 다시 읽습니다."
    )
    en = "The list of camera streams {path} cannot be read ({why}). The last good one stays in use. Mend the file."


class _Stream(msgspec.Struct):
    url: str
    transport: Literal["tcp", "udp"] = "tcp"

    def address(self) -> str:
        """Return the address to record; UDP is asked for in it, as libavformat understands it."""
        if self.transport == "tcp" or not self.url.startswith("rtsp://"):
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}udp"


class _File(msgspec.Struct):
    streams: dict[str, _Stream]


def read_streams(path: Path) -> dict[str, str]:
    """Return stream addresses by camera id; empty when there is no file. Raises StreamsUnreadable."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise StreamsUnreadable(path=path, why=type(error).__name__) from error
    return {camera_id: stream.address() for camera_id, stream in file.streams.items()}


class StreamsWatcher:
    """Calls `update` with the list at first and after each change of the file."""

    def __init__(self, path: Path, update: Callable[[dict[str, str]], None]) -> None:
        self._path, self._update = path, update
        self._seen: tuple[int, int] | None = None
        self.last_error: StreamsUnreadable | None = None

    async def run(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Read the file when it is another than last time."""
        mark = self._mark()
        if mark == self._seen:
            return
        self._seen = mark
        try:
            self._update(read_streams(self._path))
            self.last_error = None
        except StreamsUnreadable as error:
            self.last_error = error
            _log.error("%s", error.sentence("en"))

    def _mark(self) -> tuple[int, int]:
        """Return modification time and size; (0, 0) when there is no file."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_size)
