"""What a console knows of the others: who has just sat down is there, though no look has seen him yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from smartcity_console.console.surroundings import Lookout, Surroundings


class Later(QObject):
    """A background whose work is done when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.waiting.append(lambda: done(work()))

    def finish(self) -> None:
        self.waiting.pop(0)()


def test_a_seat_that_was_taken_since_the_look_began_is_not_gone(qapp: Any) -> None:
    background = Later()
    seen = [frozenset({"1"}), frozenset({"1"}), frozenset({"1", "2"}), frozenset({"1"})]
    lookout = Lookout(lambda: Surroundings(seats=seen.pop(0)), background)  # type: ignore[arg-type]
    assert lookout.seats() is None  # nothing is known yet
    lookout.look_now()
    background.finish()
    assert lookout.seats() == {"1"}
    lookout.look_now()
    lookout.note_seat("2")  # while the look is under way
    background.finish()
    assert lookout.seats() == {"1", "2"}
    lookout.look_now()
    background.finish()
    assert lookout.seats() == {"1", "2"}
    lookout.look_now()  # and now its console has died
    background.finish()
    assert lookout.seats() == {"1"}
