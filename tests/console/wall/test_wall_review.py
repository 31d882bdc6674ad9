"""Looking back: what is fetched, where the playhead is, what stands beside what, and what must not be seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from smartcity_console.clock import ManualClock
from smartcity_console.console.wall import WallPresenter, WallWidget
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.review import PIECE_S, Review
from smartcity_console.console.wall.scrub_bar import ScrubBar
from smartcity_console.console.wall.side_pane import FrozenPane
from smartcity_console.video.capture import Frame, TileState


@pytest.fixture
def review(ring: Any, clock: ManualClock, qapp: Any) -> Review:
    """A review that begins 30 s ago and has its first piece."""
    made = Review(ring.port(), "GN-0001", clock.now() - timedelta(seconds=30), clock)
    made.tick()
    ring.answer()
    return made


def shown(review: Review, of: Any, at_s: float) -> bool:
    """Give a picture of so many seconds ago."""
    source = review.source()
    assert source is not None and review._clip is not None
    at = review._clock.now() - timedelta(seconds=at_s)
    return review.take(picture(of, (at - review._clip.start).total_seconds()))


def picture(of: Any, media_s: float) -> Frame:
    pixels = of.np.zeros((9, 16, 4), of.np.uint8)
    return Frame(pixels, 1, 0.0, 1, media_s)


def ago_s(review: Review) -> float:
    return round((review._clock.now() - review.playhead).total_seconds(), 3)


class TestReview:
    """The playhead and the pieces around it."""

    def test_it_fetches_a_small_piece_from_where_it_begins(self, review: Review, ring: Any, clock: ManualClock) -> None:
        camera_id, start, end = ring.asked[0]
        assert camera_id == "GN-0001" and start == clock.now() - timedelta(seconds=30)
        assert end - start == timedelta(seconds=PIECE_S)
        source = review.source()
        assert source is not None and source.start_s < 1.0  # from the keyframe on, at the time that was wanted
        assert review.spans == tuple(ring.spans)

    def test_the_playhead_follows_the_pictures_and_stands_still_when_paused(self, review: Review, of: Any) -> None:
        assert shown(review, of, 30.0)
        assert shown(review, of, 29.9) and ago_s(review) == 29.9
        review.toggle()
        assert not review.playing and review.source() is None  # standing still costs no decoder
        review.toggle()
        assert review.source() is not None and not shown(review, of, 29.95)
        assert shown(review, of, 29.8) and ago_s(review) == 29.8

    def test_a_seek_within_the_piece_fetches_nothing_and_one_outside_fetches_anew(
        self, review: Review, ring: Any, of: Any
    ) -> None:
        shown(review, of, 30.0)
        review.seek(review.playhead + timedelta(seconds=4))
        assert len(ring.asked) == 1 and shown(review, of, 26.0)
        review.back(60)
        assert review.source() is None and review.waiting
        ring.answer()
        assert len(ring.asked) == 2 and shown(review, of, 86.0) and ago_s(review) == 86.0

    def test_of_many_wishes_the_last_one_is_fetched(self, review: Review, ring: Any, clock: ManualClock) -> None:
        for minutes in (2, 3, 4):
            review.seek(clock.now() - timedelta(minutes=minutes))
        clock.advance(1)
        ring.answer()  # what was under way
        clock.advance(1)
        review.tick()
        ring.answer()
        assert len(ring.asked) == 3
        assert ring.asked[-1][1] == review.playhead
        assert len(list(ring.folder.glob("*.mp4"))) == 1  # what nobody wants any more is removed

    def test_nothing_outside_the_ring_can_be_asked_for(self, review: Review, ring: Any, clock: ManualClock) -> None:
        review.seek(clock.now() - timedelta(hours=3))
        assert review.playhead == ring.spans[0][0]
        review.seek(clock.now() + timedelta(hours=3))
        assert review.playhead <= clock.now()

    def test_before_a_piece_ends_the_next_one_is_there(self, review: Review, ring: Any, of: Any) -> None:
        shown(review, of, 30.0)
        review.tick()
        assert len(ring.asked) == 1
        shown(review, of, 20.0)
        review._clock.advance(1)  # type: ignore[attr-defined]
        review.tick()
        ring.answer()
        assert len(ring.asked) == 2
        first = review.source()
        assert first is not None
        assert shown(review, of, 19.0)  # its last picture: 18 s ago when it was fetched
        following = review.source()
        assert following is not None and following.address != first.address
        assert shown(review, of, 18.9) and ago_s(review) == 18.9

    def test_a_recording_that_loops_is_never_shown_as_going_on(self, review: Review, of: Any) -> None:
        shown(review, of, 30.0)
        shown(review, of, 19.0)
        assert not shown(review, of, 30.0)
        assert ago_s(review) == 19.0 and review.source() is None

    def test_steps_show_one_picture_each_way(self, review: Review, of: Any) -> None:
        for at_s in (30.0, 25.0, 24.9, 24.8):
            shown(review, of, at_s)
        review.step(1)
        assert not shown(review, of, 24.8)  # the decoder begins at the one that is shown
        assert shown(review, of, 24.7) and ago_s(review) == 24.7
        for tenths in range(246, 238, -1):  # and goes on a little, for the next steps
            assert review.source() is not None
            assert not shown(review, of, tenths / 10)
        assert review.source() is None and ago_s(review) == 24.7
        for way, at_s in ((1, 24.6), (1, 24.5), (-1, 24.6), (-1, 24.7), (-1, 24.8), (-1, 24.9), (-1, 25.0)):
            review.step(way)
            assert ago_s(review) == at_s and review.source() is None and review.picture is not None

    def test_a_step_back_beyond_what_is_kept_shows_the_last_picture_before(self, review: Review, of: Any) -> None:
        shown(review, of, 30.0)
        shown(review, of, 25.0)
        review.step(-1)
        first = review.source()
        assert first is not None
        assert not shown(review, of, 25.0)  # it began too late: it goes back further
        again = review.source()
        assert again is not None and again.start_s < first.start_s
        for at_s in (25.2, 25.1, 25.0):
            assert not shown(review, of, at_s)
        assert ago_s(review) == 25.1 and review.source() is None
        review.step(-1)
        assert ago_s(review) == 25.2  # kept on the way

    def test_a_picture_that_stands_still_can_be_had_again_at_another_size(self, review: Review, of: Any) -> None:
        shown(review, of, 30.0)
        shown(review, of, 25.0)
        review.toggle()
        review.again()
        assert shown(review, of, 25.0) and review.source() is None

    def test_a_gap_is_passed_over_and_nothing_recorded_is_said(
        self, ring: Any, clock: ManualClock, of: Any, qapp: Any
    ) -> None:
        now = clock.now()
        ring.spans = [(now - timedelta(minutes=9), now - timedelta(minutes=8)), (now - timedelta(minutes=5), now)]
        made = Review(ring.port(), "GN-0001", now - timedelta(minutes=7), clock)
        made.tick()
        ring.answer()
        clock.advance(1)
        made.tick()
        ring.answer()
        assert made.playhead == ring.spans[1][0] and made.source() is not None
        ring.spans = []
        nothing = Review(ring.port(), "GN-0002", now, clock)
        nothing.tick()
        ring.answer()
        assert nothing.trouble == "Nothing was recorded there." and nothing.source() is None

    def test_closing_removes_what_was_fetched_and_what_still_comes(self, review: Review, ring: Any) -> None:
        review.back(100)
        review.close()
        ring.answer()
        assert list(ring.folder.glob("*.mp4")) == []


class TestPane:
    """The past beside the present."""

    @pytest.fixture
    def replayed(
        self, wall: WallWidget, presenter: WallPresenter, pool: Any, ring: Any, clock: ManualClock, of: Any, qtbot: Any
    ) -> Callable[[], ReplayPane]:
        presenter.show_cameras([of.seen(n) for n in range(1, 6)], {})
        wall.point_at(1)

        def open_pane() -> ReplayPane:
            at = clock.now() - timedelta(seconds=5)
            review = Review(ring.port(), "GN-0001", at, clock)
            pane = ReplayPane(wall.tile_at(1), review, wall.slots.take(), clock.now(), wall)  # type: ignore[arg-type]
            wall.open_pane(pane)
            ring.answer()
            qtbot.waitUntil(lambda: pool.shown.get(pane.slot, (None,))[0] is not None)
            pool.put(pane.slot, media_s=5.0 - 4.0 + 0.5)
            qtbot.waitUntil(lambda: pane.frame is not None)
            return pane

        return open_pane

    def test_the_live_picture_stays_beside_it_and_the_tile_under_it_costs_nothing(
        self, wall: WallWidget, pool: Any, replayed: Any, of: Any
    ) -> None:
        pane = replayed()
        assert wall.tile_widgets()[0].isVisible() and pane.isVisible()
        assert not pane.geometry().intersects(wall.tile_widgets()[0].geometry())
        assert pane.covers == (2,) and not wall.tile_widgets()[1].isVisible()
        assert of.url("GN-0002") not in pool.live() and of.url("GN-0001") in pool.live()
        assert pane.word() == "REPLAY" and "REPLAY" in pane.accessibleName()
        assert wall.replaying(1)

    def test_choosing_what_lies_under_it_brings_that_out(self, wall: WallWidget, replayed: Any) -> None:
        pane = replayed()
        wall.point_at(2)
        assert wall.tile_widgets()[1].isVisible() and 2 not in pane.covers and pane.isVisible()

    def test_back_to_live_gives_slot_file_and_place_back(
        self, wall: WallWidget, pool: Any, ring: Any, replayed: Any, of: Any
    ) -> None:
        pane = replayed()
        QTest.keyClick(wall, Qt.Key.Key_Escape)  # the console closes it; here nobody listens
        wall.close_pane()
        assert pool.shown[pane.slot][0] is None and wall.tile_widgets()[1].isVisible()
        assert of.url("GN-0002") in pool.live()
        assert list(ring.folder.glob("*.mp4")) == []
        assert wall.slots.take() == pane.slot

    def test_it_follows_its_camera_and_goes_with_it(
        self, wall: WallWidget, presenter: WallPresenter, replayed: Any, of: Any
    ) -> None:
        pane = replayed()
        presenter.swap(1, 5)
        assert wall.pane is pane and wall.replaying(5)
        presenter.show_cameras([of.seen(8)], {})
        assert wall.pane is None

    def test_enlarged_they_share_the_wall(self, wall: WallWidget, replayed: Any) -> None:
        pane = replayed()
        wall.toggle_maximised()
        assert pane.isVisible() and pane.geometry().united(wall.tile_widgets()[0].geometry()) == wall.rect()
        wall.toggle_maximised()
        wall.select(3)
        wall.toggle_maximised()
        assert not pane.isVisible()

    def test_the_scrub_bar_goes_where_it_is_pressed(
        self, wall: WallWidget, replayed: Any, ring: Any, clock: ManualClock
    ) -> None:
        pane = replayed()
        bar = pane.bar
        assert isinstance(bar, ScrubBar)
        wanted = bar.time_at(bar.width() / 2)
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 12))
        assert abs((pane.review.playhead - wanted).total_seconds()) < 2.0
        assert abs((clock.now() - wanted).total_seconds() - 300) < 10  # the middle of ten minutes

    def test_hidden_it_costs_nothing(self, wall: WallWidget, pool: Any, replayed: Any) -> None:
        replayed()
        wall.hide()
        assert pool.live() == set()

    def test_a_private_camera_that_shuts_takes_its_past_and_its_frozen_picture_along(
        self, wall: WallWidget, presenter: WallPresenter, pool: Any, ring: Any, clock: ManualClock, of: Any, qtbot: Any
    ) -> None:
        shop = of.seen(1, private=True)
        presenter.show_cameras([shop], {"PV-0001": clock.now() + timedelta(seconds=60)})
        pool.put(0)
        qtbot.waitUntil(lambda: wall.tile_widgets()[0].frame is not None)
        for make in (
            lambda: FrozenPane(wall.tile_at(1), wall.tile_widgets()[0].frame, clock.now(), wall),
            lambda: ReplayPane(
                wall.tile_at(1),
                Review(ring.port(), "PV-0001", clock.now(), clock),
                wall.slots.take(),
                clock.now(),
                wall,
            ),
        ):
            wall.open_pane(make())
            assert wall.pane is not None
            presenter.show_cameras([shop], {})
            assert wall.pane is None
            presenter.show_cameras([shop], {"PV-0001": clock.now() + timedelta(seconds=60)})
        wall.open_pane(FrozenPane(wall.tile_at(1), picture(of, 0), clock.now(), wall))
        clock.advance(61)
        qtbot.waitUntil(lambda: wall.pane is None)


def test_the_seconds_around_the_alarm_play_beside_the_live_picture_too(
    wall: WallWidget, presenter: WallPresenter, pool: Any, of: Any, tmp_path: Any, qtbot: Any
) -> None:
    presenter.show_cameras([of.seen(1), of.seen(2)], {})
    presenter.play_replay("GN-0002", tmp_path / "clip.mp4", 10.0)
    pane = wall.pane
    assert isinstance(pane, ReplayPane) and wall.replaying(2) and of.url("GN-0002") in pool.live()
    pool.put(pane.slot, media_s=7.5)
    qtbot.waitUntil(lambda: pane.text() == "2.5 s before the alert")
    qtbot.waitUntil(lambda: pane.status.state is TileState.REPLAY)
    presenter.stop_replay()
    assert wall.pane is None
