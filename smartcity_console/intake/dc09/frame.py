"""One DC-09 frame, parsed and encoded (SIA DC-09 §5.5).

`LF` CRC LEN `"`[`*`]ID`"` SEQ [`R`receiver] `L`line `#`account `[`data`]` {`[`xdata`]`} [`_`time] `CR`
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from smartcity_console.intake.dc09.cipher import decrypt, encrypt
from smartcity_console.intake.dc09.crc import crc16
from smartcity_console.intake.dc09.errors import FrameDamaged, FrameNotUnderstood
from smartcity_console.intake.dc09.timestamp import format_timestamp, parse_timestamp

LF, CR = b"\n", b"\r"
_HEADER_BYTES = 9  # LF, four hex digits of CRC, four of length
_HEADER = re.compile(rb"\n([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})\"")
# Real transmitters leave out L when they have no line, and use letters beyond F in accounts: both are taken.
_BODY = re.compile(
    rb"\"(?P<star>\*?)(?P<id>[A-Z0-9-]{1,16})\"(?P<seq>[0-9]{4})"
    rb"(?:R(?P<receiver>[0-9A-Fa-f]{1,6}))?(?:L(?P<line>[0-9A-Fa-f]{1,6}))?"
    rb"(?:#(?P<account>[0-9A-Za-z]{3,16})|A0)\[(?P<rest>.*)",
    re.DOTALL,
)
_CLEAR = re.compile(rb"(?P<data>[^\[\]]*)\](?P<xdata>(?:\[[^\[\]]*\])*)(?:_(?P<time>[0-9:,-]{19}))?", re.DOTALL)
_XDATA = re.compile(rb"\[([^\[\]]*)\]", re.DOTALL)


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame's fields as on the wire. `receiver` and `line` are None when the sender gave none.

    `data` is what stands between the first brackets; of an encrypted frame, the hex text, and xdata and time are
    inside it. `digest` is the SHA-256 of the whole frame as received ("" when the frame was made here).
    """

    id: str
    sequence: str
    account: str
    receiver: str | None = None
    line: str | None = None
    encrypted: bool = False
    data: bytes = b""
    xdata: tuple[bytes, ...] = ()
    timestamp: datetime | None = None
    digest: str = ""


def parse_frame(raw: bytes) -> Frame:
    """Return the frame that `raw` (from LF to CR inclusive) holds. Raises FrameDamaged or FrameNotUnderstood."""
    match = _BODY.fullmatch(_checked_body(raw))
    if match is None:
        raise FrameNotUnderstood("the header after the length is not one of DC-09")
    star, name, sequence, receiver, line, account, rest = match.groups()
    data, xdata, timestamp = (rest, (), None) if star else _content(rest)
    return Frame(
        id=name.decode("ascii"),
        sequence=sequence.decode("ascii"),
        receiver=_text(receiver),
        line=_text(line),
        account=(account or b"").decode("ascii"),
        encrypted=bool(star),
        data=data,
        xdata=xdata,
        timestamp=timestamp,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _content(rest: bytes) -> tuple[bytes, tuple[bytes, ...], datetime | None]:
    match = _CLEAR.fullmatch(rest)
    if match is None:
        raise FrameNotUnderstood("its data and extended data are not closed by brackets")
    return match["data"], tuple(_XDATA.findall(match["xdata"])), _time(match["time"])


def encode_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame, LF to CR."""
    return wrap(_head_bytes(frame, star="*" if frame.encrypted else "") + _content_bytes(frame))


def wrap(body: bytes) -> bytes:
    """Return LF, CRC, length, body, CR."""
    return LF + b"%04X%04X" % (crc16(body), len(body)) + body + CR


def open_frame(frame: Frame, key: bytes) -> Frame:
    """Return an encrypted frame with its data, extended data and time. Raises FrameNotUnderstood for a wrong key.

    The digest becomes that of the encrypted part under its account: a copy of it behind another head is the same
    message. A message without a time is refused, for it could be played again for ever (§5.4.4).
    """
    try:
        clear = decrypt(frame.data, key)
    except ValueError:
        raise FrameNotUnderstood("its encrypted part is not hex of whole blocks") from None
    end = clear.find(b"]")
    bar = clear.find(b"|", 0, end)
    match = _CLEAR.fullmatch(clear[bar + 1 if bar >= 0 else max(end, 0) :])
    if match is None or match["time"] is None:
        raise FrameNotUnderstood("it does not open with the key of its account")
    sealed = frame.account.upper().encode() + b":" + frame.data.upper()
    return msgspec.structs.replace(
        frame,
        data=match["data"],
        xdata=tuple(_XDATA.findall(match["xdata"])),
        timestamp=_time(match["time"]),
        digest=hashlib.sha256(sealed).hexdigest(),
    )


def seal_frame(frame: Frame, key: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> bytes:
    """Return the bytes of a frame encrypted under a key; it must have a timestamp."""
    content = _clear_bytes(frame)
    return wrap(_head_bytes(frame, star="*") + b"[" + encrypt(content, key, random_bytes))


def _checked_body(raw: bytes) -> bytes:
    header = _HEADER.match(raw)
    if header is None or not raw.endswith(CR):
        raise FrameDamaged("no CRC, length and quote at its head")
    body = raw[_HEADER_BYTES:-1]
    crc, length = int(header[1], 16), int(header[2], 16)
    if (length != len(body) or crc != crc16(body)) and (crc, length) not in _accepted_sums(body):
        raise FrameDamaged("its length is wrong" if length != len(body) else "its CRC is wrong")
    return body


def _accepted_sums(body: bytes) -> list[tuple[int, int]]:
    """Return what CRC and length may say: over the bytes and, for text beyond ASCII, over its characters.

    A transmitter in use (my-dc09-spt) counts characters and feeds the low byte of each into the CRC before it
    encodes the frame as UTF-8. Its check is as strict as the right one, so its Korean text need not be lost.
    """
    own = (crc16(body), len(body))
    if body.isascii():
        return [own]
    try:
        characters = body.decode("utf-8")
    except UnicodeDecodeError:
        return [own]
    return [own, (crc16(bytes(ord(c) & 0xFF for c in characters)), len(characters))]


def _time(stamp: bytes | None) -> datetime | None:
    if stamp is None:
        return None
    try:
        return parse_timestamp(stamp.decode("ascii"))
    except ValueError:
        raise FrameNotUnderstood("its time stamp is not a time") from None


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("ascii")


def _head_bytes(frame: Frame, star: str = "") -> bytes:
    receiver = f"R{frame.receiver}" if frame.receiver is not None else ""
    account = f"#{frame.account}" if frame.account else "A0"
    return f'"{star}{frame.id}"{frame.sequence}{receiver}L{frame.line or "0"}{account}'.encode("ascii")


def _content_bytes(frame: Frame) -> bytes:
    return b"[" + (frame.data if frame.encrypted else _clear_bytes(frame))


def _clear_bytes(frame: Frame) -> bytes:
    extra = b"".join(b"[" + item + b"]" for item in frame.xdata)
    stamp = b"" if frame.timestamp is None else b"_" + format_timestamp(frame.timestamp).encode("ascii")
    return frame.data + b"]" + extra + stamp
