"""A finished drill to report on: made once, copied for each test that writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.drill_run import Run, make_run


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("finished") / "drills", "run-5", pace=1.75)


@pytest.fixture
def run(finished: Run, tmp_path: Path) -> Run:
    """The finished drill in a workspace of this test's own."""
    folder = tmp_path / "drills" / "run-5"
    shutil.copytree(finished[0], folder)
    return (folder, *finished[1:])


@pytest.fixture
def bare(tmp_path: Path) -> Callable[..., Run]:
    """Make runs without recordings, which cost little."""
    return lambda name, **facts: make_run(tmp_path / "drills", name, ring=False, **facts)
