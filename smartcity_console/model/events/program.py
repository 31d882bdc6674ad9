"""seat/…, gateway/… : programs that come and go, recording that waits."""

from __future__ import annotations

from typing import ClassVar

from smartcity_console.model.events.base import Payload


class SeatOpened(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "seat"
    seat: str
    user: str


class SeatClosed(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "seat"
    seat: str


class GatewayStarted(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    addresses: dict[str, str]
    version: str


class GatewayStopped(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    reason: str


class RecordingPaused(Payload, frozen=True, kw_only=True):
    """The disk is so full that recording waits; what is recorded stays."""

    stream_kind: ClassVar[str] = "gateway"
    free_mib: int


class RecordingResumed(Payload, frozen=True, kw_only=True):
    stream_kind: ClassVar[str] = "gateway"
    free_mib: int
