"""Why a frame was refused. The class decides the answer: damaged → NAK, not understood → DUH, too long → no answer."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError


class FrameError(ConsoleError):
    """Base: `reason` is a diagnosis in words, never the frame's own text."""

    code = "frame_refused"
    ko = "경보 전문을 받지 않았습니다: {reason}. 앞서 받은 경보는 그대로이며, 송신기가 다시 보내야 합니다."
    en = "An alarm frame was refused: {reason}. Alerts received before are kept; the transmitter must send it again."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason,)


class FrameDamaged(FrameError):
    """The bytes did not arrive as they were sent (CRC or length), or the time is outside the window."""


class FrameNotUnderstood(FrameError):
    """A whole frame that this receiver cannot handle."""


class FrameTooLong(FrameError):
    """More bytes without an end than a frame may have."""
