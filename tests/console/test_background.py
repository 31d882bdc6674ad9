"""Work behind the screen: answered on the Qt thread, bounded, and not begun any more once the screen has gone."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from smartcity_console.console.background import MAX_WAITING, Background, WorkFailed, WorkRefused


@pytest.fixture
def background(qtbot: Any) -> Any:
    made = Background(threads=1)
    yield made
    made.close()


def test_what_is_asked_is_answered_on_the_qt_thread(background: Background, qtbot: Any) -> None:
    told: list[tuple[Any, threading.Thread]] = []
    background.submit(threading.current_thread, lambda outcome: told.append((outcome, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    worker, answered_on = told[0]
    assert worker is not threading.main_thread() and answered_on is threading.main_thread()


@pytest.mark.logs
def test_what_fails_is_told_in_a_sentence(background: Background, qtbot: Any) -> None:
    told: list[Any] = []
    background.submit(lambda: 1 // 0, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    assert isinstance(told[0], WorkFailed) and "ZeroDivisionError" in told[0].sentence("en")


def test_more_than_may_wait_is_refused_and_counted(background: Background, qtbot: Any) -> None:
    go, told = threading.Event(), []
    for _ in range(MAX_WAITING + 1):
        background.submit(lambda: go.wait(30), told.append)
    assert [type(one) for one in told] == [WorkRefused] and background.refused == 1
    go.set()
    qtbot.waitUntil(lambda: len(told) == MAX_WAITING + 1, timeout=30_000)


def test_after_the_end_nothing_is_begun(background: Background, qtbot: Any) -> None:
    begun: list[int] = []
    background.close()
    background.submit(lambda: begun.append(1), begun.append)
    background.close()
    assert not begun and background.refused == 0
