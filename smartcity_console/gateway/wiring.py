"""The concrete parts of a gateway: catalogue, recorder, ring, live relay."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from smartcity_console.city import City
from smartcity_console.city.live import WatchedCity
from smartcity_console.clock import Clock
from smartcity_console.drill.facts import read_drill
from smartcity_console.gateway.ports import CameraStatus, CutAll, Parts
from smartcity_console.gateway.ptz_devices import OnvifDevices
from smartcity_console.handoff.package import ClipFacts, ClipPart
from smartcity_console.handoff.prepare import Cut, Still
from smartcity_console.model.camera import Ownership
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position
from smartcity_console.model.masks import Polygons
from smartcity_console.model.site import Firm, Site
from smartcity_console.settings import Settings
from smartcity_console.video.clip import ClipEmpty, ClipGap, ClipReport, clip_name, cut_cameras, cut_clip
from smartcity_console.video.external import ExternalRecorders
from smartcity_console.video.masks import MaskBoard
from smartcity_console.video.recorder import CameraClock, Recorder
from smartcity_console.video.recorder import CameraStatus as Status
from smartcity_console.video.relay import LiveRelay
from smartcity_console.video.ring import RingReader, Span, lock, unlock
from smartcity_console.video.still import still_caption, still_pair

log = logging.getLogger(__name__)


def open_parts(workspace: Path, settings: Settings, clock: Clock, status: CameraStatus) -> Parts:
    """Return the parts over a workspace's ring and the city of the settings. Raises CatalogueMissing or -Damaged."""
    ring_root = workspace / "ring"
    reader = RingReader(ring_root)
    board, is_drill = MaskBoard(), read_drill(workspace) is not None
    places = _CityPlaces(WatchedCity(workspace, settings.text("city.path"), clock))
    recorders = None if is_drill else ExternalRecorders(workspace, clock)  # a drill asks nobody outside for pictures
    return Parts(
        places=places,
        recording=_RingRecording(workspace, settings, clock, status),
        footage=_RingFootage(ring_root, reader),
        live=LiveRelay(reader, clock, masked=board.of),
        show_masks=board.show,
        cut=_cutter(reader, recorders),
        cut_all=_cutter_of_all(reader, recorders),
        still=_taker(places),
        ptz=None if is_drill else OnvifDevices(workspace),
        burn_masks=_burn,
    )


class _CityPlaces:
    """The catalogue, as the gateway asks it; an import by another program is taken up without a restart."""

    def __init__(self, city: WatchedCity) -> None:
        self._live, self._told = city, False

    @property
    def _city(self) -> City:
        city, trouble = self._live.now(), self._live.trouble
        if trouble is not None and not self._told:
            log.warning("the last city goes on: %s", trouble.sentence("en"))
        self._told = trouble is not None
        return city

    @property
    def name(self) -> str:
        return self._city.name

    def site_of_account(self, account: str) -> Site | None:
        return self._city.site_of_account(account)

    def firm(self, firm_id: str) -> Firm | None:
        return self._city.firms.get(firm_id)

    def is_private(self, camera_id: str) -> bool:
        """A camera that is in no catalogue is nobody's to show: it counts as private."""
        camera = self._city.cameras.get(camera_id)
        return camera is None or camera.ownership is Ownership.PRIVATE

    def camera_place(self, camera_id: str) -> tuple[str, Position] | None:
        camera = self._city.cameras.get(camera_id)
        return (camera.name, camera.position) if camera else None


class _RingRecording:
    """The recorder, told of by the gateway's own words; stopping it twice is stopping it once."""

    def __init__(self, workspace: Path, settings: Settings, clock: Clock, status: CameraStatus) -> None:
        self._status = status
        self._recorder = Recorder(workspace / "ring", settings, clock, self._changed, logins=workspace)
        self._stopping = Lock()
        self._stopped = False

    def start(self) -> None:
        self._recorder.start()

    def update(self, streams: dict[str, str]) -> None:
        self._recorder.update(streams)

    def stop(self) -> None:
        with self._stopping:
            if not self._stopped:
                self._stopped = True
                self._recorder.stop()

    def health(self) -> Mapping[str, Any]:
        """Return the recorder's own counters; how often its process had to be replaced."""
        beat = self._recorder.last_beat
        figures = msgspec.to_builtins(beat) if beat else {}
        clocks = {camera: _clock_facts(told) for camera, told in self._recorder.clocks.items()}
        return {**figures, "replacements": self._recorder.replacements, "clocks": clocks}

    def _changed(self, status: Status) -> None:
        detail = status.codec if status.connected else status.reason
        self._status(status.camera_id, status.connected, detail, status.width_px, status.height_px)


class _RingFootage:
    """The ring as it lies on disk."""

    def __init__(self, ring_root: Path, reader: RingReader) -> None:
        self._root, self._reader = ring_root, reader

    def spans(self, camera_id: str) -> Sequence[tuple[datetime, datetime]]:
        return [(span.start, span.end) for span in self._reader.spans(camera_id)]

    def keep(self, camera_ids: Sequence[str], start: datetime, end: datetime, key: str) -> None:
        lock(self._root, [Span(camera_id, start, end) for camera_id in camera_ids], key)

    def release(self, key: str) -> None:
        unlock(self._root, key)


def _clock_facts(told: CameraClock) -> dict[str, Any]:
    """Return a camera's clock against ours: ahead above 0; None where the camera does not tell."""
    return {"at": told.at.isoformat(), "offset_ms": told.offset_ms, "drift_ppm": told.drift_ppm}


def _cutter(reader: RingReader, external: ExternalRecorders | None) -> Cut:
    """Cut out of the ring; of what the ring does not hold, out of another recorder that has the camera."""

    def cut(camera_id: str, start: datetime, end: datetime, out_path: Path) -> ClipFacts:
        try:
            report = cut_clip(reader, camera_id, start, end, out_path)
        except ClipEmpty:
            if external is None or not external.holding(camera_id):
                raise
            report = external.cut(camera_id, start, end, out_path)
        return _facts(report)

    return cut


def _facts(report: ClipReport) -> ClipFacts:
    return ClipFacts(
        camera_id=report.camera_id,
        start=report.start,
        end=report.end,
        codec=report.codec,
        es_sha256=report.es_sha256,
        gaps=(*(_gap_in_words(gap) for gap in report.gaps), *report.remarks),
    )


def _cutter_of_all(reader: RingReader, external: ExternalRecorders | None) -> CutAll:
    """Cut several cameras, each format into a file; what the ring does not hold comes from another recorder."""

    def cut_all(
        camera_ids: Sequence[str], start: datetime, end: datetime, folder: Path
    ) -> tuple[list[ClipPart], dict[str, ConsoleError]]:
        reports, failed = cut_cameras(reader, camera_ids, start, end, folder)
        for camera_id, error in list(failed.items()):
            if isinstance(error, ClipEmpty) and external is not None and external.holding(camera_id):
                try:
                    reports.append(external.cut(camera_id, start, end, folder / clip_name(camera_ids, camera_id)))
                    del failed[camera_id]
                except ConsoleError as other:
                    failed[camera_id] = other
        return [ClipPart(_facts(report), report.path) for report in reports], failed

    return cut_all


def _taker(places: _CityPlaces) -> Still:
    """Take a still clean and with the camera's number, name and time burned in."""

    def take(clip: Path, camera_id: str, offset_s: float, at: datetime) -> tuple[bytes, bytes]:
        name, _ = places.camera_place(camera_id) or ("", None)
        pair = still_pair(clip, offset_s, still_caption(camera_id, at, name))
        return pair.clean, pair.marked

    return take


def _burn(clip: Path, polygons: Polygons, out_path: Path) -> None:
    from smartcity_console.video.masks.copy import burn_masks  # loads an encoder: only where copies are wanted

    burn_masks(clip, polygons, out_path)


def _gap_in_words(gap: ClipGap) -> str:
    return f"{gap.start:%Y-%m-%dT%H:%M:%S}Z - {gap.end:%Y-%m-%dT%H:%M:%S}Z: {gap.reason}"
