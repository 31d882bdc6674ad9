"""Where the panels stood: kept per seat in the workspace, so that they come back at the next start."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import Path

LAYOUT_VERSION = 1
"""Goes up when the set of panels changes: an older file is then passed over."""


class LayoutStore:
    """A small JSON file. A missing, old or damaged one means the standard layout."""

    def __init__(self, workspace: Path, seat: str) -> None:
        self._path = workspace / f"layout-{seat}.json"

    def save(self, geometry: bytes, state: bytes) -> None:
        """Write atomically. A full disk raises OSError; the caller says so."""
        body = {"version": LAYOUT_VERSION, "geometry": _text(geometry), "state": _text(state)}
        scratch = self._path.with_suffix(".tmp")
        scratch.write_text(json.dumps(body), "utf-8")
        scratch.replace(self._path)

    def load(self) -> tuple[bytes, bytes] | None:
        """Return (geometry, state), or None for the standard layout."""
        try:
            body = json.loads(self._path.read_text("utf-8"))
            if body["version"] != LAYOUT_VERSION:
                return None
            return base64.b64decode(body["geometry"]), base64.b64decode(body["state"])
        except (OSError, ValueError, KeyError, TypeError, binascii.Error):
            return None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
