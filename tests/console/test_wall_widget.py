"""The wall's tiles: what each state says, what must never be shown, and the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartcity_console.clock import ManualClock
from smartcity_console.console.wall import WallPresenter, WallTile, WallWidget, layouts
from smartcity_console.console.wall.look import Scene
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.video.capture import Frame, Reason, Size, TileSource, TileState, TileStatus

WHITE = 255


class PlainPool:
    """A stand-in for the decoder pool: remembers what it was asked to show, gives what the test put in."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.shown: dict[int, tuple[TileSource | None, Size]] = {}
        self.statuses: dict[int, TileStatus] = {}
        self.frames: dict[int, Frame] = {}
        self.focused: int | None = None

    def show(self, tile: int, source: TileSource | None, size_px: Size) -> None:
        self.shown[tile] = (source, size_px)

    def focus(self, tile: int | None) -> None:
        self.focused = tile

    def status(self, tile: int) -> TileStatus:
        idle = self.shown.get(tile, (None, (2, 2)))[0] is None
        return TileStatus(TileState.IDLE) if idle else self.statuses.get(tile, TileStatus(TileState.CONNECTING))

    def frame(self, tile: int, after_seq: int = 0) -> Frame | None:
        """Give whatever there is, even for a tile that should show nothing: the wall must not rely on us."""
        frame = self.frames.get(tile)
        return frame if frame is not None and frame.seq > after_seq else None

    def hold(self, tile: int, after_seq: int = 0) -> Frame | None:
        return self.frame(tile, after_seq)

    def put(self, tile: int, seq: int = 1, media_s: float = 0.0, state: TileState = TileState.LIVE) -> None:
        """A white picture has come."""
        self.frames[tile] = Frame(np.full((90, 160, 4), WHITE, np.uint8), seq, self.clock.monotonic_s(), seq, media_s)
        self.statuses[tile] = TileStatus(state, 0.1, codec="H264", fps=15.0)

    def sources(self) -> list[TileSource | None]:
        return [source for _, (source, _) in sorted(self.shown.items())]


def seen(number: int, **changes: Any) -> SeenBy:
    facts: dict[str, Any] = {
        "camera_id": f"GN-{number:04}",
        "name": f"Eunhaeng-ro {number}",
        "ownership": Ownership.PUBLIC,
        "purpose": Purpose.TRAFFIC,
        "mount": Mount.FIXED,
        "distance_m": 24.0,
        "bearing_deg": 48.0,
        "px_per_m": 280.0,
        "dori": Dori.IDENTIFY,
        "in_view": True,
        "direction_known": True,
        "occluded": False,
        "turn_s": 0.0,
        "has_stream": True,
        "score": 1.0,
    }
    return SeenBy(**(facts | changes))


def live(number: int) -> TileSource:
    return TileSource.live(f"rtsp://127.0.0.1/{number}")


def tile(number: int, **changes: Any) -> WallTile:
    return WallTile(number, seen(number, **changes), live(number))


def private(number: int, **changes: Any) -> WallTile:
    return WallTile(number, seen(number, ownership=Ownership.PRIVATE), live(number), **changes)


@pytest.fixture
def pool(clock: ManualClock) -> PlainPool:
    return PlainPool(clock)


@pytest.fixture
def wall(pool: PlainPool, qtbot: Any) -> WallWidget:
    made = WallWidget(pool)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(786, 770)
    made.show()
    return made


def looks(wall: WallWidget, number: int) -> Any:
    return wall.tile_widgets()[number - 1].look


def bright_pixels(wall: WallWidget, number: int) -> float:
    """Return which share of a tile's middle is the white of the stand-in's picture."""
    image = wall.tile_widgets()[number - 1].grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    middle = rows[40:-40, 10 : image.width() - 10, :3]
    return float((middle == WHITE).all(axis=2).mean())


def some_turns(wall: WallWidget, qtbot: Any) -> None:
    """Let the wall's timer come round a dozen times."""
    began = wall._beats
    qtbot.waitUntil(lambda: wall._beats >= began + 12)


def test_a_live_tile_says_who_it_is_how_clearly_it_sees_and_how_old_its_picture_is(
    wall: WallWidget, pool: PlainPool, qtbot: Any
) -> None:
    pool.put(0)
    wall.set_cameras([tile(1), tile(2, mount=Mount.PTZ, distance_m=41.2)])
    qtbot.waitUntil(lambda: looks(wall, 1).scene is Scene.PICTURE)
    look = looks(wall, 1)
    assert (look.title, look.clarity) == ("Eunhaeng-ro 1 · traffic", "identify 280px/m")
    assert (look.word, look.text, look.where) == ("LIVE", "0.1 s", "24 m · north-east")
    assert looks(wall, 2).where == "41 m · PTZ"
    qtbot.waitUntil(lambda: bright_pixels(wall, 1) > 0.6)
    assert wall.tile_widgets()[0].accessibleName() == "1 Eunhaeng-ro 1 · traffic, LIVE"


def test_a_picture_that_stands_still_cannot_be_taken_for_a_live_one(
    wall: WallWidget, pool: PlainPool, qtbot: Any
) -> None:
    pool.put(0)
    wall.set_cameras([tile(1)])
    qtbot.waitUntil(lambda: bright_pixels(wall, 1) > 0.6)
    pool.statuses[0] = TileStatus(TileState.STALE, 4.2, Reason.READ_TIMEOUT, attempt=2)
    qtbot.waitUntil(lambda: looks(wall, 1).scene is Scene.STILL)
    look = looks(wall, 1)
    assert look.notice == ("The picture stands still · reconnect 2/8", "The camera stopped sending")
    assert (look.word, look.text, look.word_colour) == ("STOPPED", "still for 4.2 s", "warn")
    qtbot.waitUntil(lambda: bright_pixels(wall, 1) < 0.05)


@pytest.mark.parametrize(
    ("status", "word", "notice"),
    [
        (
            TileStatus(TileState.NO_SIGNAL, None, Reason.NOT_FOUND, "404 Not Found", 3),
            "NO SIGNAL",
            ("No signal · reconnect 3/8", "The camera does not know this stream (404 Not Found)"),
        ),
        (
            TileStatus(TileState.NO_SIGNAL, None, Reason.REFUSED, "", 12),
            "NO SIGNAL",
            ("No signal · tried every minute", "The camera's address refuses the connection"),
        ),
        (
            TileStatus(TileState.UNSUPPORTED, None, Reason.CODEC, "", 1, codec="AV01"),
            "CODEC",
            ("AV01 video cannot be shown here", "Set the camera's stream to H.264"),
        ),
        (TileStatus(TileState.CONNECTING), "CONNECTING", ("Connecting", "")),
    ],
)
def test_a_tile_without_a_picture_says_why(
    wall: WallWidget, pool: PlainPool, qtbot: Any, status: TileStatus, word: str, notice: tuple[str, str]
) -> None:
    pool.statuses[0] = status
    wall.set_cameras([tile(1)])
    qtbot.waitUntil(lambda: looks(wall, 1).word == word)
    assert looks(wall, 1).notice == notice
    assert bright_pixels(wall, 1) < 0.05
    assert notice[0] in wall.tile_widgets()[0].accessibleName()


def test_not_a_pixel_of_a_locked_camera_is_asked_for_or_shown(wall: WallWidget, pool: PlainPool, qtbot: Any) -> None:
    pool.put(0)
    wall.set_cameras([private(1, locked=True)])
    qtbot.waitUntil(lambda: looks(wall, 1).scene is Scene.SHUT)
    pool.put(0, seq=2)
    some_turns(wall, qtbot)  # in which a picture lies ready for it
    assert pool.shown[0][0] is None
    assert wall.tile_widgets()[0].frame is None
    assert bright_pixels(wall, 1) < 0.05
    assert looks(wall, 1).notice == ("Private camera · shut", "Opens when the incident is claimed")


def test_an_opened_private_camera_says_for_how_long_and_shuts_by_itself(
    wall: WallWidget, pool: PlainPool, clock: ManualClock, qtbot: Any
) -> None:
    pool.put(0)
    wall.set_cameras([private(1, unlocked_until=clock.now() + timedelta(minutes=9, seconds=42))])
    qtbot.waitUntil(lambda: bright_pixels(wall, 1) > 0.4)
    assert looks(wall, 1).badge == "Private video · this incident only · 09:42"
    assert looks(wall, 1).where == "24 m · open for 09:42"
    clock.advance(60)
    qtbot.waitUntil(lambda: looks(wall, 1).where == "24 m · open for 08:42")
    clock.advance(8 * 60 + 42)
    qtbot.waitUntil(lambda: pool.shown[0][0] is None)
    qtbot.waitUntil(lambda: bright_pixels(wall, 1) < 0.05)
    assert looks(wall, 1).notice == ("Private camera · shut", "The time for which it was open is over")


def test_a_replay_looks_different_and_tells_the_time_before_the_alert(
    wall: WallWidget, pool: PlainPool, qtbot: Any
) -> None:
    wall.set_cameras([tile(1)])
    recording = TileSource.replay(Path("/clips/1.mp4"), alert_s=30.0)
    wall.set_replay(1, recording)
    assert pool.shown[0][0] == recording
    pool.put(0, media_s=17.7, state=TileState.REPLAY)
    qtbot.waitUntil(lambda: looks(wall, 1).text == "12.3 s before the alert")
    assert (looks(wall, 1).word, looks(wall, 1).replay) == ("REPLAY", True)
    pool.put(0, seq=2, media_s=31.0, state=TileState.REPLAY)
    qtbot.waitUntil(lambda: looks(wall, 1).text == "1.0 s after the alert")
    wall.set_replay(1, None)
    assert pool.shown[0][0] == live(1)
    assert wall.tile_widgets()[0].frame is None


def test_a_replay_ends_when_its_tile_gets_another_camera(wall: WallWidget, pool: PlainPool) -> None:
    wall.set_cameras([tile(1), tile(2)])
    wall.set_replay(1, TileSource.replay(Path("/clips/1.mp4")))
    wall.set_cameras([tile(1), tile(2)])
    assert wall.replaying(1)
    wall.set_cameras([WallTile(1, seen(3), live(3)), tile(2)])
    assert not wall.replaying(1)
    assert pool.shown[0][0] == live(3)


def test_a_hidden_wall_costs_nothing(wall: WallWidget, pool: PlainPool, qtbot: Any) -> None:
    wall.set_cameras([tile(n) for n in range(1, 7)])
    assert pool.sources() == [live(n) for n in range(1, 7)]
    wall.hide()
    assert pool.sources() == [None] * 6
    wall.set_cameras([tile(n) for n in range(2, 8)])
    assert pool.sources() == [None] * 6
    wall.show()
    assert pool.sources() == [live(n) for n in range(2, 8)]


def test_a_minimised_window_costs_nothing(pool: PlainPool, qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    wall = WallWidget(pool)  # type: ignore[arg-type]
    QVBoxLayout(window).addWidget(wall)
    window.show()
    wall.set_cameras([tile(1)])
    assert pool.shown[0][0] == live(1)
    window.showMinimized()
    qtbot.waitUntil(lambda: pool.shown[0][0] is None)
    window.showNormal()
    qtbot.waitUntil(lambda: pool.shown[0][0] == live(1))


def test_tiles_ask_for_their_own_size_in_pixels(wall: WallWidget, pool: PlainPool, qtbot: Any) -> None:
    wall.set_cameras([tile(1)])
    assert pool.shown[0][1] == (390, 253)
    wall.resize(1200, 900)
    qtbot.waitUntil(lambda: pool.shown[0][1] == (597, 296))


def test_only_what_changed_is_painted_anew(
    wall: WallWidget, pool: PlainPool, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.put(0), pool.put(1)
    wall.set_cameras([tile(1), tile(2)])
    qtbot.waitUntil(lambda: all(widget.frame for widget in wall.tile_widgets()[:2]))
    asked: list[int] = []
    for widget in wall.tile_widgets():
        monkeypatch.setattr(widget, "update", lambda slot=widget.slot: asked.append(slot))
    pool.put(1, seq=2)
    qtbot.waitUntil(lambda: 1 in asked)
    some_turns(wall, qtbot)  # with looks at all tiles, at which nothing has changed
    assert set(asked) == {1}


class TestKeyboard:
    """Arrows move, Enter fills the wall, R asks for the replay."""

    @pytest.fixture
    def chosen(self, wall: WallWidget) -> list[int]:
        heard: list[int] = []
        wall.tileActivated.connect(heard.append)
        wall.set_cameras([tile(n) for n in range(1, 6)])
        return heard

    def test_arrows_stay_within_rows_and_cameras(self, wall: WallWidget, chosen: list[int]) -> None:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
            QTest.keyClick(wall, key)
        assert wall.selected() == 4  # tile 6 is empty
        QTest.keyClick(wall, Qt.Key.Key_Left)
        QTest.keyClick(wall, Qt.Key.Key_Down)
        QTest.keyClick(wall, Qt.Key.Key_Left)
        assert wall.selected() == 5
        assert chosen == [1, 2, 4, 3, 5]

    def test_enter_fills_the_wall_with_one_tile_and_the_others_cost_nothing(
        self, wall: WallWidget, chosen: list[int], pool: PlainPool
    ) -> None:
        wall.select(2)
        QTest.keyClick(wall, Qt.Key.Key_Return)
        assert wall.maximised() == 2
        assert pool.sources() == [None, live(2), None, None, None, None]
        assert pool.shown[1][1] == (786, 770)
        QTest.keyClick(wall, Qt.Key.Key_Right)
        assert wall.maximised() == 2  # the end of the row
        QTest.keyClick(wall, Qt.Key.Key_Left)
        assert (wall.maximised(), pool.sources()[:2]) == (1, [live(1), None])
        QTest.keyClick(wall, Qt.Key.Key_Escape)
        assert wall.maximised() is None
        assert pool.sources() == [*(live(n) for n in range(1, 6)), None]

    def test_r_asks_for_the_replay_of_the_chosen_tile(self, wall: WallWidget, chosen: list[int], qtbot: Any) -> None:
        del chosen
        heard: list[int] = []
        wall.replayToggled.connect(heard.append)
        QTest.keyClick(wall, Qt.Key.Key_R)
        assert heard == []
        wall.select(3)
        QTest.keyClick(wall, Qt.Key.Key_R)
        assert heard == [3]

    def test_a_click_chooses_and_a_double_click_fills_the_wall(self, wall: WallWidget, chosen: list[int]) -> None:
        third = wall.tile_widgets()[2]
        QTest.mouseClick(third, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(third, Qt.MouseButton.LeftButton)
        assert (chosen, wall.selected(), wall.maximised()) == ([3], 3, 3)

    def test_only_the_chosen_tile_is_in_the_tab_order(self, wall: WallWidget, chosen: list[int]) -> None:
        del chosen
        wall.select(2)
        policies = [w.focusPolicy() for w in wall.tile_widgets()]
        assert [p for p in policies if p is Qt.FocusPolicy.StrongFocus] == [policies[1]]


class TestLayouts:
    """Grids fill the wall to the pixel."""

    @pytest.mark.parametrize("count", layouts.COUNTS)
    def test_tiles_do_not_overlap_and_reach_the_edges(self, count: int) -> None:
        room = QRect(0, 0, 787, 771)
        places = layouts.grid(count, room)
        assert len(places) == count
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
        united = QRect()
        for place in places:
            united = united.united(place)
        assert united == room

    def test_the_wall_grows_with_its_cameras(self, wall: WallWidget) -> None:
        assert [layouts.tiles_for(n) for n in (0, 1, 2, 5, 6, 7, 12, 25)] == [1, 1, 4, 6, 6, 9, 16, 25]
        wall.set_cameras([tile(n) for n in range(1, 9)])
        assert len(wall.tile_widgets()) == 9
        wall.set_cameras([tile(1)])
        assert len(wall.tile_widgets()) == 6


class TestPresenter:
    """An incident's cameras on the wall."""

    @pytest.fixture
    def present(self, wall: WallWidget) -> Callable[..., WallPresenter]:
        return lambda **streams: WallPresenter(
            wall, lambda: {k.replace("_", "-"): TileSource.live(u) for k, u in streams.items()}
        )

    def test_streams_are_found_and_private_cameras_stay_shut_until_they_are_opened(
        self, wall: WallWidget, clock: ManualClock, present: Callable[..., WallPresenter]
    ) -> None:
        presenter = present(GN_0001="rtsp://h/1", PV_0001="rtsp://h/p")
        shop = seen(1, camera_id="PV-0001", ownership=Ownership.PRIVATE)
        presenter.show_cameras([seen(1), seen(2), shop], {})
        first, second, third = wall.cameras()
        assert (first.number, first.source, first.locked) == (1, TileSource.live("rtsp://h/1"), False)
        assert (second.number, second.source, second.locked) == (2, None, False)
        assert (third.number, third.locked) == (3, True)
        until = clock.now() + timedelta(minutes=10)
        presenter.show_cameras([seen(1), seen(2), shop], {"PV-0001": until})
        assert (wall.cameras()[2].locked, wall.cameras()[2].unlocked_until) == (False, until)

    def test_a_replay_goes_to_its_cameras_tile(self, wall: WallWidget, present: Callable[..., WallPresenter]) -> None:
        presenter = present(GN_0001="rtsp://h/1", GN_0002="rtsp://h/2")
        presenter.show_cameras([seen(1), seen(2)], {})
        presenter.play_replay("GN-0002", Path("/clips/2.mp4"), 30.0)
        assert (wall.replaying(1), wall.replaying(2)) == (False, True)
        presenter.play_replay("GN-0009", Path("/clips/9.mp4"), 30.0)
        presenter.stop_replay()
        assert not wall.replaying(2)
        assert presenter.chosen_camera() is None
        wall.select(2)
        assert presenter.chosen_camera() == "GN-0002"


def test_an_empty_wall_says_why_it_is_empty(wall: WallWidget, qtbot: Any) -> None:
    wall.set_cameras([])
    first = wall.tile_widgets()[0]
    qtbot.waitUntil(lambda: first.look.notice is not None)
    assert all(widget.look.notice is None for widget in wall.tile_widgets()[1:])
