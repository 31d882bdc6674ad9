"""What steering asks of outside: a link to the gateway, and how cameras stand to a spot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from smartcity_console.model.ptz import Aim
from smartcity_console.model.ptz_wire import Heard, Wish


class PtzLink(Protocol):
    """A link to the gateway that reconnects by itself. What it hears comes on a thread of its own."""

    def say(self, wish: Wish) -> None:
        """Put a wish on its way; returns at once. While the link is down it is dropped: an old move must not be made."""
        ...

    def close(self) -> None:
        """End the link and join its thread."""
        ...


OpenLink = Callable[[Callable[[Heard], None]], PtzLink]


@dataclass(frozen=True)
class Candidate:
    """A camera that turns, near a spot: the way to look at it, or why it cannot see it (`hidden`)."""

    camera_id: str
    name: str
    aim: Aim
    hidden: bool = False
    turn_s: float = 0.0
