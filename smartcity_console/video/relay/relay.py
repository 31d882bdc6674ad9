"""Live views out of the ring: one remux per camera however many watch, nothing blocking on the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.video.relay.hub import CameraHub
from smartcity_console.video.relay.stream import CameraStream, Converters, Masked
from smartcity_console.video.relay.viewer import Begin, Viewer
from smartcity_console.video.ring.reader import RingReader

MOST_CONVERTERS = 4


class LiveRelay:
    """Streams cameras to viewers. Belongs to one event loop; `close` joins every thread."""

    def __init__(
        self,
        ring: RingReader,
        clock: Clock | None = None,
        *,
        masked: Masked | None = None,
        most_converters: int = MOST_CONVERTERS,
    ) -> None:
        self._root = ring.root
        self._clock = clock or SystemClock()
        self._masked: Masked = masked or (lambda _: None)
        self._converters = Converters(most_converters)
        self._hubs: dict[tuple[str, str], CameraHub] = {}
        self._closed = False
        self.dropped = 0

    @property
    def active(self) -> list[str]:
        """Return the ids of the cameras that somebody watches."""
        return sorted({camera_id for camera_id, _ in self._hubs})

    @property
    def converting(self) -> int:
        """Return how many streams are being encoded anew."""
        return self._converters.running

    def stream(self, camera_id: str, *, codec: str = "") -> LiveStream:
        """Return a stream that yields the MIME type with codecs, then the init segment, then fragments of about a
        quarter second, each beginning with the time at which its last picture was received.

        Begins with the group of pictures at hand, or waits for the camera's first fresh keyframe. Ends when the
        picture format changes (connect again) or the relay is closed. `codec` "h264" asks for a conversion where the
        camera sends another. Iterating raises NotPlayable, ConvertersBusy or LiveBroken.
        """
        return LiveStream(self, camera_id, codec)

    async def close(self) -> None:
        """End all streams and wait for their threads."""
        self._closed = True
        hubs, self._hubs = list(self._hubs.values()), {}
        await asyncio.gather(*(hub.close() for hub in hubs))

    def hub(self, camera_id: str, codec: str) -> CameraHub | None:
        """Return the hub that all viewers of a camera share; None when the relay is closed."""
        if self._closed:
            return None
        key = (camera_id, codec)
        hub = self._hubs.get(key)
        if hub is None or hub.ended:
            stream = CameraStream(camera_id, codec, self._clock, self._masked, self._converters)
            hub = self._hubs[key] = CameraHub(self._root, camera_id, stream)
        return hub

    async def let_go(self, hub: CameraHub) -> None:
        """End a hub that nobody watches any more."""
        if hub.viewers:
            return
        for key in [key for key, held in self._hubs.items() if held is hub]:
            del self._hubs[key]
        await hub.close()


class LiveStream:
    """One viewer's stream. Joins the camera's hub with its first item; `aclose` leaves it."""

    def __init__(self, relay: LiveRelay, camera_id: str, codec: str) -> None:
        self._relay, self._camera_id, self._codec = relay, camera_id, codec
        self._hub: CameraHub | None = None
        self._viewer: Viewer | None = None
        self._ready: deque[bytes] = deque()
        self._over = False

    @property
    def dropped(self) -> int:
        """Return how many fragments this viewer was too slow for."""
        return self._viewer.dropped if self._viewer else 0

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        return self

    async def __anext__(self) -> str | bytes:
        if self._ready:
            return self._ready.popleft()
        viewer = self._join()
        item = await viewer.take() if viewer else None
        if viewer is None or item is None:
            await self.aclose()
            if viewer is not None and viewer.error is not None:
                raise viewer.error
            raise StopAsyncIteration
        if isinstance(item, Begin):
            self._ready.append(item.init)
            return item.mime
        return item.data

    async def aclose(self) -> None:
        """Leave; the last one ends the camera's thread."""
        self._over = True
        hub, self._hub = self._hub, None
        if hub is None or self._viewer is None:
            return
        self._relay.dropped += self._viewer.dropped
        hub.leave(self._viewer)
        await self._relay.let_go(hub)

    def _join(self) -> Viewer | None:
        if self._over:
            return None
        if self._hub is None:
            self._hub = self._relay.hub(self._camera_id, self._codec)
            self._viewer = self._hub.join() if self._hub else None
        return self._viewer
