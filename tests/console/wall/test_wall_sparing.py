"""What the decoders are told of the tile that is looked at, and what a tile says when the machine cannot follow."""

from __future__ import annotations

from typing import Any

import pytest

from smartcity_console.console.language import LanguageSwitch
from smartcity_console.console.wall import WallWidget
from smartcity_console.video.capture import Easing, TileState, TileStatus

WORDS = {
    Easing.NONE: ("", ""),
    Easing.THINNED: ("eased: 16/s", "부하 조절: 초당 16장"),
    Easing.PLAIN: ("eased: 21/s, coarser", "부하 조절: 초당 21장, 화질 낮춤"),
    Easing.KEYFRAMES: ("keyframes only", "키프레임만 표시"),
}


@pytest.fixture
def filled(wall: WallWidget, of: Any) -> WallWidget:
    wall.set_cameras([of.tile(number) for number in (1, 2, 3, 4)])
    return wall


class TestWhatIsLookedAt:
    def test_it_is_the_chosen_tile_then_the_one_that_fills_the_wall(
        self, filled: WallWidget, pool: Any, qtbot: Any
    ) -> None:
        slots = [widget.slot for widget in filled.tile_widgets()]
        filled.point_at(2)
        qtbot.waitUntil(lambda: pool.focused == slots[1])
        filled.toggle_maximised()
        filled.select(3)
        qtbot.waitUntil(lambda: pool.focused == slots[2])
        filled.toggle_maximised()
        filled.select(None)
        qtbot.waitUntil(lambda: pool.focused is None)

    def test_it_stays_with_the_camera_that_is_moved(self, filled: WallWidget, of: Any, pool: Any, qtbot: Any) -> None:
        for widget in filled.tile_widgets()[:4]:
            pool.put(widget.slot)
        qtbot.waitUntil(lambda: all(widget.frame for widget in filled.tile_widgets()[:4]))
        filled.point_at(1)
        moved = filled.tile_widgets()[1].slot
        filled.set_cameras([of.tile(number) for number in (2, 1, 3, 4)])  # the chosen place shows the other camera now
        qtbot.waitUntil(lambda: pool.focused == moved)

    def test_a_hidden_wall_looks_at_nothing(self, filled: WallWidget, pool: Any, qtbot: Any) -> None:
        filled.point_at(2)
        qtbot.waitUntil(lambda: pool.focused is not None)
        filled.hide()
        qtbot.waitUntil(lambda: pool.focused is None)
        filled.show()
        qtbot.waitUntil(lambda: pool.focused == filled.tile_widgets()[1].slot)


@pytest.mark.parametrize("easing", list(Easing))
def test_a_tile_says_in_both_languages_what_is_left_out(
    filled: WallWidget, pool: Any, easing: Easing, qapp: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "status", lambda slot: TileStatus(TileState.LIVE, 0.1, easing=easing))
    widget = filled.tile_widgets()[0]
    english, korean = WORDS[easing]
    qtbot.waitUntil(lambda: widget.look.word == "LIVE" and widget.look.eased == english)
    assert english in widget.accessibleName()
    switch = LanguageSwitch(qapp)
    switch.use("ko")
    try:
        qtbot.waitUntil(lambda: widget.look.eased == korean and korean in widget.accessibleName())
    finally:
        switch.remove()
