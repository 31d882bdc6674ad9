"""The receiver's answers (DC-09 §5.6): ACK, NAK and DUH. None of them ever carries a key or another secret."""

from __future__ import annotations

from datetime import datetime

import msgspec

from smartcity_console.intake.dc09.frame import Frame, encode_frame, seal_frame

REPLIES = frozenset({"ACK", "NAK", "DUH", "RSP"})
"""What a receiver says and never hears: an answer to one would be answered in turn, for ever."""


def ack(frame: Frame, key: bytes | None = None, now: datetime | None = None) -> bytes:
    """Return the acknowledgement of a frame: same sequence, receiver, line and account, no data.

    An encrypted frame is acknowledged under its own key, with our time (§5.4.4, §5.6.2).
    """
    answer = _answer("ACK", frame)
    if frame.encrypted and key is not None:
        return seal_frame(msgspec.structs.replace(answer, timestamp=now), key)
    return encode_frame(answer)


def duh(frame: Frame | None) -> bytes:
    """Return the answer to a frame that was understood as a frame and cannot be handled; always in clear (§5.6.4)."""
    return encode_frame(_answer("DUH", frame) if frame else Frame(id="DUH", sequence="0000", receiver="0", account=""))


def nak(now: datetime) -> bytes:
    """Return the refusal of a damaged or mistimed frame; its time lets the sender set its clock. Always in clear."""
    return encode_frame(Frame(id="NAK", sequence="0000", receiver="0", account="", timestamp=now))


def _answer(name: str, frame: Frame) -> Frame:
    return Frame(id=name, sequence=frame.sequence, receiver=frame.receiver, line=frame.line, account=frame.account)
