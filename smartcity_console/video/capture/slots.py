"""Shared memory through which decoder workers hand pictures to the console.

One anonymous file (memfd) holds everything: nothing has a name, so nothing can leak, whoever is killed. Each tile has a
header and three buffers. The worker writes into the buffer after the newest one, so a reader has two frame intervals to
copy; it then looks at the buffer's sequence number again and copies anew if it changed. A torn picture is thus never
returned. There is one writer a tile at a time: a worker is dead and reaped before its tile goes to another.
"""

from __future__ import annotations

import mmap
import os
import threading
from multiprocessing import reduction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.video.capture.source import Frame, Size

MAX_SIZE: Size = (2560, 1440)
_BUFFERS = 3
_BUFFER_BYTES = -(-MAX_SIZE[0] * MAX_SIZE[1] * 4 // mmap.PAGESIZE) * mmap.PAGESIZE
_TILE_BYTES = _BUFFER_BYTES * _BUFFERS

_BUFFER = np.dtype(
    [
        ("seq", "i8"),  # 0 while it is being written
        ("generation", "i8"),
        ("width", "i8"),
        ("height", "i8"),
        ("number", "i8"),
        ("captured_s", "f8"),
        ("media_s", "f8"),
        ("damaged", "i8"),
    ]
)
_TILE = np.dtype(
    [
        ("newest", "i8"),  # index of the newest buffer
        ("seq", "i8"),  # of the newest picture
        ("taken", "i8"),  # newest sequence the console took; written by the console
        ("overwritten", "i8"),  # pictures that nobody had taken when the next one came
        ("skipped", "i8"),  # late frames decoded without conversion
        ("decoded", "i8"),
        ("fps", "f8"),
        ("easing", "i8"),  # how much the decoder is spared
        ("damaged", "i8"),  # the last decoded frame was
        ("phase", "i8"),
        ("phase_since_s", "f8"),
        ("buffers", _BUFFER, _BUFFERS),
    ]
)
_WORKER = np.dtype([("beat_s", "f8"), ("cpu_s", "f8")])
_fence_lock = threading.Lock()


def _fence() -> None:
    """Order memory accesses around it: taking and giving back a lock is a barrier on every processor we run on."""
    with _fence_lock:
        pass


class Arena:
    """The shared memory of one wall: `tiles` and `workers` are structured arrays over it, pixels follow."""

    def __init__(self, fd: int, tiles: int, workers: int) -> None:
        header = tiles * _TILE.itemsize + workers * _WORKER.itemsize
        self._pixels_at = -(-header // mmap.PAGESIZE) * mmap.PAGESIZE
        self._fd = fd
        length = self._pixels_at + tiles * _TILE_BYTES
        if os.fstat(fd).st_size < length:
            os.ftruncate(fd, length)  # sparse: only touched pages cost memory
        self._map = mmap.mmap(fd, length)
        self.tiles: NDArray[Any] = np.frombuffer(self._map, _TILE, tiles)
        self.workers: NDArray[Any] = np.frombuffer(self._map, _WORKER, workers, tiles * _TILE.itemsize)

    @classmethod
    def create(cls, tiles: int, workers: int) -> Arena:
        """Return a new arena in anonymous memory, close-on-exec."""
        return cls(os.memfd_create("smartcity-wall"), tiles, workers)

    def __reduce__(self) -> tuple[Any, ...]:
        """Hand the file itself to a process that is being spawned."""
        return _attached, (reduction.DupFd(self._fd), len(self.tiles), len(self.workers))

    def pixels(self, tile: int, buffer: int, size: Size) -> NDArray[np.uint8]:
        """Return a view of one buffer as uint8 (height, width, 4)."""
        width, height = size
        offset = self._pixels_at + tile * _TILE_BYTES + buffer * _BUFFER_BYTES
        return np.frombuffer(self._map, np.uint8, width * height * 4, offset).reshape(height, width, 4)

    def forget_pixels(self, tile: int) -> None:
        """Give a tile's memory back to the system; the pictures are gone."""
        self._map.madvise(mmap.MADV_REMOVE, self._pixels_at + tile * _TILE_BYTES, _TILE_BYTES)

    def close(self) -> None:
        """Drop the mapping's file; the memory goes when the last view of it does."""
        os.close(self._fd)


def _attached(handed: Any, tiles: int, workers: int) -> Arena:
    return Arena(handed.detach(), tiles, workers)


class SlotWriter:
    """Writes one tile's pictures for one generation. Used by one thread; `size` must lie within MAX_SIZE."""

    def __init__(self, arena: Arena, tile: int, generation: int) -> None:
        self._arena = arena
        self._tile = tile
        self._generation = generation
        self._head = arena.tiles[tile]

    def begin(self, size: Size) -> NDArray[np.uint8]:
        """Return the buffer to fill, uint8 (height, width, 4)."""
        self._buffer = (int(self._head["newest"]) + 1) % _BUFFERS
        self._size = size
        self._head["buffers"][self._buffer]["seq"] = 0
        _fence()
        return self._arena.pixels(self._tile, self._buffer, size)

    def publish(self, captured_s: float, number: int, media_s: float, *, damaged: bool = False) -> None:
        """Make the filled buffer the newest picture; count the one before as overwritten if nobody took it."""
        head, seq = self._head, int(self._head["seq"]) + 1
        about = head["buffers"][self._buffer]
        about["generation"], about["width"], about["height"] = self._generation, *self._size
        about["number"], about["captured_s"], about["media_s"] = number, captured_s, media_s
        about["damaged"] = damaged
        if seq - 1 > int(head["taken"]):
            head["overwritten"] += 1
        _fence()
        about["seq"] = seq
        head["seq"] = seq
        head["newest"] = self._buffer


class SlotReader:
    """Takes one tile's newest picture. Used by one thread at a time."""

    TRIES = 4

    def __init__(self, arena: Arena, tile: int) -> None:
        self._arena = arena
        self._tile = tile
        self._head = arena.tiles[tile]

    def newest(self, generation: int, after_seq: int = 0) -> Frame | None:
        """Return a copy of the newest picture of this generation that is newer than `after_seq`, or None."""
        for _ in range(self.TRIES):
            buffer = int(self._head["newest"])
            about = self._head["buffers"][buffer].copy()
            if about["seq"] == 0:
                continue  # lapped: the writer has gone round and is filling it again
            if about["generation"] != generation or about["seq"] <= after_seq:
                return None
            _fence()
            pixels = self._arena.pixels(self._tile, buffer, (int(about["width"]), int(about["height"]))).copy()
            _fence()
            if self._head["buffers"][buffer]["seq"] == about["seq"]:
                return self._taken(pixels, about)
        return None

    def captured_s(self, generation: int) -> float | None:
        """Return when the newest picture of this generation was captured (CLOCK_MONOTONIC), without copying it."""
        for _ in range(self.TRIES):
            about = self._head["buffers"][int(self._head["newest"])].copy()
            if about["seq"]:
                return float(about["captured_s"]) if about["generation"] == generation else None
        return None

    def _taken(self, pixels: NDArray[np.uint8], about: Any) -> Frame:
        self._head["taken"] = about["seq"]
        return Frame(
            pixels,
            int(about["seq"]),
            float(about["captured_s"]),
            int(about["number"]),
            float(about["media_s"]),
            bool(about["damaged"]),
        )
