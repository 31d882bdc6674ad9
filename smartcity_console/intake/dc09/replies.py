"""The receiver's answers (DC-09 §5.6): ACK, NAK and DUH. None of them ever carries a key or another secret."""

from __future__ import annotations

from datetime import datetime

from smartcity_console.intake.dc09.frame import Frame, encode_frame


def ack(frame: Frame) -> bytes:
    """Return the acknowledgement of a frame: same sequence, receiver, line and account, no data."""
    return encode_frame(_answer("ACK", frame))


def duh(frame: Frame | None) -> bytes:
    """Return the answer to a frame that was understood as a frame and cannot be handled."""
    return encode_frame(_answer("DUH", frame) if frame else Frame(id="DUH", sequence="0000", receiver="0", account=""))


def nak(now: datetime) -> bytes:
    """Return the refusal of a damaged or mistimed frame; its time lets the sender set its clock."""
    return encode_frame(Frame(id="NAK", sequence="0000", receiver="0", account="", timestamp=now))


def _answer(name: str, frame: Frame) -> Frame:
    return Frame(id=name, sequence=frame.sequence, receiver=frame.receiver, line=frame.line, account=frame.account)
