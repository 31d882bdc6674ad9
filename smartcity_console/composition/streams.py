"""The workspace's `streams.json`: which camera has a stream, and where.

`{"streams": {"GN-0001": {"url": "rtsp://…/main", "sub": "rtsp://…/sub", "source": "onvif"}}}`: `url` is the main stream,
`sub` the small one where there is one; who knows of no roles reads `url` alone. `source` "onvif": connected by a person,
so the recorded feeds leave it when they publish theirs.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from smartcity_console.runtime import write_atomically

ADOPTED = "onvif"


class StreamRoles(msgspec.Struct, frozen=True):
    """Addresses of one camera: the main stream, and the small one for tiles that are small; None: main alone."""

    main: str
    sub: str | None = None


def read_streams(workspace: Path) -> dict[str, str]:
    """Return camera -> address of its main stream; empty when there is no file yet."""
    return {camera: roles.main for camera, roles in read_stream_roles(workspace).items()}


def read_stream_roles(workspace: Path) -> dict[str, StreamRoles]:
    """Return camera -> addresses by role; empty when there is no file yet."""
    return {camera: StreamRoles(entry["url"], entry.get("sub") or None) for camera, entry in _read(workspace).items()}


def keep_stream_roles(workspace: Path, camera_id: str, roles: StreamRoles) -> None:
    """Put one camera's addresses into the file; gateway and consoles read it again by themselves."""
    entry = {"url": roles.main, **({"sub": roles.sub} if roles.sub else {}), "source": ADOPTED}
    streams = _read(workspace) | {camera_id: entry}
    write_atomically(workspace / "streams.json", json.dumps({"streams": streams}, indent=1).encode())


def _read(workspace: Path) -> dict[str, dict[str, str]]:
    path = workspace / "streams.json"
    if not path.is_file():
        return {}
    streams: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))["streams"]
    return streams
