"""The DC-09 receiver under the name it had here first; it lives in `intake/dc09/`."""

from smartcity_console.intake.dc09.counters import Counters
from smartcity_console.intake.dc09.handler import PROTOCOL
from smartcity_console.intake.dc09.server import Dc09Server

__all__ = ["PROTOCOL", "Counters", "Dc09Server"]
