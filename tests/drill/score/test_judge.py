"""The score is a fold: each mark with its reason and events, the same journal the same bytes."""

from __future__ import annotations

import msgspec
import pytest

from smartcity_console.drill.scenario.model import Act, Expectation, Scenario
from smartcity_console.drill.score.judge import as_json, score_of, seat_scores
from smartcity_console.drill.score.model import Mark, Score, Standing
from smartcity_console.drill.score.timebase import NoDrill
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.verdict import Grade
from tests.drill.score.journals import CAT, SHOP, Journal, at, cue, good_run, opened, request, scenario, seen

MORE = """
[[expectations]]
id = "judged"
act = "{act}"
incident = "{incident}"
weight = 10
within_s = {within}
late_s = {late}
"""


def wanted(act: str, incident: str = "shop", within: float = 10.0, late: float = 50.0) -> Scenario:
    return scenario(MORE.format(act=act, incident=incident, within=within, late=late))


def judged(journal: Journal, act: str, incident: str = "shop", within: float = 10.0, late: float = 50.0) -> Mark:
    marks = score_of(wanted(act, incident, within, late), journal.events).marks
    return marks[-1]


def by_id(score: Score, mark_id: str) -> Mark:
    return next(mark for mark in score.marks if mark.id == mark_id)


def test_what_is_done_as_it_should_be_earns_everything() -> None:
    score = score_of(scenario(), good_run().events)
    assert score.score == 100.0
    assert score.passed
    assert score.incident_ids == {"shop": "shop-1"}
    assert by_id(score, "claim").actual_s == 6.0
    assert by_id(score, "claim").events == (3, 5)
    assert by_id(score, "not-the-cat").standing is Standing.VOID  # the cat never came


def test_the_same_journal_gives_the_same_bytes() -> None:
    events = good_run().events
    assert as_json(score_of(scenario(), events)) == as_json(score_of(scenario(), list(events)))


def test_each_of_several_seats_is_judged_by_what_it_took_on() -> None:
    events = good_run().events
    assert score_of(scenario(), events).seats == {}  # one seat: the score is his
    marks = score_of(scenario(), events).marks
    theirs = tuple(msgspec.structs.replace(mark, seat="2", share=0.0) if mark.id == "claim" else mark for mark in marks)
    found = seat_scores(theirs, {"1": "김", "2": "이", "3": "박"})
    assert found["1"] == 100.0 and found["2"] < 100.0
    assert list(found) == ["1", "2", "3"]


def test_what_comes_late_earns_in_proportion() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(85.0, SHOP, ev.IncidentClaimed(seat="1"))  # 25 s: half way between 10 and 40
    mark = by_id(score_of(scenario(), journal.events), "claim")
    assert mark.share == 0.5
    assert mark.standing is Standing.LATE
    assert "25.0" in mark.reason.ko


def test_a_critical_mark_that_is_missed_fails_the_whole() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(200.0, "drill/d", ev.DrillEnded(at_s=200.0, reason="time"))
    score = score_of(scenario(), journal.events)
    assert by_id(score, "claim").standing is Standing.MISSED
    assert not score.passed


def test_a_pause_stops_the_time() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(62.0, "drill/d", ev.DrillPaused(at_s=62.0, by="trainer"))
    journal.tell(162.0, "drill/d", ev.DrillResumed(at_s=62.0, by="trainer", paused_s=100.0))
    journal.tell(165.0, SHOP, ev.IncidentClaimed(seat="1"))
    score = score_of(scenario(), journal.events)
    assert by_id(score, "claim").actual_s == 5.0
    assert score.paused_s == 100.0


def test_a_journal_without_a_drill_is_refused() -> None:
    with pytest.raises(NoDrill):
        score_of(scenario(), Journal().events[1:])


@pytest.mark.parametrize(
    ("start_s", "end_s", "cameras", "share"),
    [
        (30.0, 80.0, ("GN-0001",), 1.0),  # the act is at 60..66
        (63.0, 80.0, ("GN-0001",), 5.0 / 6.0),  # two seconds of slack for the keyframe
        (70.0, 90.0, ("GN-0001",), 0.0),
        (30.0, 80.0, ("GN-0002",), 0.0),  # a camera that does not show it
    ],
)
def test_the_clip_must_hold_the_act(start_s: float, end_s: float, cameras: tuple[str, ...], share: float) -> None:
    journal = Journal()
    journal.tell(50.0, "drill/d", cue(50.0))
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(85.0, SHOP, request(start_s, end_s, camera_ids=cameras))
    assert by_id(score_of(scenario(), journal.events), "clip").share == pytest.approx(share, abs=1e-4)


def test_a_cue_that_failed_makes_its_clip_void() -> None:
    journal = Journal()
    failed = ev.InjectFailed(at_s=50.0, inject_id="act", reason="no feed")
    journal.tell(50.0, "drill/d", failed)
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    assert by_id(score_of(scenario(), journal.events), "clip").standing is Standing.VOID


@pytest.mark.parametrize(
    ("kinds", "recalled", "share"),
    [
        ((AgencyKind.POLICE,), (), 1.0),
        ((AgencyKind.FIRE,), (), 0.0),
        ((AgencyKind.POLICE, AgencyKind.FIRE), (), 0.0),
        ((AgencyKind.POLICE, AgencyKind.FIRE), (1,), 0.5),
        ((AgencyKind.FIRE,), (0,), 0.0),
    ],
)
def test_everyone_who_must_have_it_and_nobody_else(
    kinds: tuple[AgencyKind, ...], recalled: tuple[int, ...], share: float
) -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    for number, kind in enumerate(kinds):
        journal.tell(70.0 + number, SHOP, request(30.0, 80.0, kind, handoff_id=f"h-{number}"))
    for number in recalled:
        recall = ev.HandoffRecalled(handoff_id=f"h-{number}", update_id="u", seat="1", reason="error")
        journal.tell(80.0, SHOP, recall)
    assert judged(journal, "agency").share == share


def test_the_grade_that_left_the_house_counts() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(70.0, SHOP, ev.VerdictGiven(grade=Grade.PROPERTY_THREAT, seat="1"))
    journal.tell(72.0, SHOP, request(30.0, 80.0, grade=Grade.PROPERTY_THREAT))
    journal.tell(90.0, SHOP, ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="1"))
    assert judged(journal, "grade").standing is Standing.MISSED


def test_a_step_that_was_unticked_again_is_not_done() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    for step, done in (("weapon", True), ("persons", True), ("weapon", False)):
        journal.tell(70.0, SHOP, ev.ProcedureStepTicked(step=step, done=done, seat="1"))
    assert judged(journal, "procedure").share == 0.5


def test_a_wrong_camera_on_the_wall_is_not_the_first() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(61.0, SHOP, ev.CamerasSelected(cameras=seen("GN-0002")))
    journal.tell(64.0, SHOP, ev.CamerasSelected(cameras=seen("GN-0001")))
    assert judged(journal, "first_camera").actual_s == 4.0


def test_a_false_alarm_goes_to_nobody() -> None:
    journal = Journal()
    journal.tell(60.0, CAT, opened(CAT, 60.0, "2711", None))
    assert by_id(score_of(scenario(), journal.events), "not-the-cat").standing is Standing.MET
    seq = journal.tell(70.0, CAT, request(30.0, 80.0))
    mark = by_id(score_of(scenario(), journal.events), "not-the-cat")
    assert mark.standing is Standing.MISSED
    assert mark.events == (seq,)


def test_the_longest_wait_of_what_is_urgent_counts() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(65.0, SHOP, ev.IncidentClaimed(seat="1"))
    journal.tell(70.0, "incident/x", opened("incident/x", 70.0, "9999", None))
    journal.tell(130.0, "incident/x", ev.IncidentClaimed(seat="1"))
    whole = Expectation(id="queue", act=Act.QUEUE, weight=5, within_s=30.0, late_s=90.0)
    told = score_of(msgspec.structs.replace(scenario(), expectations=(whole,)), journal.events)
    assert told.marks[0].actual_s == 60.0
    assert told.marks[0].share == 0.5


def look(incident: str = "") -> ev.ReplayFetched:
    ids = (incident,) if incident else ()
    return ev.ReplayFetched(
        camera_id="PV-0001",
        start=at(0.0),
        end=at(30.0),
        seat="1",
        remote="127.0.0.1",
        is_private=True,
        incident_ids=ids,
    )


def test_a_look_at_what_is_private_must_be_needed() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(61.0, CAT, opened(CAT, 61.0, "2711", None))
    journal.tell(70.0, "camera/PV-0001", look("shop-1"))  # the robbery calls for it
    assert judged(journal, "no_look", "cat").standing is Standing.MET
    seq = journal.tell(80.0, "camera/PV-0001", look("cat-1"))
    assert judged(journal, "no_look", "cat").events == (seq,)


def test_a_question_of_the_desk_wants_an_answer() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    assert judged(journal, "answer").standing is Standing.VOID
    journal.tell(90.0, SHOP, ev.MessageFromDesk(handoff_id="h-1", by="112", text="흉기?"))
    journal.tell(120.0, SHOP, ev.MessageToDesk(handoff_id="h-1", update_id="u", seat="1", text="칼"))
    assert judged(journal, "answer").share == 0.5
    journal.tell(130.0, SHOP, ev.MessageFromDesk(handoff_id="h-1", by="112", text="어디로?"))
    journal.tell(200.0, "drill/d", ev.DrillEnded(at_s=200.0, reason="time"))
    assert judged(journal, "answer").standing is Standing.MISSED


def test_two_incidents_of_one_thing_must_be_brought_together() -> None:
    journal = Journal()
    other = "incident/shop-2"
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(61.0, other, opened(other, 61.0))
    assert judged(journal, "merge").standing is Standing.MISSED
    journal.tell(68.0, other, ev.IncidentMerged(into="shop-1", seat="1"))
    assert judged(journal, "merge").standing is Standing.MET


def test_what_went_astray_is_taken_back_in_time() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    assert judged(journal, "recall").standing is Standing.VOID
    journal.tell(70.0, SHOP, request(30.0, 80.0, AgencyKind.FIRE))
    assert judged(journal, "recall").standing is Standing.MISSED
    journal.tell(100.0, SHOP, ev.HandoffRecalled(handoff_id="h-1", update_id="u", seat="1", reason="error"))
    assert judged(journal, "recall").share == 0.5


def test_the_time_line_tells_what_happened_and_what_was_due() -> None:
    lines = score_of(scenario(), good_run().events).timeline
    assert [line.at_s for line in lines] == sorted(line.at_s for line in lines)
    due = next(line for line in lines if line.kind == "expected")
    assert (due.at_s, due.incident) == (70.0, "shop")
    assert {"inject", "act", "system", "expected"} <= {line.kind for line in lines}


def test_codes_are_told_in_words() -> None:
    told = score_of(scenario(), good_run().events)
    said = " / ".join(line.words.ko for line in told.timeline) + by_id(told, "clip").reason.ko
    assert "종결: 이관" in said
    assert "사건 발생: 강도" in said
    assert not any(code in said for code in ("handed_off", "robbery", "weapon", "police"))


def test_a_drill_that_was_ended_at_once_is_not_passed() -> None:
    journal = Journal()
    journal.tell(1.2, "drill/d", ev.DrillEnded(at_s=1.2, reason="trainer"))
    whole = Expectation(id="nobody", act=Act.NO_HAND_OFF, weight=5)
    wish = msgspec.structs.replace(scenario(), expectations=(*scenario().expectations, whole))
    score = score_of(wish, journal.events)
    assert not score.passed
    assert score.score == 0.0
    assert {mark.standing for mark in score.marks} == {Standing.VOID}


def test_what_was_hardly_played_is_not_passed_either() -> None:
    journal = Journal()
    journal.tell(60.0, CAT, opened(CAT, 60.0, "2711", None))
    journal.tell(62.0, "drill/d", ev.DrillEnded(at_s=62.0, reason="trainer"))
    score = score_of(scenario(), journal.events)
    assert score.score == 100.0  # the cat was not handed off
    assert not score.passed
