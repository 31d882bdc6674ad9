"""Which protocols the gateway hears, each over its door."""

from __future__ import annotations

from smartcity_console.clock import Clock
from smartcity_console.gateway.doors import Doors
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.receiver import Receiver
from smartcity_console.intake.server import Dc09Server
from smartcity_console.settings import Settings


def make_receivers(inbox: Inbox, doors: Doors, settings: Settings, clock: Clock) -> list[Receiver]:
    """Return every receiver, not yet started."""
    return [Dc09Server(inbox, doors["dc09"], settings, clock)]
