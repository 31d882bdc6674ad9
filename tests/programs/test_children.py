"""Children: started, found running, restarted when killed, stopped; and told about when they will not start."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from smartcity_console import children
from smartcity_console.children import Child, ChildFailed, ChildState
from smartcity_console.clock import SystemClock
from smartcity_console.runtime import is_running

_PROGRAM = """
import pathlib, signal, sys, threading
from smartcity_console.runtime import ProgramLock, announce
workspace = pathlib.Path(sys.argv[sys.argv.index("--workspace") + 1])
lock = ProgramLock(workspace, "echo")
lock.acquire()
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
announce(workspace, "echo", {"at": "nowhere"})
stop.wait(60)
"""


class Echo(Child):
    """A child whose program is the few lines above."""

    def __init__(self, workspace: Path, code: str = _PROGRAM) -> None:
        self.changes: list[ChildState] = []
        self.changed = threading.Event()
        super().__init__(workspace, "echo", [], SystemClock(), self._note)
        self._command = [sys.executable, "-c", code, "--workspace", str(workspace)]

    def _note(self, program: str, state: ChildState) -> None:
        assert program == "echo"
        self.changes.append(state)
        if state is not ChildState.DOWN:
            self.changed.set()


def test_a_child_is_started_and_stopped(tmp_path: Path) -> None:
    child = Echo(tmp_path)
    told = child.start()
    assert told["addresses"] == {"at": "nowhere"}
    assert not child.adopted
    child.stop()
    assert not is_running(tmp_path, "echo")


def test_a_killed_child_comes_back(tmp_path: Path) -> None:
    child = Echo(tmp_path)
    pid = child.start()["pid"]
    os.kill(pid, signal.SIGKILL)
    assert child.changed.wait(20)
    assert child.changes == [ChildState.DOWN, ChildState.UP]
    assert is_running(tmp_path, "echo")
    child.stop()
    assert not is_running(tmp_path, "echo")


def test_a_running_program_is_adopted_and_can_be_left_running(tmp_path: Path) -> None:
    first = Echo(tmp_path)
    told = first.start()
    second = Echo(tmp_path)
    assert second.start() == told
    assert second.adopted
    second.leave_running()
    assert is_running(tmp_path, "echo")
    first.stop()


def test_a_program_that_refuses_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = Echo(tmp_path, "import sys; sys.exit('the port is taken')")
    with pytest.raises(ChildFailed) as caught:
        child.start()
    assert "the port is taken" in caught.value.sentence("ko")
    child.stop()


def test_a_program_that_keeps_dying_is_given_up_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_WAIT_S", 0.001)
    child = Echo(tmp_path)
    child.start()
    child._command = [sys.executable, "-c", "raise SystemExit(1)"]
    os.kill(child._process.pid, signal.SIGKILL)
    assert child.changed.wait(60)
    assert child.changes == [ChildState.DOWN] * (children.MAX_QUICK_RESTARTS + 1) + [ChildState.GIVEN_UP]
    child.stop()
