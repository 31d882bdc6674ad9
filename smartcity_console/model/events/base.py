"""What every event carries."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what an event carries. `stream_kind` is the part of its stream before the slash."""

    stream_kind: ClassVar[str] = ""
