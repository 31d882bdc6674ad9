"""Registers a raster base map: checked, then copied whole into the workspace's `basemaps`."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from smartcity_console.city.importers.errors import FileUnreadable
from smartcity_console.city.importers.progress import Progress, silent
from smartcity_console.city.raster import RasterMap

FOLDER = "basemaps"
SUFFIXES = (".pmtiles", ".mbtiles")
COPY_BYTES = 1 << 22


def base_maps(workspace: Path) -> list[Path]:
    """Return the workspace's raster base maps, the newest first."""
    found = [path for path in (workspace / FOLDER).glob("*") if path.suffix.lower() in SUFFIXES]
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def import_raster(path: Path, workspace: Path, dry_run: bool = False, progress: Progress = silent) -> dict[str, object]:
    """Check a PMTiles or MBTiles file and copy it. Raises FileUnreadable, RasterUnreadable."""
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        raise FileUnreadable(path=path, why=f"no such file of {', '.join(SUFFIXES)}")
    with closing(RasterMap.open(path)) as raster:
        facts = raster.facts
    target = workspace / FOLDER / path.name
    replaces = target.exists()
    if not dry_run and not (replaces and target.samefile(path)):
        _copy(path, target, progress)
    return {
        "kind": "raster",
        "applied": not dry_run,
        "file": str(target),
        "replaces": replaces,
        "name": facts.name,
        "zooms": [facts.min_zoom, facts.max_zoom],
        "bounds_deg": list(facts.bounds_deg),
    }


def _copy(path: Path, target: Path, progress: Progress) -> None:
    """Copy under another name and rename at the end: the map never opens half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    size, done = max(path.stat().st_size, 1), 0
    try:
        with path.open("rb") as source, part.open("wb") as copy:
            while block := source.read(COPY_BYTES):
                copy.write(block)
                done += len(block)
                progress("apply", done / size)
            copy.flush()
            os.fsync(copy.fileno())
        shutil.copystat(path, part)
        os.utime(part)
        part.replace(target)
    except OSError as error:
        raise FileUnreadable(path=path, why=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)
