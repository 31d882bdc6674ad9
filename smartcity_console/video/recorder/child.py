"""The recorder's child process: a loop that pulls the cameras, a main thread that beats, obeys and keeps the ring's bounds."""

from __future__ import annotations

import logging
import os
import queue
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from smartcity_console.clock import SystemClock
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.settings import Settings, Value
from smartcity_console.video.recorder.backoff import ReconnectGate
from smartcity_console.video.recorder.lane import PullContext
from smartcity_console.video.recorder.loop import RtspLoop
from smartcity_console.video.recorder.messages import (
    Beat,
    CameraClock,
    CameraStatus,
    FromChild,
    Stop,
    Trouble,
    Update,
    decode_to_child,
    encode,
)
from smartcity_console.video.recorder.pull import CameraPull
from smartcity_console.video.recorder.rtsp_pull import RtspPull, is_ours
from smartcity_console.video.ring.keeper import RingKeeper, bounds_of
from smartcity_console.video.ring.syncer import Syncer
from smartcity_console.video.ring.writer import ReceiveClock

_log = logging.getLogger(__name__)
BEAT_S = 0.5
_TICK_S = 0.1
_KEEP_EVERY_S = 5.0
_QUEUE = 4096
_STOP_WAIT_S = 2.0


def run_child(root: Path, values: dict[str, Value], pipe: Connection, logins: Path | None = None) -> None:
    """Record until told to stop or until the supervisor is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
    child = _Child(root, Settings(values), pipe, logins)
    try:
        child.run()
    finally:
        child.end()
    # A thread may still be inside the library for seconds. Its packets are in the files already: nothing is buffered.
    os._exit(0)


class _Child:
    def __init__(self, root: Path, settings: Settings, pipe: Connection, logins: Path | None) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._clock = SystemClock()
        self._pipe = pipe
        self._outbox: queue.Queue[FromChild] = queue.Queue(_QUEUE)
        self._lost_statuses = 0
        self._pulls: dict[str, CameraPull | RtspPull] = {}
        self._for_library: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._abandoned = 0
        self._ended_packets = [0, 0, 0]
        self._keeper = RingKeeper(root, bounds_of(settings), self._trouble)
        self._stuck_after_s = 3 * (_open_s(settings) + _read_s(settings))
        self._kept_s = self._beaten_s = -_KEEP_EVERY_S
        self._context = PullContext(
            root=root,
            segment_s=settings.number("recorder.segment_s"),
            open_timeout_s=_open_s(settings),
            read_timeout_s=_read_s(settings),
            want_audio=settings.flag("recorder.audio"),
            clock=self._clock,
            receive=ReceiveClock(self._clock),
            keeper=self._keeper,
            gate=ReconnectGate(self._clock.monotonic_s),
            tell=self._tell,
            unsupported=self._for_library.put,
            logins=logins,
        )
        self._syncer = Syncer(root)
        self._loop = RtspLoop(self._context)

    def run(self) -> None:
        """Keep, tell, beat, obey; an order and a status wait for a tenth of a second at most."""
        try:
            while True:
                self._keep()
                self._replace_stuck()
                self._hand_to_library()
                self._send()
                if self._pipe.poll(_TICK_S) and not self._obey(decode_to_child(self._pipe.recv_bytes())):
                    return
        except (EOFError, BrokenPipeError, ConnectionResetError):
            _log.warning("the recorder's supervisor is gone: recording ends")

    def end(self) -> None:
        """Halt all cameras and give those that are not inside the library the time to close their segments."""
        threads = [pull for pull in self._pulls.values() if isinstance(pull, CameraPull)]
        for pull in threads:
            pull.halt()
        self._loop.close(_STOP_WAIT_S)
        end_s = self._clock.monotonic_s() + _STOP_WAIT_S
        for pull in threads:
            pull.join(max(0.0, end_s - self._clock.monotonic_s()))
        self._syncer.close(_STOP_WAIT_S)

    def _obey(self, order: Update | Stop) -> bool:
        if isinstance(order, Stop):
            return False
        for camera_id, pull in tuple(self._pulls.items()):
            if order.streams.get(camera_id) != pull.url:
                self._let_go(camera_id)
        for camera_id, url in order.streams.items():
            if camera_id not in self._pulls:
                self._begin(camera_id, url)
        return True

    def _begin(self, camera_id: str, url: str) -> None:
        if is_ours(url):
            ours = self._pulls[camera_id] = RtspPull(camera_id, url, self._context)
            self._loop.add(ours)
        else:
            self._begin_thread(camera_id, url)

    def _begin_thread(self, camera_id: str, url: str) -> None:
        pull = self._pulls[camera_id] = CameraPull(camera_id, url, self._context)
        pull.start()

    def _hand_to_library(self) -> None:
        """Give streams that our own client cannot take to threads of the library."""
        while not self._for_library.empty():
            camera_id = self._for_library.get()
            pull = self._pulls.get(camera_id)
            if isinstance(pull, RtspPull):
                self._let_go(camera_id)
                self._begin_thread(camera_id, pull.url)

    def _let_go(self, camera_id: str) -> None:
        pull = self._pulls.pop(camera_id)
        if isinstance(pull, RtspPull):
            self._loop.remove(pull)
        else:
            pull.halt()
        self._ended_packets[0] += pull.counts.packets
        self._ended_packets[1] += pull.counts.dropped
        self._ended_packets[2] += pull.counts.lost_packets

    def _replace_stuck(self) -> None:
        """Leave a thread that does not come back from the library behind, and begin another for its camera."""
        now_s = self._clock.monotonic_s()
        if now_s - self._loop.progress_s > self._stuck_after_s:
            raise RuntimeError("the recording loop hangs: the disk does not answer")  # the supervisor begins anew
        for camera_id, pull in tuple(self._pulls.items()):
            if isinstance(pull, CameraPull) and pull.stuck_s(now_s) > self._stuck_after_s:
                _log.error("camera %s: its thread hangs in the library and is left behind", camera_id)
                self._abandoned += 1
                self._let_go(camera_id)
                self._begin(camera_id, pull.url)

    def _keep(self) -> None:
        if self._clock.monotonic_s() - self._kept_s >= _KEEP_EVERY_S:
            self._kept_s = self._clock.monotonic_s()
            self._keeper.keep(self._context.receive.now()[0])

    def _tell(self, status: CameraStatus | CameraClock) -> None:
        """Queue a status for the supervisor; called by the cameras' threads, so it never waits."""
        try:
            self._outbox.put_nowait(status)
        except queue.Full:
            self._lost_statuses += 1

    def _trouble(self, error: ConsoleError) -> None:
        if isinstance(error, DiskFull):
            free_mib = error.facts["free_mib"]
            assert isinstance(free_mib, int)
            self._outbox.put(Trouble(path=str(error.facts["path"]), free_mib=free_mib), timeout=BEAT_S)

    def _send(self) -> None:
        while not self._outbox.empty():
            self._pipe.send_bytes(encode(self._outbox.get_nowait()))
        if self._clock.monotonic_s() - self._beaten_s >= BEAT_S:
            self._beaten_s = self._clock.monotonic_s()
            self._pipe.send_bytes(encode(self._beat()))

    def _beat(self) -> Beat:
        counts = [pull.counts for pull in self._pulls.values()]
        return Beat(
            cameras=len(counts),
            connected=sum(c.connected for c in counts),
            packets=self._ended_packets[0] + sum(c.packets for c in counts),
            dropped_packets=self._ended_packets[1] + sum(c.dropped for c in counts),
            dropped_statuses=self._lost_statuses,
            dropped_segments=self._keeper.dropped_segments,
            abandoned_threads=self._abandoned,
            paused=self._keeper.paused,
            lost_rtp_packets=self._ended_packets[2] + sum(c.lost_packets for c in counts),
        )


def _open_s(settings: Settings) -> float:
    return settings.whole("capture.open_timeout_ms") / 1000


def _read_s(settings: Settings) -> float:
    return settings.whole("capture.read_timeout_ms") / 1000
