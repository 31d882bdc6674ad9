"""Carries tasks out, in this process when they are few, else in child processes that end with the call."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.coverage.views import ViewTask
from smartcity_console.model.errors import ConsoleError

CHUNK = 48
"""Tasks a child takes at a time: about a quarter of a second of work, so progress and a stop are told soon."""
CHUNK_LIMIT_S = 120.0
FEW = 1_000
"""So few are done here, at about a millisecond each, before children would have started and read their libraries."""

Stop = Callable[[], bool]


class CoverageFailed(ConsoleError):
    code = "coverage_failed"
    ko = "감시 범위를 계산하지 못했습니다({why}). 목록과 이전 결과는 그대로입니다. 다시 하십시오."
    en = "The coverage could not be worked out ({why}). The catalogue and earlier results are kept. Try again."


class CoverageStopped(ConsoleError):
    code = "coverage_stopped"
    ko = "감시 범위 계산을 멈추었습니다. 계산한 것은 남아 있어 다음에 이어집니다."
    en = "The coverage was stopped. What was worked out is kept, and the next run goes on from it."


def default_processes() -> int:
    """Return how many children to use: one for each core."""
    return os.cpu_count() or 1


def seen_areas(tasks: Sequence[ViewTask], processes: int | None, stop: Stop = lambda: False) -> Iterator[list[Any]]:
    """Yield the seen areas in the order of the tasks, a chunk at a time. Raises CoverageFailed, CoverageStopped.

    `processes` 0 does everything here; None chooses. A program with a screen names a number: so many small geometries
    in one of its threads would hold the interpreter's lock against all the others.
    """
    chunks = [tasks[at : at + CHUNK] for at in range(0, len(tasks), CHUNK)]
    if processes == 0 or not tasks or (processes is None and len(tasks) <= FEW):
        for chunk in chunks:
            heed(stop)
            yield [task.seen() for task in chunk]
    else:
        yield from _in_children(chunks, processes or default_processes(), stop)


def _in_children(chunks: Sequence[Sequence[ViewTask]], processes: int, stop: Stop) -> Iterator[list[Any]]:
    """At most two chunks for each child are under way, so that memory stays bounded."""
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    under_way: deque[Future[list[bytes]]] = deque()
    try:
        for chunk in chunks:
            heed(stop)
            under_way.append(pool.submit(_seen_wkb, list(chunk)))
            if len(under_way) >= 2 * processes:
                yield _result(under_way.popleft())
        while under_way:
            heed(stop)
            yield _result(under_way.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[list[bytes]]) -> list[Any]:
    try:
        return list(shapely.from_wkb(np.array(future.result(CHUNK_LIMIT_S), dtype=object)))
    except (BrokenProcessPool, TooLong) as error:
        raise CoverageFailed(why=type(error).__name__) from error


def _seen_wkb(chunk: list[ViewTask]) -> list[bytes]:
    """Runs in a child. WKB is a fifth of what pickled geometries cost to send."""
    return list(shapely.to_wkb(np.array([task.seen() for task in chunk], dtype=object)))


def heed(stop: Stop) -> None:
    """Raises CoverageStopped when told to stop."""
    if stop():
        raise CoverageStopped()
