"""The recorder's word on its cameras becomes events: one for each change, none for each try."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import CameraConnected, CameraLost, Draft, Event, stream_of

ACTOR = "gateway/recorder"
_log = logging.getLogger(__name__)


class CameraLog:
    """`changed` may be called from any thread and returns at once."""

    def __init__(self, submit: Callable[..., Future[list[Event]]]) -> None:
        self._submit = submit
        self._lock = threading.Lock()
        self._connected: dict[str, bool] = {}
        self.not_recorded = 0

    def changed(self, camera_id: str, connected: bool, detail: str, width_px: int, height_px: int) -> None:
        """Take a status; `detail` is the codec of a connected camera, the reason of a lost one."""
        with self._lock:
            if self._connected.get(camera_id) == connected:
                return
            self._connected[camera_id] = connected
        payload = (
            CameraConnected(camera_id=camera_id, codec=detail, width_px=width_px, height_px=height_px)
            if connected
            else CameraLost(camera_id=camera_id, reason=detail)
        )
        self._append(Draft(stream_of(type(payload), camera_id), payload, ACTOR))

    def figures(self) -> dict[str, int]:
        """Return how many cameras are held and how many are lost."""
        with self._lock:
            connected = sum(self._connected.values())
            return {"connected": connected, "lost": len(self._connected) - connected}

    def _append(self, draft: Draft) -> None:
        try:
            self._submit(draft).add_done_callback(self._told)
        except ConsoleError as error:
            self._lost(error)

    def _told(self, outcome: Future[list[Event]]) -> None:
        error = None if outcome.cancelled() else outcome.exception()
        if error is not None:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        self.not_recorded += 1
        _log.error("a camera's state could not be recorded: %s", error)
