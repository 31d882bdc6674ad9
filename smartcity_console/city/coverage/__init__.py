"""What the cameras of a city see at a class of IEC/EN 62676-4, and where nobody sees: the planner's question."""

from smartcity_console.city.coverage.blind import BlindSpot, blind_spots
from smartcity_console.city.coverage.cache import ViewCache
from smartcity_console.city.coverage.export import export
from smartcity_console.city.coverage.ground import UnknownDistrict
from smartcity_console.city.coverage.question import Ground, Question
from smartcity_console.city.coverage.survey import Coverage, DistrictCoverage, survey
from smartcity_console.city.coverage.workers import CoverageFailed, CoverageStopped

__all__ = [
    "BlindSpot",
    "Coverage",
    "CoverageFailed",
    "CoverageStopped",
    "DistrictCoverage",
    "Ground",
    "Question",
    "UnknownDistrict",
    "ViewCache",
    "blind_spots",
    "export",
    "survey",
]
