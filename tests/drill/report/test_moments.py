"""Which moments of a drill get a picture."""

from __future__ import annotations

from smartcity_console.drill.report.moments import key_moments
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.score.judge import score_of
from smartcity_console.drill.score.timebase import time_base
from tests.drill.score.journals import CAT, good_run, opened, request, scenario


def test_a_false_alarm_that_no_camera_sees_and_was_handed_off_has_no_picture() -> None:
    journal = good_run()
    ended = journal.events.pop()
    journal.tell(86.0, CAT, opened(CAT, 86.0, "2711", None))
    journal.tell(90.0, CAT, request(60.0, 90.0, camera_ids=(), handoff_id="h-2"))
    journal.tell(125.0, ended.stream, ended.payload())
    score = score_of(scenario(), journal.events)
    moments = key_moments(scenario(), score, journal.events, time_base(journal.events), Say("ko"))
    assert moments
    assert all(moment.cameras for moment in moments)
