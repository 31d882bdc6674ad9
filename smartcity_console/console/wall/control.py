"""Carries out the verbs of the wall, on the one that the operator works at, and tells operations how it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.console.operations.wall_layout import LAYOUT_IDS
from smartcity_console.console.operations.wall_snapshot import Snapshot
from smartcity_console.console.operations.wall_tile import KEYED_TILES
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.wall import words
from smartcity_console.console.wall.picture import Zoom
from smartcity_console.console.wall.presenter import WallPresenter
from smartcity_console.console.wall.recording import Recording
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.review import Review
from smartcity_console.console.wall.ring_port import Ring
from smartcity_console.console.wall.sets_control import SetsControl
from smartcity_console.console.wall.side_pane import FrozenPane
from smartcity_console.console.wall.snapshot_taker import SnapshotTaker
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.console.wall.wall_widget import WallWidget
from smartcity_console.console.wall.wall_window import WallWindow
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident

SECOND_DIGIT_S = 1.0
WINDOW_TILES = 9


@dataclass(frozen=True)
class WallNeeds:
    """What the walls are given. `seen_for` is called off the Qt thread: cameras as the incident's place is seen by
    them (None: as they are), unknown ones left out. `recorded`: whether the recorder holds a camera, None: unknown."""

    workspace: Path
    seat: str
    user: str
    ring: Ring
    seen_for: Callable[[Sequence[str], Incident | None], list[SeenBy]]
    recorded: Callable[[str], bool | None]


class WallControl(QObject):
    """Owns the second wall's window and everything that is done to tiles."""

    told = Signal(str)  # a sentence for the operator
    failed = Signal(object)  # ConsoleError
    tileChosen = Signal(str)  # the camera of the chosen tile; empty: none

    def __init__(
        self, wall: WallWidget, presenter: WallPresenter, seat: Seat, runner: Runner, needs: WallNeeds
    ) -> None:
        super().__init__(wall)
        self._main, self._needs = presenter, needs
        self._seat, self._runner = seat, runner
        self._active = presenter
        self._window: WallWindow | None = None
        self._second: WallPresenter | None = None
        self._swap_from: tuple[WallPresenter, int] | None = None
        self._typed: tuple[int, float] = (0, -1e9)
        self.sets = SetsControl(needs.workspace, needs.ring.submit, self._resolve, self)
        self.snapshots = SnapshotTaker(needs.workspace, needs.ring.submit, self._seat_in_words, self)
        self._verbs = self._make_verbs()
        self._listen(presenter)
        self._connect()

    # ---- what operations see ---------------------------------------------------------------------------------------

    def facts(self) -> WallFacts:
        """Return how the wall at work stands."""
        wall, tour, kept = self._wall, self.sets.tour, self.sets.kept
        widget = wall.chosen_widget()
        tile = widget.tile if widget is not None else None
        return WallFacts(
            layout=wall.layout_id,
            fixed=wall.is_fixed,
            numbers=tuple(shown.number for shown in wall.cameras()),
            chosen=wall.selected(),
            camera_id=tile.seen.camera_id if tile is not None else "",
            shut=tile is not None and tile.shut(wall.pool.clock.now()),
            has_stream=tile is not None and tile.source is not None,
            has_picture=widget is not None and widget.frame is not None,
            maximised=wall.maximised() is not None,
            zoom=widget.zoom.times if widget is not None else 1.0,
            swapping=self._swap_from is not None,
            arranged=self._active.is_arranged,
            pane=self._pane_kind(),
            touring=tour.name,
            tour_waits=tour.waits,
            window=self._window is not None,
            salvos=tuple(one.name for one in kept.salvos),
            layouts=tuple(one.name for one in kept.layouts),
            tours=tuple(one.name for one in kept.tours),
        )

    def carry_out(self, op_id: str) -> None:
        """Do a verb of the wall; nothing for another's."""
        verb = self._verbs.get(op_id)
        if verb is not None:
            verb()

    def refresh(self) -> None:
        """Look again which cameras have a stream, on every wall, and what other seats have kept."""
        for presenter in self._presenters():
            presenter.refresh()
        self.sets.look()

    def follow_selection(self) -> None:
        """Another incident is looked at: tours end, and what it does not open shuts on every wall."""
        self.sets.tour.stop()
        self._swap_from = None
        QTimer.singleShot(0, self, self.refresh)

    def close(self) -> None:
        """Close the second wall's window."""
        if self._window is not None:
            self._window.close()

    # ---- tiles -----------------------------------------------------------------------------------------------------

    def choose_number(self, digit: int) -> None:
        """Choose the tile with this number; a second digit within a second makes a number of two."""
        numbers = {tile.number: tile.seen.camera_id for tile in self._wall.cameras()}
        before, at_s = self._typed
        now_s = self._wall.pool.clock.monotonic_s()
        two = before * 10 + digit
        number = two if now_s - at_s < SECOND_DIGIT_S and two in numbers else digit
        self._typed = (digit, now_s)
        if number in numbers:
            self._wall.point_at(self._wall.place_of(numbers[number]) or 0)

    def _swap(self) -> None:
        chosen = self._wall.selected()
        if chosen is not None:
            self._swap_from = (self._active, chosen)
            self.told.emit(words.swap_with(self._number(chosen)))

    def _chosen_on(self, presenter: WallPresenter, place: int) -> None:
        self._active = presenter
        self.sets.tour.wait()
        if self._swap_from is not None:
            source, self._swap_from = self._swap_from, None
            if source[0] is presenter and source[1] != place:
                presenter.swap(source[1], place)
                self._wall.select(place)

    def _enlarge(self) -> None:
        self._wall.toggle_maximised()

    def _number(self, place: int) -> int:
        tile = self._wall.tile_at(place)
        return tile.number if tile is not None else place

    def _clear(self) -> None:
        chosen = self._wall.selected()
        if chosen is not None:
            self._active.clear(chosen)

    def _zoom(self, notches: float) -> None:
        widget = self._wall.chosen_widget()
        if widget is not None:
            widget.set_zoom(widget.zoom.by(notches, QPointF(0.5, 0.5)) if notches else Zoom())

    def _dropped(self, presenter: WallPresenter, place: int, camera_id: str) -> None:
        """A camera was dragged here: one that must not be seen is refused, with the reason."""
        self._active = presenter
        self.sets.tour.wait()
        if presenter.wall.place_of(camera_id) is not None:
            presenter.swap(presenter.wall.place_of(camera_id) or place, place)
        elif (seen := presenter.known(camera_id)) is not None:
            self._put(presenter, place, seen)
        else:
            self._resolve([camera_id], lambda found: self._take_dropped(presenter, place, camera_id, found))

    def _take_dropped(self, presenter: WallPresenter, place: int, camera_id: str, found: list[SeenBy]) -> None:
        if found:
            self._put(presenter, place, found[0])
        else:
            self.told.emit(words.unknown_camera(camera_id))

    def _put(self, presenter: WallPresenter, place: int, seen: SeenBy) -> None:
        if presenter.is_shut(seen):
            self.told.emit(words.refused_private(seen.name))
            return
        presenter.put(place, seen)
        presenter.wall.point_at(place)

    def _resolve(self, camera_ids: Sequence[str], done: Callable[[list[SeenBy]], None]) -> None:
        """Look cameras up in the city, off the Qt thread."""
        incident, wanted = self._seat.incident, list(camera_ids)

        def take(outcome: Any) -> None:
            if isinstance(outcome, ConsoleError):
                self.failed.emit(outcome)
            else:
                done(outcome)

        self._needs.ring.submit(lambda: self._needs.seen_for(wanted, incident), take)

    # ---- looking back ----------------------------------------------------------------------------------------------

    def _back(self, seconds: float) -> None:
        """Go back from now, or further back from where the open replay is."""
        wall, pane = self._wall, self._wall.pane
        tile = wall.tile_at(wall.selected() or 0)
        review = pane.review if isinstance(pane, ReplayPane) else None
        if isinstance(review, Review) and (tile is None or review.camera_id == tile.seen.camera_id):
            review.back(seconds)
        elif tile is not None and not tile.shut(wall.pool.clock.now()):
            at = wall.pool.clock.now() - timedelta(seconds=seconds)
            self.open_replay(at)

    def open_replay(self, at: datetime) -> None:
        """Play the chosen tile's camera from a time on, beside its live picture."""
        wall = self._wall
        tile = wall.tile_at(wall.selected() or 0)
        if tile is not None:
            review = Review(self._needs.ring, tile.seen.camera_id, at, wall.pool.clock)
            wall.close_pane()
            pane = ReplayPane(tile, review, wall.slots.take(), wall.pool.clock.now(), wall)
            wall.open_pane(pane)

    def _in_review(self, act: Callable[[Review], object]) -> None:
        pane = self._wall.pane
        if isinstance(pane, ReplayPane) and isinstance(pane.review, Review):
            act(pane.review)

    def _freeze(self) -> None:
        """Keep this picture beside the live one; again: live alone."""
        wall, widget = self._wall, self._wall.chosen_widget()
        if isinstance(wall.pane, FrozenPane):
            wall.close_pane()
        elif widget is not None and widget.tile is not None and widget.frame is not None:
            clock = wall.pool.clock
            age = timedelta(seconds=max(0.0, clock.monotonic_s() - widget.frame.captured_s))
            wall.open_pane(FrozenPane(widget.tile, widget.frame.copied(), clock.now() - age, wall))

    def _live(self) -> None:
        """Close what stands beside a tile. What the incident's own replay opened is its to close."""
        pane = self._wall.pane
        if isinstance(pane, ReplayPane) and isinstance(pane.review, Recording):
            self._runner.run("wall.replay")
        self._wall.close_pane()

    def _pane_kind(self) -> str:
        pane = self._wall.pane
        if isinstance(pane, ReplayPane):
            return "replay" if isinstance(pane.review, Review) else "alarm"
        return "frozen" if isinstance(pane, FrozenPane) else ""

    # ---- snapshots -------------------------------------------------------------------------------------------------

    def _asked(self, op_id: str, needs: str) -> None:
        if needs == "snapshot":
            incident = self._seat.incident
            self.snapshots.take(self._wall, incident.id if incident is not None else "")
        elif needs == "wall_name":
            self.sets.ask_name(op_id, self._wall.window(), lambda name: self._keep(op_id, name))

    def _keep(self, op_id: str, name: str) -> None:
        self.sets.keep(op_id, name, self._active)

    def _record(self, snapshot: Snapshot) -> None:
        self._pending.append(snapshot)
        self._runner.run("wall.snapshot", snapshot)

    def _recorded(self, op_id: str, _events: object) -> None:
        if op_id == "wall.snapshot" and self._pending:
            self.told.emit(words.snapshot_saved(self._pending.pop(0).path))

    def _unrecorded(self, op_id: str, _why: object) -> None:
        """A picture that is not on record does not stay either."""
        if op_id == "wall.snapshot" and self._pending:
            (self._needs.workspace / self._pending.pop(0).path).unlink(missing_ok=True)

    def _seat_in_words(self) -> str:
        return words.seat_in_words(self._needs.seat, self._needs.user)

    # ---- walls -----------------------------------------------------------------------------------------------------

    @property
    def _wall(self) -> WallWidget:
        return self._active.wall

    def chosen_tile(self) -> TileWidget | None:
        """Return the chosen tile of the wall at work."""
        return self._wall.chosen_widget()

    @property
    def active(self) -> WallPresenter:
        """The wall that the operator works at."""
        return self._active

    @property
    def window(self) -> WallWindow | None:
        """The second wall's window."""
        return self._window

    def _presenters(self) -> list[WallPresenter]:
        return [self._main, *([self._second] if self._second is not None else [])]

    def toggle_window(self) -> None:
        """Open the second wall, with what the first one shows; or close it."""
        if self._window is not None:
            self._window.close()
            return
        first = self._main.wall
        wall = WallWidget(first.pool, WINDOW_TILES, slots=first.slots)
        wall.masks_of, wall.steered_by = first.masks_of, first.steered_by
        self._second = WallPresenter(wall, self._main.streams, self._main.rights)
        self._second.show_set(self._main.shown())
        self._listen(self._second)
        kept_in = self._needs.workspace / f"wall-window-{self._needs.seat}.json"
        self._window = WallWindow(wall, kept_in, first)
        self._window.closing.connect(self._window_closed)
        self._window.show()

    def _window_closed(self) -> None:
        window, self._window = self._window, None
        if self._active is self._second:
            self._active = self._main
        if self._second is not None:
            self._second.wall.retire()
        self._second = None
        if window is not None:
            window.deleteLater()

    def _listen(self, presenter: WallPresenter) -> None:
        wall = presenter.wall
        wall.recorded = self._needs.recorded
        wall.tileActivated.connect(lambda place: self._chosen_on(presenter, place))
        wall.tileChosen.connect(self.tileChosen)
        wall.cameraDropped.connect(lambda place, camera_id: self._dropped(presenter, place, camera_id))
        wall.paneLeft.connect(self._live)
        wall.verb.connect(self._runner.run)

    def _connect(self) -> None:
        self._pending: list[Snapshot] = []
        self._seat.wall_facts = self.facts
        self._runner.moved.connect(self.carry_out)
        self._runner.asked.connect(self._asked)
        self._runner.done.connect(self._recorded)
        self._runner.refused.connect(self._unrecorded)
        self._runner.failed.connect(self._unrecorded)
        self.snapshots.taken.connect(self._record)
        self.snapshots.failed.connect(self.failed)
        self.sets.failed.connect(self.failed)
        self.sets.told.connect(self.told)
        self.sets.bind(self._runner.operations)

    def _make_verbs(self) -> dict[str, Callable[[], object]]:
        verbs: dict[str, Callable[[], object]] = {
            "wall.layout.auto": lambda: self._wall.use_layout(None),
            "wall.rank": lambda: (self.sets.tour.stop(), self._active.restore()),
            "wall.window": self.toggle_window,
            "wall.maximise": self._enlarge,
            "wall.swap": self._swap,
            "wall.clear": self._clear,
            "wall.zoom.in": lambda: self._zoom(2),
            "wall.zoom.out": lambda: self._zoom(-2),
            "wall.zoom.whole": lambda: self._zoom(0),
            "wall.freeze": self._freeze,
            "wall.replay.back.5": lambda: self._back(5.0),
            "wall.replay.back.30": lambda: self._back(30.0),
            "wall.replay.pause": lambda: self._in_review(Review.toggle),
            "wall.replay.step.back": lambda: self._in_review(lambda review: review.step(-1)),
            "wall.replay.step.forward": lambda: self._in_review(lambda review: review.step(1)),
            "wall.replay.live": self._live,
            "wall.tour.pause": self.sets.tour.toggle,
            "wall.tour.stop": self.sets.tour.stop,
            "wall.sets": lambda: self.sets.open_dialog(self._wall.window(), self._call_up),
        }
        verbs |= {f"wall.layout.{id_}": lambda id_=id_: self._wall.use_layout(id_) for id_ in LAYOUT_IDS}
        verbs |= {f"wall.tile.{n}": lambda n=n: self.choose_number(n) for n in range(1, KEYED_TILES + 1)}
        for kind in ("salvo", "saved", "tour"):
            verbs |= {f"wall.{kind}.{n}": lambda k=kind, n=n: self._call_up(k, n) for n in range(1, 10)}
        return verbs

    def _call_up(self, kind: str, number: int) -> None:
        self.sets.call_up(kind, number, self._active)
