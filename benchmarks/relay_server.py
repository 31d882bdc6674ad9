"""The live part of a gateway in a process by itself, for `relay.py`: relay, tokens, journal and HTTP server.

Announces `url`, `token` and `camera_ids` as one JSON line and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.live import LiveViews
from smartcity_console.gateway.server import EmbeddedServer
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import LIVE, Tokens, live_scope
from smartcity_console.gateway.views import Views
from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal
from smartcity_console.runtime import bind_tcp
from smartcity_console.video.relay import LiveRelay
from smartcity_console.video.ring import RingReader


class Places:
    """Every camera is public."""

    name = "bench"

    def is_private(self, camera_id: str) -> bool:
        del camera_id
        return False


async def serve(folder: Path) -> None:
    """Serve the live views of the journal's one hand-off."""
    clock, tokens, state = SystemClock(), Tokens("bench"), GatewayState()
    journal = folder / "journal.sqlite"
    follower = Follower(journal)
    committer = GroupCommitter(lambda: SqliteJournal(journal, clock), 1000)
    state.take(follower.wait(0.0))
    relay = LiveRelay(RingReader(folder / "ring"), clock)
    views = Views(state, committer.submit, clock)
    live = LiveViews(state, tokens, Places(), relay, views, clock)  # type: ignore[arg-type]
    server = EmbeddedServer(Starlette(routes=[WebSocketRoute("/live/{camera_id}", live.serve)]))
    door = bind_tcp("127.0.0.1", 0, "bench", "none")

    async def follow() -> None:
        while True:
            state.take(await asyncio.to_thread(follower.wait, 0.5))

    tasks = [asyncio.create_task(part) for part in (server.run_on(door), follow(), views.run())]
    (known,) = state.handoffs.values()
    token = tokens.make(LIVE, known.request.handoff_id, live_scope(known.incident_id, known.request))
    host, port = door.getsockname()[:2]
    told = {"url": f"ws://{host}:{port}/live", "token": token, "camera_ids": known.request.camera_ids}
    print(json.dumps(told), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await relay.close()
    await views.close()
    follower.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.to_thread(committer.close, 3.0)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
