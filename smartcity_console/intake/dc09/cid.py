"""The ADM-CID payload: Ademco Contact ID (SIA DC-05), `#account|QEEE GG ZZZ`.

Q: 1 new event or opening, 3 restoral or closing, 6 still present; EEE event code, GG partition, ZZZ zone or user.
"""

from __future__ import annotations

import re

import msgspec

from smartcity_console.intake.dc09.cid_codes import cid_meaning
from smartcity_console.intake.dc09.errors import FrameNotUnderstood
from smartcity_console.intake.dc09.signal import Signal, without_leading_zeros
from smartcity_console.intake.dc09.text import decode_text

_EVENT = re.compile(r"(?P<qualifier>[136])(?P<code>[0-9A-F]{3}) ?(?P<area>[0-9A-F]{2}) ?(?P<number>[0-9A-F]{3})")


def parse_cid(data: bytes) -> list[Signal]:
    """Return the events of a payload. Raises FrameNotUnderstood when it holds none that can be read."""
    account, text = "", ""
    signals: list[Signal] = []
    for block in filter(None, decode_text(data).split("|")):
        if block.startswith("#"):
            account = block[1:].strip()
        elif match := _EVENT.fullmatch(block.strip()):
            signals.append(_signal(match, account))
        elif block.startswith("A"):
            text = block[1:].strip()
    if not signals:
        raise FrameNotUnderstood("its ADM-CID data is not 'QEEE GG ZZZ'")
    return [msgspec.structs.replace(signal, text=text) for signal in signals]


def cid_data(account: str, code: str, zone: str = "0", *, area: str = "0") -> bytes:
    """Return an ADM-CID payload; `code` is qualifier and event code, `1110`. Raises ValueError."""
    block = f"{code} {area:0>2} {zone:0>3}"
    if _EVENT.fullmatch(block) is None:
        raise ValueError("not a Contact ID event")
    return f"#{account}|{block}".encode("ascii")


def _signal(match: re.Match[str], account: str) -> Signal:
    return Signal(
        code=match["qualifier"] + match["code"],
        meaning=cid_meaning(match["qualifier"], match["code"]),
        account=account,
        number=without_leading_zeros(match["number"]),
        area=without_leading_zeros(match["area"]),
    )
