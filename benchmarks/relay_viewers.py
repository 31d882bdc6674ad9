"""All viewers of `relay.py` in one process: each notes when it has a fragment; of each fragment one copy is kept.

Says a line when all have a picture; at a line on its standard input it ends and names the file with what it noted.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import websockets


class Viewers:
    """What came when. A fragment is known by camera and the receive time at its head."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self.arrivals: list[list[tuple[float, bytes]]] = [[] for _ in range(told["viewers"])]
        self.fragments: dict[bytes, bytes] = {}
        self.reconnects = -told["viewers"]

    async def watch(self, number: int) -> None:
        """Watch one camera, and connect again when the stream ends."""
        cameras = self._told["camera_ids"]
        camera_id = cameras[number % len(cameras)]
        protocols: Any = ["smartcity.live.v1", f"token.{self._told['token']}"]
        address = f"{self._told['url']}/{camera_id}"
        while True:
            self.reconnects += 1
            async with websockets.connect(
                address, subprotocols=protocols, proxy=None, compression=None, max_size=None
            ) as opened:
                await self._take(number, camera_id.encode(), opened)

    async def _take(self, number: int, camera: bytes, opened: Any) -> None:
        init = b""
        async for data in opened:
            at_s = time.monotonic()
            if isinstance(data, str):
                init = b""
            elif not init:
                init = data
            else:
                key = camera + data[:32]
                self.arrivals[number].append((at_s, key))
                if key not in self.fragments:
                    self.fragments[key] = init + data


async def main(folder: Path, told: dict[str, Any]) -> None:
    viewers = Viewers(told)
    tasks = [asyncio.create_task(viewers.watch(number)) for number in range(told["viewers"])]
    while not all(len(arrivals) > 4 for arrivals in viewers.arrivals):
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.05)
    await asyncio.sleep(2.0)  # the burst of the first group of pictures is no measure
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    noted = {"arrivals": viewers.arrivals, "fragments": viewers.fragments, "reconnects": viewers.reconnects}
    path = folder / "viewers.pickle"
    path.write_bytes(pickle.dumps(noted))
    print(path, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
