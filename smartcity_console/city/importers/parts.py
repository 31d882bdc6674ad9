"""What every reader is given and what it hands over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.report import Report
from smartcity_console.city.store import source_name
from smartcity_console.city.store.staging import Batch

# data.go.kr ends its file names with the day of publication; the next issue is the same source.
_ISSUE = re.compile(r"[ _\-.]*(?:19|20)\d{2}(?:[_\-.]?\d{2}){0,2}$")
# Files that are named after a layer, the same for every city: their folder says whose they are.
_LAYER = re.compile(r"(?:TL|MOCT)_", re.IGNORECASE)


@dataclass(frozen=True)
class Options:
    """What the operator chose. `source` "": after the file's name. `crs`, `encoding` "": what the file or its kind says."""

    source: str = ""
    ownership: str = "public"
    crs: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Part:
    """Records of one table of the catalogue, in batches by column; to be consumed once, in order."""

    kind: str
    batches: Iterator[Batch]


Reader = Callable[[Sequence[Path], Options, Report, Progress], Iterator[Part]]
"""Reads files of one kind. The file is refused (a ConsoleError) before or while its parts are consumed."""


def source_of(files: Sequence[Path], options: Options) -> str:
    """Return the name under which these files' records are kept: "daejeon_2026.csv" and "daejeon_2027.csv" are one."""
    if options.source:
        return source_name(options.source) or "import"
    stem = files[0].name.partition(".")[0]
    if _LAYER.match(stem):
        stem = files[0].resolve().parent.name or stem
    return source_name(_ISSUE.sub("", stem)) or source_name(stem) or "import"
