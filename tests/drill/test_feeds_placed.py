"""Recordings placed in a drill's time: loop, act once at the cue, loop; pauses, darkness, and the director's orders."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import pytest

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.drill.feeds.darkness import dark_recording
from smartcity_console.drill.feeds.mount import Fault, LoopClock, Mount, Placement
from smartcity_console.drill.feeds.placement import DrillClockwork, PlacedPlayback, places_of
from smartcity_console.drill.feeds.program import run_feeds
from smartcity_console.drill.feeds.recording import Recording, Unit, read_recording
from smartcity_console.drill.feeds.stage_hands import StageHands
from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.drill.scenario.model import FeedSpec
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.runtime import read_announcement, secret
from smartcity_console.settings import Settings
from tests.drill.scenes import at, inject, scenario

SPEC = FeedSpec(camera="A", file="card.mp4", cue="act", before_s=(0.0, 2.0), act_s=(2.0, 6.0), after_s=(6.0, 8.0))
FPS = 10


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = tmp_path_factory.mktemp("feeds") / "card.mp4"
    return read_recording(write_testcard(path, seconds=8.0, fps=FPS, keyframe_every=FPS))


@pytest.fixture
def playback(recording: Recording) -> Iterator[PlacedPlayback]:
    made = PlacedPlayback(recording, SPEC, DrillClockwork())
    yield made
    made.close()


def pictures(units: Iterator[Unit], count: int) -> list[tuple[float, int]]:
    """Return due second and number in the file of some units."""
    return [(round(u.due_s, 3), _number(u)) for u in itertools.islice(units, count)]


def _number(unit: Unit) -> int:
    context = _number.__dict__.setdefault("context", None)
    if unit.is_key or context is None:
        context = _number.__dict__["context"] = av.CodecContext.create("h264", "r")
        context.extradata = unit.packet.stream.codec_context.extradata
        context.thread_count = 1
        context.flags |= 0x00080000  # low delay: a picture for each packet
    (frame,) = context.decode(unit.packet)
    return number_shown(frame.to_ndarray(format="rgb24"))


def test_before_its_cue_the_first_span_loops(playback: PlacedPlayback) -> None:
    shown = pictures(playback.units(0.0), 45)
    assert [number for _, number in shown] == [n % 20 for n in range(45)]
    assert [due for due, _ in shown] == [round(n / FPS, 3) for n in range(45)]


def test_the_act_plays_once_from_its_cue_and_then_the_last_span_loops(playback: PlacedPlayback) -> None:
    playback._clockwork.cue("act", 3.0)
    shown = pictures(playback.units(0.0), 30 + 40 + 50)
    numbers = [number for _, number in shown]
    assert numbers[:30] == [n % 20 for n in range(30)]  # the loop is cut off in its second turn
    assert numbers[30:70] == list(range(20, 60))
    assert numbers[70:] == [60 + n % 20 for n in range(50)]
    assert [due for due, _ in shown] == [round(n / FPS, 3) for n in range(120)]


def test_who_comes_later_finds_the_same(playback: PlacedPlayback) -> None:
    playback._clockwork.cue("act", 3.0)
    assert pictures(playback.units(4.55), 2) == [(4.0, 30), (4.1, 31)]
    assert pictures(playback.units(9.2), 1) == [(9.0, 60)]


def test_a_pause_shows_one_picture_and_then_goes_on(playback: PlacedPlayback) -> None:
    work = playback._clockwork
    work.cue("act", 3.0)
    work.pause(True, 4.5)
    held = pictures(playback.units(4.5), 20)
    assert {number for _, number in held} == {30}
    assert [due for due, _ in held] == [round(4.5 + 0.2 * n, 3) for n in range(20)]
    work.pause(False, 8.5)
    assert pictures(playback.units(8.5), 11)[-1] == (9.0, 40)


def test_a_cue_in_a_pause_begins_when_it_goes_on(playback: PlacedPlayback) -> None:
    work = playback._clockwork
    work.pause(True, 2.0)
    work.cue("act", 5.0)
    work.pause(False, 6.0)
    assert pictures(playback.units(6.0), 2) == [(6.0, 20), (6.1, 21)]


def test_spans_move_to_keyframes_and_are_never_empty(recording: Recording) -> None:
    crooked = FeedSpec(camera="A", file="", cue="act", before_s=(0.4, 1.6), act_s=(1.7, 1.8), after_s=(7.9, 8.0))
    places = places_of(crooked, recording)
    assert (places.before.length_s, places.act and places.act.length_s, places.after.length_s) == (2.0, 1.0, 1.0)


def test_what_a_spec_leaves_out_is_what_is_left(recording: Recording) -> None:
    places = places_of(FeedSpec(camera="A", file="", cue="act", act_s=(2.0, 6.0)), recording)
    assert (places.before.length_s, places.after.length_s) == (2.0, 2.0)
    assert places_of(FeedSpec(camera="A", file=""), recording).before.length_s == 8.0


def test_without_light_the_picture_is_black(recording: Recording, tmp_path: Path) -> None:
    dark = dark_recording(recording, tmp_path)
    with av.open(str(dark.path)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert frame.shape[:2] == (recording.height_px, recording.width_px) and 0 < frame.max() < 16


# ---- the director's orders -------------------------------------------------------------------------------------------


class Hands:
    """The mounts of one camera, told by orders."""

    def __init__(self, recording: Recording, cache: Path) -> None:
        self.clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
        self.work = DrillClockwork()
        line = LoopClock(self.clock, 0.0)
        self.mount = Mount("A", recording, line, 8.0, Placement(SPEC, self.work))
        self.hands = StageHands({"A": self.mount}, self.work, "secret", cache)

    async def told(self, *orders: dict[str, Any]) -> list[dict[str, Any]]:
        host, _, port = (await self.hands.start()).removeprefix("tcp://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        answers = []
        for order in orders:
            writer.write(json.dumps({"token": "secret"} | order).encode() + b"\n")
            answers.append(json.loads(await reader.readline()))
        writer.close()
        await self.hands.close()
        return answers


@pytest.fixture
def hands(recording: Recording, tmp_path: Path) -> Hands:
    return Hands(recording, tmp_path)


def test_an_order_is_the_whole_state_and_may_be_sent_again(hands: Hands) -> None:
    hands.clock.advance(10.0)
    state = {"cues": {"act": 2.5}, "faults": {"A": "loss"}, "paused": True}
    first, second = asyncio.run(hands.told(state, state | {"cues": {"act": 3.0}}))
    assert first == second == {"at_s": 10.0, "cues": ["act"]}
    assert hands.work.cues == {"act": 7.5} and hands.work.paused_since_s == 10.0 and hands.work.changes == 2
    assert hands.mount.fault is Fault.LOSS


def test_darkness_comes_and_goes(hands: Hands, recording: Recording) -> None:
    asyncio.run(hands.told({"faults": {"A": "dark"}}))
    assert hands.mount.fault is Fault.DARK and hands.mount.recording is not recording
    asyncio.run(hands.told({}))
    assert hands.mount.fault is Fault.NONE and hands.mount.recording is recording


def test_a_stranger_moves_nothing(hands: Hands) -> None:
    (answer,) = asyncio.run(hands.told({"token": "guess", "cues": {"act": 0.0}}))
    assert answer == {"error": "token"} and not hands.work.cues


def test_an_order_for_a_camera_that_is_not_there_is_told(hands: Hands) -> None:
    (answer,) = asyncio.run(hands.told({"faults": {"B": "loss"}}))
    assert "no camera B" in answer["error"]


# ---- the program ------------------------------------------------------------------------------------------------------


def test_in_a_drill_the_scenarios_feeds_play_and_obey(recording: Recording, tmp_path: Path) -> None:
    feeds = [{"camera": "A", "file": "card.mp4", "cue": "act", "act_s": [2.0, 6.0]}]
    write_scenario(tmp_path, scenario(inject("act", "cue", when=at(1)), feeds=feeds))
    write_drill(tmp_path, DrillFacts(drill_id="d", scenario_id="test", title_ko="", title_en=""))
    stop, clock = threading.Event(), SystemClock()
    settings = Settings({"feeds.rtsp.port": 0})
    arguments = (tmp_path, recording.path.parent, settings, clock, stop)
    program = threading.Thread(target=run_feeds, args=arguments, name="feeds")
    program.start()
    try:
        until_s = clock.monotonic_s() + 10.0
        while (told := read_announcement(tmp_path, "feeds")) is None or not (tmp_path / "streams.json").is_file():
            assert program.is_alive() and clock.monotonic_s() < until_s
        asyncio.run(_order(told["addresses"]["director"], secret(tmp_path, "feeds-director")))
        url = json.loads((tmp_path / "streams.json").read_text())["streams"]["A"]["url"]
        with av.open(url, options={"rtsp_transport": "tcp"}, timeout=(5, 5)) as camera:
            numbers = {
                number_shown(f.to_ndarray(format="rgb24"))
                for f, _ in zip(camera.decode(video=0), range(12), strict=False)
            }
        assert numbers & set(range(20, 60)), "the act is on"
    finally:
        stop.set()
        program.join(10.0)


async def _order(address: str, token: str) -> None:
    host, _, port = address.removeprefix("tcp://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(json.dumps({"token": token, "cues": {"act": 0.0}}).encode() + b"\n")
    assert "error" not in json.loads(await reader.readline())
    writer.close()
    await writer.wait_closed()
