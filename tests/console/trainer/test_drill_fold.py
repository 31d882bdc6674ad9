"""The fold of a drill: its second with pauses, how injects stand, what became of orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console.trainer.drill_fold import DrillFold, InjectStanding
from smartcity_console.model import events as ev


def folded(day: Any) -> DrillFold:
    fold = DrillFold()
    fold.take(day.journal.read())
    return fold


def test_the_second_stands_still_in_a_pause_and_after_the_end(day: Any, director: Any) -> None:
    director.begin()
    begun = day.clock.now()
    day.clock.advance(20.0)
    director.write(ev.DrillPaused(at_s=20.0, by="trainer"))
    day.clock.advance(100.0)
    assert folded(day).second(day.clock.now()) == 20.0 and folded(day).is_paused
    director.write(ev.DrillResumed(at_s=20.0, by="trainer", paused_s=100.0))
    day.clock.advance(5.0)
    assert folded(day).second(day.clock.now()) == 25.0
    director.write(ev.DrillEnded(at_s=25.0, reason="trainer"))
    day.clock.advance(500.0)
    assert folded(day).second(day.clock.now()) == 25.0 and not folded(day).is_running
    assert folded(day).second(begun - timedelta(seconds=3)) == 0.0


def test_injects_stand_as_the_director_says(day: Any, director: Any) -> None:
    director.begin()
    director.fire("panic", 10.0)
    director.write(ev.InjectHeld(at_s=11.0, inject_id="call", held=True))
    director.write(ev.InjectFailed(at_s=12.0, inject_id="flood", reason="no door"))
    director.write(ev.InjectSkipped(at_s=13.0, inject_id="end", reason="trainer"))
    fold = folded(day)
    standings = {name: state.standing for name, state in fold.injects.items()}
    assert standings == {
        "panic": InjectStanding.FIRED,
        "call": InjectStanding.HELD,
        "flood": InjectStanding.FAILED,
        "end": InjectStanding.SKIPPED,
    }
    director.write(ev.InjectHeld(at_s=14.0, inject_id="call", held=False))
    assert folded(day).inject("call").standing is InjectStanding.WAITING
    assert folded(day).inject("never").standing is InjectStanding.WAITING


def test_an_order_waits_until_something_came_of_it(day: Any, director: Any) -> None:
    director.begin()
    director.write(ev.DrillOrdered(at_s=1.0, order_id="o-1", act="fire", by="t", inject_id="panic"))
    director.write(ev.DrillOrdered(at_s=1.0, order_id="o-2", act="pause", by="t"))
    assert set(folded(day).orders) == {"o-1", "o-2"}
    director.fire("panic", 2.0, "trainer")
    director.write(ev.DrillOrderRefused(at_s=2.0, order_id="o-2", reason_ko="안 됨", reason_en="No"))
    fold = folded(day)
    assert not fold.orders and fold.refusals[0].act == "pause" and fold.refusals[0].reason_en == "No"


def test_what_the_trainer_added_is_an_inject_and_nonsense_is_none(day: Any, director: Any) -> None:
    director.begin()
    added = '{"kind":"end","id":"now","when":{"at_s":5.0},"label":{"ko":"끝","en":"End"}}'
    director.write(ev.DrillOrdered(at_s=1.0, order_id="o-1", act="add", by="t", inject=added))
    director.write(ev.DrillOrdered(at_s=1.0, order_id="o-2", act="add", by="t", inject='{"kind":"bang"}'))
    assert list(folded(day).added) == ["now"]


def test_an_event_that_was_seen_is_passed_over(day: Any, director: Any) -> None:
    director.begin()
    fold = DrillFold()
    events = list(day.journal.read())
    assert fold.take(events) and not fold.take(events)
