"""One DC-09 frame, parsed and encoded (SIA DC-09 §5.5).

`LF` CRC LEN `"`[`*`]ID`"` SEQ [`R`receiver] `L`line `#`account `[`data`]` {`[`xdata`]`} [`_`time] `CR`
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

import msgspec

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
    body = _checked_body(raw)
    match = _BODY.fullmatch(body)
    if match is None:
        raise FrameNotUnderstood("the header after the length is not one of DC-09")
    head = Frame(
        id=match["id"].decode("ascii"),
        sequence=match["seq"].decode("ascii"),
        receiver=_text(match["receiver"]),
        line=_text(match["line"]),
        account=(match["account"] or b"").decode("ascii"),
        encrypted=bool(match["star"]),
        digest=hashlib.sha256(raw).hexdigest(),
    )
    return _with_content(head, match["rest"])


def encode_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame, LF to CR."""
    return wrap(_head_bytes(frame) + _content_bytes(frame))


def wrap(body: bytes) -> bytes:
    """Return LF, CRC, length, body, CR."""
    return LF + b"%04X%04X" % (crc16(body), len(body)) + body + CR


def _checked_body(raw: bytes) -> bytes:
    header = _HEADER.match(raw)
    if header is None or not raw.endswith(CR):
        raise FrameDamaged("no CRC, length and quote at its head")
    body = raw[_HEADER_BYTES:-1]
    crc, length = int(header[1], 16), int(header[2], 16)
    if (crc, length) not in _accepted_sums(body):
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


def _with_content(head: Frame, rest: bytes) -> Frame:
    if head.encrypted:
        return msgspec.structs.replace(head, data=rest)
    match = _CLEAR.fullmatch(rest)
    if match is None:
        raise FrameNotUnderstood("its data and extended data are not closed by brackets")
    return msgspec.structs.replace(
        head,
        data=match["data"],
        xdata=tuple(_XDATA.findall(match["xdata"])),
        timestamp=_time(match["time"]),
    )


def _time(stamp: bytes | None) -> datetime | None:
    if stamp is None:
        return None
    try:
        return parse_timestamp(stamp.decode("ascii"))
    except ValueError:
        raise FrameNotUnderstood("its time stamp is not a time") from None


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("ascii")


def _head_bytes(frame: Frame) -> bytes:
    star = "*" if frame.encrypted else ""
    receiver = f"R{frame.receiver}" if frame.receiver is not None else ""
    account = f"#{frame.account}" if frame.account else "A0"
    return f'"{star}{frame.id}"{frame.sequence}{receiver}L{frame.line or "0"}{account}'.encode("ascii")


def _content_bytes(frame: Frame) -> bytes:
    if frame.encrypted:
        return b"[" + frame.data
    extra = b"".join(b"[" + item + b"]" for item in frame.xdata)
    stamp = b"" if frame.timestamp is None else b"_" + format_timestamp(frame.timestamp).encode("ascii")
    return b"[" + frame.data + b"]" + extra + stamp
