"""From a frame to alerts: payload and extended data put together, before the register is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.dc09.cid import parse_cid
from smartcity_console.intake.dc09.errors import FrameNotUnderstood
from smartcity_console.intake.dc09.frame import Frame
from smartcity_console.intake.dc09.siadcs import parse_siadcs
from smartcity_console.intake.dc09.signal import Signal
from smartcity_console.intake.dc09.supervised import reporting_s
from smartcity_console.intake.dc09.xdata import Extended, parse_extended
from smartcity_console.model.alert import Alert
from smartcity_console.model.site import Sensor

POLLS = frozenset({"NULL", "XNM"})
"""Supervision messages: they say that the sender is alive and nothing else (DC-09 §5.5.1.2)."""

LOCAL_TIME = ZoneInfo("Asia/Seoul")
OLDEST_OCCURRENCE = timedelta(days=7)
_CLOCK_SLACK = timedelta(minutes=2)
_TIME_OF_DAY_SLACK = timedelta(hours=1)
_PARSERS: dict[str, Callable[[bytes], list[Signal]]] = {"SIA-DCS": parse_siadcs, "ADM-CID": parse_cid}


def poll_interval_s(frame: Frame) -> float:
    """Return the silence that a poll's sender allows itself by its supervision category (`C`); 0.0 when it says none."""
    return reporting_s(parse_extended(frame.xdata).supervision) if frame.xdata else 0.0


def read_alerts(frame: Frame, received_at: datetime, new_id: Callable[[], str]) -> list[Arrival]:
    """Return the alerts of a clear frame, in its order. Raises FrameNotUnderstood."""
    parse = _PARSERS.get(frame.id)
    if parse is None:
        raise FrameNotUnderstood("its message type is not handled here")
    extended = parse_extended(frame.xdata)
    return [
        Arrival(_alert(frame, signal, extended, received_at, new_id()), signal.meaning.role)
        for signal in parse(frame.data)
    ]


def _alert(frame: Frame, signal: Signal, extended: Extended, received_at: datetime, alert_id: str) -> Alert:
    return Alert(
        id=alert_id,
        protocol=f"dc09/{frame.id}",
        account=signal.account or frame.account,
        receiver=frame.receiver or "",
        line=frame.line or "",
        sequence=frame.sequence,
        code=signal.code,
        kind=signal.meaning.kind,
        priority=signal.meaning.priority,
        occurred_at=_occurred_at(frame, signal, extended, received_at),
        received_at=received_at,
        known=False,
        zone=signal.number,
        sensor=_sensor(signal, extended),
        position=extended.position,
        text=_text(signal, extended),
        verification_url=extended.verification_url,
        wire_digest=frame.digest,
    )


def _sensor(signal: Signal, extended: Extended) -> Sensor:
    return extended.trigger if extended.trigger and signal.meaning.sensor is Sensor.OTHER else signal.meaning.sensor


def _text(signal: Signal, extended: Extended) -> str:
    height = f"고도 {extended.altitude_m:.0f} m" if extended.altitude_m is not None else ""
    said = (signal.text, extended.alarm_text, *extended.places, height)
    return " · ".join(dict.fromkeys(filter(None, said)))


def _occurred_at(frame: Frame, signal: Signal, extended: Extended, received_at: datetime) -> datetime:
    """Return the sender's own time of the event where it can be believed, else the time of receipt."""
    told = extended.occurred_at or _from_time_of_day(signal, received_at) or frame.timestamp
    if told and received_at - OLDEST_OCCURRENCE <= told <= received_at + _CLOCK_SLACK:
        return told
    return received_at


def _from_time_of_day(signal: Signal, received_at: datetime) -> datetime | None:
    """Return the instant that `ti` means. Panels send local time or UTC, without a date: the one close to now."""
    if signal.local_time is None:
        return None
    candidates = [
        datetime.combine(received_at.astimezone(zone).date() + timedelta(days=day), signal.local_time, zone)
        for zone in (LOCAL_TIME, UTC)
        for day in (-1, 0, 1)
    ]
    nearest = min(candidates, key=lambda at: abs(at - received_at)).astimezone(UTC)
    return nearest if abs(nearest - received_at) <= _TIME_OF_DAY_SLACK else None
