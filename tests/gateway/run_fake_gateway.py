"""A real gateway over invented video and one invented site: `run_fake_gateway.py WORKSPACE [name=value …]`.

Everything but the footage is the product: journal, intake, outbox, HTTP. `clip_wait` beside the journal makes every
cut wait until the file is gone, so that a test can kill the process in the middle of a hand-off; `disk_full` makes the
recorder fail.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.gateway import run_gateway
from smartcity_console.gateway.ports import CameraStatus, CutAll, Parts
from smartcity_console.gateway.ptz_devices import OnvifDevices
from smartcity_console.handoff.package import ClipFacts, ClipPart
from smartcity_console.model.errors import ConsoleError, DiskFull, UnknownCamera
from smartcity_console.model.geo import Position
from smartcity_console.model.masks import CameraMask, Polygons
from smartcity_console.model.site import Firm, Sensor, Site, Zone
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings, load_settings
from smartcity_console.video.relay import NotPlayable

SITE = Site(
    id="site-gaonmart",
    name="가온마트 은행로점",
    category="convenience",
    address="가온시 은행동 은행로 85",
    position=Position(126.978, 37.566),
    firm_id="s1",
    account="1701",
    zones=(Zone("9", "계산대 비상벨", Sensor.PANIC),),
    camera_ids=("PV-0001",),
)


class Places:
    name = "가온시"

    def site_of_account(self, account: str) -> Site | None:
        return SITE if account == SITE.account else None

    def firm(self, firm_id: str) -> Firm | None:
        return Firm("s1", "에스원", "S-1") if firm_id == "s1" else None

    def is_private(self, camera_id: str) -> bool:
        return camera_id.startswith("PV")

    def camera_place(self, camera_id: str) -> tuple[str, Position] | None:
        return ("은행로 3길 입구", Position(127.1261, 37.4201)) if camera_id == "GN-0003" else None


class Recording:
    """Reports every stream as connected, and what it was told in `recording.json`."""

    def __init__(self, workspace: Path, status: CameraStatus) -> None:
        self._workspace, self._status = workspace, status

    def start(self) -> None:
        return

    def update(self, streams: dict[str, str]) -> None:
        if (self._workspace / "disk_full").exists():
            raise DiskFull(path=self._workspace, free_mib=0)
        (self._workspace / "recording.json").write_text(json.dumps(streams))
        for camera_id in streams:
            self._status(camera_id, True, "h264", 640, 360)

    def stop(self) -> None:
        return

    def health(self) -> Mapping[str, Any]:
        return {"fake": True}


class Footage:
    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def spans(self, camera_id: str) -> Sequence[tuple[datetime, datetime]]:
        now = SystemClock().now()
        return [(now - timedelta(minutes=5), now)]

    def keep(self, camera_ids: Sequence[str], start: datetime, end: datetime, key: str) -> None:
        (self._workspace / f"kept-{key}.json").write_text(json.dumps(list(camera_ids)))

    def release(self, key: str) -> None:
        (self._workspace / f"kept-{key}.json").unlink(missing_ok=True)


class Chunks:
    """What the relay gives, over an endless generator."""

    def __init__(self, chunks: AsyncGenerator[str | bytes, None]) -> None:
        self._chunks, self.dropped = chunks, 0

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> str | bytes:
        return await anext(self._chunks)

    async def aclose(self) -> None:
        await self._chunks.aclose()


class Live:
    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def stream(self, camera_id: str, *, codec: str = "") -> Chunks:
        return Chunks(self._endless(camera_id, codec))

    async def _endless(self, camera_id: str, codec: str) -> AsyncGenerator[str | bytes, None]:
        if camera_id == "GN-MJPEG" and codec != "h264":
            raise NotPlayable(codec="mjpeg")
        yield 'video/mp4; codecs="avc1.42E01E"'
        yield f"init {camera_id}".encode()
        number = 0
        while True:
            yield f"fragment {number}".encode() + bytes(1 << 19) * (self._workspace / "large_fragments").exists()
            number += 1
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        return


class Cutter:
    def __init__(self, workspace: Path) -> None:
        self._gate = workspace / "clip_wait"
        self._pause = threading.Event()

    def __call__(self, camera_id: str, start: datetime, end: datetime, out_path: Path) -> ClipFacts:
        if camera_id == "GN-NONE":
            raise UnknownCamera(camera_id=camera_id)
        while self._gate.exists():
            self._pause.wait(0.01)
        content = f"clip of {camera_id}".encode() * 1000
        out_path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return ClipFacts(camera_id=camera_id, start=start, end=end, codec="avc1.42E01E", es_sha256=digest)


def cutter_of_all(cut: Cutter) -> CutAll:
    """Cut each camera into a file of its own; `GN-TWO` has two formats."""

    def cut_all(
        camera_ids: Sequence[str], start: datetime, end: datetime, folder: Path
    ) -> tuple[list[ClipPart], dict[str, ConsoleError]]:
        parts, failed = [], {}
        for camera_id in camera_ids:
            try:
                for number in range(1 + (camera_id == "GN-TWO")):
                    path = folder / f"{camera_id}-{number}.mp4"
                    parts.append(ClipPart(cut(camera_id, start, end, path), path))
            except ConsoleError as error:
                failed[camera_id] = error
        return parts, failed

    return cut_all


def still(clip: Path, camera_id: str, offset_s: float, at: datetime) -> tuple[bytes, bytes]:
    clean = b"\xff\xd8" + clip.name.encode() + str(offset_s).encode()
    return clean, clean + camera_id.encode() + at.isoformat().encode()


def show_masks(workspace: Path, masks: Mapping[str, CameraMask]) -> None:
    """Note what live views would be told."""
    write_atomically(workspace / "masks.json", msgspec.json.encode({c: m.polygons for c, m in masks.items()}))


def burn(clip: Path, polygons: Polygons, out_path: Path) -> None:
    out_path.write_bytes(clip.read_bytes() + f" without {len(polygons)} areas".encode())


def make_parts(workspace: Path, settings: Settings, clock: Clock, status: CameraStatus) -> Parts:
    cut = Cutter(workspace)
    return Parts(
        places=Places(),
        recording=Recording(workspace, status),
        footage=Footage(workspace),
        live=Live(workspace),
        cut=cut,
        cut_all=cutter_of_all(cut),
        still=still,
        burn_masks=burn,
        ptz=OnvifDevices(workspace),
        show_masks=lambda masks: show_masks(workspace, masks),
    )


def main() -> int:
    workspace = Path(sys.argv[1])
    try:
        return run_gateway(workspace, load_settings(workspace, sys.argv[2:]), SystemClock(), make_parts)
    except ConsoleError as error:
        print(error.sentence("en"), file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
