"""Shared memory through which decoder workers hand pictures to the console.

One anonymous file (memfd) holds everything: nothing has a name, so nothing can leak, whoever is killed. Each tile has a
header and three buffers: the newest picture, the one the console has taken hold of, and one to write into. So a picture
is scaled straight into the memory it is painted from. Writer and reader each announce a buffer first and look at the
other's announcement after a barrier; whoever sees the other there goes elsewhere. A picture that is held is never
written to, and a torn one is never returned. There is one writer a tile at a time: a worker is dead and reaped before
its tile goes to another.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import threading
from multiprocessing import reduction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.video.capture.capture import Canvas
from smartcity_console.video.capture.source import Frame, Size

MAX_SIZE: Size = (2560, 1440)
_BUFFERS = 3
_ROW_BYTES = 64  # rows begin at multiples: what scales and copies them is quickest there
_PAST_BYTES = 64  # what scales may write a little past the last row
_BUFFER_BYTES = -(-(MAX_SIZE[0] * MAX_SIZE[1] * 4 + _PAST_BYTES) // mmap.PAGESIZE) * mmap.PAGESIZE
_TILE_BYTES = _BUFFER_BYTES * _BUFFERS


class BufferHead(ctypes.Structure):
    """What is known of the picture in one buffer. `seq` is 0 while it is being written."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("seq", "generation", "width", "height", "number")),
        ("captured_s", ctypes.c_double),
        ("media_s", ctypes.c_double),
        ("damaged", ctypes.c_int64),
    )
    seq: int
    generation: int
    width: int
    height: int
    number: int
    captured_s: float
    media_s: float
    damaged: int


class TileHead(ctypes.Structure):
    """What worker and console tell each other of one tile."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("newest", "seq", "taken", "held", "overwritten", "skipped", "decoded")),
        ("fps", ctypes.c_double),
        *((name, ctypes.c_int64) for name in ("easing", "wanted_easing", "least_easing", "damaged", "phase")),
        ("phase_since_s", ctypes.c_double),
        ("buffers", BufferHead * _BUFFERS),
    )
    newest: int  # index of the newest buffer
    seq: int  # of the newest picture
    taken: int  # newest sequence the console took; written by the console
    held: int  # index of the buffer the console paints from, plus one; 0: none; written by the console
    overwritten: int  # pictures that nobody had taken when the next one came
    skipped: int  # late frames decoded without conversion
    decoded: int
    fps: float
    easing: int  # how much the decoder is spared
    wanted_easing: int  # how much its own lag calls for
    least_easing: int  # how much all are spared; written by the console
    damaged: int  # the last decoded frame was
    phase: int
    phase_since_s: float
    buffers: ctypes.Array[BufferHead]


class WorkerHead(ctypes.Structure):
    """A worker's heartbeat and the processor time it has used."""

    _fields_ = (("beat_s", ctypes.c_double), ("cpu_s", ctypes.c_double))
    beat_s: float
    cpu_s: float


_fence_lock = threading.Lock()


def _fence() -> None:
    """Order memory accesses around it: taking and giving back a lock is a barrier on every processor we run on."""
    with _fence_lock:
        pass


class Arena:
    """The shared memory of one wall: `tiles` and `workers` are structures in it, pixels follow."""

    def __init__(self, fd: int, tiles: int, workers: int) -> None:
        heads = tiles * ctypes.sizeof(TileHead)
        header = heads + workers * ctypes.sizeof(WorkerHead)
        self._pixels_at = -(-header // mmap.PAGESIZE) * mmap.PAGESIZE
        self._fd = fd
        length = self._pixels_at + tiles * _TILE_BYTES
        if os.fstat(fd).st_size < length:
            os.ftruncate(fd, length)  # sparse: only touched pages cost memory
        self._map = mmap.mmap(fd, length)
        self.tiles: list[TileHead] = list((TileHead * tiles).from_buffer(self._map))
        self.workers: list[WorkerHead] = list((WorkerHead * workers).from_buffer(self._map, heads))
        self._address = ctypes.addressof(self.tiles[0])

    @classmethod
    def create(cls, tiles: int, workers: int) -> Arena:
        """Return a new arena in anonymous memory, close-on-exec."""
        return cls(os.memfd_create("smartcity-wall"), tiles, workers)

    def __reduce__(self) -> tuple[Any, ...]:
        """Hand the file itself to a process that is being spawned."""
        return _attached, (reduction.DupFd(self._fd), len(self.tiles), len(self.workers))

    def canvas(self, tile: int, buffer: int, size: Size) -> Canvas:
        """Return one buffer as uint8 (height, width, 4), with its address and the bytes from row to row."""
        width, height = size
        offset = self._pixels_at + tile * _TILE_BYTES + buffer * _BUFFER_BYTES
        stride = -(-width * 4 // _ROW_BYTES) * _ROW_BYTES
        rows = np.frombuffer(self._map, np.uint8, stride * height, offset).reshape(height, stride)
        pixels = (
            rows[:, : width * 4].reshape(height, width, 4) if stride > width * 4 else rows.reshape(height, width, 4)
        )
        return Canvas(pixels, self._address + offset, stride)

    def forget_pixels(self, tile: int) -> None:
        """Give a tile's memory back to the system; the pictures are gone."""
        self._map.madvise(mmap.MADV_REMOVE, self._pixels_at + tile * _TILE_BYTES, _TILE_BYTES)

    def close(self) -> None:
        """Drop the mapping's file; the memory goes when the last view of it does."""
        os.close(self._fd)


def _attached(handed: Any, tiles: int, workers: int) -> Arena:
    return Arena(handed.detach(), tiles, workers)


class _Canvases:
    """The views of one tile's buffers, kept while their sizes stay the same: making one costs as much as finding ten."""

    def __init__(self, arena: Arena, tile: int) -> None:
        self._arena, self._tile = arena, tile
        self._kept: list[tuple[Size, Canvas] | None] = [None] * _BUFFERS

    def of(self, buffer: int, size: Size) -> Canvas:
        kept = self._kept[buffer]
        if kept is None or kept[0] != size:
            kept = self._kept[buffer] = (size, self._arena.canvas(self._tile, buffer, size))
        return kept[1]


class SlotWriter:
    """Writes one tile's pictures for one generation. Used by one thread; `size` must lie within MAX_SIZE."""

    TRIES = 64

    def __init__(self, arena: Arena, tile: int, generation: int) -> None:
        self._generation = generation
        self._head = arena.tiles[tile]
        self._abouts = list(self._head.buffers)
        self._canvases = _Canvases(arena, tile)

    def begin(self, size: Size) -> Canvas:
        """Return the buffer to fill: neither the newest nor the one the console holds."""
        self._buffer = self._free()
        self._size = size
        return self._canvases.of(self._buffer, size)

    def _free(self) -> int:
        """Announce and return a buffer. The console moves its hold to the newest picture only, so two looks do."""
        head = self._head
        buffer = head.newest
        for _ in range(self.TRIES):
            buffer = (buffer + 1) % _BUFFERS
            if buffer in (head.newest, head.held - 1):
                continue
            about = self._abouts[buffer]
            before, about.seq = about.seq, 0
            _fence()
            if head.held - 1 != buffer:
                return buffer
            about.seq = before  # the console took hold of it in this very moment
        raise RuntimeError("the console holds every buffer")

    def publish(self, captured_s: float, number: int, media_s: float, *, damaged: bool = False) -> None:
        """Make the filled buffer the newest picture; count the one before as overwritten if nobody took it."""
        head, about = self._head, self._abouts[self._buffer]
        before = head.seq
        about.generation = self._generation
        about.width, about.height = self._size
        about.number, about.captured_s, about.media_s = number, captured_s, media_s
        about.damaged = damaged
        if before > head.taken:
            head.overwritten += 1
        _fence()
        about.seq = head.seq = before + 1
        head.newest = self._buffer


class SlotReader:
    """Takes one tile's newest picture. Used by one thread at a time."""

    TRIES = 4

    def __init__(self, arena: Arena, tile: int) -> None:
        self._head = arena.tiles[tile]
        self._abouts = list(self._head.buffers)
        self._canvases = _Canvases(arena, tile)

    def newest(self, generation: int, after_seq: int = 0) -> Frame | None:
        """Return a copy of the newest picture of this generation that is newer than `after_seq`, or None."""
        for _ in range(self.TRIES):
            buffer = self._head.newest
            about = BufferHead.from_buffer_copy(self._abouts[buffer])
            if about.seq == 0:
                continue  # lapped: the writer has gone round and is filling it again
            if about.generation != generation or about.seq <= after_seq:
                return None
            _fence()
            pixels = self._canvases.of(buffer, (about.width, about.height)).pixels.copy()
            _fence()
            if self._abouts[buffer].seq == about.seq:
                return self._taken(pixels, about)
        return None

    def hold(self, generation: int, after_seq: int = 0) -> Frame | None:
        """As `newest`, but return the shared pixels themselves. They stay as they are until the next picture is held."""
        head = self._head
        for _ in range(self.TRIES):
            buffer = head.newest
            about = self._abouts[buffer]
            seq = about.seq
            if seq == 0:
                continue
            if about.generation != generation or seq <= after_seq:
                return None
            head.held = buffer + 1
            _fence()
            if about.seq == seq:
                return self._taken(self._canvases.of(buffer, (about.width, about.height)).pixels, about)
        return self.newest(generation, after_seq)  # what was held before may have been let go: give a copy instead

    def captured_s(self, generation: int) -> float | None:
        """Return when the newest picture of this generation was captured (CLOCK_MONOTONIC), without copying it."""
        for _ in range(self.TRIES):
            about = self._abouts[self._head.newest]
            seq, of, captured_s = about.seq, about.generation, about.captured_s
            if seq and about.seq == seq:
                return captured_s if of == generation else None
        return None

    def _taken(self, pixels: NDArray[np.uint8], about: BufferHead) -> Frame:
        self._head.taken = about.seq
        return Frame(pixels, about.seq, about.captured_s, about.number, about.media_s, damaged=bool(about.damaged))
