"""Privacy masks reach the live views when they are set and after a restart; lifts end on record."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from smartcity_console.clock import SystemClock
from smartcity_console.model.events import Draft, MaskLifted, MaskSet, Payload, stream_of

Wait = Callable[..., Any]
WINDOW = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5))


def draft(payload: Payload) -> Draft:
    return Draft(stream_of(type(payload), "GN-0001"), payload, "seat/1")


def told(gateway: Any) -> Any:
    file = gateway.path / "masks.json"
    return json.loads(file.read_text()) if file.exists() else None


def test_masks_cover_live_views_at_once_and_after_a_restart(gateway: Any, wait: Wait) -> None:
    gateway.start()
    gateway.append(draft(MaskSet(camera_id="GN-0001", polygons=(WINDOW,), before=(), reason="창문", seat="1")))
    expected = {"GN-0001": [[list(corner) for corner in WINDOW]]}
    wait(lambda: told(gateway) == expected)
    gateway.end()
    (gateway.path / "masks.json").unlink()
    gateway.start()
    assert told(gateway) == expected  # before it announced itself


def test_a_lift_whose_time_is_over_ends_on_record(gateway: Any, wait: Wait) -> None:
    gateway.start()
    gateway.append(draft(MaskSet(camera_id="GN-0001", polygons=(WINDOW,), before=(), reason="창문", seat="1")))
    until = SystemClock().now() + timedelta(seconds=1)
    gateway.append(draft(MaskLifted(camera_id="GN-0001", until=until, reason="추적", seat="1")))
    (ended,) = wait(lambda: gateway.events("MaskLiftEnded"))
    assert ended.at >= until
