"""SIA DC-09 (ANSI/SIA DC-09-2021): how alarm firms' transmitters report over IP."""

from smartcity_console.intake.dc09.alerts import POLLS, read_alerts
from smartcity_console.intake.dc09.errors import FrameDamaged, FrameError, FrameNotUnderstood, FrameTooLong
from smartcity_console.intake.dc09.frame import Frame, encode_frame, open_frame, parse_frame, seal_frame
from smartcity_console.intake.dc09.framer import StreamFramer
from smartcity_console.intake.dc09.signal import Meaning

__all__ = [
    "POLLS",
    "Frame",
    "FrameDamaged",
    "FrameError",
    "FrameNotUnderstood",
    "FrameTooLong",
    "Meaning",
    "StreamFramer",
    "encode_frame",
    "open_frame",
    "parse_frame",
    "read_alerts",
    "seal_frame",
]
