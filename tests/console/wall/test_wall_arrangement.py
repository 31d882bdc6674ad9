"""Layouts, swapping, dragging, the numbers that stay with their cameras."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from smartcity_console.clock import ManualClock
from smartcity_console.console.camera_mime import CAMERA_MIME, camera_data, camera_of
from smartcity_console.console.wall import WallPresenter, WallWidget
from smartcity_console.console.wall.beside import SMALLEST_PX, beside
from smartcity_console.console.wall.layouts import LAYOUTS, neighbour
from smartcity_console.console.wall.presenter import Rights
from smartcity_console.console.wall.slots import Slots

ROOMS = [QRect(0, 0, 786, 770), QRect(0, 0, 1920, 1080), QRect(0, 0, 510, 452)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_fills_the_wall_and_no_tile_lies_on_another(layout: str) -> None:
    for room in ROOMS:
        places = LAYOUTS[layout].places(room)
        assert len(places) == sum(int(part) for part in layout.split("+"))
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
        united = QRect()
        for place in places:
            united = united.united(place)
        assert united == room


def test_the_large_tile_of_one_plus_seven_is_nine_times_a_small_one() -> None:
    places = LAYOUTS["1+7"].places(QRect(0, 0, 1920, 1080))
    assert [place.width() > 1400 and place.height() > 790 for place in places] == [True] + [False] * 7
    assert neighbour(places, 0, 1, 0) == 1  # from the large one to the right: the topmost of the column
    assert neighbour(places, 0, 0, 1) == 4
    assert neighbour(places, 2, -1, 0) == 0
    assert neighbour(places, 0, -1, 0) is None


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("room", ROOMS)
def test_a_pane_beside_a_tile_is_large_enough_and_cuts_no_other_tile(layout: str, room: QRect) -> None:
    places = LAYOUTS[layout].places(room)
    for at in range(len(places)):
        how = beside(places, at)
        under = [places[n] for n in (at, *how.covers)]
        assert not how.tile.intersects(how.pane)
        assert all(
            not place.intersects(how.tile.united(how.pane))
            for n, place in enumerate(places)
            if n not in (at, *how.covers)
        )
        assert all(how.tile.united(how.pane).contains(place) for place in under)
        if room.width() > 700:
            assert min(how.pane.width(), how.pane.height() * 16 / 9) >= SMALLEST_PX


def test_a_pane_goes_over_empty_places_first_and_never_over_the_chosen_tile() -> None:
    places = LAYOUTS["6"].places(ROOMS[0])
    assert beside(places, 0).covers == (1,)
    assert beside(places, 2, free=[3, 4, 5]).covers == (3,)
    assert 1 not in beside(places, 0, avoid=[1]).covers


def test_the_operators_layout_holds_and_the_automatic_one_grows(
    wall: WallWidget, presenter: WallPresenter, of: Any
) -> None:
    presenter.show_cameras([of.seen(n) for n in range(1, 9)], {})
    assert wall.layout_id == "9"
    wall.use_layout("4")
    assert [tile.number for tile in wall.cameras()] == [1, 2, 3, 4]
    presenter.refresh()
    assert wall.layout_id == "4"
    wall.use_layout("1+7")
    assert [tile.number for tile in wall.cameras()] == list(range(1, 9))
    assert wall.tile_widgets()[0].width() > 2 * wall.tile_widgets()[1].width()
    wall.use_layout(None)
    assert wall.layout_id == "9"


def test_twenty_five_tiles_and_a_second_wall_of_as_many_have_slots_of_their_own(
    wall: WallWidget, pool: Any, qtbot: Any
) -> None:
    wall.use_layout("25")
    other = WallWidget(pool, 25, slots=wall.slots)
    qtbot.addWidget(other)
    slots = [widget.slot for widget in (*wall.tile_widgets(), *other.tile_widgets())]
    assert len(set(slots)) == 50
    other.retire()
    wall.use_layout("1")
    assert WallWidget(pool, 4, slots=wall.slots).tile_widgets()[0].slot == 1


def test_slots_are_given_out_lowest_first_and_come_back() -> None:
    slots = Slots(3)
    assert [slots.take() for _ in range(3)] == [0, 1, 2]
    with pytest.raises(IndexError):
        slots.take()
    slots.give(1)
    assert slots.take() == 1


def test_a_swap_keeps_pictures_and_numbers(
    wall: WallWidget, presenter: WallPresenter, pool: Any, of: Any, qtbot: Any
) -> None:
    presenter.show_cameras([of.seen(n) for n in range(1, 5)], {})
    for slot in range(4):
        pool.put(slot, grey=10 * (slot + 1))
    qtbot.waitUntil(lambda: all(widget.frame for widget in wall.tile_widgets()[:4]))
    before = dict(pool.shown)
    presenter.swap(1, 4)
    assert [tile.number for tile in wall.cameras()] == [4, 2, 3, 1]
    assert pool.shown == before  # nothing was opened anew: the tiles themselves changed places
    assert [widget.frame.pixels[0, 0, 0] for widget in wall.tile_widgets()[:4]] == [40, 20, 30, 10]
    assert wall.tile_widgets()[0].geometry().topLeft() == QPoint(0, 0)
    presenter.restore()
    assert [tile.number for tile in wall.cameras()] == [1, 2, 3, 4]


def test_an_arrangement_survives_a_new_look_at_the_same_cameras_and_ends_with_the_incident(
    wall: WallWidget, presenter: WallPresenter, clock: ManualClock, of: Any
) -> None:
    cameras = [of.seen(n) for n in range(1, 4)]
    presenter.show_cameras(cameras, {})
    presenter.swap(1, 3)
    presenter.clear(2)
    presenter.refresh()
    presenter.show_cameras(cameras, {"PV-0001": clock.now() + timedelta(minutes=1)})
    assert presenter.camera_ids == ("GN-0003", None, "GN-0001") and presenter.is_arranged
    presenter.show_cameras([of.seen(n) for n in (7, 8)], {})
    assert presenter.camera_ids == ("GN-0007", "GN-0008") and not presenter.is_arranged


def test_a_camera_from_elsewhere_takes_a_number_that_nobody_has(
    wall: WallWidget, presenter: WallPresenter, of: Any
) -> None:
    presenter.show_cameras([of.seen(n) for n in range(1, 4)], {})
    presenter.put(2, of.seen(9))
    assert [(tile.number, tile.seen.camera_id) for tile in wall.cameras()] == [
        (1, "GN-0001"),
        (4, "GN-0009"),
        (3, "GN-0003"),
    ]
    presenter.put(5, of.seen(2))  # it is on record as the second, and is again
    assert wall.tile_at(5).number == 2
    presenter.put(1, of.seen(9))  # on the wall already: they change places
    assert [wall.tile_at(n).seen.camera_id for n in (1, 2)] == ["GN-0009", "GN-0001"]


def test_a_second_wall_has_the_same_numbers_and_the_same_rights(
    wall: WallWidget, pool: Any, clock: ManualClock, of: Any, qtbot: Any
) -> None:
    rights = Rights()
    first = WallPresenter(wall, of.Streams, rights)
    other = WallWidget(pool, 4, slots=wall.slots)
    qtbot.addWidget(other)
    second = WallPresenter(other, of.Streams, rights)
    shop = of.seen(1, private=True)
    first.show_cameras([of.seen(1), shop], {"PV-0001": clock.now() + timedelta(minutes=5)})
    second.show_set([shop, of.seen(5)])
    assert [(tile.number, tile.shut(clock.now())) for tile in other.cameras()] == [(2, False), (3, False)]
    first.show_cameras([], {})
    second.refresh()
    assert other.cameras()[0].shut(clock.now())


class TestDrag:
    """What is dragged is a camera's id and nothing else."""

    def test_only_a_plain_id_is_taken(self) -> None:
        assert camera_of(camera_data("GN-0001")) == "GN-0001"
        assert camera_data("GN-0001").formats() == [CAMERA_MIME]
        for bad in (b"", b"\xff\xfe", b"a\nb", b"x" * 129):
            data = QMimeData()
            data.setData(CAMERA_MIME, bad)
            assert camera_of(data) is None
        text = QMimeData()
        text.setText("GN-0001")
        assert camera_of(text) is None

    def test_a_tile_takes_a_camera_and_says_where_it_fell(self, wall: WallWidget, qtbot: Any) -> None:
        heard: list[tuple[int, str]] = []
        wall.cameraDropped.connect(lambda place, camera_id: heard.append((place, camera_id)))
        drop(wall, 3, camera_data("GN-0007"))
        assert heard == [(3, "GN-0007")]
        other = QMimeData()
        other.setText("GN-0007")
        drop(wall, 2, other)
        assert len(heard) == 1


def drop(wall: WallWidget, place: int, data: QMimeData) -> None:
    """Send a tile what Qt sends it at the end of a drag."""
    target = wall.tile_widgets()[place - 1]
    at, left = QPointF(20, 20), Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier)
    target.dragEnterEvent(enter)
    if enter.isAccepted():
        target.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier))


def test_arrows_go_over_an_uneven_layout(wall: WallWidget, presenter: WallPresenter, of: Any) -> None:
    presenter.show_cameras([of.seen(n) for n in range(1, 7)], {})
    wall.use_layout("1+5")
    way = (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up)
    places = []
    for key in way:
        QTest.keyClick(wall, key)
        places.append(wall.selected())
    assert places == [1, 2, 3, 6, 5, 1]


def test_the_chosen_camera_is_told_also_when_it_changes_under_the_choice(
    wall: WallWidget, presenter: WallPresenter, of: Any
) -> None:
    heard: list[str] = []
    wall.tileChosen.connect(heard.append)
    presenter.show_cameras([of.seen(1), of.seen(2)], {})
    wall.select(1)
    presenter.swap(1, 2)
    presenter.show_cameras([], {})
    assert heard == ["GN-0001", "GN-0002", ""]
