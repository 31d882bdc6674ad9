"""What the console's logic asks of the wall and of the map. The real ones and the tests' plain ones both fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from smartcity_console.model.camera import SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.incident import Incident


class Wall(Protocol):
    """Numbered live tiles."""

    def show_cameras(self, cameras: Sequence[SeenBy], until: Mapping[str, datetime]) -> None:
        """Show these in rank order. `until` tells when a private one closes; a private one not in it is locked."""

    def play_replay(self, camera_id: str, path: Path, alert_offset_s: float) -> None:
        """Play a clip in that camera's tile, marked REPLAY; the alert lies `alert_offset_s` into it."""

    def stop_replay(self) -> None:
        """Go back to live."""

    def refresh(self) -> None:
        """Look again which cameras have a stream: a feed may have come up or moved."""

    def chosen_camera(self) -> str | None:
        """Return the camera of the tile that the operator pointed at last."""


class Map(Protocol):
    """The map of the city."""

    def show_incident(self, incident: Incident | None, seen_by: list[SeenBy]) -> None:
        """Centre on the incident and draw the numbered cones; None clears."""

    def set_open_incidents(self, incidents: list[Incident]) -> None:
        """Mark every open incident."""

    def set_selected_camera(self, camera_id: str | None) -> None:
        """Highlight the camera of the chosen tile."""

    def close_map(self) -> None:
        """Stop and join its threads."""

    def set_camera_states(self, states: dict[str, CameraState]) -> None:
        """Show which cameras the recorder holds."""
