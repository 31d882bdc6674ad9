"""What a console is given: the city, the gateway's ring, decoders, the workspace it sits on."""

from __future__ import annotations

import getpass
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from smartcity_console.city import City, rank_cameras, seen_from, view_polygon
from smartcity_console.city.importers import base_maps
from smartcity_console.city.live import LiveCity
from smartcity_console.city.raster import RasterMap, RasterUnreadable
from smartcity_console.city.search.find import SMALL_CITY
from smartcity_console.city.speeds import LiveSpeeds
from smartcity_console.clock import Clock
from smartcity_console.composition.coverage import cache_path
from smartcity_console.composition.programs import MAX_SEATS
from smartcity_console.composition.ptz import PtzLink, candidates, gateway_of
from smartcity_console.composition.recipients import RecipientBook
from smartcity_console.composition.sender_window import JournalSenderBook
from smartcity_console.composition.streams import read_sources, read_streams
from smartcity_console.composition.wall import RingClient
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.coverage_layer import survey_of
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.ptz.ports import Candidate
from smartcity_console.console.surroundings import Surroundings
from smartcity_console.console.wall import WallPresenter, WallWidget
from smartcity_console.console.wall.slots import SLOTS
from smartcity_console.drill.facts import read_drill
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.agency import EMERGENCY_SERVICES, Agency, AgencyKind
from smartcity_console.model.camera import Camera, Dori, Ownership, SeenBy
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position
from smartcity_console.model.ids import new_id
from smartcity_console.model.incident import Incident
from smartcity_console.model.ptz_wire import Heard
from smartcity_console.runtime import AlreadyRunning, ProgramLock, is_running
from smartcity_console.settings import Settings
from smartcity_console.video.capture import DecoderPool

log = logging.getLogger(__name__)

Look = Callable[[], ConsoleError | None]


def take_seat(workspace: Path, wanted: str = "") -> tuple[str, ProgramLock]:
    """Return the number that is wanted, else the lowest free one, and its lock. Raises AlreadyRunning when it is taken."""
    if wanted:
        lock = ProgramLock(workspace, f"seat-{wanted}")
        lock.acquire()
        return wanted, lock
    for number in range(1, MAX_SEATS + 1):
        lock = ProgramLock(workspace, f"seat-{number}")
        try:
            lock.acquire()
        except AlreadyRunning:
            continue
        return str(number), lock
    raise AlreadyRunning(program=f"seat {MAX_SEATS}", pid="?")


def selected_camera(camera: Camera, has_stream: bool) -> SeenBy:
    """Return a camera that was selected for itself, not for a spot: it has no distance to one, and no rank."""
    return SeenBy(
        camera_id=camera.id,
        name=camera.name,
        ownership=camera.ownership,
        purpose=camera.purpose,
        mount=camera.mount,
        distance_m=0.0,
        bearing_deg=camera.pose.azimuth_deg or 0.0,
        px_per_m=0.0,
        dori=Dori.NONE,
        in_view=True,
        direction_known=camera.pose.azimuth_deg is not None,
        occluded=False,
        turn_s=0.0,
        has_stream=has_stream,
        score=0.0,
    )


class SeatParts:
    """The callables behind ConsoleParts. Those marked (thread) there are called off the Qt thread."""

    def __init__(self, workspace: Path, settings: Settings, clock: Clock, seat: str, trouble: Look) -> None:
        self._workspace, self._settings, self._clock = workspace, settings, clock
        self._seat, self._trouble = seat, trouble
        self.live = LiveCity(workspace, settings.text("city.path"), clock)
        self.speeds = LiveSpeeds(workspace, clock)
        self.pool = DecoderPool(
            settings.whole("capture.workers"),
            clock,
            tiles=SLOTS,
            open_timeout_ms=settings.whole("capture.open_timeout_ms"),
            read_timeout_ms=settings.whole("capture.read_timeout_ms"),
            stale_ms=settings.whole("capture.stale_ms"),
            decoder=settings.text("capture.decoder"),
        )
        self._last_marks: tuple[object, object] = (None, None)
        self._grounds: list[RasterMap] = []  # the last is shown; a map may still draw from the ones before
        self._ground_of: list[Path] = []
        self.ring = RingClient(workspace, seat)
        self.recipients = RecipientBook(workspace, lambda: self.city)

    @property
    def city(self) -> City:
        """The city as it is now; `reload_city` changes it."""
        return self.live.city

    def parts(self) -> ConsoleParts:
        """Return them in the console's own words."""
        journal_path = self._workspace / "journal.sqlite"
        return ConsoleParts(
            seat=self._seat,
            user=getpass.getuser(),
            city_name=self.city.name,
            journal_path=journal_path,
            open_journal=lambda: SqliteJournal(journal_path, self._clock),
            rank=self.rank,
            agency_for=self.agency_for,
            recipients=self.recipients.propose,
            private_cameras=self.private_cameras,
            firm_name=self.firm_name,
            fetch_replay=self.fetch_replay,
            ring_spans=self.ring.spans,
            ring_clip=self.ring.clip,
            seen_for=self.seen_for,
            look_around=self.look_around,
            new_id=lambda prefix: new_id(prefix, self._clock.now(), os.urandom),
            make_map=self.make_map,
            as_seen=self.as_seen,
            keep_poses=self.live.keep_poses,
            reload_city=self.reload_city,
            renew_map=self.renew_map,
            warm_up=self.warm_up,
            traffic=self.speeds.latest,
            make_wall=self.make_wall,
            open_ptz=self.open_ptz,
            ptz_candidates=self.ptz_candidates,
            camera_name=self.camera_name,
            senders=JournalSenderBook(self._workspace, lambda: self.city, self._clock, self._seat),
            drill=read_drill(self._workspace),
            close=self.close,
        )

    def make_wall(self) -> tuple[WallWidget, WallPresenter]:
        """Return the wall and who presents cameras on it; called once, on the Qt thread."""
        self.pool.start()
        wall = WallWidget(self.pool, self._settings.whole("wall.tiles"))
        return wall, WallPresenter(wall, lambda: read_sources(self._workspace))

    def make_map(self) -> MapWidget:
        """Return a map of the city, over the newest raster base map that was imported; on the Qt thread."""
        chart = MapWidget(
            self.city,
            view_polygon=lambda camera: view_polygon(self.city, camera),
            rank=self.rank_spot,
            search_folder=self._search_folder(),
            survey=survey_of(self.city, cache_path(self._workspace)),
        )
        raster = self._raster()
        if raster is not None:
            chart.set_raster(raster)
        return chart

    def renew_map(self, chart: object) -> None:
        """Show the city as it is now on a map that was made of the one before; on the Qt thread."""
        if isinstance(chart, MapWidget):
            chart.set_city(
                self.city,
                view_polygon=lambda camera: view_polygon(self.city, camera),
                search_folder=self._search_folder(),
                survey=survey_of(self.city, cache_path(self._workspace)),
            )
            chart.set_raster(self._raster())

    def reload_city(self) -> bool:
        """Open the city anew where an import has changed it, ready to be shown; on a worker."""
        changed = self.live.look()
        if changed:
            self.warm_up()
        return changed or base_maps(self._workspace) != self._ground_of

    def warm_up(self) -> None:
        """Make ready what the first question would else wait for; on a worker."""
        self.city.warm_up()

    def _search_folder(self) -> Path | None:
        return self._workspace if len(self.city.columns) > SMALL_CITY else None

    def _raster(self) -> RasterMap | None:
        """Open the newest raster base map; one that cannot be read is left out, and the log says why."""
        found = base_maps(self._workspace)
        if found != self._ground_of:
            self._ground_of = found
            for path in found:
                try:
                    self._grounds.append(RasterMap.open(path))
                    break
                except RasterUnreadable as error:
                    log.warning("%s", error.sentence("en"))
        return self._grounds[-1] if self._grounds else None

    def rank_spot(self, position: Position) -> list[SeenBy]:
        """Rank cameras for a spot that the operator asks about; on a worker."""
        limit = self._settings.whole("wall.tiles")
        return rank_cameras(self.city, position, streams=self.streams().keys(), limit=limit)

    def as_seen(self, camera_ids: list[str]) -> list[SeenBy]:
        """Return public cameras of a selection as the wall shows them, those with a picture first; on a worker."""
        streams, limit = self.streams().keys(), self._settings.whole("wall.tiles")
        cameras = (self.city.cameras[id_] for id_ in sorted(camera_ids, key=lambda id_: id_ not in streams))
        public = (camera for camera in cameras if camera.ownership is Ownership.PUBLIC)
        return [selected_camera(camera, camera.id in streams) for camera in islice(public, limit)]

    def streams(self) -> dict[str, str]:
        return read_streams(self._workspace)

    def rank(self, incident: Incident) -> list[SeenBy]:
        """Rank cameras for the incident's place."""
        if incident.position is None:
            return []
        limit = self._settings.whole("wall.tiles")
        return rank_cameras(self.city, incident.position, streams=self.streams().keys(), limit=limit)

    def private_cameras(self, incident: Incident) -> tuple[str, ...]:
        """Return the private cameras of the sites that reported."""
        sites = {alert.site_id for alert in incident.alerts if alert.site_id}
        return tuple(c for s in sorted(sites) if s in self.city.sites for c in self.city.sites[s].camera_ids)

    def agency_for(self, kind: AgencyKind, position: Position) -> Agency:
        return self.city.agency_for(kind, position)

    def firm_name(self, firm_id: str) -> str:
        firm = self.city.firms.get(firm_id)
        return firm.name_ko if firm else firm_id

    def fetch_replay(self, camera_id: str, start: datetime, end: datetime) -> Path:
        """Fetch a span of the gateway's ring. Raises ReplayUnavailable."""
        return self.ring.clip(camera_id, start, end).path

    def seen_for(self, camera_ids: Sequence[str], incident: Incident | None) -> list[SeenBy]:
        """Return cameras as they see an incident's place, or as they are where it has none; on a worker.

        Private ones too: the wall shuts what is not open.
        """
        streams = self.streams().keys()
        if incident is not None and incident.position is not None:
            return seen_from(self.city, incident.position, camera_ids, streams=streams)
        cameras = (self.city.cameras.get(camera_id) for camera_id in camera_ids)
        return [selected_camera(camera, camera.id in streams) for camera in cameras if camera is not None]

    def open_ptz(self, heard: Callable[[Heard], None]) -> PtzLink:
        """Open the link to the gateway for cameras that turn; on the Qt thread, which it never holds up."""
        return PtzLink(gateway_of(self._workspace), self._seat, heard)

    def ptz_candidates(self, spot: Position) -> list[Candidate]:
        """Return the cameras that turn, near a spot, best ranked first, with the way to look at it; on a worker."""
        return candidates(self.city, spot, self.streams().keys())

    def camera_name(self, camera_id: str) -> str:
        camera = self.city.cameras.get(camera_id)
        return f"{camera_id} {camera.name}" if camera is not None else camera_id

    def look_around(self) -> Surroundings:
        """Look which desks live. Raises what went wrong with the programs since the last look."""
        if (trouble := self._trouble()) is not None:
            raise trouble
        desks = {kind: is_running(self._workspace, f"desk-{kind}") for kind in EMERGENCY_SERVICES}
        gateway_up = is_running(self._workspace, "gateway")
        free_mib = shutil.disk_usage(self._workspace).free >> 20
        disk_full = free_mib < self._settings.whole("recorder.min_free_mib")
        seats = frozenset(str(n) for n in range(1, MAX_SEATS + 1) if is_running(self._workspace, f"seat-{n}"))
        return Surroundings(desks, len(self.streams()), gateway_up, disk_full, *self._marks(), seats=seats)

    def _marks(self) -> tuple[object, object]:
        """Return what changes with imports; a catalogue that cannot be read just now counts as unchanged."""
        try:
            self._last_marks = ((self.live.mark(), base_maps(self._workspace)), self.speeds.mark())
        except ConsoleError as error:
            log.warning("the city stays as it is: %s", error.sentence("en"))
        return self._last_marks

    def close(self) -> None:
        """Stop the decoders and remove the fetched replays."""
        self.pool.stop()
        self.ring.close()
        for ground in self._grounds:
            ground.close()
