"""Runs the recorder's child process and replaces it when it dies or no longer beats."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.settings import Settings
from smartcity_console.video.recorder.child import BEAT_S, run_child
from smartcity_console.video.recorder.messages import (
    Beat,
    CameraClock,
    CameraStatus,
    FromChild,
    Stop,
    Trouble,
    Update,
    decode_from_child,
    encode,
)

_log = logging.getLogger(__name__)
_SILENT_S = 10.0  # a child that has not beaten for this long is replaced; it beats twice a second
_FIRST_BEAT_S = 30.0  # a new interpreter on a busy machine
_STOP_WAIT_S = 5.0
_RESTART_S = (0.5, 1.0, 2.0, 5.0, 10.0)  # waits before each further replacement
_WELL_AFTER_S = 30.0  # a child that has lived this long makes the next replacement begin at the first wait


class Recorder:
    """Records streams into the ring. `on_status` and `on_trouble` are called on the supervisor's thread.

    `start`, `update` and `stop` are called from one thread; `update` may come before `start`.
    """

    def __init__(
        self,
        ring_root: Path,
        settings: Settings,
        clock: Clock,
        on_status: Callable[[CameraStatus], None],
        on_trouble: Callable[[ConsoleError], None] | None = None,
        *,
        logins: Path | None = None,
    ) -> None:
        """`logins`: the workspace whose cameras' 0600 files hold their users and passwords."""
        self._root, self._logins = ring_root, logins
        self._values = settings.as_dict()
        self._clock = clock
        self._on_status = on_status
        self._on_trouble = on_trouble or (lambda error: _log.error("%s", error))
        self._lock = threading.Lock()
        self._streams: dict[str, str] = {}
        self._connected: dict[str, CameraStatus] = {}
        self._changed = False
        self._stopping = threading.Event()
        self._wake_read, self._wake_write = multiprocessing.Pipe(duplex=False)
        self._thread: threading.Thread | None = None
        self.replacements = 0
        self.last_beat: Beat | None = None
        self.clocks: dict[str, CameraClock] = {}  # replaced whole: may be read from any thread
        self.child_pid: int | None = None

    def start(self) -> None:
        """Begin recording in a child process."""
        self._thread = threading.Thread(target=self._supervise, name="recorder supervisor")
        self._thread.start()

    def update(self, streams: Mapping[str, str]) -> None:
        """Record exactly these streams from now on (camera id to URL)."""
        with self._lock:
            self._streams = dict(streams)
            self._changed = True
        self._wake()

    def stop(self) -> None:
        """End recording; the child has closed its segments when this returns, or was killed after seconds."""
        self._stopping.set()
        self._wake()
        if self._thread is not None:
            self._thread.join()
        self._wake_read.close()
        self._wake_write.close()

    def _wake(self) -> None:
        self._wake_write.send_bytes(b"!")

    def _supervise(self) -> None:
        restarts = 0
        while not self._stopping.is_set():
            began_s = self._clock.monotonic_s()
            reason = self._run_child_once()
            self._tell_all_lost(reason)
            if self._stopping.is_set():
                return
            restarts = 0 if self._clock.monotonic_s() - began_s > _WELL_AFTER_S else restarts
            wait_s = _RESTART_S[min(restarts, len(_RESTART_S) - 1)]
            restarts, self.replacements = restarts + 1, self.replacements + 1
            _log.error("the recorder's process is replaced in %.1f s: %s", wait_s, reason)
            self._stopping.wait(wait_s)

    def _run_child_once(self) -> str:
        """Run one child until it ends; return why."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=run_child, args=(self._root, self._values, theirs, self._logins), name="recorder", daemon=True
        )
        process.start()
        theirs.close()
        self.child_pid = process.pid
        try:
            with self._lock:
                self._changed = True
            return self._attend(process, ours)
        finally:
            self.child_pid = None
            _end(process, ours)

    def _attend(self, process: SpawnProcess, pipe: Connection) -> str:
        patience_until_s = self._clock.monotonic_s() + _FIRST_BEAT_S
        while not self._stopping.is_set():
            try:
                self._pass_on(pipe)
                ready = wait([pipe, self._wake_read], BEAT_S)
                if self._wake_read in ready:
                    self._wake_read.recv_bytes()
                if pipe in ready:
                    self._take(decode_from_child(pipe.recv_bytes()))
                    patience_until_s = self._clock.monotonic_s() + _SILENT_S
            except (EOFError, OSError):
                process.join(_STOP_WAIT_S)
                return f"it ended with code {process.exitcode}"
            if self._clock.monotonic_s() > patience_until_s:
                return "it stopped beating"
        return "recording was stopped"

    def _pass_on(self, pipe: Connection) -> None:
        with self._lock:
            order = Update(streams=self._streams) if self._changed else None
            self._changed = False
        if order is not None:
            pipe.send_bytes(encode(order))
            self._forget_removed(set(order.streams))

    def _forget_removed(self, wanted: set[str]) -> None:
        for camera_id in set(self._connected) - wanted:
            del self._connected[camera_id]
            self._on_status(self._lost(camera_id, "no longer recorded"))

    def _take(self, message: FromChild) -> None:
        if isinstance(message, Beat):
            self.last_beat = message
        elif isinstance(message, Trouble):
            self._on_trouble(DiskFull(path=message.path, free_mib=message.free_mib))
        elif isinstance(message, CameraClock):
            known = {camera: told for camera, told in self.clocks.items() if camera in self._streams}
            self.clocks = known | {message.camera_id: message}
        elif message.camera_id in self._streams:
            self._note(message)
            self._on_status(message)

    def _note(self, status: CameraStatus) -> None:
        if status.connected:
            self._connected[status.camera_id] = status
        else:
            self._connected.pop(status.camera_id, None)

    def _tell_all_lost(self, reason: str) -> None:
        """The child is gone, and with it every connection."""
        for camera_id in sorted(self._connected):
            self._on_status(self._lost(camera_id, reason))
        self._connected.clear()

    def _lost(self, camera_id: str, reason: str) -> CameraStatus:
        return CameraStatus(camera_id=camera_id, connected=False, at=self._clock.now(), reason=reason)


def _end(process: SpawnProcess, pipe: Connection) -> None:
    """Ask the child to stop; kill it when it does not. It is gone when this returns."""
    try:
        pipe.send_bytes(encode(Stop()))
    except OSError:
        _log.info("the recorder's process has closed its pipe already")
    process.join(_STOP_WAIT_S)
    if process.is_alive():
        process.kill()
        process.join()
    pipe.close()
    process.close()
