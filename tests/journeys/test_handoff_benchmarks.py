"""The hand-off's benchmarks run, and what must hold at any speed holds."""

from __future__ import annotations

import pytest

from benchmarks import handoff, handoff_faults, tamper


@pytest.mark.journey
def test_hand_offs_arrive_once_and_whole() -> None:
    told = handoff.main(["--small", "--seconds", "2", "--rounds", "1", "--burst", "3"])
    assert (told["lost"], told["duplicated"], told["unsaid"]) == (0, 0, 0)
    assert told["text_p95_ms"] > 0 and told["burst_s"] < handoff.BURST_LIMIT_S


@pytest.mark.journey
def test_kills_and_a_bad_line_lose_and_double_nothing() -> None:
    told = handoff_faults.main(["--kills", "3", "--seconds", "2"])
    assert (told["lost"], told["duplicated"], told["chains"]) == (0, 0, "whole")
    assert told["complete"] + told["visibly_undelivered"] == told["requested"] > 0
    assert sum(told["kills"].values()) == 3


def test_a_changed_byte_is_found_wherever_it_is() -> None:
    for told in tamper.main(["--small"]).values():
        assert told == {"tried": 40, "missed": 0}
