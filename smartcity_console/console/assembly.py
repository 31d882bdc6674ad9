"""Puts the console together and takes it apart: who owns which thread is settled here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.city_watch import CityWatch
from smartcity_console.console.controller import Controller, Work
from smartcity_console.console.header import Header, HeaderFacts
from smartcity_console.console.import_drop import ImportDrop
from smartcity_console.console.incident.acts import IncidentActs
from smartcity_console.console.incident.pictures_view import PicturesView
from smartcity_console.console.incident.strip import Strip
from smartcity_console.console.language import LanguageSwitch, TranslationMissing, translate
from smartcity_console.console.layout_store import LayoutStore
from smartcity_console.console.main_window import MainWindow, Panels
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map_windows import MapWindows
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations import standard_operations
from smartcity_console.console.operations.drill import drill_operations
from smartcity_console.console.operations.set_pose import PoseChange
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.ptz.steering import Steering
from smartcity_console.console.queue.attention import Attention
from smartcity_console.console.queue.load import LoadGauge
from smartcity_console.console.queue.panel import QueuePanel
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Places, Seat
from smartcity_console.console.senders.desk import SendersDesk
from smartcity_console.console.session import JournalFollower, JournalWriter, Session
from smartcity_console.console.supervisor.desk import SupervisorDesk
from smartcity_console.console.surroundings import Lookout
from smartcity_console.console.theme import apply_theme
from smartcity_console.console.trainer.seat_drill import SeatDrill
from smartcity_console.console.wall import WallPresenter, WallWidget
from smartcity_console.console.wall.control import WallControl, WallNeeds
from smartcity_console.console.wall.mask_desk import MaskDesk
from smartcity_console.console.wall.ring_port import Ring, no_ring
from smartcity_console.drill.facts import DrillFacts
from smartcity_console.journal import Vault
from smartcity_console.model.camera import Pose, SeenBy
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, Payload, SeatClosed, SeatOpened
from smartcity_console.settings import Settings


class Console(QObject):
    """One running console. `closed` is sent when every thread has been joined."""

    closed = Signal()

    def __init__(
        self, app: QApplication, workspace: Path, settings: Settings, clock: Clock, parts: ConsoleParts
    ) -> None:
        """Raises JournalDamaged and its kin when the journal cannot be opened."""
        super().__init__()
        self._parts, self._settings, self._clock = parts, settings, clock
        self._is_closed = False
        apply_theme(app)
        self.languages = LanguageSwitch(app)
        self.writer = JournalWriter(parts.open_journal, self)
        self.follower = JournalFollower(parts.journal_path, settings.whole("journal.poll_ms"), self)
        self.background = Background(parent=self)
        self.lookout = Lookout(parts.look_around, self.background)
        self.session = Session(self.follower, self)
        places = Places(parts.agency_for, parts.private_cameras, parts.recipients)
        self.seat = Seat(parts.seat, self.session, places, settings, clock, parts.new_id)
        self.seat.taken_seats = self.lookout.seats
        more = drill_operations() if parts.drill is not None else []
        self.runner = Runner(standard_operations(more), self.seat, self.writer)
        self.notice = Notice(lambda: self.languages.language)
        self.map = parts.make_map()
        self.maps = MapWindows(self.map, parts.make_map, self)
        self.city_watch = CityWatch(parts, self.maps, self.lookout, self.background, clock)
        self.wall_view, self.wall = parts.make_wall()
        self.controller = self._make_controller()
        self.walls = self._make_walls(workspace)
        self.steering = self._make_steering()
        if isinstance(self.wall, WallPresenter):
            self.wall.wall.steered_by = self.steering.driver.steered
        self.window = self._make_window(workspace)
        self.steering.attach(self.window)
        actor = f"seat/{parts.seat}"
        self.imports = ImportDrop(self.window, workspace, clock, actor, lambda: self.languages.language)
        self.drill = self._make_drill(parts.drill, workspace) if parts.drill is not None else None
        self._connect()

    def start(self) -> None:
        """Begin to read the journal and take the seat."""
        self._use_language(self._settings.text("ui.language"))
        self.follower.start()
        self.lookout.start()
        self.city_watch.start()
        if self.drill is not None:
            self.drill.start()
        self._append_seat(SeatOpened(seat=self._parts.seat, user=self._parts.user))

    def close(self) -> None:
        """Leave the seat, stop every thread and wait for it. A second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self.lookout.stop()
        self.city_watch.stop()
        self.imports.close()
        if self.drill is not None:
            self.drill.close()
        self.senders.close()
        self._append_seat(SeatClosed(seat=self._parts.seat))
        self.steering.close()
        if self.walls is not None:
            self.walls.close()
        self.maps.close_map()
        self._parts.close()
        self.background.close()
        self.follower.close()
        self.session.close()
        self.writer.close()
        self.languages.remove()
        self.closed.emit()

    def _make_controller(self) -> Controller:
        work = Work(self.background.submit, self.writer.append, self._parts.rank, self._parts.fetch_replay)
        return Controller(self.seat, self.wall, self.maps, work, self._clock)

    def _make_walls(self, workspace: Path) -> WallControl | None:
        """Return who carries out the verbs of the wall; None for a plain wall of a test."""
        parts = self._parts
        if not isinstance(self.wall, WallPresenter):
            return None
        ring = Ring(
            self.background.submit, parts.ring_spans, parts.ring_clip or no_ring, lambda: self.languages.language
        )
        needs = WallNeeds(workspace, parts.seat, parts.user, ring, parts.seen_for, self._is_recorded)
        self.wall.wall.masks_of = lambda camera: self.session.centre.mask_polygons(camera, self._clock.now())
        control = WallControl(self.wall.wall, self.wall, self.seat, self.runner, needs)
        self.masks = MaskDesk(self.wall.wall, self.seat, self.runner, control.chosen_tile)
        return control

    def _is_recorded(self, camera_id: str) -> bool | None:
        """Return whether the recorder holds a camera: it said so last, it runs, and the disk takes it."""
        state = self.session.centre.cameras.get(camera_id)
        around = self.lookout.latest
        if not around.gateway_up or around.disk_full or self.session.centre.recording_paused:
            return False
        return state.connected if state is not None else None

    def _make_steering(self) -> Steering:
        parts = self._parts
        made = Steering(
            parts.open_ptz,
            parts.ptz_candidates,
            self.runner,
            self.background.submit,
            self.notice,
            lambda: self.languages.language,
        )
        self.seat.ptz_facts = made.driver.facts
        return made

    def _make_window(self, workspace: Path) -> MainWindow:
        vault = Vault(workspace).get
        gauge = LoadGauge()
        pictures = PicturesView(self.background.submit, vault)
        pictures.failed.connect(self.notice.tell_error)
        self.acts = IncidentActs(
            self.seat, self.runner, self.notice, self._clock, self.background.submit, vault, self._parts.open_url
        )
        self.supervisor = SupervisorDesk(self.seat, self.runner, self._clock, self._parts.firm_name)
        self.senders = SendersDesk(
            self._parts.senders,
            self.seat,
            self.runner,
            self._clock,
            self.background.submit,
            lambda: self.languages.language,
        )
        self.attention = Attention(self.seat, self._parts.sound)
        queue = QueuePanel(self.seat, self._clock, gauge)  # before the header, which tells of the load that it found
        header = Header(self.seat, self._header_facts(gauge), self._clock)
        queue.calmed.connect(lambda calm: self.maps.set_animated(not calm))
        queue.calmed.connect(lambda _calm: header.tick())
        panels = Panels(
            header=header,
            queue=queue,
            strip=Strip(self.seat, self.runner, pictures),
            map=self.map,
            wall=self.wall_view,
            notice=self.notice,
            ptz=self.steering.panel,
        )
        window = MainWindow(panels, self.seat, self.runner, LayoutStore(workspace, self._parts.seat))
        self.acts.window = self.supervisor.parent_window = self.senders.parent_window = window
        window.supervisor_wanted.connect(self.supervisor.open)
        return window

    def _make_drill(self, facts: DrillFacts, workspace: Path) -> SeatDrill:
        """Return what makes this console a drill's: nobody may take it for the real one."""
        made = SeatDrill(
            facts,
            workspace,
            self.window,
            self.seat,
            self.runner,
            self.writer,
            self.background,
            self._clock,
            self.notice,
            lambda: self.languages.language,
            self._parts.open_url or (lambda url: QDesktopServices.openUrl(QUrl(url))),
        )
        made.walls = self._walls_open
        return made

    def _walls_open(self) -> list[QWidget]:
        """Return every wall that is open now."""
        second = self.walls.window if self.walls is not None else None
        return [self.wall_view, *([second.wall] if second is not None else [])]

    def _header_facts(self, gauge: LoadGauge) -> HeaderFacts:
        return HeaderFacts(
            city_name=self._parts.city_name,
            seat=self._parts.seat,
            firm_name=self._parts.firm_name,
            desk_up=self.lookout.desk_up,
            cameras_total=lambda: self.lookout.latest.cameras,
            gateway_up=lambda: self.lookout.latest.gateway_up,
            disk_full=lambda: self.lookout.latest.disk_full,
            load=lambda: gauge.load,
        )

    def _connect(self) -> None:
        self.window.closing.connect(self.close)
        self.window.language_wanted.connect(lambda: self._use_language(self.languages.other()))
        self.window.replay_wanted.connect(self.controller.replay)
        self.window.ticked.connect(self.controller.tick)
        self.maps.opened.connect(self._listen)
        self._listen(self.map)
        self.wall_view.tileActivated.connect(lambda _number: self._mark_camera())
        self.wall_view.replayToggled.connect(lambda _number: self.runner.run("wall.replay"))
        self.controller.replaying.connect(self.window.strip.set_replaying)
        self.controller.failed.connect(self.notice.tell_error)
        self.lookout.failed.connect(self.notice.tell_error)
        self.session.taken.connect(self._note_seats)
        if self.walls is None:
            self.lookout.looked.connect(self.wall.refresh)
        else:
            self._connect_walls(self.walls)
        self.session.posed.connect(self.city_watch.take_poses)
        self.city_watch.failed.connect(self.notice.tell_error)
        self.city_watch.posed.connect(lambda _cameras: self.controller.rank_again())
        self.city_watch.reloaded.connect(self.controller.rank_again)
        self.imports.applied.connect(self.lookout.look_now)
        self.window.import_wanted.connect(self.imports.choose)
        self.runner.asked.connect(self._asked)

    def _note_seats(self, events: list[Event]) -> None:
        """Who has just sat down is not taken for gone until the next look has seen his console."""
        for event in events:
            if event.type == SeatOpened.__name__:
                self.lookout.note_seat(event.payload_as(SeatOpened).seat)

    def _connect_walls(self, walls: WallControl) -> None:
        self.lookout.looked.connect(walls.refresh)
        self.seat.selected.connect(lambda _incident: walls.follow_selection())
        walls.told.connect(self.notice.tell)
        walls.failed.connect(self.notice.tell_error)
        walls.tileChosen.connect(lambda camera_id: self.maps.set_selected_camera(camera_id or None))

    def _listen(self, chart: QWidget) -> None:
        """Act on what the operator does on a map; a plain map of a test has only the first two signals."""
        chart.incidentActivated.connect(self.seat.select)
        chart.cameraActivated.connect(self._choose_tile)
        if isinstance(chart, MapWidget):
            chart.camerasSelected.connect(self._select_cameras)
            chart.poseDragged.connect(self._set_pose)
            chart.wallWanted.connect(self._show_selected)
            chart.newWindowWanted.connect(self.maps.open)
            chart.turnWanted.connect(lambda spot: self.runner.run("ptz.turn_to_spot", spot))

    def _select_cameras(self, camera_ids: list[str]) -> None:
        """Cameras taken with a rectangle or a lasso go to the wall, until an incident wants it."""
        self.background.submit(lambda: self._parts.as_seen(camera_ids), self._show_selected)

    def _show_selected(self, outcome: list[SeenBy] | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.notice.tell_error(outcome)
        elif outcome:
            self.wall.show_cameras(outcome, {})

    def _set_pose(self, camera_id: str, pose: Pose, before: Pose) -> None:
        self.runner.run("camera.set_pose", PoseChange(camera_id, pose, before))

    def _asked(self, op_id: str, needs: str) -> None:
        """A camera's pose is given on the map, of the camera that is chosen there or on the wall."""
        if needs != "pose":
            return
        if self.maps.pose_selected():
            return
        chosen = self.wall.chosen_camera()
        self.maps.set_selected_camera(chosen)
        if chosen is None or not self.maps.pose_selected():
            words = translate("Notice", "Choose a camera first: on the map, by search, or by its tile.")
            self.notice.tell(f"{self.runner.operations[op_id].label()}: {words}")

    def _choose_tile(self, camera_id: str) -> None:
        """A camera pointed at on the map is chosen on the wall, where it has a tile."""
        if isinstance(self.wall_view, WallWidget):
            place = self.wall_view.place_of(camera_id)
        else:
            incident = self.seat.incident
            order = [seen.camera_id for seen in incident.cameras] if incident else []
            place = order.index(camera_id) + 1 if camera_id in order else None
        if place is not None:
            self.wall_view.select(place)
        self._point_out(camera_id)

    def _mark_camera(self) -> None:
        """The chosen tile's camera stands out on the map."""
        self._point_out(self.wall.chosen_camera())

    def _point_out(self, camera_id: str | None) -> None:
        """The chosen camera stands out on the map, and is the one that is steered."""
        self.maps.set_selected_camera(camera_id)
        self.steering.choose(camera_id, self._parts.camera_name(camera_id) if camera_id else "")

    def _use_language(self, language: str) -> None:
        try:
            self.languages.use(language)
        except TranslationMissing as error:
            self.notice.tell_error(error)

    def _append_seat(self, payload: Payload) -> None:
        draft = Draft(f"seat/{self._parts.seat}", payload, f"seat/{self._parts.seat}")
        self.writer.append([draft], self._tell_seat)

    def _tell_seat(self, outcome: list[Event] | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.notice.tell_error(outcome)
