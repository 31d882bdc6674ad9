"""Real programs on a workspace of their own: free ports, tiny feeds, nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.runtime import read_announcement
from tests.console.conftest import garbage_goes_on_the_qt_thread  # noqa: F401 – for the consoles in a journey's own process

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("gateway", "desk-police", "desk-fire", "feeds")
FREE = [
    part for name in ("intake.dc09", "gateway.http", "desk.http", "feeds.rtsp") for part in ("--set", f"{name}.port=0")
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey: none may be left out because it forgot to say so."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.journey)


def wait_for(condition: Callable[[], Any], what: str, limit_s: float = 60.0) -> Any:
    """Return the condition's first true value; fail when there is none in time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    pytest.fail(f"not within {limit_s} s: {what}")


@pytest.fixture(scope="session")
def tiny_feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two short recordings that take the sample scene's cameras in turn."""
    folder = tmp_path_factory.mktemp("feeds")
    for name in ("a", "b"):
        write_testcard(folder / f"{name}.mp4", seconds=6.0)
    return folder


class Workspace:
    """A workspace and the consoles started on it."""

    def __init__(self, path: Path, feeds: Path) -> None:
        self.path, self._feeds = path, feeds
        self._started: list[subprocess.Popen[str]] = []

    def start_console(self) -> subprocess.Popen[str]:
        """Start `smartcity-console` as an operator does, without a screen."""
        command = [sys.executable, "-m", "smartcity_console", "start", "--workspace", str(self.path)]
        log = (self.path.parent / f"console-{len(self._started)}.log").open("w")
        started = subprocess.Popen(
            [*command, "--feeds", str(self._feeds), *FREE],
            stdout=log,
            stderr=log,
            text=True,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        log.close()
        self._started.append(started)
        return started

    def told(self, program: str) -> dict[str, Any] | None:
        return read_announcement(self.path, program)

    def all_up(self) -> dict[str, dict[str, Any]]:
        """Wait until every program lives; return their announcements."""
        return {p: wait_for(lambda p=p: self.told(p), f"{p} up") for p in PROGRAMS}

    def events(self) -> list[dict[str, Any]]:
        """Read the journal as `smartcity-console journal --json` prints it."""
        command = [sys.executable, "-m", "smartcity_console", "journal", "--json", "--workspace", str(self.path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]

    def stop_all(self) -> None:
        for console in self._started:
            if console.poll() is None:
                console.send_signal(signal.SIGTERM)
        for console in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                console.wait(30)
            console.kill()
            console.wait(10)
        for program in PROGRAMS:
            if told := self.told(program):
                os.kill(told["pid"], signal.SIGKILL)


@pytest.fixture
def workspace(tmp_path: Path, tiny_feeds: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "workspace", tiny_feeds)
    yield made
    made.stop_all()
