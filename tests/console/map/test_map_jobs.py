"""The map's workers: order, forgetting, bounds, failures, joining."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from smartcity_console.console.map.jobs import Job, JobPool

LIMIT_S = 5.0


@pytest.fixture
def pool(qtbot: Any) -> Any:
    made = JobPool(threads=1, bound=4)
    yield made
    made.close()


def _blocked(pool: JobPool) -> threading.Event:
    """Keep the only worker busy until the event is set."""
    begun, go_on = threading.Event(), threading.Event()

    def run() -> None:
        begun.set()
        assert go_on.wait(LIMIT_S)

    pool.post("block", [Job("block", -1e9, run, lambda _: None)])
    assert begun.wait(LIMIT_S)
    return go_on


def test_the_most_urgent_goes_first_and_results_arrive_on_the_gui_thread(qtbot: Any, pool: JobPool) -> None:
    go_on, order, threads = _blocked(pool), [], set()

    def taken(result: int) -> None:
        order.append(result)
        threads.add(threading.current_thread())

    pool.post("tiles", [Job(n, urgency, lambda n=n: n, taken) for n, urgency in ((1, 3.0), (2, 1.0), (3, 2.0))])
    go_on.set()
    qtbot.waitUntil(lambda: len(order) == 3, timeout=5000)
    assert order == [2, 3, 1] and threads == {threading.main_thread()}


def test_a_new_post_forgets_what_has_not_begun(qtbot: Any, pool: JobPool) -> None:
    go_on, done = _blocked(pool), []
    pool.post("tiles", [Job(n, n, lambda n=n: n, done.append) for n in range(3)])
    pool.post("labels", [Job("names", 9.0, lambda: "names", done.append)])
    pool.post("tiles", [Job(7, 0.0, lambda: 7, done.append)])
    go_on.set()
    qtbot.waitUntil(lambda: len(done) == 2, timeout=5000)
    assert done == [7, "names"] and pool.dropped == 0


def test_the_queue_is_bounded_and_counts_what_it_drops(qtbot: Any, pool: JobPool) -> None:
    go_on, done = _blocked(pool), []
    pool.post("tiles", [Job(n, n, lambda n=n: n, done.append) for n in range(10)])
    assert pool.dropped == 6
    go_on.set()
    qtbot.waitUntil(lambda: len(done) == 4, timeout=5000)
    assert done == [0, 1, 2, 3]


@pytest.mark.logs
def test_work_that_fails_is_said_once_and_not_tried_again(
    qtbot: Any, pool: JobPool, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ValueError("torn geometry")

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            pool.post("tiles", [Job("bad", 0.0, broken, lambda _: None)])
            qtbot.waitUntil(lambda: ("tiles", "bad") in pool.failed and not pool.pending("tiles"), timeout=5000)
    assert len(caplog.records) == 1


def test_closing_joins_the_threads_and_says_when_one_is_stuck(pool: JobPool) -> None:
    go_on = _blocked(pool)
    with pytest.raises(TimeoutError, match="map-0"):
        pool.close(limit_s=0.05)
    go_on.set()
    pool.close(LIMIT_S)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("map-")]
