"""Who has a camera that turns in hand stands on its tile: in words as long as there is room, and by a shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from smartcity_console.console.language import LanguageSwitch
from smartcity_console.console.theme import colour
from smartcity_console.console.wall import WallWidget
from smartcity_console.console.wall.tile_paint import above_bottom, steered_text
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.words import steered_by
from smartcity_console.model.camera import Mount
from smartcity_console.model.ptz import Rank
from smartcity_console.model.ptz_wire import Holder, Steered


@pytest.fixture
def hands() -> dict[str, Steered]:
    """Who steers what, as the gateway tells it."""
    return {}


@pytest.fixture
def widget(wall: WallWidget, pool: Any, of: Any, hands: dict[str, Steered], qtbot: Any) -> TileWidget:
    wall.steered_by = hands.get
    wall.set_cameras([of.tile(1, mount=Mount.PTZ), of.tile(2)])
    tile = wall.tile_widgets()[0]
    pool.put(tile.slot, grey=90, size=(tile.width() & ~1, tile.width() * 9 // 16))
    qtbot.waitUntil(lambda: tile.frame is not None and tile.look.word == "LIVE")
    return tile


@pytest.fixture
def languages(qapp: Any) -> Iterator[LanguageSwitch]:
    made = LanguageSwitch(qapp)
    yield made
    made.remove()


def by(seat: str, rank: Rank = Rank.OTHER, *, mine: bool = False) -> Steered:
    return Steered("GN-0001", Holder(seat, rank), is_yours=mine)


def ground(widget: TileWidget, part: QRect) -> set[str]:
    """Return the colours that fill more than a tenth of a part of the tile."""
    image = widget.grab(part).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    values, counts = np.unique(rows[:, : image.width()], return_counts=True)
    return {f"#{value & 0xFFFFFF:06x}" for value, n in zip(values, counts, strict=True) if n * 10 > rows.size}


def flag(widget: TileWidget) -> QRect:
    return above_bottom(widget.rect()).adjusted(10, 2, -widget.width() + 40, -4)


def test_another_seat_and_its_right_are_told_and_go_again(
    widget: TileWidget, hands: dict[str, Steered], qtbot: Any
) -> None:
    assert widget.look.steered is None
    hands["GN-0001"] = by("2", Rank.INCIDENT_HOLDER)
    qtbot.waitUntil(lambda: widget.look.steered is not None, timeout=15_000)
    assert "Seat 2 steers it (verifies the incident)" in widget.accessibleName()
    assert colour("accent").name() not in ground(widget, flag(widget))
    hands.clear()
    qtbot.waitUntil(lambda: widget.look.steered is None, timeout=15_000)
    assert "Seat 2" not in widget.accessibleName()


def test_the_own_hand_is_filled_and_only_on_its_camera(
    wall: WallWidget, widget: TileWidget, hands: Any, qtbot: Any
) -> None:
    hands["GN-0001"] = by("1", mine=True)
    qtbot.waitUntil(lambda: widget.look.steered is not None, timeout=15_000)
    assert "This seat steers it (operator)" in widget.accessibleName()
    assert colour("accent").name() in ground(widget, flag(widget))
    assert wall.tile_widgets()[1].look.steered is None


def test_the_camera_takes_it_along_and_an_empty_place_says_nothing(
    wall: WallWidget, widget: TileWidget, hands: Any, of: Any, qtbot: Any
) -> None:
    hands["GN-0001"] = by("2")
    qtbot.waitUntil(lambda: widget.look.steered is not None, timeout=15_000)
    wall.set_cameras([of.tile(2), of.tile(1, mount=Mount.PTZ)])
    steered = [tile.look.steered is not None for tile in wall.tile_widgets()[:3]]
    assert steered == [False, True, False]
    wall.set_cameras([None, of.tile(2)])
    assert not any(tile.look.steered for tile in wall.tile_widgets())


def test_a_small_tile_says_it_in_fewer_words(qapp: Any) -> None:
    said = steered_by(by("2", Rank.SUPERVISOR))
    assert said is not None
    shrinking = (steered_text(QRect(0, 0, width, width * 9 // 16), said) for width in range(600, 10, -1))
    assert list(dict.fromkeys(shrinking)) == [
        "Seat 2 steers it (supervisor)",
        "Seat 2 · supervisor",
        "Seat 2",
        "2",
        "",
    ]


def test_it_is_said_in_korean(widget: TileWidget, hands: Any, languages: LanguageSwitch, qtbot: Any) -> None:
    hands["GN-0001"] = by("2", Rank.SUPERVISOR)
    languages.use("ko")
    qtbot.waitUntil(lambda: widget.look.steered is not None and "번" in widget.look.steered.ways[0], timeout=15_000)
    assert widget.look.steered is not None
    assert widget.look.steered.ways == ("2번 좌석이 조작 중 (감독자)", "2번 좌석 · 감독자", "2번 좌석", "2")
