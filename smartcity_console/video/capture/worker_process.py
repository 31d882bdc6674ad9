"""The console's end of one decoder worker: its process, its pipe, and whether it still moves."""

from __future__ import annotations

import multiprocessing
import select
from multiprocessing.connection import Connection
from typing import Any

from smartcity_console.video.capture import worker
from smartcity_console.video.capture.messages import Command, Limits, Phase, Report, Stop
from smartcity_console.video.capture.slots import Arena

SILENT_S = 5.0  # without a heartbeat: the whole process stands still
STUCK_S = 8.0  # one feed in one call; its own time limit is shorter
BOOT_S = 30.0  # a first start on a cold disk imports numpy and OpenCV
REAP_S = 5.0
OPEN_S = 12.0  # dialling and looking at the stream have a limit each
QUEUED_S = 30.0  # several slow opens may be ahead
_LIMIT_S = {Phase.OPENING: OPEN_S, Phase.READING: STUCK_S, Phase.QUEUED: QUEUED_S}
_SPAWN = multiprocessing.get_context("spawn")


class WorkerProcess:
    """One process. Used by the supervisor's thread only."""

    def __init__(self, number: int, arena: Arena, limits: Limits, now_s: float) -> None:
        self.number = number
        self.tiles: set[int] = set()
        self._arena = arena
        self._started_s = now_s
        self._closed = False
        about = self._arena.workers[number]
        about.beat_s = about.cpu_s = 0.0
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _launch(number, theirs, arena, limits)
        theirs.close()

    def send(self, command: Command) -> bool:
        """Send a command unless the worker reads nothing any more; then return False at once."""
        poll = select.poll()
        poll.register(self.pipe.fileno(), select.POLLOUT)
        if not any(event & select.POLLOUT for _, event in poll.poll(0)):
            return False
        try:
            self.pipe.send(command)
        except OSError:
            return False
        return True

    def reports(self) -> list[Report]:
        """Return what the worker has said since the last call."""
        got: list[Report] = []
        try:
            while self.pipe.poll(0):
                got.append(self.pipe.recv())
        except (EOFError, OSError):
            return got  # it ended; the supervisor sees that by its sentinel
        return got

    @property
    def pid(self) -> int | None:
        return None if self._closed else int(self.process.pid)

    @property
    def sentinel(self) -> int:
        return int(self.process.sentinel)

    @property
    def exit_code(self) -> int | None:
        return None if self.process.exitcode is None else int(self.process.exitcode)

    def alive(self) -> bool:
        return bool(self.process.is_alive())

    def cpu_s(self) -> float | None:
        """Return the processor time it has used, as of its last heartbeat; None before its first."""
        about = self._arena.workers[self.number]
        return about.cpu_s if about.beat_s else None

    def silent_s(self, now_s: float) -> float:
        """Return for how long its main thread has not moved, less the time a start may take."""
        beat_s = self._arena.workers[self.number].beat_s
        return now_s - beat_s if beat_s else now_s - self._started_s - BOOT_S + SILENT_S

    def stuck_tiles(self, now_s: float) -> list[int]:
        """Return its tiles whose feed sits in one library call (or in the queue for one) beyond the limit."""
        return [tile for tile in self.tiles if self._over(tile, now_s)]

    def _over(self, tile: int, now_s: float) -> bool:
        head = self._arena.tiles[tile]
        limit_s = _LIMIT_S.get(Phase(head.phase))
        return limit_s is not None and now_s - head.phase_since_s > limit_s

    def kill(self) -> None:
        """End it at once, reap it and close the pipe; stopped (SIGSTOP) processes die as well."""
        self.process.kill()
        self.process.join(REAP_S)
        self._discard()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Ask it to end, wait, and kill it if it does not."""
        self.send(Stop())
        self.process.join(timeout_s)
        self.kill()

    def _discard(self) -> None:
        self.pipe.close()
        self._closed = True
        if not self.process.is_alive():  # else the kernel holds it (a dead disk): it is left to the kernel
            self.process.close()
        for tile in self.tiles:
            self._arena.tiles[tile].phase = Phase.IDLE


def _launch(number: int, theirs: Connection, arena: Arena, limits: Limits) -> Any:
    process = _SPAWN.Process(
        target=worker.main, args=(theirs, arena, number, limits), name=f"decoder-{number}", daemon=True
    )
    process.start()
    return process
