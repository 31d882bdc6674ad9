"""The thread that starts decoder workers, hands them their feeds, and replaces one that crashed or hangs."""

from __future__ import annotations

import logging
import os
import random
import threading
from multiprocessing.connection import wait

from smartcity_console.clock import Clock
from smartcity_console.video.capture.messages import Hide, Limits, Lost, Opened, Report, Resize, Stop
from smartcity_console.video.capture.retry import ReconnectGate
from smartcity_console.video.capture.shared_easing import SharedEasing
from smartcity_console.video.capture.slots import Arena
from smartcity_console.video.capture.source import Easing, Reason
from smartcity_console.video.capture.stream_switcher import StreamSwitcher
from smartcity_console.video.capture.tile import Tile
from smartcity_console.video.capture.worker_process import SILENT_S, STUCK_S, WorkerProcess

_log = logging.getLogger(__name__)
_TICK_S = 0.2
_PAUSED_S = 2.0  # a longer gap between two ticks: we stood still ourselves, so the workers' clocks say nothing
_CALM_S = 60.0
_LONGEST_RESTART_S = 15.0


class Supervisor(threading.Thread):
    """Owns the workers. Shares `tiles` with the pool under `lock`; no call into a process is made while holding it.

    The last worker is the ward: it runs only while there are suspects (feeds under which workers crash) and hosts nothing
    else, so that a stream that crashes decoders cannot take the others down with it again and again.
    """

    def __init__(
        self,
        arena: Arena,
        tiles: list[Tile],
        lock: threading.Lock,
        limits: Limits,
        clock: Clock,
        chance: random.Random,
    ) -> None:
        super().__init__(name="wall-supervisor", daemon=True)
        self.restarts = 0
        self._arena = arena
        self._tiles = tiles
        self._lock = lock
        self._limits = limits
        self._clock = clock
        self._chance = chance
        self._gate = ReconnectGate()
        self._streams = StreamSwitcher(arena, tiles, lock)
        self._easing = SharedEasing()
        self._workers: list[WorkerProcess | None] = [None] * len(arena.workers)
        self._ward = len(arena.workers) - 1
        self._restart_s = [float("-inf")] * len(arena.workers)  # not before
        self._crashes_s: list[list[float]] = [[] for _ in arena.workers]
        self._ending = threading.Event()
        self._waking = threading.Lock()
        self._ended = False
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._ticked_s = clock.monotonic_s()
        self._grace_until_s = float("-inf")

    def wake(self) -> None:
        """Have the thread look at the tiles now."""
        with self._waking:
            if self._ended:
                return
            try:
                os.write(self._wake, b"!")
            except BlockingIOError:
                return  # it is awake already, many times over

    def pids(self) -> list[int]:
        return [pid for worker in list(self._workers) if worker and (pid := worker.pid)]

    def stop(self) -> bool:
        """End workers and thread and wait for both; return False if that was done before."""
        if self._ending.is_set():
            return False
        self._ending.set()
        self.wake()
        if self.ident is not None:
            self.join()
        with self._waking:
            self._ended = True
            os.close(self._woken)
            os.close(self._wake)
        return True

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                self._tick()
                self._sleep()
        finally:
            self._stop_workers()

    def _stop_workers(self) -> None:
        running = [worker for worker in self._workers if worker is not None]
        for worker in running:
            worker.send(Stop())  # to all before waiting for one
        for worker in running:
            worker.stop()

    def _sleep(self) -> None:
        things: list[object] = [self._woken]
        for worker in filter(None, self._workers):
            things += [worker.pipe, worker.sentinel]
        if self._woken in wait(things, _TICK_S):  # type: ignore[arg-type]
            os.read(self._woken, 4096)

    def _tick(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._ticked_s > _PAUSED_S:
            self._grace_until_s = now_s + STUCK_S
        self._ticked_s = now_s
        self._hear(now_s)
        self._replace_lost(now_s)
        self._start_missing(now_s)
        self._hide_unwanted()
        self._resize()
        self._switch_streams(now_s)
        self._ease_together(now_s)
        self._open_due(now_s)

    # ---- workers ---------------------------------------------------------------------------------------------------

    def _hear(self, now_s: float) -> None:
        for worker in filter(None, self._workers):
            for report in worker.reports():
                self._note(worker, report, now_s)

    def _note(self, worker: WorkerProcess, report: Report, now_s: float) -> None:
        with self._lock:
            tile = self._tiles[report.tile]
            if not tile.running:
                return
            if report.run == tile.coming_run:
                tile.switched(report.codec) if isinstance(report, Opened) else tile.not_switched(now_s)
                return
            if report.run != tile.run:
                return
            match report:
                case Opened(codec=codec):
                    tile.opened(codec, now_s)
                case Lost(reason=reason, detail=detail, codec=codec):
                    tile.lost(reason, detail, codec, now_s, self._chance)
                    worker.tiles.discard(tile.number)

    def _replace_lost(self, now_s: float) -> None:
        for worker in filter(None, self._workers):
            if not worker.alive():
                _log.info("decoder worker %d ended with exit code %s", worker.number, worker.exit_code)
                self._retire(worker, None, now_s)
            elif now_s >= self._grace_until_s:
                self._check_progress(worker, now_s)

    def _check_progress(self, worker: WorkerProcess, now_s: float) -> None:
        stuck = worker.stuck_tiles(now_s)
        if stuck or worker.silent_s(now_s) > SILENT_S:
            _log.info("decoder worker %d hangs (tiles %s) and is replaced", worker.number, stuck or "all")
            self._retire(worker, set(stuck), now_s)

    def _retire(self, worker: WorkerProcess, stuck: set[int] | None, now_s: float) -> None:
        """Reap a worker that hung (with its stuck feeds) or crashed (None); the blameless start again at once."""
        worker.kill()
        self._workers[worker.number] = None
        self.restarts += 1
        self._restart_s[worker.number] = now_s + self._restart_wait_s(worker.number, now_s)
        with self._lock:
            for tile in (self._tiles[number] for number in worker.tiles):
                if not tile.running or tile.worker != worker.number:
                    continue
                if stuck is None:
                    tile.crashed(now_s, self._chance)
                elif tile.number in stuck:
                    tile.lost(Reason.WORKER_LOST, "", "", now_s, self._chance)
                else:
                    tile.again_now(now_s)

    def _restart_wait_s(self, number: int, now_s: float) -> float:
        """Return 0 for the first crash in a minute, then 1, 2, 4 … 15 s: a bad stream makes no storm of forks."""
        crashes = [at_s for at_s in self._crashes_s[number] if now_s - at_s < _CALM_S]
        self._crashes_s[number] = [*crashes, now_s]
        return min(_LONGEST_RESTART_S, 2.0 ** (len(crashes) - 1)) if crashes else 0.0

    def _start_missing(self, now_s: float) -> None:
        for number, worker in enumerate(self._workers):
            wanted = number != self._ward or self._has_suspects()
            if worker is None and wanted and now_s >= self._restart_s[number]:
                self._start_worker(number, now_s)
            elif worker is not None and not wanted and not worker.tiles:
                worker.kill()
                self._workers[number] = None

    def _has_suspects(self) -> bool:
        with self._lock:
            return any(tile.suspect for tile in self._tiles)

    def _start_worker(self, number: int, now_s: float) -> None:
        try:
            self._workers[number] = WorkerProcess(number, self._arena, self._limits, now_s)
        except OSError as error:  # out of processes or memory: the wall says so tile by tile, and it is tried again
            _log.error("decoder worker %d cannot be started: %s", number, error.strerror)
            self._restart_s[number] = now_s + max(1.0, self._restart_wait_s(number, now_s))

    # ---- feeds -----------------------------------------------------------------------------------------------------

    def _hide_unwanted(self) -> None:
        """Take from the workers what their tiles no longer show."""
        for worker in filter(None, self._workers):
            for number in tuple(worker.tiles):
                with self._lock:
                    tile = self._tiles[number]
                    unwanted, idle = not tile.running or tile.worker != worker.number, tile.source is None
                if unwanted and worker.send(Hide(number)):
                    worker.tiles.discard(number)
                    if idle:
                        self._arena.forget_pixels(number)

    def _resize(self) -> None:
        with self._lock:
            wanted = [t for t in self._tiles if t.running and t.sent_size_px != t.size_px]
        for tile in wanted:
            worker = self._workers[tile.worker] if tile.worker is not None else None
            size_px = tile.size_px
            if worker and worker.send(Resize(tile.number, size_px)):
                tile.sent_size_px = size_px

    def _switch_streams(self, now_s: float) -> None:
        """Have tiles take the other stream of their camera, where that is called for."""
        for tile, role in self._streams.wanted([w for w in self._workers if w is not None], now_s):
            worker = self._workers[tile.worker] if tile.worker is not None else None
            if worker is None:
                continue
            with self._lock:
                order = tile.switch(role)
            if not worker.send(order):
                tile.not_switched(now_s)

    def _ease_together(self, now_s: float) -> None:
        """Have every feed spared as a good part of them has to be; not the one that somebody looks at."""
        with self._lock:
            live = [
                tile.number for tile in self._tiles if tile.running and tile.opened_s is not None and not tile.is_replay
            ]
        least = self._easing.step([self._arena.tiles[n].wanted_easing for n in live], self._streams.used, now_s)
        for number, head in enumerate(self._arena.tiles):
            head.least_easing = Easing.NONE if number == self._streams.focused else least

    def focus(self, tile: int | None) -> None:
        """Tell which tile somebody looks at: its stream never gives way."""
        self._streams.focused = tile

    def _open_due(self, now_s: float) -> None:
        with self._lock:
            due = [t for t in self._tiles if t.due_s is not None and t.due_s <= now_s]
        for tile in sorted(due, key=lambda t: t.due_s or 0.0):
            worker = self._host(tile)
            if worker is not None and self._may_open(tile, now_s):
                self._open(tile, worker, now_s)

    def _may_open(self, tile: Tile, now_s: float) -> bool:
        """First tries and local files go at once; reconnects to cameras pass the gate."""
        return tile.attempt == 0 or tile.is_replay or self._gate.passes(now_s)

    def _open(self, tile: Tile, worker: WorkerProcess, now_s: float) -> None:
        with self._lock:
            if tile.source is None:
                return  # hidden since
            order = tile.order(worker.number)
        if worker.send(order):
            worker.tiles.add(tile.number)
            return
        with self._lock:
            tile.due_s, tile.running = now_s + 1.0, False

    def _host(self, tile: Tile) -> WorkerProcess | None:
        """Return the worker that may still write this tile's pictures, else the least busy one; suspects: the ward."""
        if tile.suspect:
            return self._workers[self._ward]
        return (self._workers[tile.worker] if tile.worker is not None else None) or self._quietest()

    def _quietest(self) -> WorkerProcess | None:
        """Return the worker with the fewest feeds; one that hangs without having been found out counts as full."""
        running = [w for w in self._workers[: self._ward] if w is not None]
        return min(running, key=lambda w: (w.silent_s(self._clock.monotonic_s()) > 1.0, len(w.tiles)), default=None)
