"""A pose that an operator gives a camera is on record: whose, what it was, what it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from smartcity_console.console.operations import SeatState, standard_operations
from smartcity_console.console.operations.set_pose import PoseChange
from smartcity_console.model.camera import Pose, SeenBy
from smartcity_console.model.events import PAYLOADS, CameraPoseSet, Event, encode_payload

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
BEFORE = Pose(6.0, None, 15.0, 60.0, 1920, 1080)
AFTER = msgspec.structs.replace(BEFORE, azimuth_deg=132.5, range_m=80.0)


def test_a_dragged_cone_is_put_on_the_cameras_own_record() -> None:
    operation = standard_operations()["camera.set_pose"]
    state = SeatState(seat="2", now=NOW)
    assert operation.available(state) is None  # no incident is needed to mend the catalogue
    (draft,) = operation.drafts(state, PoseChange("GN-0001", AFTER, BEFORE))
    assert (draft.stream, draft.actor) == ("camera/GN-0001", "seat/2")
    assert draft.payload == CameraPoseSet(camera_id="GN-0001", pose=AFTER, before=BEFORE, seat="2")


def test_what_changes_nothing_is_no_event() -> None:
    operation = standard_operations()["camera.set_pose"]
    assert operation.drafts(SeatState(seat="2", now=NOW), PoseChange("GN-0001", BEFORE, BEFORE)) == []
    assert operation.needs == "pose"  # without a pose the runner asks for one instead of appending


def test_the_event_comes_back_as_it_was_written() -> None:
    written = CameraPoseSet(camera_id="GN-0001", pose=AFTER, before=BEFORE, seat="2")
    assert msgspec.json.decode(encode_payload(written), type=PAYLOADS["CameraPoseSet"]) == written


def test_the_incident_is_ranked_again_after_a_pose(day: Any, open_console: Any, qtbot: Any, sample: Any) -> None:
    ranked: list[list[SeenBy]] = []
    turned: list[str] = []

    def rank(incident: Any) -> list[SeenBy]:
        ranked.append(sample.PUBLIC_CAMERAS[::-1] if turned else sample.PUBLIC_CAMERAS)
        return ranked[-1]

    def keep_poses(events: list[Event]) -> list[str]:
        turned.extend(event.payload_as(CameraPoseSet).camera_id for event in events)
        return turned

    day.open()
    console = open_console(rank=rank, keep_poses=keep_poses)
    qtbot.waitUntil(lambda: console.wall.cameras[:1] == ("GN-0001",), timeout=10_000)
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: console.seat.incident.claimed_by == "3", timeout=10_000)
    day.write("GN-0001", CameraPoseSet(camera_id="GN-0001", pose=AFTER, before=BEFORE, seat="1"), actor="seat/1")
    qtbot.waitUntil(lambda: console.wall.cameras[:1] == ("GN-0006",), timeout=10_000)
