"""The workspace's `streams.json`: which camera has a stream, and where.

`{"streams": {"GN-0001": {"url": "rtsp://…/main", "sub": "rtsp://…/sub", "source": "onvif"}}}`: `url` is the main stream,
`sub` the small one where there is one; who knows of no roles reads `url` alone. `"transport": "udp"` has both carried by
UDP (RTP over TCP otherwise): for radio links that must rather lose packets than wait for them. `source` "onvif": connected by a person,
so the recorded feeds leave it when they publish theirs.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from smartcity_console.drill.facts import read_drill
from smartcity_console.handoff.guard import is_loopback
from smartcity_console.runtime import write_atomically
from smartcity_console.video.capture import TileSource, Transport
from smartcity_console.video.login import login_file

ADOPTED = "onvif"


class StreamRoles(msgspec.Struct, frozen=True):
    """Addresses of one camera: the main stream, and the small one for tiles that are small; None: main alone."""

    main: str
    sub: str | None = None
    transport: str = "tcp"


def read_streams(workspace: Path) -> dict[str, str]:
    """Return camera -> address of its main stream; empty when there is no file yet."""
    return {camera: roles.main for camera, roles in read_stream_roles(workspace).items()}


def read_stream_roles(workspace: Path) -> dict[str, StreamRoles]:
    """Return camera -> addresses by role; empty when there is no file yet."""
    return {
        camera: StreamRoles(entry["url"], entry.get("sub") or None, entry.get("transport", "tcp"))
        for camera, entry in _read(workspace).items()
    }


def read_sources(workspace: Path) -> dict[str, TileSource]:
    """Return camera -> what the decoders are given: addresses by role, transport, and where its login lies."""
    return {camera: _source(workspace, camera, roles) for camera, roles in read_stream_roles(workspace).items()}


def _source(workspace: Path, camera_id: str, roles: StreamRoles) -> TileSource:
    transport = Transport.UDP if roles.transport == Transport.UDP else Transport.TCP
    return TileSource.live(roles.main, sub=roles.sub, transport=transport, login=login_file(workspace, camera_id))


def keep_stream_roles(workspace: Path, camera_id: str, roles: StreamRoles) -> None:
    """Put one camera's addresses into the file; gateway and consoles read it again by themselves."""
    streams = _read(workspace)
    entry = {"url": roles.main, **({"sub": roles.sub} if roles.sub else {}), "source": ADOPTED}
    if (transport := streams.get(camera_id, {}).get("transport", roles.transport)) != "tcp":
        entry["transport"] = transport  # set by a person: finding the camera again does not undo it
    streams |= {camera_id: entry}
    write_atomically(workspace / "streams.json", json.dumps({"streams": streams}, indent=1).encode())


def _read(workspace: Path) -> dict[str, dict[str, str]]:
    path = workspace / "streams.json"
    if not path.is_file():
        return {}
    streams: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))["streams"]
    if read_drill(workspace) is not None:  # a drill shows no camera but its own feeds, whoever wrote into the file
        return {camera: entry for camera, entry in streams.items() if _is_here(entry)}
    return streams


def _is_here(entry: dict[str, str]) -> bool:
    return all(is_loopback(urlsplit(entry[role]).hostname or "") for role in ("url", "sub") if entry.get(role))
