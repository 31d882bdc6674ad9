"""However many watch, the camera serves one connection; who reads slowly costs the others nothing."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.video.relay import LiveRelay
from smartcity_console.video.relay.fragments import Fragment
from smartcity_console.video.relay.viewer import VIEWER_BYTES, VIEWER_FRAGMENTS, Begin, Viewer
from smartcity_console.video.ring import RingReader
from tests.video.test_recorder import feeds, recorder, wait_until

VIEWERS = 12


def connections_to(port: int) -> int:
    """Return how many TCP connections this machine's programs hold open towards a port."""
    found = psutil.net_connections("tcp")
    return sum(bool(c.raddr) and c.raddr.port == port and c.status == psutil.CONN_ESTABLISHED for c in found)


def test_a_dozen_viewers_are_one_connection_and_one_thread(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    write_testcard(folder / "one.mp4", seconds=2.0, fps=15)
    with feeds(tmp_path, folder) as url, recorder(tmp_path / "ring", {"A": f"{url}/GN-0001"}):
        ring = RingReader(tmp_path / "ring")
        wait_until(lambda: ring.spans("A"))
        port = urlsplit(url).port
        assert port is not None

        async def act() -> None:
            relay = LiveRelay(ring)
            streams = [relay.stream("A") for _ in range(VIEWERS)]
            try:
                async with asyncio.timeout(20):
                    first = await asyncio.gather(*(anext(stream) for stream in streams))
                    assert set(first) == {first[0]}
                    for _ in range(6):
                        pieces = await asyncio.gather(*(anext(stream) for stream in streams))
                    assert all(piece[4:8] == b"prft" for piece in pieces if isinstance(piece, bytes))
                assert connections_to(port) == 1
                assert [thread.name for thread in threading.enumerate()].count("relay A") == 1
            finally:
                for stream in streams:
                    await stream.aclose()
                await relay.close()

        asyncio.run(act())


def group(number: int, size: int, length: int = 5) -> list[Fragment]:
    return [Fragment(number.to_bytes(4, "big") + bytes(size), at == 0) for at in range(length)]


def test_who_does_not_read_holds_so_many_bytes_and_loses_whole_groups() -> None:
    viewer = Viewer()
    viewer.begin(Begin("video/mp4", b"init"), [])
    held_most = 0
    offered = 0
    for number in range(40):
        for fragment in group(number, 1 << 20):
            viewer.offer(fragment)
            offered += 1
            held_most = max(held_most, viewer.waiting_bytes)
    assert held_most <= VIEWER_BYTES
    assert viewer.waiting <= VIEWER_FRAGMENTS

    async def taken() -> list[object]:
        return [await viewer.take() for _ in range(viewer.waiting)]

    begin, *left = asyncio.run(taken())
    assert begin == Begin("video/mp4", b"init")  # without it nothing later could be played
    fragments = [item for item in left if isinstance(item, Fragment)]
    assert fragments[0].is_key
    assert len(fragments) + viewer.dropped == offered
    numbers = [int.from_bytes(fragment.data[:4], "big") for fragment in fragments]
    assert [numbers.count(number) for number in sorted(set(numbers))][:-1] == [5] * (len(set(numbers)) - 1)
