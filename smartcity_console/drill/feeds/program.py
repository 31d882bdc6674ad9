"""The sub-command `feeds`: recordings played as live cameras over RTSP until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from smartcity_console.clock import Clock
from smartcity_console.drill.facts import read_drill
from smartcity_console.drill.feeds.binding import Binding, FeedPlan, NoFeeds, plan_feeds, plan_scenario
from smartcity_console.drill.feeds.convert import ConversionStopped, Say, as_h264
from smartcity_console.drill.feeds.mount import LoopClock, Mount, Placement
from smartcity_console.drill.feeds.placement import DrillClockwork
from smartcity_console.drill.feeds.recording import Recording, UnreadableFeed, read_recording
from smartcity_console.drill.feeds.sdp import SENDABLE
from smartcity_console.drill.feeds.server import RtspServer
from smartcity_console.drill.feeds.stage_hands import StageHands
from smartcity_console.drill.scenario.read import read_scenario
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import ProgramLock, announce, bind_tcp, secret, write_atomically
from smartcity_console.settings import Settings

SAMPLE_FEEDS = Path(__file__).parents[3] / "sample_feeds"
CACHE = Path("cache") / "feeds"
DIRECTOR_TOKEN = "feeds-director"
"""The secret with which the director's orders come."""
_STOP_POLL_S = 0.05
_log = logging.getLogger(__name__)


def run_feeds(
    workspace: Path,
    feeds_dir: Path | None,
    settings: Settings,
    clock: Clock,
    stop_event: threading.Event,
) -> None:
    """Serve until `stop_event` is set. Raises AlreadyRunning, PortInUse, NoFeeds, FeedsFileRefused.

    A recording that cannot be read is told on stderr and in the log; the others play.
    """
    lock = ProgramLock(workspace, "feeds")
    lock.acquire()
    try:
        clockwork = DrillClockwork() if read_drill(workspace) is not None else None
        plan = _plan(workspace, feeds_dir or SAMPLE_FEEDS, clockwork)
        time_line = LoopClock(clock, clock.monotonic_s())
        mounts = load_mounts(plan, workspace / CACHE, time_line, tell, stop_event.is_set, clockwork)
        if not mounts:
            raise NoFeeds(folder=feeds_dir or SAMPLE_FEEDS, why="none of the recordings can be read")
        host = settings.text("feeds.rtsp.host")
        sock = bind_tcp(host, settings.whole("feeds.rtsp.port"), "RTSP", "feeds.rtsp.port")
        asyncio.run(_serve(workspace, mounts, sock, clock, stop_event, clockwork))
    except ConversionStopped:
        _log.info("feeds: stopped while a recording was being converted")
    finally:
        lock.release()


def _plan(workspace: Path, folder: Path, clockwork: DrillClockwork | None) -> FeedPlan:
    """In a drill the scenario says what plays: files of its folder, or of the workspace's own feeds."""
    if clockwork is None:
        return plan_feeds(folder)
    return plan_scenario(read_scenario(workspace), folder, workspace / "feeds")


def tell(sentence: str) -> None:
    """Say a line to the person at the terminal; stdout is kept for the announcement."""
    print(sentence, file=sys.stderr, flush=True)


def load_mounts(
    plan: FeedPlan,
    cache: Path,
    time_line: LoopClock,
    say: Say,
    stopped: Callable[[], bool] = lambda: False,
    clockwork: DrillClockwork | None = None,
) -> list[Mount]:
    """Read and, where no camera sends its codec, convert each recording; what cannot be read is said and left out.

    Raises ConversionStopped when `stopped` says so meanwhile.
    """
    read: dict[Path, Recording | None] = {}
    mounts = []
    for binding in plan.bindings:
        if binding.file not in read:
            read[binding.file] = _load(binding, cache, say, stopped)
        if recording := read[binding.file]:
            loop_s = plan.loop_s or recording.duration_s
            placement = Placement(binding.spec, clockwork) if binding.spec and clockwork else None
            mounts.append(Mount(binding.camera_id, recording, time_line, loop_s, placement))
    return mounts


def _load(binding: Binding, cache: Path, say: Say, stopped: Callable[[], bool]) -> Recording | None:
    try:
        recording = read_recording(binding.file)
        if recording.codec in SENDABLE:
            return recording
        return read_recording(as_h264(binding.file, cache, say, stopped))
    except UnreadableFeed as error:
        _tell_error(error, say)
        return None


def _tell_error(error: ConsoleError, say: Say) -> None:
    _log.error("%s", error.sentence("en"))
    say(error.sentence("ko"))
    say(error.sentence("en"))


async def _serve(
    workspace: Path,
    mounts: Sequence[Mount],
    sock: socket.socket,
    clock: Clock,
    stop_event: threading.Event,
    clockwork: DrillClockwork | None,
) -> None:
    server = RtspServer(mounts, clock)
    hands = _hands(workspace, server, clockwork)
    await server.start(sock)
    try:
        _publish(workspace, mounts, sock, {"director": await hands.start()} if hands else {})
        while not stop_event.is_set():
            await asyncio.sleep(_STOP_POLL_S)
    finally:
        if hands is not None:
            await hands.close()
        await server.close()


def _hands(workspace: Path, server: RtspServer, clockwork: DrillClockwork | None) -> StageHands | None:
    """Return who takes the director's orders; nobody where no drill is."""
    if clockwork is None:
        return None
    return StageHands(server.mounts, clockwork, secret(workspace, DIRECTOR_TOKEN), workspace / CACHE)


def _publish(workspace: Path, mounts: Sequence[Mount], sock: socket.socket, more: Mapping[str, str]) -> None:
    """Write `streams.json`, then announce: who reads the announcement finds the streams there. Cameras that a person
    has connected stay, unless a recording takes their place.

    In a drill there are none but its own, and they are announced first: its gateway opens no stream that is not.
    """
    address = _url(sock)
    told = {"rtsp": address, **more} | loop_facts(mounts)
    own = {mount.camera_id: {"url": f"{address}/{mount.camera_id}"} for mount in mounts}
    if more:
        announce(workspace, "feeds", told)
    streams = own if more else _connected_by_hand(workspace) | own
    write_atomically(workspace / "streams.json", json.dumps({"streams": streams}, indent=1).encode())
    if not more:
        announce(workspace, "feeds", told)


def _connected_by_hand(workspace: Path) -> dict[str, Any]:
    """Return the entries of `streams.json` that no feeds wrote; none where the file cannot be read."""
    try:
        before = json.loads((workspace / "streams.json").read_text("utf-8"))["streams"]
        return {camera: entry for camera, entry in before.items() if entry.get("source") == "onvif"}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"rtsp://[{host}]:{port}" if ":" in host else f"rtsp://{host}:{port}"


def loop_facts(mounts: Sequence[Mount]) -> dict[str, float]:
    """Return what other programs compute the phase with: (CLOCK_MONOTONIC - epoch_monotonic_s) mod loop_s."""
    return {
        "epoch_monotonic_s": mounts[0].time_line.epoch_monotonic_s,
        "loop_s": max(mount.loop_s for mount in mounts),
    }
