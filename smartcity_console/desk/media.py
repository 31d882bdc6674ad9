"""Clips and stills straight out of the stored package: a file lies in it uncompressed, so a range of it is a range of
the package (RFC 9110, 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from smartcity_console.desk.errors import NoSuchFile
from smartcity_console.desk.store import DeskStore
from smartcity_console.handoff.container import Entry, NotCanonical, entry_chunks, read_entries
from smartcity_console.handoff.package import Manifest
from smartcity_console.handoff.verify import read_manifest

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_TYPES = {".mp4": "video/mp4", ".jpg": "image/jpeg"}


def media_response(store: DeskStore, request: Request, handoff_id: str, name: str) -> Response:
    """Answer for one clip or still. Raises UnknownHandoff or NoSuchFile."""
    kind = _TYPES.get(Path(name).suffix)
    package = package_path(store, handoff_id)
    entry = _entry(package, name)
    if kind is None or entry is None:
        raise NoSuchFile()
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": f'inline; filename="{Path(name).name}"'}
    span = _span(request.headers.get("range", ""), entry.size_bytes)
    if span is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{entry.size_bytes}"})
    start, end = span
    partial = "range" in request.headers
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{entry.size_bytes}"
    headers["Content-Length"] = str(end - start)
    body = _chunks(package, entry, start, end - start)
    return StreamingResponse(body, 206 if partial else 200, headers=headers, media_type=kind)


def package_path(store: DeskStore, handoff_id: str) -> Path:
    """Return where a hand-off's package lies. Raises UnknownHandoff or NoSuchFile."""
    package = store.get(handoff_id).package
    if package is None:
        raise NoSuchFile()
    return store.directory / package.path


def stored_manifest(store: DeskStore, handoff_id: str) -> Manifest | None:
    """Return the manifest of a stored package (verified when it was stored), None while there is none."""
    return read_manifest(package_path(store, handoff_id)) if store.get(handoff_id).package else None


def _entry(package: Path, name: str) -> Entry | None:
    """Find a file by its exact name among those in the package: no path is ever built from what was asked."""
    try:
        with package.open("rb") as file:
            return next((entry for entry in read_entries(file) if entry.name == name), None)
    except (OSError, NotCanonical):
        return None


def _span(header: str, size_bytes: int) -> tuple[int, int] | None:
    """Return [start, end) of a single byte range; the whole for none or several; None when it cannot be satisfied."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return 0, size_bytes
    first, last = match.groups()
    if not first:
        return max(0, size_bytes - int(last)), size_bytes
    start, end = int(first), min(int(last) + 1 if last else size_bytes, size_bytes)
    return (start, end) if start < end else None


def _chunks(package: Path, entry: Entry, start: int, length: int) -> Iterator[bytes]:
    with package.open("rb") as file:
        yield from entry_chunks(file, entry, start, length)
