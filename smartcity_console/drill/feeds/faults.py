"""`python -m smartcity_console.drill.feeds.faults FOLDER`: cameras that misbehave when told to, until stdin ends.

One camera for each `--camera ID=FILE` (a file of the folder). Says `{"port": …}` as its first line. Then each line on
stdin is an order, answered by the same line with `at_s` (CLOCK_MONOTONIC) or `error`:

    {"camera": "GN-0003", "fault": "pause"}      none, pause, mute, refuse, garbage, loss
    {"camera": "GN-0003", "file": "other.mp4"}   plays another recording from now on; another codec drops who watches

A camera that is killed is this program killed, with one camera in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.drill.feeds.mount import Fault, LoopClock, Mount
from smartcity_console.drill.feeds.recording import Recording, UnreadableFeed, read_recording
from smartcity_console.drill.feeds.server import RtspServer

_APART = 0.618034  # of a loop between one camera's beginning and the next's: real cameras are not in step
_LONGEST_ORDER = 4096


def mounts_of(cameras: list[tuple[str, Path]], clock: Clock) -> list[Mount]:
    """Return a mount for each camera. Raises UnreadableFeed."""
    began_s, read = clock.monotonic_s(), dict[Path, Recording]()
    made = []
    for number, (camera_id, path) in enumerate(cameras):
        if path not in read:
            read[path] = read_recording(path)
        recording = read[path]
        late_s = number * _APART * recording.duration_s % recording.duration_s
        made.append(Mount(camera_id, recording, LoopClock(clock, began_s - late_s), recording.duration_s))
    return made


def obey(order: Any, server: RtspServer, folder: Path) -> None:
    """Do what one order says. Raises KeyError, ValueError, TypeError, UnreadableFeed."""
    mount = server.mounts[order["camera"]]
    if "file" in order:
        mount.switch(read_recording(folder / Path(order["file"]).name))
    if "fault" in order:
        mount.set_fault(Fault(order["fault"]))


def answer(line: bytes, server: RtspServer, folder: Path) -> dict[str, Any]:
    """Obey a line and return what is said to it."""
    try:
        order = json.loads(line)
        obey(order, server, folder)
    except (KeyError, ValueError, TypeError, UnreadableFeed) as error:
        return {"error": type(error).__name__, "said": str(error)}
    return {**order, "at_s": server.clock.monotonic_s()}


async def serve(options: argparse.Namespace) -> None:
    """Serve until stdin ends."""
    clock = SystemClock()
    cameras = [(camera, options.folder / name) for camera, _, name in (one.partition("=") for one in options.camera)]
    server = RtspServer(mounts_of(cameras, clock), clock)
    sock = socket.create_server(("127.0.0.1", options.port), backlog=128)
    await server.start(sock)
    print(json.dumps({"port": sock.getsockname()[1]}), flush=True)
    orders = asyncio.StreamReader(limit=_LONGEST_ORDER)
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    try:
        while line := await orders.readline():
            print(json.dumps(answer(line, server, options.folder)), flush=True)
    finally:
        pipe.close()
        await server.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description="Cameras that misbehave when told to")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--camera", action="append", default=[], help="ID=FILE", required=True)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
