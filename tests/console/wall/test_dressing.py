"""Bars and edge that are kept look as those painted anew, and follow what they say."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QImage, QPainter

from smartcity_console.console.wall import WallWidget
from smartcity_console.console.wall.tile_widget import TileWidget


@pytest.fixture
def widget(wall: WallWidget, pool: Any, of: Any, qtbot: Any) -> TileWidget:
    wall.set_cameras([of.tile(1), of.tile(2)])
    tile = wall.tile_widgets()[0]
    pool.put(tile.slot, grey=90, size=(tile.width() & ~1, tile.width() * 9 // 16))
    qtbot.waitUntil(lambda: tile.frame is not None and tile.look.word == "LIVE")
    return tile


def shown(widget: TileWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(widget: TileWidget) -> QImage:
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    widget._paint_bare(painter, widget.rect(), widget.look)
    painter.end()
    return image


def test_a_kept_tile_looks_as_one_painted_anew_chosen_or_not(wall: WallWidget, widget: TileWidget) -> None:
    assert shown(widget) == painted_anew(widget)
    before = shown(widget)
    wall.select(1)
    assert shown(widget) == painted_anew(widget)
    assert shown(widget) != before
    wall.select(None)
    assert shown(widget) == before


def test_it_follows_the_size_and_the_recorder(wall: WallWidget, widget: TileWidget, qtbot: Any) -> None:
    before = shown(widget)
    wall.recorded = lambda _camera: False
    qtbot.waitUntil(lambda: widget.look.recorded is False)
    assert shown(widget) == painted_anew(widget)
    assert shown(widget) != before
    wall.resize(900, 700)
    assert shown(widget) == painted_anew(widget)


def test_pictures_that_come_round_in_the_same_memory_are_seen(widget: TileWidget) -> None:
    assert widget.frame is not None
    middle = widget.rect().center()
    assert shown(widget).pixelColor(middle).red() == 90
    widget.frame.pixels[:] = 200  # the decoder has drawn another one there
    assert shown(widget).pixelColor(middle).red() == 200
