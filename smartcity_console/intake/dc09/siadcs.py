"""The SIA-DCS payload: SIA DC-03 blocks, `#account|N` modifiers, code, number `/` … `|A` text.

Block and packet syntax: DC-03 §5.2.1; modifiers: §5.2.1.2; ASCII block: §5.4. One block may hold several events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

import msgspec

from smartcity_console.intake.dc09.errors import FrameNotUnderstood
from smartcity_console.intake.dc09.sia_codes import sia_meaning
from smartcity_console.intake.dc09.signal import Signal, without_leading_zeros
from smartcity_console.intake.dc09.text import decode_text, has_delimiter

TEXT_CODE = "A"
"""Code of a signal that consists of text alone (an ASCII block without an event before it)."""

_NAME = r"(?:\^(?P<name>[^^]*)\^|\^(?P<open_name>[^/^]*))?"
_MODIFIER = re.compile(r"(?P<kind>da|ti|id|ri|pi|ai|ph|lv|va|pt|rg|ss)(?P<value>[0-9\-.:]*)" + _NAME + "/?")
# After the number: `*` units and their type, or the free text in quotes that some panels put there.
_EVENT = re.compile(
    r"(?P<code>[A-Z]{2})(?P<number>[0-9A-F:\-]*)"
    r"(?:\*(?:\"(?P<quoted>[^\"]*)\"|(?P<units>[^^/A-Za-z]*))(?P<unit_type>[A-Za-z]{2})?)?" + _NAME + "/?"
)


class _Modifiers(msgspec.Struct):
    """Modifiers hold for every later event of their block."""

    area: str = ""
    user: str = ""
    peripheral: str = ""
    local_time: time | None = None
    names: tuple[str, ...] = ()


def parse_siadcs(data: bytes) -> list[Signal]:
    """Return the events of a payload, in order. Raises FrameNotUnderstood when it holds none that can be read."""
    account = ""
    signals: list[Signal] = []
    fresh = 0  # signals before this index have had their ASCII block, or a newer event block after them
    for block in filter(None, decode_text(data).split("|")):
        kind, content = block[0], block[1:]
        if kind == "#":
            account = content.strip()
        elif kind in "NO":
            fresh = len(signals)
            signals.extend(_events(content, account))
        elif kind == "A":
            _give_text(signals, fresh, account, content.strip())
    if not signals:
        raise FrameNotUnderstood("its SIA-DCS data holds no event")
    return signals


def sia_data(account: str, code: str, number: str = "", *, area: str = "", text: str = "") -> bytes:
    """Return a SIA-DCS payload with one event. Raises ValueError for text that cannot be carried."""
    if has_delimiter(text) or "/" in number:
        raise ValueError("brackets, bars and line ends cannot be sent")
    modifier = f"ri{area}" if area else ""
    return (f"#{account}|N{modifier}{code}{number}" + (f"|A{text}" if text else "")).encode()


def _events(content: str, account: str) -> Iterator[Signal]:
    modifiers = _Modifiers()
    position = 0
    while position < len(content):
        if match := _MODIFIER.match(content, position):
            _take_modifier(modifiers, match)
        elif match := _EVENT.match(content, position):
            yield _signal(match, modifiers, account)
        else:
            return  # what cannot be read ends the block; what was read before it counts
        position = match.end()


def _take_modifier(modifiers: _Modifiers, match: re.Match[str]) -> None:
    value = match["value"]
    match match["kind"]:
        case "ri":
            modifiers.area = without_leading_zeros(value)
        case "id":
            modifiers.user = without_leading_zeros(value)
        case "pi":
            modifiers.peripheral = without_leading_zeros(value)
        case "ti":
            modifiers.local_time = _local_time(value)
    modifiers.names += _names(match)


def _signal(match: re.Match[str], modifiers: _Modifiers, account: str) -> Signal:
    said = [*modifiers.names, *_names(match), (match["quoted"] or "").strip()]
    return Signal(
        code=match["code"],
        meaning=sia_meaning(match["code"]),
        account=account,
        number=without_leading_zeros(match["number"]),
        area=modifiers.area,
        user=modifiers.user,
        peripheral=modifiers.peripheral,
        local_time=modifiers.local_time,
        text=" ".join(filter(None, said)),
    )


def _names(match: re.Match[str]) -> tuple[str, ...]:
    name = (match["name"] or match["open_name"] or "").strip()
    return (name,) if name else ()


def _local_time(value: str) -> time | None:
    """Return the panel's time of day, `HH:MM` or `HH:MM:SS`; None when it is neither."""
    try:
        return time.fromisoformat(value) if value.count(":") in (1, 2) else None
    except ValueError:
        return None


def _give_text(signals: list[Signal], first: int, account: str, text: str) -> None:
    """Add an ASCII block's text to the events it follows; without any, it is a signal of its own."""
    if not signals and text:
        signals.append(Signal(code=TEXT_CODE, meaning=sia_meaning(TEXT_CODE), account=account, text=text))
        return
    for index in range(first, len(signals)):
        joined = " ".join(filter(None, (signals[index].text, text)))
        signals[index] = msgspec.structs.replace(signals[index], text=joined)
