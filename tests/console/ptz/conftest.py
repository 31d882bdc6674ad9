"""A driver on a link that remembers what was said, and says what a gateway would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.ptz import DEGREES_SPACE, Abilities, PanTiltSpace, Range, Velocity, Verb

ALL = Abilities(frozenset(Verb), (PanTiltSpace(DEGREES_SPACE, Range(-180, 180), Range(-90, 20)),), Range(0, 1), 16)


class RecordedLink:
    """The console's end of the wire: `said` in order; `tell` is the gateway's voice, from any thread."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.tell: Callable[[Any], None] = lambda _: None
        self.is_closed = False

    def open(self, heard: Callable[[Any], None]) -> RecordedLink:
        self.tell = heard
        return self

    def say(self, wish: Any) -> None:
        self.said.append(wish)

    def close(self) -> None:
        self.is_closed = True

    def moves(self) -> list[Velocity]:
        return [wish.velocity for wish in self.said if isinstance(wish, wire.Move)]

    def state(self, camera_id: str = "GN-1", **changes: Any) -> None:
        facts: dict[str, Any] = {"connected": True, "abilities": ALL} | changes
        self.tell(wire.State(camera_id, **facts))


@pytest.fixture
def link() -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def driver(link: RecordedLink, qapp: Any, qtbot: Any) -> Iterator[PtzDriver]:
    made = PtzDriver(link.open, lambda: "en")
    made.choose("GN-1", "정문")
    made.set_shown(True)
    link.tell(wire.LinkUp())
    link.state()
    qtbot.waitUntil(lambda: made.state is not None)
    yield made
    made.close()
    assert link.is_closed
