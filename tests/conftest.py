"""What every test lives under: an offscreen Qt, a clock that stands still, no thread or child left behind."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from smartcity_console.clock import ManualClock

# How long an example takes says something of the machine, and tests run beside each other.
hypothesis.settings.register_profile("beside others", deadline=None)
hypothesis.settings.load_profile("beside others")


class _NoQt:
    """Makes PySide6 not importable: scripts/test runs all but the console's tests under it."""

    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} cannot be imported here")


if os.environ.get("SMARTCITY_WITHOUT_QT"):
    sys.meta_path.insert(0, _NoQt())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed one: nothing is left unlooked at without a word."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("SMARTCITY_STRICT") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed here: {report.longrepr}"


@pytest.fixture
def clock() -> ManualClock:
    """A clock at 14:03:04 in Seoul."""
    return ManualClock(datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC))


@pytest.fixture(autouse=True, scope="module")
def nothing_left_open() -> Iterator[None]:
    """Have what a module left open (a socket, a transport, a file) told at its end, and not in whatever module follows."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread of the product running."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not _foreign(t)]
    for thread in left:
        thread.join(5.0)
    alive = [t.name for t in left if t.is_alive()]
    assert not alive, f"threads left behind: {alive}"


def _foreign(thread: threading.Thread) -> bool:
    """Threads of libraries that live as long as the process: pools, browser driver, resource tracker."""
    return thread.name.startswith(("ThreadPoolExecutor", "asyncio_", "AnyIO", "Dummy", "pytest_timeout"))


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or worse without having said so by the `logs` marker."""
    yield
    if request.node.get_closest_marker("logs"):
        return
    records = [r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING]
    unexpected = [f"{r.name}: {r.getMessage()}" for r in records]
    assert not unexpected, f"unexpected log lines: {unexpected}"
