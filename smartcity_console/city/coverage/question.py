"""What a planner asks: which ground, seen how well."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from smartcity_console.model.camera import Dori, Pose, dori_floor


class Ground(enum.StrEnum):
    """The ground that is to be seen."""

    OPEN = "open"  # a district without its buildings and its water; bridges count
    STREET = "street"  # the roads' surface alone


@dataclass(frozen=True)
class Question:
    """At which class of IEC/EN 62676-4 the ground must be seen. `turning`: a dome counts wherever it can turn to."""

    dori: Dori = Dori.OBSERVE
    ground: Ground = Ground.OPEN
    turning: bool = False

    def reach_m(self, pose: Pose) -> float:
        """Return how far a camera still sees at the class: its range, or where its pixels get too few."""
        floor = dori_floor(self.dori)
        spread = 2.0 * math.tan(math.radians(min(pose.hfov_deg, 360.0)) / 2.0)
        if floor <= 0.0:
            return pose.range_m
        return min(pose.range_m, pose.width_px / (spread * floor)) if spread > 1e-9 else 0.0
