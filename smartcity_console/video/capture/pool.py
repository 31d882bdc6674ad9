"""The wall's decoders as the console sees them: say what a tile shows, take its newest picture, ask how it stands."""

from __future__ import annotations

import os
import random
import threading

from smartcity_console.clock import Clock
from smartcity_console.video.capture.messages import Decoder, Limits
from smartcity_console.video.capture.slots import Arena, SlotReader
from smartcity_console.video.capture.source import Frame, Size, TileSource, TileStatus
from smartcity_console.video.capture.supervisor import Supervisor
from smartcity_console.video.capture.tile import Tile

MAX_TILES = 25


class DecoderPool:
    """Decoder worker processes behind a wall of up to `tiles` tiles.

    Every method but `stop` returns at once and may be called from the Qt thread; `stop` waits a few seconds at most.
    """

    def __init__(
        self,
        workers: int,
        clock: Clock,
        *,
        tiles: int = MAX_TILES,
        open_timeout_ms: int = 5000,
        read_timeout_ms: int = 6000,
        stale_ms: int = 1500,
        decoder: str = Decoder.AUTO,
        chance: random.Random | None = None,
    ) -> None:
        self.clock = clock
        self._stale_s = stale_ms / 1000
        self._lock = threading.Lock()
        self._arena = Arena.create(tiles, workers + 1)  # one more, started only for suspects
        self._tiles = [Tile(number) for number in range(tiles)]
        self._readers = [SlotReader(self._arena, number) for number in range(tiles)]
        limits = Limits(open_timeout_ms, read_timeout_ms, decoder=Decoder(decoder))
        self._supervisor = Supervisor(self._arena, self._tiles, self._lock, limits, clock, chance or random.Random())

    def start(self) -> None:
        """Start the supervisor, which starts the workers."""
        self._supervisor.start()

    def show(self, tile: int, source: TileSource | None, size_px: Size) -> None:
        """Show a source on a tile at this many pixels, or nothing (None), which costs nothing."""
        with self._lock:
            changed = self._tiles[tile].want(source, size_px, self.clock.monotonic_s())
        if changed:
            self._supervisor.wake()

    def focus(self, tile: int | None) -> None:
        """Say which tile somebody looks at (selected, maximised): under load it never gives way to the small stream."""
        self._supervisor.focus(tile)

    def frame(self, tile: int, after_seq: int = 0) -> Frame | None:
        """Return a copy of the tile's newest picture if it is newer than `after_seq`, else None."""
        return self._readers[tile].newest(self._tiles[tile].generation, after_seq)

    def hold(self, tile: int, after_seq: int = 0) -> Frame | None:
        """As `frame`, but the pixels are the decoder's own memory, uncopied: good until the tile's next call of `hold`.

        For the one who paints the tile; who keeps a picture longer takes `Frame.copied`.
        """
        return self._readers[tile].hold(self._tiles[tile].generation, after_seq)

    def status(self, tile: int) -> TileStatus:
        """Return how the tile stands."""
        with self._lock:
            wanted = self._tiles[tile]
            captured_s = self._readers[tile].captured_s(wanted.generation)
            head = self._arena.tiles[tile]
            return wanted.status(head, captured_s, self.clock.monotonic_s(), self._stale_s)

    def worker_pids(self) -> list[int]:
        """Return the process ids of the workers that run now, for `doctor` and for measuring."""
        return self._supervisor.pids()

    def decoded(self) -> list[int]:
        """Return how many frames have been decoded for each tile that shows something, for measuring."""
        return [int(self._arena.tiles[tile.number].decoded) for tile in self._tiles if tile.source is not None]

    @property
    def restarts(self) -> int:
        """How many workers had to be replaced since the start."""
        return self._supervisor.restarts

    def stop(self) -> None:
        """Stop workers and supervisor and give the shared memory back. Safe to call twice."""
        if self._supervisor.stop():
            self._arena.close()


def default_workers() -> int:
    """Return one worker per core, at most four."""
    return max(1, min(4, os.cpu_count() or 1))
