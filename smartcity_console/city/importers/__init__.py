"""Brings outside data into the catalogue: the good rows go in, every bad one is told by line, column, value and why."""

from smartcity_console.city.importers.errors import (
    ColumnsMissing,
    FileUnreadable,
    ImportCancelled,
    LayerMissing,
    UnknownKind,
)
from smartcity_console.city.importers.kinds import KINDS_OF_DATA, WORDS, kinds_for
from smartcity_console.city.importers.parts import Options
from smartcity_console.city.importers.progress import Progress, silent
from smartcity_console.city.importers.raster import base_maps, import_raster
from smartcity_console.city.importers.report import BadValue, Outcome, Report, Why, phrase
from smartcity_console.city.importers.run import Look, apply, discard, look

__all__ = [
    "KINDS_OF_DATA",
    "WORDS",
    "BadValue",
    "ColumnsMissing",
    "FileUnreadable",
    "ImportCancelled",
    "LayerMissing",
    "Look",
    "Options",
    "Outcome",
    "Progress",
    "Report",
    "UnknownKind",
    "Why",
    "apply",
    "base_maps",
    "discard",
    "import_raster",
    "kinds_for",
    "look",
    "phrase",
    "silent",
]
