"""Privacy masks on the wall: drawn on a tile with the mouse, covering the pixels that a tile takes, lifted by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from smartcity_console.console.operations.base import SeatState
from smartcity_console.console.operations.masks import EndMaskLift, LiftMask, MaskChange, MaskLiftWish, SetMask
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.console.wall import WallWidget
from smartcity_console.console.wall.mask_editor import MaskEditor
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.model import events as ev
from smartcity_console.model.masks import CameraMask, MaskLift
from smartcity_console.video.capture import TileSource

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
PICTURE = QRect(0, 30, 400, 200)


@pytest.fixture
def tile(qtbot: Any) -> QWidget:
    made = QWidget()
    made.resize(400, 300)
    qtbot.addWidget(made)
    made.show()
    return made


def test_areas_are_drawn_with_the_mouse_and_count_with_a_reason(qtbot: Any, tile: QWidget) -> None:
    said: list[Any] = []
    editor = MaskEditor(tile, PICTURE, (LEFT_HALF,), lambda polygons, reason: said.append((polygons, reason)))
    for x, y in ((100, 80), (300, 80), (300, 180)):
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)  # a corner too many
    assert editor.polygons == [LEFT_HALF, ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75))]
    assert not editor.keep.isEnabled()
    editor.reason.setText("창문")
    with qtbot.waitSignal(editor.destroyed):
        qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    assert said == [((LEFT_HALF, ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75))), "창문")]


def test_leaving_changes_nothing_and_a_resized_tile_takes_the_editor_away(qtbot: Any, tile: QWidget) -> None:
    said: list[Any] = []
    editor = MaskEditor(tile, PICTURE, (), lambda polygons, reason: said.append(polygons))
    with qtbot.waitSignal(editor.destroyed):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    editor = MaskEditor(tile, PICTURE, (), lambda polygons, reason: said.append(polygons))
    with qtbot.waitSignal(editor.destroyed):
        tile.resize(300, 300)
    assert said == []


def test_a_tile_takes_no_uncovered_picture(of: Any, day: Any, qtbot: Any) -> None:
    pool = of.PlainPool(day.clock)
    wall = WallWidget(pool, 1)  # type: ignore[arg-type]
    qtbot.addWidget(wall)
    seen = of.seen(1)
    mask = CameraMask((LEFT_HALF,), day.clock.now(), "1")
    masks = {seen.camera_id: mask}
    wall.masks_of = lambda camera: masks[camera].shown(day.clock.now()) if camera in masks else ()
    wall.set_cameras([WallTile(1, seen, TileSource.live("rtsp://127.0.0.1/x"))])
    wall.resize(400, 300)
    wall.show()
    widget = wall.tile_widgets()[0]

    def shown() -> tuple[int, int]:
        before = widget.frame.seq if widget.frame else 0
        pool.put(widget.slot, grey=255)
        qtbot.waitUntil(lambda: widget.frame is not None and widget.frame.seq > before, timeout=5000)
        return int(widget.frame.pixels[45, 20, 0]), int(widget.frame.pixels[45, 140, 0])

    qtbot.waitUntil(lambda: pool.shown.get(widget.slot, (None, 0))[0] is not None, timeout=5000)
    assert shown() == (128, 255)
    lift = MaskLift(day.clock.now() + timedelta(minutes=5), "추적", "1")
    masks[seen.camera_id] = CameraMask(mask.polygons, mask.since, "1", lift)
    assert shown() == (255, 255)
    day.clock.advance(301)
    assert shown() == (128, 255)
    wall.hide()


def test_only_a_supervisor_sets_and_lifts_and_both_want_a_reason(day: Any) -> None:
    now = day.clock.now()
    wall = WallFacts(chosen=1, camera_id="A")
    mask = CameraMask((LEFT_HALF,), now, "1")
    operator = SeatState(seat="2", now=now, wall=wall, mask=mask)
    chief = SeatState(seat="1", now=now, wall=wall, mask=mask, is_supervisor=True)
    for operation in (SetMask(), LiftMask()):
        reason = operation.available(operator)
        assert reason is not None
        assert reason.code == "no_supervisor"
        assert operation.available(chief) is None
    assert SetMask().drafts(chief, MaskChange("A", (LEFT_HALF,), (), "  ")) == []
    (draft,) = SetMask().drafts(chief, MaskChange("A", (LEFT_HALF,), (), "창문"))
    assert draft.payload == ev.MaskSet(camera_id="A", polygons=(LEFT_HALF,), before=(), reason="창문", seat="1")
    assert LiftMask().drafts(chief, MaskLiftWish("A", 5, "")) == []
    assert LiftMask().drafts(chief, MaskLiftWish("A", 600, "추적")) == []
    (draft,) = LiftMask().drafts(chief, MaskLiftWish("A", 5, "추적"))
    assert isinstance(draft.payload, ev.MaskLifted)
    assert draft.payload.until == now + timedelta(minutes=5)
    assert EndMaskLift().available(operator) is not None
    bare = SeatState(seat="1", now=now, wall=wall, is_supervisor=True)
    missing = LiftMask().available(bare)
    assert missing is not None
    assert missing.code == "no_mask"
