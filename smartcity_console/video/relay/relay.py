"""Live views out of the ring: one remux per camera however many watch, nothing blocking on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.video.relay.hub import Begin, CameraHub
from smartcity_console.video.ring.reader import RingReader


class LiveRelay:
    """Streams cameras to viewers. Belongs to one event loop; `close` joins every thread."""

    def __init__(self, ring: RingReader, clock: Clock | None = None) -> None:
        self._ring = ring
        self._clock = clock or SystemClock()
        self._hubs: dict[str, CameraHub] = {}
        self._closed = False
        self.dropped = 0

    @property
    def active(self) -> list[str]:
        """Return the ids of the cameras that somebody watches."""
        return sorted(self._hubs)

    async def stream(self, camera_id: str) -> AsyncGenerator[str | bytes, None]:
        """Yield the MIME type with codecs, then the init segment, then a fragment about four times a second.

        Begins with the group of pictures at hand, or waits for the camera's first fresh keyframe. Ends when the camera's
        picture format changes (connect again), when its codec cannot be played, or when the relay is closed.
        """
        if self._closed:
            return
        hub = self._hub(camera_id)
        viewer = hub.join()
        try:
            while (item := await viewer.queue.get()) is not None:
                if isinstance(item, Begin):
                    yield item.mime
                    yield item.init
                else:
                    yield item.data
        finally:
            self.dropped += viewer.dropped
            hub.leave(viewer)
            await self._let_go(hub)

    async def close(self) -> None:
        """End all streams and wait for their threads."""
        self._closed = True
        hubs, self._hubs = list(self._hubs.values()), {}
        await asyncio.gather(*(hub.close() for hub in hubs))

    def _hub(self, camera_id: str) -> CameraHub:
        hub = self._hubs.get(camera_id)
        if hub is None or hub.ended:
            hub = self._hubs[camera_id] = CameraHub(self._ring, camera_id, self._clock)
        return hub

    async def _let_go(self, hub: CameraHub) -> None:
        """End a hub that nobody watches any more."""
        if hub.viewers:
            return
        if self._hubs.get(hub.camera_id) is hub:
            del self._hubs[hub.camera_id]
        await hub.close()
