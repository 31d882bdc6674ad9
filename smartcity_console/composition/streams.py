"""The workspace's `streams.json`: which camera has a stream, and where."""

from __future__ import annotations

import json
from pathlib import Path


def read_streams(workspace: Path) -> dict[str, str]:
    """Return camera -> stream address; empty when there is no file yet."""
    path = workspace / "streams.json"
    if not path.is_file():
        return {}
    return {camera: entry["url"] for camera, entry in json.loads(path.read_text("utf-8"))["streams"].items()}
