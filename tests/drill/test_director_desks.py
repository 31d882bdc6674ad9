"""A desk that plays by itself, against the real desk: its login, its acts at their times, its pauses."""

from __future__ import annotations

from smartcity_console.drill.director.desk_manners import acts_of, follow_up_of
from smartcity_console.drill.scenario.model import DeskManner, Spot

HERE, THERE = Spot(lon_deg=127.0, lat_deg=37.0), Spot(lon_deg=127.01, lat_deg=37.0)


def told(manner: DeskManner, start: Spot | None = HERE, scene: Spot | None = THERE) -> list[tuple[float, str]]:
    return [(act.at_s, act.name) for act in acts_of(manner, start, scene) if act.name != "positions"]


def test_a_usual_desk_opens_accepts_sends_and_arrives() -> None:
    manner = DeskManner(units=("순21호",), ends_s=90.0)
    assert told(manner) == [
        (3.0, "opened"),
        (6.0, "accepted"),
        (12.0, "units_sent"),
        (60.0, "on_scene"),
        (90.0, "closed"),
    ]


def test_a_desk_that_refuses_sends_nobody() -> None:
    manner = DeskManner(refuses="관할이 아닙니다", units=("순21호",))
    acts = acts_of(manner, HERE, THERE)
    assert [(act.name, act.body) for act in acts] == [("opened", {}), ("refused", {"reason": "관할이 아닙니다"})]


def test_a_desk_that_never_answers_is_silent() -> None:
    assert acts_of(DeskManner(opens_s=None, accepts_s=None, units=("순21호",), units_s=None), HERE, THERE) == []


def test_a_question_comes_with_the_acceptance() -> None:
    acts = acts_of(DeskManner(asks="흉기가 보입니까?"), None, None)
    assert [(act.at_s, act.name, act.body) for act in acts][-1] == (6.0, "message", {"text": "흉기가 보입니까?"})


def test_units_move_from_their_station_to_the_scene_one_behind_the_other() -> None:
    moves = [a for a in acts_of(DeskManner(units=("a", "b")), HERE, THERE) if a.name == "positions"]
    first, last = moves[0].body["positions"], moves[-1].body["positions"]
    assert all(12.0 < act.at_s < 60.0 for act in moves) and len(moves) == 15
    assert 127.0 < first[0]["lon_deg"] < last[0]["lon_deg"] < 127.01
    assert last[1]["lon_deg"] < last[0]["lon_deg"]


def test_where_nobody_knows_the_place_nobody_moves() -> None:
    assert not [a for a in acts_of(DeskManner(units=("a",)), None, THERE) if a.name == "positions"]


def test_what_adds_to_a_hand_off_is_read_and_taken_and_no_more() -> None:
    manner = follow_up_of(DeskManner(units=("a",), asks="?", ends_s=90.0))
    assert told(manner) == [(3.0, "opened"), (6.0, "accepted")]
