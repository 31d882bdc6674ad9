"""The operator's verdict: verification grades of TMA-AVS-01."""

from __future__ import annotations

import enum


class Grade(enum.IntEnum):
    """Alarm validation levels 0-4 of TMA-AVS-01."""

    FALSE_ALARM = 0  # no call
    UNDECIDED = 1  # little information
    PERSON_PRESENT = 2  # human likely, intent unknown
    PROPERTY_THREAT = 3
    LIFE_THREAT = 4
