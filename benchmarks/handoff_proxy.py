"""A bad line between gateway and desk: it cuts, stalls and drips, by chance."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future

FAULTS = ("clean", "cut", "slow", "stall", "refused")
_CHUNK_BYTES = 64 << 10
_SLOW_BYTES_S = 2 << 20
_STALL_S = 5.0


class BadLine:
    """A TCP proxy in a thread of its own. `target` gives the desk's host and port, or None while it is not there."""

    def __init__(self, target: Callable[[], tuple[str, int] | None], seed: int) -> None:
        self._target, self._chance = target, random.Random(seed)
        self.bad = True
        self.faults: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, name="bad line")
        self._thread.start()
        self.port = self._ready.result(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._lines: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._ready.set_result(server.sockets[0].getsockname()[1])
        await self._stop.wait()
        server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._line(reader, writer))
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._chance.choice(FAULTS) if self.bad else "clean"
        self.faults[fault] += 1
        target = self._target()
        onward: asyncio.StreamWriter | None = None
        try:
            if target is None or fault == "refused":
                return
            there, onward = await asyncio.open_connection(*target)
            up = asyncio.ensure_future(self._carry(reader, onward, fault))
            down = asyncio.ensure_future(self._carry(there, writer, "clean"))
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
        except OSError:
            return
        finally:
            for end in (writer, onward):
                if end is not None:
                    end.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, fault: str) -> None:
        left = self._chance.randrange(1, 8 << 20)  # bytes until the line is cut or stalls
        while data := await source.read(_CHUNK_BYTES):
            left -= len(data)
            if fault == "slow":
                await asyncio.sleep(len(data) / _SLOW_BYTES_S)
            elif fault != "clean" and left < 0:
                await asyncio.sleep(_STALL_S if fault == "stall" else 0)
                return
            sink.write(data)
            await sink.drain()
