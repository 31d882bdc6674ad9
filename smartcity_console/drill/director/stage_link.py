"""The director's end of the way to the feeds: the whole state as one order, sent again until it was taken."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.drill.feeds.mount import Fault
from smartcity_console.drill.feeds.program import DIRECTOR_TOKEN
from smartcity_console.drill.feeds.stage_hands import StageOrder
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import read_announcement, secret

WAIT_S = 10.0


class FeedsAway(ConsoleError):
    code = "drill_feeds_away"
    ko = "훈련 영상을 부리지 못했습니다: {why}. 나가고 있던 영상은 그대로입니다. 영상 프로그램이 돌고 있는지 보고 다시 하십시오."
    en = "The feeds could not be told: {why}. What played goes on. See that the feeds run, and do it again."


class StageLink:
    """Holds what the feeds are to do. `send` blocks, within limits; one thread at a time."""

    def __init__(self, workspace: Path, second: Callable[[], float]) -> None:
        """`second` reads the drill's time."""
        self._workspace, self._second = workspace, second
        self._cued_s: dict[str, float] = {}
        self._faults: dict[str, Fault] = {}
        self._paused = False
        self._told: tuple[int, bytes] | None = None

    def cue(self, cue_id: str, at_s: float) -> None:
        self._cued_s.setdefault(cue_id, at_s)

    def fault(self, cameras: tuple[str, ...], fault: str) -> None:
        """Raises FeedsAway for a fault that no camera can have."""
        try:
            self._faults |= dict.fromkeys(cameras, Fault(fault))
        except ValueError:
            raise FeedsAway(why=f"no fault {fault!r}") from None

    def pause(self, paused: bool) -> None:
        self._paused = paused

    def send(self) -> dict[str, Any]:
        """Tell all of it; return what the feeds answered. Raises FeedsAway."""
        told = read_announcement(self._workspace, "feeds")
        if told is None or "director" not in told["addresses"]:
            raise FeedsAway(why="they do not run")
        order = self._order()
        answer = _ask(told["addresses"]["director"], msgspec.json.encode(order) + b"\n")
        if "error" in answer:
            raise FeedsAway(why=answer["error"])
        self._told = (told["pid"], self._mark())
        return answer

    def is_told(self) -> bool:
        """Return whether the feeds that run now know all of it."""
        told = read_announcement(self._workspace, "feeds")
        return told is None or self._told == (told["pid"], self._mark())

    def _mark(self) -> bytes:
        return msgspec.json.encode((self._cued_s, self._faults, self._paused), order="sorted")

    def _order(self) -> StageOrder:
        now_s = self._second()
        ago = {cue_id: max(0.0, now_s - at_s) for cue_id, at_s in self._cued_s.items()}
        token = secret(self._workspace, DIRECTOR_TOKEN)
        return StageOrder(token=token, cues=ago, faults=dict(self._faults), paused=self._paused)


def _ask(address: str, line: bytes) -> dict[str, Any]:
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    try:
        with socket.create_connection((host, int(port)), WAIT_S) as connection:
            connection.sendall(line)
            answer = b""
            while not answer.endswith(b"\n"):
                piece = connection.recv(4096)
                if not piece:
                    raise ConnectionResetError("closed before an answer")
                answer += piece
        told: dict[str, Any] = msgspec.json.decode(answer)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise FeedsAway(why=str(error) or type(error).__name__) from None
    return told
