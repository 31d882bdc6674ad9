"""The header never calls well what is not: a full disk, lost cameras."""

from __future__ import annotations

from datetime import UTC, datetime

from smartcity_console.console.header import recorder_state
from smartcity_console.model.centre import CameraState, Centre

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def test_a_lost_camera_is_counted_and_coloured() -> None:
    centre = Centre()
    centre.cameras = {"a": CameraState(True, NOW), "b": CameraState(False, NOW)}
    text, tone = recorder_state(centre, 2)
    assert "1/2" in text and tone == "warn"


def test_a_camera_that_never_came_counts_as_missing() -> None:
    centre = Centre()
    centre.cameras = {"a": CameraState(True, NOW)}
    assert recorder_state(centre, 3)[1] == "warn"
    assert recorder_state(centre, 1)[1] == ""


def test_a_full_disk_is_the_loudest() -> None:
    centre = Centre()
    centre.cameras = {"a": CameraState(True, NOW)}
    centre.recording_paused = True
    assert recorder_state(centre, 1)[1] == "danger_text"
    centre.recording_paused = False
    assert recorder_state(centre, 1, disk_full=True)[1] == "danger_text"
