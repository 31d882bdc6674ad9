"""Time, ratings, queue, feeds: what a report is worked out of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
import pytest

from benchmarks.drill_run import BEGUN, Run
from smartcity_console.clock import ManualClock
from smartcity_console.drill.report import texts
from smartcity_console.drill.report.advice import ADVICE
from smartcity_console.drill.report.charts import timelines
from smartcity_console.drill.report.drawing import Text
from smartcity_console.drill.report.ratings import critical_misses, improvements, letter_of, strengths
from smartcity_console.drill.report.runs import history_of, standings
from smartcity_console.drill.report.series import Lane, QueueStep, lanes, queue_steps
from smartcity_console.drill.report.stills import feed_second
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Act, FeedSpec, Words
from smartcity_console.drill.score.model import Mark, Standing
from smartcity_console.drill.score.timebase import Pause, TimeBase, time_base
from smartcity_console.drill.score.titles import ACTS
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev

KO, EN = Say("ko"), Say("en")


def mark(act: Act = Act.CLAIM, share: float = 1.0, **facts: object) -> Mark:
    standing = Standing.MET if share == 1.0 else Standing.LATE if share else Standing.MISSED
    told = {"standing": standing, "critical": False, "weight": 10.0, "incident": "robbery"} | facts
    words = Words("강도", "Robbery")
    return Mark(id=f"m-{act}", act=act, share=share, reason=words, title=words, **told)  # type: ignore[arg-type]


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_a_pause_stops_the_drills_time() -> None:
    pause = Pause(BEGUN + seconds(100), BEGUN + seconds(130))
    time = TimeBase(BEGUN, BEGUN + seconds(400), (pause,))
    assert [time.second(BEGUN + seconds(s)) for s in (50, 100, 115, 130, 200)] == [50, 100, 100, 100, 170]
    assert time.moment(170.0) == BEGUN + seconds(200) and time.moment(50.0) == BEGUN + seconds(50)
    assert time.duration_s == 370.0


def test_pauses_are_read_off_the_journal(tmp_path: object, clock: ManualClock) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite", clock)  # type: ignore[operator]
    begun = ev.DrillBegun(
        at_s=0, drill_id="r", scenario_id="s", scenario_sha256="", title_ko="", title_en="", trainees={}
    )
    for wait_s, payload in (
        (0, begun),
        (10, ev.DrillPaused(at_s=10, by="t")),
        (5, ev.DrillResumed(at_s=10, by="t", paused_s=5)),
        (20, ev.DrillPaused(at_s=30, by="t")),
        (7, ev.DrillEnded(at_s=30, reason="trainer")),
    ):
        clock.advance(wait_s)
        journal.append(ev.Draft("drill/r", payload, "director"))
    time = time_base(journal.read())
    journal.close()
    assert time.duration_s == 30.0 and len(time.pauses) == 2


@pytest.mark.parametrize(
    ("marks", "letter"),
    [
        ([mark(), mark()], "P"),
        ([mark(), mark(share=0.6)], "S"),
        ([mark(), mark(share=0.0)], "M"),
        ([mark(share=0.2), mark(share=0.3)], "U"),
        ([mark(weight=90.0), mark(share=0.0, weight=1.0, critical=True)], "M"),
        ([], "–"),
    ],
)
def test_the_letters_of_hseep(marks: Sequence[Mark], letter: str) -> None:
    assert letter_of(marks) == letter


def test_missed_critical_marks_come_before_late_ones_and_void_ones_not_at_all() -> None:
    late, missed = mark(share=0.5, critical=True), mark(Act.HAND_OFF, share=0.0, critical=True)
    void = mark(Act.AGENCY, share=0.0, critical=True, standing=Standing.VOID)
    assert critical_misses([late, void, missed, mark()]) == (missed, late)


def test_what_was_done_throughout_is_a_strength_and_the_costliest_lack_comes_first(finished: Run) -> None:
    scenario = finished[1]
    marks = [
        mark(within_s=10.0, actual_s=6.0),
        mark(Act.CLIP, share=0.0, weight=3.0),
        mark(Act.AGENCY, share=0.0, weight=9.0),
    ]
    assert strengths(marks, EN) == ("All 1 incidents were claimed within the time: 6.0 s in the median, 10 s allowed.",)
    told = improvements(scenario, marks, KO)
    assert [line.split(":")[0] for line in told] == ["수신 기관", "증거 구간"]
    assert "1건 가운데 1건" in told[0] and "가온마트" in told[0] and "9.0점 손실" in told[0]


def test_every_act_has_its_word_and_its_advice() -> None:
    assert set(ACTS) == set(Act) == set(ADVICE)


def test_the_queue_counts_who_waits_and_who_is_open(finished: Run) -> None:
    _, _, events, _ = finished
    time = time_base(events)
    steps = queue_steps(events, time)
    assert steps[0] == QueueStep(0.0, 0, 0) and steps[-1].at_s == pytest.approx(600.0)
    assert steps[1] == QueueStep(50.0, 1, 1)
    assert steps[2].waiting == 0 and steps[2].open == 1 and steps[2].at_s == pytest.approx(58.75)


def test_a_lane_begins_where_its_clock_began(finished: Run) -> None:
    _, _, events, score = finished
    time = time_base(events)
    found = {lane.mark.id: lane for lane in lanes(score, events, time)}
    assert found["robbery-claim"].begin_s == pytest.approx(50.0)
    assert found["robbery-verdict"].begin_s == pytest.approx(found["robbery-claim"].done_s)
    missed = msgspec.structs.replace(
        score, marks=tuple(msgspec.structs.replace(m, actual_s=None, at_s=None) for m in score.marks)
    )
    blind = {lane.mark.id: lane for lane in lanes(missed, events, time)}
    assert blind["robbery-verdict"].begin_s == pytest.approx(58.75) and blind["robbery-verdict"].done_s is None


def test_where_a_feed_stood() -> None:
    feed = FeedSpec(camera="A", file="a.mp4", cue="act", before_s=(0.0, 30.0), act_s=(40.0, 80.0), after_s=(80.0, 90.0))
    at = {second: feed_second(feed, {"act": 100.0}, second) for second in (10.0, 70.0, 100.0, 130.0, 145.0)}
    assert at == {10.0: 10.0, 70.0: 10.0, 100.0: 40.0, 130.0: 70.0, 145.0: 85.0}
    assert feed_second(FeedSpec(camera="A", file="a.mp4"), {}, 10.0) is None


def test_a_person_is_compared_with_persons_and_with_himself(bare: Callable[..., Run]) -> None:
    scores = [
        bare(f"r{n}", pace=pace, trainee=name, begun=BEGUN - timedelta(days=9 - n))[3]
        for n, (pace, name) in enumerate(((3.0, "김하늘"), (1.0, "이도윤"), (2.0, "김하늘")))
    ]
    script = msgspec.structs.replace(scores[0], drill_id="script", operator="good")
    history = history_of(scores[2], [*scores, script])
    assert [run.drill_id for run in history.own] == ["r0"]
    assert [run.drill_id for run in history.group] == ["r0", "r1"]
    assert history.rank(scores[2].score) == 2
    told = standings(history.group)
    assert told.runs == 2 and told.best == scores[1].score and told.last == scores[1].score
    assert standings(()).median is None


def test_the_reports_own_words_need_only_the_small_cut_of_the_font() -> None:
    """The font is chosen by the drill's words; the report's own must never need a larger one."""
    tables = (texts.TEXTS, texts.STANDINGS, texts.OPERATORS, texts.ENDS, texts.KINDS)
    own = [words.ko for table in tables for words in table.values()]
    own += [part.ko for advice in ADVICE.values() for part in (advice.well, advice.practise)]
    hangul = {sign for text in own for sign in text if "가" <= sign <= "힣"}
    assert all(len(sign.encode("euc_kr")) == 2 for sign in hangul)


def test_what_was_met_without_a_time_is_never_called_not_done(finished: Run) -> None:
    scenario = finished[1]
    found = [Lane(mark(Act.MERGE, share, within_s=60.0), 10.0, None) for share in (1.0, 0.0)]
    drawn = timelines(scenario, found, (), 600.0, KO)[0]
    words = [shape.text for shape in drawn.shapes if isinstance(shape, Text)]
    assert words.count("지킴") == 1 and words.count("하지 않음") == 1
