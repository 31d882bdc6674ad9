"""The verbs of the wall in a whole console: keys, reasons, what goes on record, what is kept."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from smartcity_console.console.wall import WallPresenter, WallWidget
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.ring_port import RingClip
from smartcity_console.console.wall.sets import FILE, MOST, Salvo, Tour, WallSets, WallSetsFile, WallSetsFull
from smartcity_console.console.wall.side_pane import FrozenPane
from smartcity_console.console.wall.tour import pages
from smartcity_console.model import events as ev

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def desk(day: Any, open_console: Any, of: Any, qtbot: Any, tmp_path: Any) -> Callable[..., Any]:
    """Return a maker of consoles with a real wall of which the sample incident's cameras have a picture."""

    def make(**changes: Any) -> Any:
        pool = of.PlainPool(day.clock)

        def make_wall() -> tuple[WallWidget, WallPresenter]:
            wall = WallWidget(pool)
            return wall, WallPresenter(wall, of.Streams)

        def clip(_camera: str, start: Any, end: Any) -> RingClip:
            path = tmp_path / f"{start:%H%M%S%f}.mp4"
            path.write_bytes(b"clip")
            return RingClip(path, start, end)

        def seen_for(ids: Any, _incident: Any) -> list[Any]:
            return [of.seen(int(id_[3:]), private=id_.startswith("PV")) for id_ in ids if id_ != "GN-9999"]

        facts = {
            "make_wall": make_wall,
            "seen_for": seen_for,
            "ring_clip": clip,
            "ring_spans": lambda _camera: [(day.clock.now() - timedelta(minutes=5), day.clock.now())],
        }
        console = open_console(**(facts | changes))
        console.pool = pool
        console.wall_view.resize(786, 770)
        return console

    return make


@pytest.fixture
def console(day: Any, desk: Any, qtbot: Any) -> Any:
    """A console that verifies the sample incident: one private camera, open, and five public ones."""
    day.open()
    made = desk()
    qtbot.waitUntil(lambda: bool(made.seat.incident and made.seat.incident.cameras), timeout=5000)
    with qtbot.waitSignal(made.runner.done, timeout=5000):
        made.runner.run("incident.claim")
    qtbot.waitUntil(lambda: len(made.wall_view.cameras()) == 6, timeout=5000)
    for widget in made.wall_view.tile_widgets():
        made.pool.put(widget.slot, grey=40 * widget.slot)
    qtbot.waitUntil(lambda: all(widget.frame for widget in made.wall_view.tile_widgets()), timeout=5000)
    made.window.activateWindow()
    return made


def reason(console: Any, op_id: str) -> str | None:
    found = console.runner.reason(op_id)
    return found.code if found else None


def cameras(console: Any) -> list[str]:
    return [tile.seen.camera_id for tile in console.wall_view.cameras()]


def test_tiles_are_chosen_and_worked_at_by_keys_alone(console: Any, qtbot: Any) -> None:
    window, wall = console.window, console.wall_view
    heard: list[str] = []
    console.walls.tileChosen.connect(heard.append)
    qtbot.keyClick(window, Qt.Key.Key_2, SHIFT)
    assert wall.selected() == 2 and heard == [cameras(console)[1]]
    assert console.map.selected == heard[0]
    qtbot.keyClick(window, Qt.Key.Key_E)
    assert wall.maximised() == 2
    qtbot.keyClick(window, Qt.Key.Key_E)
    qtbot.keyClick(window, Qt.Key.Key_X)
    assert console.notice.isVisible() and "2" in console.notice.text
    before = cameras(console)
    qtbot.keyClick(window, Qt.Key.Key_5, SHIFT)
    assert cameras(console) == [before[0], before[4], *before[2:4], before[1], before[5]]
    assert wall.tile_at(2).number == 5  # the number goes with the camera
    qtbot.keyClick(window, Qt.Key.Key_Backspace, SHIFT)
    assert cameras(console) == before
    qtbot.keyClick(window, Qt.Key.Key_8, CTRL | ALT)
    assert wall.layout_id == "1+7"
    qtbot.keyClick(window, Qt.Key.Key_0, CTRL | ALT)
    assert wall.layout_id == "6"


def test_on_a_large_wall_two_digits_make_a_number(console: Any, day: Any, of: Any, qtbot: Any) -> None:
    console.wall.show_set([of.seen(n) for n in range(1, 17)])
    numbers = [tile.number for tile in console.wall_view.cameras()]
    assert max(numbers) >= 16
    for digit in (Qt.Key.Key_1, Qt.Key.Key_2):
        qtbot.keyClick(console.window, digit, SHIFT)
    assert console.walls.facts().chosen == numbers.index(12) + 1
    day.clock.advance(2)
    qtbot.keyClick(console.window, Qt.Key.Key_2, SHIFT)
    assert console.walls.facts().chosen == numbers.index(2) + 1


def test_what_cannot_be_done_says_why(console: Any) -> None:
    assert reason(console, "wall.swap") == "no_tile"
    assert reason(console, "wall.snapshot") == "no_tile"
    assert reason(console, "wall.replay.pause") == "no_replay"
    assert reason(console, "wall.replay.live") == "is_live"
    assert reason(console, "wall.tile.9") == "no_tile"
    assert reason(console, "wall.salvo.1") == "not_kept"
    assert reason(console, "wall.tour.pause") == "no_tour"
    assert reason(console, "wall.rank") == "is_so"
    console.wall_view.select(1)
    assert reason(console, "wall.snapshot") is None and reason(console, "wall.zoom.out") == "no_zoom"
    console.wall.show_cameras(list(console.seat.incident.cameras), {})  # the private one shuts
    private = console.wall_view.place_of("PV-0001")
    console.wall_view.select(private)
    assert reason(console, "wall.snapshot") == "shut" == reason(console, "wall.replay.back.5")


def test_a_snapshot_carries_its_marks_is_on_record_and_is_kept_to_ourselves(
    console: Any, day: Any, tmp_path: Any, qtbot: Any
) -> None:
    console.wall_view.select(3)
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        qtbot.keyClick(console.window, Qt.Key.Key_S)
    (taken,) = day.payloads(ev.IncidentSnapshotTaken)
    assert (taken.camera_id, taken.seat) == (cameras(console)[2], "3")
    path = tmp_path / taken.path
    assert hashlib.sha256(path.read_bytes()).hexdigest() == taken.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    image = QImage(str(path))
    plain = {image.pixelColor(x, y).rgb() for x in range(0, 160, 2) for y in range(0, 90, 2)}
    assert len(plain) > 2  # the grey of the picture, and the seat's mark all over it
    assert image.height() > 90  # the band under it
    assert console.notice.isVisible() and taken.path in console.notice.text


def test_a_snapshot_that_cannot_be_put_on_record_does_not_stay(
    console: Any, day: Any, tmp_path: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.wall_view.select(3)
    taken: list[Any] = []
    console.walls.snapshots.taken.connect(taken.append)
    kept = console.walls.snapshots._submit

    def slowly(work: Any, done: Any) -> None:
        """The tile is emptied while the picture is written: then there is nothing to stand for it."""
        kept(work, lambda outcome: (console.wall.clear(3), done(outcome)))

    monkeypatch.setattr(console.walls.snapshots, "_submit", slowly)
    with qtbot.waitSignal(console.runner.refused, timeout=5000):
        qtbot.keyClick(console.window, Qt.Key.Key_S)
    assert taken and not (tmp_path / taken[0].path).exists()
    assert day.payloads(ev.IncidentSnapshotTaken) == []


def test_without_an_incident_a_snapshot_is_on_the_cameras_record(
    day: Any, desk: Any, of: Any, qtbot: Any, tmp_path: Any
) -> None:
    console = desk()
    console.wall.show_set([of.seen(4)])
    console.pool.put(0)
    qtbot.waitUntil(lambda: console.wall_view.tile_widgets()[0].frame is not None)
    console.wall_view.select(1)
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run("wall.snapshot")
    events = [event for event in day.journal.read(stream="camera/GN-0004") if event.type == "CameraSnapshotTaken"]
    assert (tmp_path / events[0].payload_as(ev.CameraSnapshotTaken).path).is_file()


def test_a_camera_that_is_dropped_on_a_tile_takes_its_place_or_is_refused_with_the_reason(
    console: Any, qtbot: Any
) -> None:
    console.wall_view.cameraDropped.emit(2, "GN-0077")
    qtbot.waitUntil(lambda: cameras(console)[1] == "GN-0077", timeout=5000)
    assert console.wall_view.tile_at(2).number == 7 and console.wall_view.selected() == 2
    assert console.walls.facts().arranged and reason(console, "wall.rank") is None
    before = cameras(console)
    console.wall_view.cameraDropped.emit(2, "PV-0002")
    qtbot.waitUntil(lambda: "private" in console.notice.text, timeout=5000)
    assert cameras(console) == before
    console.wall_view.cameraDropped.emit(2, "GN-9999")
    qtbot.waitUntil(lambda: "GN-9999" in console.notice.text, timeout=5000)
    assert cameras(console) == before
    console.wall_view.cameraDropped.emit(4, before[0])  # a tile on a tile: they change places
    assert cameras(console)[0] == before[3] and cameras(console)[3] == before[0]


def test_replay_by_keys_beside_the_live_picture(console: Any, day: Any, qtbot: Any) -> None:
    wall = console.wall_view
    wall.select(1)
    qtbot.keyClick(console.window, Qt.Key.Key_J)
    pane = wall.pane
    assert isinstance(pane, ReplayPane) and console.walls.facts().pane == "replay"
    assert (day.clock.now() - pane.review.playhead).total_seconds() == 5.0
    qtbot.keyClick(console.window, Qt.Key.Key_J, SHIFT)
    assert wall.pane is pane and (day.clock.now() - pane.review.playhead).total_seconds() == 35.0
    wanted = pane.review.source
    qtbot.waitUntil(lambda: wanted() is not None and console.pool.shown[pane.slot][0] == wanted(), timeout=5000)
    console.pool.put(pane.slot, media_s=0.1)
    qtbot.waitUntil(lambda: pane.frame is not None)
    qtbot.keyClick(console.window, Qt.Key.Key_K)
    assert not pane.review.playing and "paused" in pane.text()
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        qtbot.keyClick(console.window, Qt.Key.Key_S)  # a snapshot of what is looked at: the past
    (taken,) = day.payloads(ev.IncidentSnapshotTaken)
    assert taken.captured_at == pane.review.playhead
    qtbot.keyClick(console.window, Qt.Key.Key_K, SHIFT)
    assert wall.pane is None and console.walls.facts().pane == ""


def test_freeze_and_zoom_by_keys(console: Any, qtbot: Any) -> None:
    wall = console.wall_view
    wall.select(2)
    qtbot.keyClick(console.window, Qt.Key.Key_Z)
    assert isinstance(wall.pane, FrozenPane)
    frozen, live = wall.pane.frame, wall.tile_widgets()[1].frame
    assert frozen is not None and live is not None
    assert (frozen.seq, frozen.captured_s) == (live.seq, live.captured_s)
    assert not np.shares_memory(frozen.pixels, live.pixels)  # the live one's are the decoder's
    qtbot.keyClick(console.window, Qt.Key.Key_Z)
    assert wall.pane is None
    size = console.pool.shown[wall.tile_widgets()[1].slot][1]
    qtbot.keyClick(console.window, Qt.Key.Key_Equal, CTRL)
    qtbot.waitUntil(lambda: wall.tile_widgets()[1].look.zoom == "Digital zoom 1.6×")
    assert console.pool.shown[wall.tile_widgets()[1].slot][1][0] > 1.5 * size[0]  # what the camera sent, not our pixels
    before = wall.tile_widgets()[1].zoom
    wall.point_at(2)
    qtbot.keyClick(wall, Qt.Key.Key_Right, CTRL)
    assert wall.tile_widgets()[1].zoom.x > before.x
    qtbot.keyClick(console.window, Qt.Key.Key_0, CTRL)
    assert not wall.tile_widgets()[1].zoom.is_on


class TestSets:
    """What is kept by name."""

    def keep(self, console: Any, qtbot: Any, op_id: str, name: str, kind: str) -> None:
        console.runner.run(op_id)
        prompt = console.walls.sets._prompt
        assert prompt.isVisible()
        prompt.line.setText(name)
        qtbot.keyClick(prompt.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: name in console.walls.sets.names(kind), timeout=5000)

    def test_a_salvo_is_kept_named_and_called_up_by_one_key(
        self, console: Any, tmp_path: Any, of: Any, qtbot: Any
    ) -> None:
        console.wall.show_set([of.seen(n) for n in (11, 12, 13)])
        self.keep(console, qtbot, "wall.keep.salvo", "은행로 사거리", "salvo")
        kept = json.loads((tmp_path / FILE).read_text("utf-8"))
        assert kept["salvos"] == [{"name": "은행로 사거리", "cameras": ["GN-0011", "GN-0012", "GN-0013"]}]
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
        assert console.runner.operations["wall.salvo.1"].label() == "Salvo 1: 은행로 사거리"
        console.runner.run("wall.rank")
        assert len(console.wall_view.cameras()) == 6
        qtbot.keyClick(console.window, Qt.Key.Key_F1, SHIFT)
        qtbot.waitUntil(lambda: cameras(console) == ["GN-0011", "GN-0012", "GN-0013"], timeout=5000)

    def test_a_saved_wall_brings_layout_and_places_back(self, console: Any, of: Any, qtbot: Any) -> None:
        console.runner.run("wall.layout.9")
        console.wall.show_set([of.seen(21), None, of.seen(22)])
        self.keep(console, qtbot, "wall.keep.saved", "Night", "saved")
        console.runner.run("wall.rank")
        console.runner.run("wall.layout.4")
        qtbot.keyClick(console.window, Qt.Key.Key_F1, CTRL)
        qtbot.waitUntil(lambda: cameras(console) == ["GN-0021", "GN-0022"], timeout=5000)
        assert console.wall_view.layout_id == "9" and console.wall_view.tile_at(2) is None

    def test_a_tour_turns_waits_for_who_chooses_a_tile_and_goes_on(self, console: Any, of: Any, qtbot: Any) -> None:
        tour = Tour("Round", 2.0, (("GN-0031",), ("GN-0032",), ("GN-0033", "GN-0034")))
        console.walls.sets.change(lambda kept: kept.keeping("tours", tour))
        qtbot.waitUntil(lambda: console.walls.sets.names("tour") == ("Round",), timeout=5000)
        console.walls.sets.tour._timer.setInterval(2000)
        console.runner.run("wall.tour.1")
        qtbot.waitUntil(lambda: cameras(console) == ["GN-0031"], timeout=5000)
        console.walls.sets.tour._timer.start(40)  # the dwell, so that the test need not take its time
        qtbot.waitUntil(lambda: cameras(console) == ["GN-0033", "GN-0034"], timeout=5000)
        console.wall_view.point_at(1)
        at = console.walls.sets.tour.at
        assert "Round" in console.notice.text
        assert console.walls.facts().tour_waits and not console.walls.sets.tour._timer.isActive()
        qtbot.keyClick(console.window, Qt.Key.Key_T)
        assert not console.walls.facts().tour_waits and console.walls.sets.tour.at != at
        qtbot.keyClick(console.window, Qt.Key.Key_T, SHIFT)
        assert console.walls.facts().touring == ""

    def test_names_take_their_place_over_and_ten_are_too_many(self) -> None:
        kept = WallSets()
        for number in range(MOST):
            kept = kept.keeping("salvos", Salvo(f"{number}", ("GN-0001",)))
        again = kept.keeping("salvos", Salvo("3", ("GN-0002",)))
        assert [salvo.cameras for salvo in again.salvos][3] == ("GN-0002",)
        with pytest.raises(WallSetsFull):
            kept.keeping("salvos", Salvo("one more", ("GN-0001",)))
        assert len(kept.without("salvos", "3").salvos) == MOST - 1

    def test_a_damaged_file_is_left_alone_and_said(self, desk: Any, tmp_path: Any, qtbot: Any) -> None:
        (tmp_path / FILE).write_text('{"salvos": 3}', "utf-8")
        console = desk()
        qtbot.waitUntil(lambda: FILE in console.notice.text, timeout=5000)
        assert (tmp_path / FILE).read_text("utf-8") == '{"salvos": 3}'

    def test_a_step_that_has_no_room_becomes_several_pages(self) -> None:
        kept = WallSets(salvos=(Salvo("A", ("1", "2", "3")),))
        tour = Tour("T", 5.0, ("A", ("4",), "gone"))
        assert pages(tour, kept, 2) == [("1", "2"), ("3",), ("4",)]

    def test_the_sheet_shows_what_other_seats_keep_calls_up_makes_tours_and_deletes(
        self, console: Any, tmp_path: Any, qtbot: Any
    ) -> None:
        for name, ids in (("A", ("PV-0002", "GN-0005")), ("B", ("GN-0006",))):
            console.walls.sets.change(lambda kept, salvo=Salvo(name, ids): kept.keeping("salvos", salvo))
        WallSetsFile(tmp_path).change(lambda kept: kept.keeping("salvos", Salvo("Theirs", ("GN-0001",))))
        console.walls.refresh()
        qtbot.waitUntil(lambda: set(console.walls.sets.names("salvo")) == {"A", "B", "Theirs"}, timeout=5000)
        console.runner.run("wall.sets")
        sheet = console.walls.sets._dialog
        names = console.walls.sets.names("salvo")
        sheet.lists["salvo"].setCurrentRow(names.index("A"))
        qtbot.mouseClick(sheet._calls["salvo"], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: cameras(console) == ["PV-0002", "GN-0005"], timeout=5000)
        assert console.wall_view.cameras()[0].locked  # a set opens nothing
        sheet.lists["salvo"].selectAll()
        sheet.name.setText("All")
        sheet.dwell.setValue(15)
        qtbot.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: console.walls.sets.kept.tours == (Tour("All", 15.0, names),), timeout=5000)
        sheet.lists["salvo"].setCurrentRow(0)
        qtbot.mouseClick(sheet._deletes["salvo"], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: console.walls.sets.names("salvo") == names[1:], timeout=5000)
        sheet.close()


class TestSecondWall:
    """A wall in a window of its own."""

    def test_it_shows_the_same_and_what_is_done_goes_where_the_operator_works(
        self, console: Any, of: Any, qtbot: Any, tmp_path: Any
    ) -> None:
        console.runner.run("wall.window")
        window = console.walls.window
        assert [tile.number for tile in window.wall.cameras()] == [1, 2, 3, 4, 5, 6]
        window.wall.point_at(2)
        console.runner.run("wall.layout.4")
        assert (window.wall.layout_id, console.wall_view.layout_id) == ("4", "6")
        console.wall_view.point_at(1)
        console.runner.run("wall.layout.9")
        assert (window.wall.layout_id, console.wall_view.layout_id) == ("4", "9")
        window.setGeometry(20, 30, 640, 500)
        slots = {widget.slot for widget in window.wall.tile_widgets()}
        console.runner.run("wall.window")
        assert console.walls.window is None
        assert all(console.pool.shown[slot][0] is None for slot in slots)
        kept = tmp_path / "wall-window-3.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        console.runner.run("wall.window")
        assert console.walls.window.geometry().size().toTuple() == (640, 500)
        console.walls.window.close()

    def test_another_incident_shuts_its_private_tiles_there_too(self, console: Any, day: Any, qtbot: Any) -> None:
        console.runner.run("wall.window")
        wall = console.walls.window.wall
        private = wall.place_of("PV-0001")
        assert not wall.tile_at(private).locked
        console.seat.select(None)
        qtbot.waitUntil(lambda: wall.tile_at(private).locked)
        console.walls.window.close()


def test_a_tile_tells_whether_its_camera_is_recorded(console: Any, day: Any, qtbot: Any) -> None:
    place = console.wall_view.place_of("GN-0001")
    widget = console.wall_view.tile_widgets()[place - 1]
    assert widget.look.recorded is None  # nobody has said anything yet
    day.write("GN-0001", ev.CameraConnected(camera_id="GN-0001", codec="H264", width_px=640, height_px=360))
    qtbot.waitUntil(lambda: widget.look.recorded is True, timeout=5000)
    day.write("GN-0001", ev.CameraLost(camera_id="GN-0001", reason="refused"))
    qtbot.waitUntil(lambda: widget.look.recorded is False, timeout=5000)
    assert "not recorded" in widget.accessibleName()
    day.write("GN-0001", ev.CameraConnected(camera_id="GN-0001", codec="H264", width_px=640, height_px=360))
    qtbot.waitUntil(lambda: widget.look.recorded is True, timeout=5000)
    day.write("gateway", ev.RecordingPaused(free_mib=1))
    qtbot.waitUntil(lambda: widget.look.recorded is False, timeout=5000)
