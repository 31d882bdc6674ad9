"""One camera's live view: a thread follows the ring and makes fragments once, any number of viewers share them."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.relay.errors import LiveBroken
from smartcity_console.video.relay.fragments import Fragment
from smartcity_console.video.relay.stream import CameraStream
from smartcity_console.video.relay.viewer import Begin, Made, Stop, Viewer
from smartcity_console.video.ring.reader import RingReader, Taken

_log = logging.getLogger(__name__)
_POLL_S = 0.04
GROUP_FRAGMENTS = 256


class CameraHub:
    """Follows one camera while it has viewers. Made and used on one event loop; `_run` and below are the thread's."""

    def __init__(self, ring_root: Path, camera_id: str, stream: CameraStream) -> None:
        self._ring = RingReader(ring_root)  # a reader is not shared between threads
        self.camera_id = camera_id
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._viewers: set[Viewer] = set()
        self._begin: Begin | None = None
        self._group: list[Fragment] = []
        self._halted = threading.Event()
        self.ended = False
        self._thread = threading.Thread(target=self._run, name=f"relay {camera_id}")
        self._thread.start()

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def join(self) -> Viewer:
        viewer = Viewer()
        if self._begin is not None:
            viewer.begin(self._begin, self._group)
        self._viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)

    async def close(self) -> None:
        """End the thread and wait for it without holding the loop up."""
        self._halted.set()
        await asyncio.to_thread(self._thread.join)

    # ---- on the event loop ------------------------------------------------------------------------------------------

    def _made(self, batch: list[Made]) -> None:
        for item in batch:
            if isinstance(item, Stop):
                self._stopped()
            elif isinstance(item, Begin):
                self._started(item)
            else:
                self._grown(item)

    def _stopped(self) -> None:
        """End whoever has a picture, with all that waits for it; those who come now wait for the next beginning."""
        if self._begin is not None:
            for viewer in self._viewers:
                viewer.end()
            self._viewers.clear()
        self._begin, self._group = None, []

    def _started(self, begin: Begin) -> None:
        """A stream begins. Viewers of an earlier picture format are ended: a player needs a new start for another."""
        for viewer in tuple(self._viewers):
            if self._begin is not None:
                viewer.end()
                self._viewers.discard(viewer)
            else:
                viewer.begin(begin, [])
        self._begin, self._group = begin, []

    def _grown(self, fragment: Fragment) -> None:
        if fragment.is_key:
            self._group = []
        if len(self._group) < GROUP_FRAGMENTS:
            self._group.append(fragment)
        for viewer in self._viewers:
            viewer.offer(fragment)

    def _finished(self, error: ConsoleError | None) -> None:
        self.ended = True
        for viewer in self._viewers:
            viewer.end(error)

    def _post(self, act: Callable[..., None], *values: object) -> None:
        """Hand something to the loop; a loop that has closed meanwhile wants nothing more."""
        try:
            self._loop.call_soon_threadsafe(act, *values)
        except RuntimeError:
            self._halted.set()

    # ---- on the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        error: ConsoleError | None = None
        try:
            self._follow()
        except ConsoleError as told:
            error = told
            _log.warning("live view of %s ends: %s", self.camera_id, told.sentence("en"))
        except Exception as broken:
            # Whatever went wrong, even in what says which masks there are: the picture ends and it is told.
            error = LiveBroken(camera_id=self.camera_id, why=type(broken).__name__)
            _log.exception("live view of %s ends", self.camera_id)
        finally:
            self._stream.close()
            self._post(self._finished, error)

    def _follow(self) -> None:
        tail = self._ring.follow(self.camera_id)
        try:
            while not self._halted.is_set():
                batch = tail.read()
                if made := self._take(batch):
                    self._post(self._made, made)
                if not batch:
                    self._halted.wait(_POLL_S)
        finally:
            tail.close()

    def _take(self, batch: list[Taken]) -> list[Made]:
        return [made for taken in batch for made in self._stream.take(taken)]
