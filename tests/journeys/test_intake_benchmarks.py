"""The intake's benchmarks, short: that they run, and that what they prove in full holds in small."""

from __future__ import annotations

import pytest

from benchmarks import intake, intake_doors, intake_fuzz, intake_kill
from benchmarks.intake_fuzz_targets import TARGETS


@pytest.mark.journey
def test_a_small_load_is_stored_whole(capsys: pytest.CaptureFixture[str]) -> None:
    told = intake.main(
        ["--seconds", "2", "--rate", "100", "--connections", "40", "--no-console", "--no-peer", "--saturate", "1"]
    )
    assert (told["lost"], told["duplicated"], told["refused"], told["chain"]) == (0, 0, 0, "whole")
    assert told["offered_per_s"] == 100 and told["saturated_per_s"] > 150
    assert isinstance(told["acked"], int) and told["acked"] >= 190
    assert capsys.readouterr().out.strip().splitlines()[-1].startswith("{")


@pytest.mark.journey
def test_three_kills_cost_no_acknowledged_alert() -> None:
    told = intake_kill.main(["--kills", "3", "--connections", "40", "--rate", "200"])
    assert (told["kills"], told["lost"], told["duplicated"], told["unacked"]) == (3, 0, 0, 0)
    assert told["acked"] == told["stored"] and told["chain"] == "whole"


@pytest.mark.journey
def test_every_door_reaches_the_operators_queue_whole() -> None:
    """The benchmark says how soon; on a machine that does other things too it must only be soon enough to be live."""
    told = intake_doors.main(["--rounds", "1", "--within-ms", "3000"])
    assert (told["doors"], told["missing"], told["late"]) == (15, {}, []), told


@pytest.mark.parametrize("protocol", sorted(TARGETS))
def test_some_thousand_mutated_frames_crash_nothing(protocol: str) -> None:
    told = intake_fuzz.main(["--frames", "6000", "--protocol", protocol, "--seed", "7"])
    assert (told["crashes"], told["valid_refused"], told["oracle_differs"]) == (0, 0, 0), told
