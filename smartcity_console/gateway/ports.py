"""What the gateway needs of the rooms below it, in its own words; `wiring.py` gives it the concrete parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from smartcity_console.handoff.package import ClipPart
from smartcity_console.handoff.prepare import BurnMasks, Cut, Still
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position
from smartcity_console.model.masks import CameraMask
from smartcity_console.model.ptz import Abilities, Mounting, Preset, Velocity
from smartcity_console.model.ptz import Position as PtzPosition
from smartcity_console.model.site import Firm, Site


class Recording(Protocol):
    """Keeps the ring filled; captures in processes of its own."""

    def start(self) -> None: ...

    def update(self, streams: dict[str, str]) -> None: ...

    def stop(self) -> None:
        """Stop capturing; may block until the last packets are on disk."""
        ...

    def health(self) -> Mapping[str, Any]: ...


class Footage(Protocol):
    """Reads the ring. Calls may block for as long as a disk does: they are made off the event loop."""

    def spans(self, camera_id: str) -> Sequence[tuple[datetime, datetime]]:
        """Return what is held of a camera, oldest first."""
        ...

    def keep(self, camera_ids: Sequence[str], start: datetime, end: datetime, key: str) -> None:
        """Exempt a span from the ring's forgetting under a key; the same key again replaces it."""
        ...

    def release(self, key: str) -> None:
        """Let what was kept under a key go with the ring; an unknown key is no error."""
        ...


class LiveChunks(Protocol):
    """One viewer's stream; `dropped` counts the fragments that it was too slow for."""

    @property
    def dropped(self) -> int: ...

    def __aiter__(self) -> AsyncIterator[str | bytes]: ...

    async def __anext__(self) -> str | bytes: ...

    async def aclose(self) -> None: ...


class Live(Protocol):
    """A camera's picture as it comes: a MIME type first, then an init segment, then fragments."""

    def stream(self, camera_id: str, *, codec: str = "") -> LiveChunks:
        """`codec` "h264" asks for a conversion where the camera sends another. Iterating raises ConsoleError."""
        ...

    async def close(self) -> None:
        """End every stream."""
        ...


class Places(Protocol):
    """What the gateway asks the catalogue."""

    @property
    def name(self) -> str: ...

    def site_of_account(self, account: str) -> Site | None: ...

    def firm(self, firm_id: str) -> Firm | None: ...

    def is_private(self, camera_id: str) -> bool: ...

    def camera_place(self, camera_id: str) -> tuple[str, Position] | None:
        """Return a camera's name and position; None when the catalogue knows none of that id."""
        ...


class PtzDevice(Protocol):
    """A connected camera that turns. Every call is bounded in time and raises ConsoleError."""

    @property
    def abilities(self) -> Abilities: ...

    async def move(self, velocity: Velocity) -> None:
        """Turn until told otherwise, or for a second."""
        ...

    async def stop(self) -> None: ...

    async def go_to(self, position: PtzPosition) -> None: ...

    async def status(self) -> PtzPosition: ...

    async def presets(self) -> tuple[Preset, ...]: ...

    async def use_preset(self, token: str) -> None: ...

    async def set_preset(self, name: str, token: str = "") -> str: ...

    async def rename_preset(self, token: str, name: str) -> None: ...

    async def remove_preset(self, token: str) -> None: ...

    async def close(self) -> None: ...


class PtzDevices(Protocol):
    """The cameras of a workspace that can be asked to turn."""

    async def open(self, camera_id: str) -> PtzDevice:
        """Connect. Raises ConsoleError."""
        ...

    def mounting(self, camera_id: str) -> Mounting | None:
        """Return how a camera hangs; None where nobody has said."""
        ...


CutAll = Callable[[Sequence[str], datetime, datetime, Path], tuple[list[ClipPart], dict[str, ConsoleError]]]
"""Cut a span [start, end) of several cameras into a folder that is there, a file for each picture format; blocking. Of a
camera that cannot be cut, the reason."""


class Parts(msgspec.Struct, frozen=True):
    """The concrete parts of one gateway."""

    places: Places
    recording: Recording
    footage: Footage
    live: Live
    cut: Cut
    cut_all: CutAll
    still: Still
    ptz: PtzDevices | None = None
    burn_masks: BurnMasks | None = None  # None: no copies can be made, and who may only have those gets no clip
    show_masks: Callable[[Mapping[str, CameraMask]], None] = lambda _: None  # what live views must cover from now on


CameraStatus = Callable[[str, bool, str, int, int], None]
"""Told by the recorder, from any thread: camera id, connected, codec or reason, width and height in pixels."""
