"""The director's head on scripted journals: what is due when, what is skipped, what a silence brings."""

from __future__ import annotations

import msgspec
import pytest

from smartcity_console.drill.director.engine import Engine
from smartcity_console.drill.director.steps import Cause, Finish, Fire, Hold, Pause, Refuse, Resume, Skip, Step, Words
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from tests.drill.scenes import Journal, after, at, inject, scenario


def running(*injects: dict, **more: object) -> tuple[Engine, Journal]:
    engine, journal = Engine(scenario(*injects, **more)), Journal()
    engine.take([journal.begun()])
    return engine, journal


def ids(steps: list[Step]) -> list[str]:
    return [step.inject.id for step in steps if isinstance(step, Fire)]


def test_nothing_is_due_before_the_drill_begins() -> None:
    engine = Engine(scenario(inject("a", when=at(0))))
    assert engine.due(100.0) == []


def test_injects_are_due_at_their_second_and_once() -> None:
    engine, _ = running(inject("a", when=at(5)), inject("b", when=at(10)))
    assert ids(engine.due(4.9)) == []
    (step,) = engine.due(5.0)
    assert isinstance(step, Fire) and step.cause is Cause.TIME
    assert ids(engine.due(60.0)) == ["b"]
    assert engine.due(70.0) == []


def test_a_condition_counts_from_what_happened_to_its_own_incident() -> None:
    engine, journal = running(inject("a", when=after("claimed", delay_s=10)))
    engine.take([journal.opened(3), journal.opened(4, "other", "site-hansol"), journal.claimed(6, "other")])
    assert engine.due(60.0) == []
    engine.take([journal.claimed(61)])
    assert ids(engine.due(70.9)) == []
    (step,) = engine.due(71.0)
    assert isinstance(step, Fire) and step.cause is Cause.CONDITION


def test_a_hand_off_to_one_agency_is_not_one_to_the_other() -> None:
    engine, journal = running(inject("a", when=after("handed_off", to="fire")))
    engine.take([journal.opened(3), journal.handed_off(20)])
    assert engine.due(30.0) == []
    engine.take([journal.handed_off(40, AgencyKind.FIRE, "h-2")])
    assert ids(engine.due(40.0)) == ["a"]


def test_delivery_and_acceptance_are_told_by_their_hand_off() -> None:
    engine, journal = running(inject("a", when=after("accepted", to="police", delay_s=2)))
    engine.take([journal.opened(3), journal.handed_off(20)])
    engine.take([journal(25, "incident/inc-1", ev.HandoffAccepted(handoff_id="h-1", by="desk"))])
    assert ids(engine.due(26.9)) == [] and ids(engine.due(27.0)) == ["a"]


def test_silence_brings_what_waits_for_it() -> None:
    engine, journal = running(inject("call", when=after("unclaimed", delay_s=60)))
    engine.take([journal.opened(10)])
    assert engine.due(69.9) == []
    assert ids(engine.due(70.0)) == ["call"]


def test_a_claim_in_time_takes_the_silence_away() -> None:
    engine, journal = running(inject("call", when=after("unclaimed", delay_s=60)))
    engine.take([journal.opened(10), journal.claimed(69)])
    assert engine.due(70.0) == [Skip("call", "claimed in time")]
    assert engine.due(71.0) == []


def test_a_claim_too_late_does_not() -> None:
    engine, journal = running(inject("call", when=after("unclaimed", delay_s=60)))
    engine.take([journal.opened(10), journal.claimed(71)])  # seen together, after a stall
    assert ids(engine.due(72.0)) == ["call"]


def test_a_hand_off_that_never_comes() -> None:
    engine, journal = running(inject("call", when=after("not_handed_off", delay_s=30, to="fire")))
    engine.take([journal.opened(10), journal.handed_off(20)])
    assert ids(engine.due(40.0)) == ["call"]


def test_flags_choose_the_branch() -> None:
    engine, journal = running(
        inject("late", when=after("unclaimed", delay_s=60), sets="was-late"),
        inject("angry", when=at(100, needs=["was-late"])),
        inject("calm", when=at(100, unless=["was-late"])),
    )
    engine.take([journal.opened(10)])
    engine.due(70.0)
    steps = engine.due(100.0)
    assert ids(steps) == ["angry"] and Skip("calm", "unless was-late") in steps


def test_a_flag_counts_for_what_is_due_in_the_same_second() -> None:
    engine, _ = running(inject("b", when=at(5, unless=["x"])), inject("a", when=at(5), sets="x"))
    assert ids(engine.due(5.0)) == ["b", "a"]
    engine, _ = running(inject("a", when=at(5), sets="x"), inject("b", when=at(5, unless=["x"])))
    assert ids(engine.due(5.0)) == ["a"]


def test_one_inject_follows_another() -> None:
    engine, _ = running(inject("a", when=at(5)), inject("b", when=after("fired", of="a", delay_s=3)))
    assert ids(engine.due(5.0)) == ["a"]
    assert ids(engine.due(8.0)) == ["b"]


def test_repeats_come_at_their_distance_and_are_numbered() -> None:
    engine, _ = running(inject("a", "dc09", when=at(5), repeat=3, every_s=2.0))
    numbers = [step.number for second in (5.0, 6.0, 7.0, 20.0) for step in engine.due(second)]
    assert numbers == [0, 1, 2]


def test_a_restarted_director_does_not_do_it_again() -> None:
    engine, journal = running(
        inject("a", "dc09", when=at(5), repeat=3, every_s=10.0), inject("b", when=at(8)), inject("c", when=at(50))
    )
    fired = [
        ev.InjectFired(at_s=s, inject_id=i, kind="", cause="time", label_ko="", label_en="") for i, s in (("a", 5.0),)
    ]
    skipped = ev.InjectSkipped(at_s=8.0, inject_id="b", reason="trainer")
    engine.take([journal.drill(5, fired[0]), journal.drill(8, skipped)])
    engine.forget_repeats(16.0)
    steps = engine.due(30.0)
    assert [(step.inject.id, step.number) for step in steps if isinstance(step, Fire)] == [("a", 2)]


def test_a_pause_stops_the_time_and_what_is_due() -> None:
    engine, journal = running(inject("a", when=at(20)))
    engine.take([journal.drill(10, ev.DrillPaused(at_s=10.0, by="t"))])
    assert engine.due(60.0) == []
    engine.take([journal.drill(70, ev.DrillResumed(at_s=10.0, by="t", paused_s=60.0))])
    assert engine.time.second_of(journal.events[-1].at) == 10.0
    assert ids(engine.due(19.9)) == [] and ids(engine.due(20.0)) == ["a"]


def test_what_happens_in_a_pause_counts_from_its_beginning() -> None:
    engine, journal = running(inject("a", when=after("claimed", delay_s=5)))
    engine.take([journal.opened(3), journal.drill(10, ev.DrillPaused(at_s=10.0, by="t")), journal.claimed(40)])
    engine.take([journal.drill(70, ev.DrillResumed(at_s=10.0, by="t", paused_s=60.0))])
    assert ids(engine.due(14.9)) == [] and ids(engine.due(15.0)) == ["a"]


def test_the_end_comes_by_an_inject_or_by_its_time() -> None:
    engine, _ = running(inject("end", "end", when=at(50)))
    assert engine.due(50.0)[-1] == Finish("inject")
    engine, _ = running(inject("a", when=at(5)), duration_s=40.0)
    assert Finish("time") in engine.due(40.0)


# ---- the trainer's orders ----------------------------------------------------------------------------------------------


def obeyed(engine: Engine, event: ev.Event, second: float) -> list[Step]:
    (order,) = engine.take([event])
    return engine.obey(order, second)


def test_the_trainer_fires_holds_and_skips() -> None:
    engine, journal = running(inject("a", when=at(50)), inject("b", when=at(60)), inject("c", when=at(70)))
    (fired,) = obeyed(engine, journal.ordered(10, "fire", inject_id="a"), 10.0)
    assert isinstance(fired, Fire) and fired.cause is Cause.TRAINER
    assert obeyed(engine, journal.ordered(11, "skip", inject_id="b"), 11.0) == [Skip("b", "trainer")]
    assert obeyed(engine, journal.ordered(12, "hold", inject_id="c"), 12.0) == [Hold("c", True)]
    engine.take([journal.drill(12, ev.InjectHeld(at_s=12.0, inject_id="c", held=True))])
    assert engine.due(100.0) == []
    engine.take([journal.drill(110, ev.InjectHeld(at_s=110.0, inject_id="c", held=False))])
    assert ids(engine.due(110.0)) == ["c"]


@pytest.mark.parametrize("act", ["fire", "hold", "skip"])
def test_what_is_over_or_unknown_is_refused_in_words(act: str) -> None:
    engine, journal = running(inject("a", when=at(5)))
    engine.due(5.0)
    for inject_id in ("a", "nobody"):
        (step,) = obeyed(engine, journal.ordered(10, act, inject_id=inject_id), 10.0)
        assert isinstance(step, Refuse) and step.ko and step.en


def test_a_skipped_inject_can_still_be_fired_by_hand() -> None:
    engine, journal = running(inject("a", when=at(5, needs=["x"])))
    assert engine.due(5.0) == [Skip("a", "needs x")]
    assert ids(obeyed(engine, journal.ordered(10, "fire", inject_id="a"), 10.0)) == ["a"]


def test_the_trainer_adds_an_inject_for_now_or_later() -> None:
    engine, journal = running()
    now = msgspec.json.encode(inject("x", when={})).decode()
    later = msgspec.json.encode(inject("y", when=at(40))).decode()
    assert ids(obeyed(engine, journal.ordered(10, "add", inject=now), 10.0)) == ["x"]
    assert obeyed(engine, journal.ordered(11, "add", inject=later), 11.0) == []
    assert ids(engine.due(40.0)) == ["y"]


def test_what_cannot_be_added_is_refused() -> None:
    engine, journal = running(inject("a", when=at(5)))
    same = msgspec.json.encode(inject("a", when={})).decode()
    for text in ("{", '{"kind": "bomb"}', same):
        (step,) = obeyed(engine, journal.ordered(10, "add", inject=text), 10.0)
        assert isinstance(step, Refuse)


def test_pause_resume_speak_and_end() -> None:
    engine, journal = running()
    assert obeyed(engine, journal.ordered(10, "pause"), 10.0) == [Pause("trainer")]
    engine.take([journal.drill(10, ev.DrillPaused(at_s=10.0, by="trainer"))])
    assert isinstance(obeyed(engine, journal.ordered(11, "pause"), 10.0)[0], Refuse)
    assert obeyed(engine, journal.ordered(12, "speak", text=" go ", seat="1"), 10.0) == [Words("1", "go", "trainer")]
    assert obeyed(engine, journal.ordered(13, "resume"), 10.0) == [Resume("trainer")]
    assert obeyed(engine, journal.ordered(14, "end"), 10.0) == [Finish("trainer")]
    engine.take([journal.drill(15, ev.DrillEnded(at_s=10.0, reason="trainer"))])
    assert isinstance(obeyed(engine, journal.ordered(16, "end"), 10.0)[0], Refuse)


# ---- early end ---------------------------------------------------------------------------------------------------------


def test_a_drill_is_done_when_all_is_closed_and_nothing_comes() -> None:
    engine, journal = running(
        inject("alarm", "dc09", when=at(5)),
        inject("call", when=after("unclaimed", delay_s=60)),
        inject("end", "end", when=at(290)),
    )
    engine.due(5.0)
    assert not engine.is_done(5.0)  # the alarm is on its way
    engine.take([journal.opened(6), journal.claimed(8)])
    engine.due(20.0)
    assert not engine.is_done(20.0)
    engine.take([journal.closed(40)])
    assert engine.is_done(40.0)


def test_a_drill_is_not_done_while_something_is_to_come() -> None:
    engine, journal = running(inject("alarm", "dc09", when=at(5)), inject("more", "dc09", when=at(100)))
    engine.due(5.0)
    engine.take([journal.opened(6), journal.claimed(8), journal.closed(40)])
    assert not engine.is_done(60.0)


def test_a_merged_incident_goes_on_in_the_other() -> None:
    engine, journal = running(inject("alarm", "dc09", when=at(1)), inject("a", when=after("closed")))
    engine.due(1.0)
    engine.take([journal.opened(2), journal.opened(3, "inc-2", "elsewhere")])
    engine.take([journal(5, "incident/inc-1", ev.IncidentMerged(into="inc-2", seat="1"))])
    assert engine.happenings.open == {"inc-2"}
    engine.take([journal.closed(9, "inc-2")])
    assert ids(engine.due(9.0)) == ["a"]
