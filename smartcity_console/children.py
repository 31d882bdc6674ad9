"""Programs started as children: each announces itself, is restarted when it dies, and is stopped in the end.

A child is put in a session of its own so that it outlives a killed parent; the next start finds it by its lock.
"""

from __future__ import annotations

import enum
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import is_running, read_announcement

START_LIMIT_S = 60.0
"""A program that says nothing for so long, neither its addresses nor a line in its log, is given up."""
STOP_LIMIT_S = 8.0
MAX_QUICK_RESTARTS = 8
FIRST_WAIT_S = 0.25
_QUICK_S = 20.0


class ChildFailed(ConsoleError):
    code = "child_failed"
    ko = "{program}이(가) 뜨지 않았습니다: {why} 이미 저장된 기록은 그대로입니다. {log} 을(를) 보십시오."
    en = "{program} did not start: {why} What was stored is kept. See {log}."


class ChildState(enum.StrEnum):
    """What the watcher tells of a program."""

    UP = "up"  # it came back
    DOWN = "down"  # it died and is being started again
    GIVEN_UP = "given_up"  # it died too often in quick succession


class Child:
    """One program of the workspace, ours or found running."""

    def __init__(
        self,
        workspace: Path,
        program: str,
        arguments: Sequence[str],
        clock: Clock,
        on_change: Callable[[str, ChildState], None] = lambda _program, _state: None,
    ) -> None:
        """`program` names lock and announcement; `on_change(program, state)` is called from the watching thread."""
        self.program = program
        self._workspace = workspace
        self._command = [sys.executable, "-m", "smartcity_console", *arguments, "--workspace", str(workspace)]
        self._clock = clock
        self._on_change = on_change
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self.log_path = workspace / "logs" / f"{program}.log"

    @property
    def adopted(self) -> bool:
        """True when the program was running before us."""
        return self._process is None

    def start(self) -> dict[str, Any]:
        """Find the program running or start it; return its announcement. Raises ChildFailed."""
        told = read_announcement(self._workspace, self.program)
        if told is None:
            self._spawn()
            told = self._await_announcement()
        self._watcher = threading.Thread(target=self._watch, name=f"watch-{self.program}", daemon=True)
        self._watcher.start()
        return told

    def stop(self) -> None:
        """Stop the program, ours or adopted: SIGTERM, then SIGKILL; returns when it is gone."""
        self._stopping.set()
        pid = (
            self._process.pid if self._process else (read_announcement(self._workspace, self.program) or {}).get("pid")
        )
        if pid and self._alive():
            _signal(pid, signal.SIGTERM)
            if not self._wait_gone(STOP_LIMIT_S):
                _signal(pid, signal.SIGKILL)
                self._wait_gone(STOP_LIMIT_S)
        if self._watcher is not None:
            self._watcher.join(STOP_LIMIT_S)

    def leave_running(self) -> None:
        """Stop watching; the program goes on without us (the console closes, the gateway records on)."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join(STOP_LIMIT_S)
        if self._process is not None:
            self._process.returncode = 0  # not ours to reap any more: Popen would warn at its deletion

    def _spawn(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment,
            )

    def _await_announcement(self) -> dict[str, Any]:
        assert self._process is not None
        deadline_s, said_bytes = self._clock.monotonic_s() + START_LIMIT_S, -1
        while self._clock.monotonic_s() < deadline_s:
            if (size := self.log_path.stat().st_size) != said_bytes:  # it tells of its progress: converting a feed, say
                deadline_s, said_bytes = self._clock.monotonic_s() + START_LIMIT_S, size
            code = self._process.poll()
            if code is not None:
                raise ChildFailed(program=self.program, why=_last_line(self.log_path), log=self.log_path)
            told = read_announcement(self._workspace, self.program)
            if told is not None and told["pid"] == self._process.pid:
                return told
            self._stopping.wait(0.02)
        raise ChildFailed(program=self.program, why=f"nothing heard for {START_LIMIT_S:.0f} s.", log=self.log_path)

    def _watch(self) -> None:
        """Start the program again when it dies, at most MAX_QUICK_RESTARTS times in quick succession."""
        quick = 0
        began_s = self._clock.monotonic_s()
        while not self._stopping.wait(0.25):
            if self._alive():
                continue
            self._on_change(self.program, ChildState.DOWN)
            lived_s = self._clock.monotonic_s() - began_s
            quick = quick + 1 if lived_s < _QUICK_S else 1
            if quick > MAX_QUICK_RESTARTS:
                self._on_change(self.program, ChildState.GIVEN_UP)
                return
            if self._stopping.wait(min(FIRST_WAIT_S * 2**quick, 15.0)):
                return
            began_s = self._clock.monotonic_s()
            self._spawn()
            self._report_return()

    def _report_return(self) -> None:
        try:
            self._await_announcement()
        except ChildFailed:
            return  # the loop sees it dead and counts it
        self._on_change(self.program, ChildState.UP)

    def _alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return is_running(self._workspace, self.program)

    def _wait_gone(self, limit_s: float) -> bool:
        if self._process is not None:
            try:
                self._process.wait(limit_s)
            except subprocess.TimeoutExpired:
                return False
            return True
        deadline_s = self._clock.monotonic_s() + limit_s
        pause = threading.Event()
        while self._alive() and self._clock.monotonic_s() < deadline_s:
            pause.wait(0.05)
        return not self._alive()


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # gone between the look and the signal


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    if not lines:
        return "it ended without a word."
    try:
        return str(json.loads(lines[-1]).get("error", lines[-1]))
    except (ValueError, AttributeError):
        return lines[-1]
