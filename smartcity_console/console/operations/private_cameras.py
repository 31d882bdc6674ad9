"""The private cameras of a site open with a claim, for a bounded time, and close with it."""

from __future__ import annotations

from datetime import timedelta

from smartcity_console.console.operations.base import SeatState
from smartcity_console.model.events import Draft, PrivateCamerasLocked, PrivateCamerasUnlocked


def unlock(state: SeatState, reason: str) -> list[Draft]:
    """Return the draft that opens them (none where the site has no camera). `reason` goes to the access log."""
    if not state.private_cameras:
        return []
    until = state.now + timedelta(minutes=state.private_min)
    payload = PrivateCamerasUnlocked(camera_ids=state.private_cameras, seat=state.seat, reason=reason, until=until)
    return [state.draft(payload)]


def lock(state: SeatState, reason: str) -> list[Draft]:
    """Return the draft that closes every private camera that is open for the incident."""
    open_now = tuple(sorted(state.chosen().unlocked))
    return [state.draft(PrivateCamerasLocked(camera_ids=open_now, reason=reason))] if open_now else []
