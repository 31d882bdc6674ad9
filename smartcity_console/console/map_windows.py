"""More than one map: each has its own view; all show the same incidents, cameras and states."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.track_layer import tracks_of
from smartcity_console.console.map.unit_layer import units_of
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.incident import Incident

MOST_WINDOWS = 2  # beside the one in the console: each has threads and pictures of its own
FIRST_SIZE_PX = (1100, 800)


class MapWindows(QObject):
    """Fits `ports.Map`: tells every map what the console tells. `opened(map)` lets the console listen to a new one."""

    opened = Signal(object)

    def __init__(self, first: QWidget, make_map: Callable[[], QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first, self._make = first, make_map
        self._more: list[MapWidget] = []
        self._incident: tuple[Incident | None, list[SeenBy]] = (None, [])
        self._open: list[Incident] = []
        self._states: dict[str, CameraState] = {}
        self._traffic: tuple[Mapping[str, float], str] = ({}, "")
        self._is_animated = True

    @property
    def first(self) -> QWidget:
        """The map in the console itself."""
        return self._first

    def open(self) -> None:
        """Open another window; with as many open as there may be, the last comes to the front."""
        self._forget_closed()
        if len(self._more) >= MOST_WINDOWS:
            self._more[-1].raise_()
            return
        chart = self._make()
        chart.setWindowTitle(translate("Docks", "Map"))
        chart.resize(*FIRST_SIZE_PX)
        chart.setWindowFlag(Qt.WindowType.Window)
        self._more.append(chart)
        chart.set_open_incidents(self._open)
        chart.set_camera_states(self._states)
        chart.set_traffic(*self._traffic)
        self._tell(chart)
        chart.set_animated(self._is_animated)
        chart.set_following(False)  # what a second window is for: to look elsewhere
        self.opened.emit(chart)
        chart.show()

    def show_incident(self, incident: Incident | None, seen_by: list[SeenBy]) -> None:
        self._incident = (incident, list(seen_by))
        for chart in self._all():
            self._tell(chart)

    def _tell(self, chart: QWidget) -> None:
        """Let a map show the incident, its ways and the units on theirs."""
        incident, seen_by = self._incident
        chart.show_incident(incident, seen_by)
        if isinstance(chart, MapWidget):
            chart.set_tracks(tracks_of(incident))
            chart.set_units(units_of(incident))

    def set_open_incidents(self, incidents: list[Incident]) -> None:
        self._open = list(incidents)
        for chart in self._all():
            chart.set_open_incidents(incidents)

    def set_selected_camera(self, camera_id: str | None) -> None:
        for chart in self._all():
            chart.set_selected_camera(camera_id)

    def set_camera_states(self, states: dict[str, CameraState]) -> None:
        self._states = dict(states)
        for chart in self._all():
            chart.set_camera_states(states)

    def set_animated(self, animated: bool) -> None:
        """Let views glide, or jump: see `MapCanvas.set_animated`."""
        self._is_animated = animated
        for chart in self._maps():
            chart.set_animated(animated)

    def set_traffic(self, speeds_kmh: Mapping[str, float], told: str) -> None:
        """Show speeds by link id; `told` says how old they are, where that matters."""
        self._traffic = (speeds_kmh, told)
        for chart in self._maps():
            chart.set_traffic(speeds_kmh, told)

    def set_traffic_age(self, told: str) -> None:
        """Say of what age the speeds are, as soon as that changes."""
        if told != self._traffic[1]:
            self.set_traffic(self._traffic[0], told)

    def poses_changed(self, camera_ids: list[str]) -> None:
        """Show how some cameras stand now."""
        for chart in self._maps():
            chart.poses_changed(camera_ids)

    def renew(self, renew_map: Callable[[QWidget], None]) -> None:
        """Show the city as it is after an import on every map."""
        for chart in self._maps():
            renew_map(chart)

    def pose_selected(self) -> bool:
        """Let the operator set how the selected camera stands, on the map in use; return whether one is selected."""
        charts = self._maps()
        active = next((chart for chart in charts if chart.isActiveWindow() and chart in self._more), None)
        chart = active or next(iter(charts), None)
        return chart is not None and chart.pose_selected()

    def close_map(self) -> None:
        """Close every window and join the threads of all maps."""
        for chart in self._all():
            chart.close_map()
        for chart in self._more:
            chart.close()
        self._more = []

    def _all(self) -> list[QWidget]:
        self._forget_closed()
        return [self._first, *self._more]

    def _maps(self) -> list[MapWidget]:
        return [chart for chart in self._all() if isinstance(chart, MapWidget)]

    def _forget_closed(self) -> None:
        """A window that the operator has closed gives its threads back."""
        gone = [chart for chart in self._more if not chart.isVisible() and not chart.isMinimized()]
        for chart in gone:
            chart.close_map()
            chart.deleteLater()
        self._more = [chart for chart in self._more if chart not in gone]
