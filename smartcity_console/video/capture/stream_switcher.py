"""Looks at the tiles whose cameras have two streams, and at how busy the decoders are, and says who should switch."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence

from smartcity_console.video.capture.adaptive import Candidate, LoadMeter, StreamChooser
from smartcity_console.video.capture.slots import Arena
from smartcity_console.video.capture.source import StreamRole
from smartcity_console.video.capture.tile import Tile
from smartcity_console.video.capture.worker_process import WorkerProcess


class StreamSwitcher:
    """Used by the supervisor's thread. `focused` is the tile somebody looks at."""

    def __init__(self, arena: Arena, tiles: list[Tile], lock: threading.Lock) -> None:
        self.focused: int | None = None
        self._arena = arena
        self._tiles = tiles
        self._lock = lock
        self._chooser = StreamChooser()
        self._load = LoadMeter(len(os.sched_getaffinity(0)))
        self._generations: dict[int, int] = {}

    def wanted(self, workers: Sequence[WorkerProcess], now_s: float) -> list[tuple[Tile, StreamRole]]:
        """Return the running tiles that should switch, and to what. Tiles that are yet to be opened are set to it."""
        self._note_load(workers, now_s)
        with self._lock:
            tiles = [tile for tile in self._tiles if tile.source is not None and tile.source.sub_address]
            self._forget_others(tiles)
            roles = self._chooser.choose([self._candidate(tile) for tile in tiles], self._load.load, now_s)
            for tile in tiles:
                if not tile.running:
                    tile.role = roles[tile.number]
            return [
                (tile, roles[tile.number])
                for tile in tiles
                if tile.role is not roles[tile.number] and tile.may_switch(now_s)
            ]

    @property
    def used(self) -> float | None:
        """The workers' share of the processors, 0 to 1; None when not known."""
        return self._load.used

    def _note_load(self, workers: Sequence[WorkerProcess], now_s: float) -> None:
        used = {worker.number: cpu_s for worker in workers if (cpu_s := worker.cpu_s()) is not None}
        eased = any(self._arena.tiles[number].easing for worker in workers for number in tuple(worker.tiles))
        self._load.note(now_s, used, eased=eased)

    def _forget_others(self, tiles: Sequence[Tile]) -> None:
        """A tile that shows another camera begins anew."""
        generations = {tile.number: tile.generation for tile in tiles}
        for number, generation in self._generations.items():
            if generations.get(number) != generation:
                self._chooser.forget(number)
        self._generations = generations

    def _candidate(self, tile: Tile) -> Candidate:
        return Candidate(tile.number, tile.size_px[1], tile.number == self.focused)
