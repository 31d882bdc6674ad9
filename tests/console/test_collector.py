"""Cyclic garbage is looked for on the Qt thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from smartcity_console.console.collector import Collector

MANY = 20_000  # against what other objects come and go meanwhile


class Cycle:
    """Garbage that only the collector finds, and that tells in which thread it went."""

    def __init__(self, told: list[threading.Thread]) -> None:
        self.me, self.told = self, told

    def __del__(self) -> None:
        self.told.append(threading.current_thread())


@pytest.fixture
def few() -> Iterator[None]:
    """The interpreter's thresholds, so low that a few hundred objects are one too many."""
    before, was_enabled = gc.get_threshold(), gc.isenabled()
    gc.set_threshold(200, 2, 2)
    yield
    gc.set_threshold(*before)
    (gc.enable if was_enabled else gc.disable)()


def make_many(told: list[threading.Thread]) -> None:
    for _ in range(MANY):
        Cycle(told)


def in_a_thread(told: list[threading.Thread]) -> None:
    thread = threading.Thread(target=make_many, args=(told,), name="maker")
    thread.start()
    thread.join()


def test_garbage_of_a_thread_goes_on_the_qt_thread(few: None, qtbot: Any) -> None:
    gc.enable()
    told: list[threading.Thread] = []
    collector = Collector()
    try:
        in_a_thread(told)
        assert not told
        qtbot.waitUntil(lambda: len(told) == MANY, timeout=15_000)
        assert set(told) == {threading.main_thread()}
    finally:
        collector.close()


def test_after_its_end_the_interpreter_collects_again(few: None, qtbot: Any) -> None:
    gc.enable()
    Collector().close()
    told: list[threading.Thread] = []
    in_a_thread(told)
    assert any(thread.name == "maker" for thread in told)


def test_old_garbage_is_found_too(few: None, qtbot: Any) -> None:
    collector, told, kept = Collector(), [], []

    def grow_older() -> None:
        for _ in range(60):
            kept.append([[] for _ in range(400)])
            collector.look()

    try:
        made = Cycle(told)
        grow_older()
        del made
        grow_older()
        assert told
    finally:
        collector.close()
