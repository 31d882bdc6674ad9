"""What every protocol of the intake is to the gateway: something that is started, stopped and counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Receiver(Protocol):
    """One protocol's door. It is built over a bound socket (or none), and puts what comes into the one inbox."""

    @property
    def name(self) -> str:
        """The protocol's short name: its key among the gateway's figures."""
        ...

    async def start(self) -> None:
        """Begin to receive; returns at once."""
        ...

    async def stop(self) -> None:
        """Receive no more and end everything begun; a second call does nothing."""
        ...

    def figures(self) -> Mapping[str, Any]:
        """Return counters: nothing that names a person or a place."""
        ...
