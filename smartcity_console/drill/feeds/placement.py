"""A recording placed in a drill's time: one span loops until the act's cue, the act plays once, another span loops after.

Spans are moved to keyframes, so that each begins with a picture that needs no other. In a pause the keyframe that is
shown is sent again and again: the camera goes on, its picture stands.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator

import msgspec

from smartcity_console.drill.feeds.recording import Playback, Recording, Unit
from smartcity_console.drill.scenario.model import FeedSpec

HELD_EVERY_S = 0.2


class Stretch(msgspec.Struct, frozen=True):
    """A span of the file between keyframes: ticks [first, end), and where it begins on the feeds' clock."""

    first: int
    end: int
    length_s: float


class Turn(msgspec.Struct, frozen=True):
    """A stretch played from a second of the drill's feeds on."""

    stretch: Stretch
    from_s: float
    until_s: float


class Places(msgspec.Struct, frozen=True):
    """What is played before, at and after the cue. `act` None: `before` loops for ever."""

    before: Stretch
    act: Stretch | None
    after: Stretch


def places_of(spec: FeedSpec, recording: Recording) -> Places:
    """Return the stretches of a feed. What a spec leaves out: the file up to the act, and its last seconds after it."""
    whole = (0.0, recording.duration_s)
    if not spec.cue or spec.act_s is None:
        loop = _stretch(recording, spec.before_s or whole)
        return Places(loop, None, loop)
    before = spec.before_s or (0.0, spec.act_s[0])
    after = spec.after_s or (spec.act_s[1], recording.duration_s)
    return Places(_stretch(recording, before), _stretch(recording, spec.act_s), _stretch(recording, after))


def _stretch(recording: Recording, span_s: tuple[float, float]) -> Stretch:
    """Move a span to the nearest keyframes; one between two keyframes becomes their group of pictures."""
    base = recording.time_base
    edges = [*recording.keyframes, recording.first_dts + round(recording.duration_s / float(base))]
    first, end = (_nearest(edges, recording.first_dts + round(edge_s / float(base))) for edge_s in span_s)
    first = min(first, len(edges) - 2)
    end = max(end, first + 1)
    return Stretch(edges[first], edges[end], float((edges[end] - edges[first]) * base))


def _nearest(edges: list[int], at: int) -> int:
    place = bisect.bisect_left(edges, at)
    if place == 0:
        return 0
    if place == len(edges):
        return place - 1
    return place if edges[place] - at < at - edges[place - 1] else place - 1


class DrillClockwork(msgspec.Struct):
    """What all feeds of a drill share: when each cue came and what was paused, in seconds since the feeds' epoch.

    `changes` counts: who plays looks whether it is still what he plays by.
    """

    cues: dict[str, float] = {}
    paused_since_s: float | None = None
    paused_s: float = 0.0
    changes: int = 0

    def cue(self, cue_id: str, at_s: float) -> None:
        """Begin an act at a moment; the same again changes nothing."""
        if cue_id not in self.cues:
            self.cues[cue_id] = self.played_s(at_s)
            self.changes += 1

    def pause(self, paused: bool, now_s: float) -> None:
        """Hold or go on; the same again changes nothing."""
        if paused and self.paused_since_s is None:
            self.paused_since_s = now_s
            self.changes += 1
        elif not paused and self.paused_since_s is not None:
            self.paused_s += now_s - self.paused_since_s
            self.paused_since_s = None
            self.changes += 1

    def played_s(self, now_s: float) -> float:
        """Return the seconds played at a moment: since the epoch, less the pauses."""
        if self.paused_since_s is not None:
            now_s = min(now_s, self.paused_since_s)
        return now_s - self.paused_s


def turn_at(places: Places, cue_s: float | None, played_s: float) -> Turn:
    """Return what is on at a second of play, and until when."""
    if places.act is None or cue_s is None or played_s < cue_s:
        end_s = float("inf") if cue_s is None or places.act is None else cue_s
        return _loop(places.before, 0.0, played_s, end_s)
    act_ends_s = cue_s + places.act.length_s
    if played_s < act_ends_s:
        return Turn(places.act, cue_s, act_ends_s)
    return _loop(places.after, act_ends_s, played_s, float("inf"))


def _loop(stretch: Stretch, since_s: float, played_s: float, end_s: float) -> Turn:
    """A tick's fraction must not end a turn where the next one begins: the cycle is the one that goes on."""
    cycle = int((played_s - since_s + 1e-6) // stretch.length_s)
    from_s = since_s + cycle * stretch.length_s
    return Turn(stretch, from_s, min(from_s + stretch.length_s, end_s))


class PlacedPlayback(Playback):
    """Plays a recording as a drill places it. Owns an open file: close it."""

    def __init__(self, recording: Recording, spec: FeedSpec, clockwork: DrillClockwork) -> None:
        super().__init__(recording, recording.duration_s)
        self._places, self._cue, self._clockwork = places_of(spec, recording), spec.cue, clockwork

    def units(self, since_epoch_s: float) -> Iterator[Unit]:
        """Yield for ever, beginning at the last keyframe due at or before `since_epoch_s`. Raises av.FFmpegError."""
        work = self._clockwork
        played_s = work.played_s(since_epoch_s)
        turn = turn_at(self._places, work.cues.get(self._cue), played_s)
        key = self._key(turn, played_s)
        if work.paused_since_s is not None:
            yield from self._held(key, since_epoch_s)
        while True:
            yield from self._one_turn(turn, key)
            turn = turn_at(self._places, work.cues.get(self._cue), turn.until_s)
            key = turn.stretch.first

    def _key(self, turn: Turn, played_s: float) -> int:
        """Return the last keyframe of a turn at or before a second of play."""
        keys = self.recording.keyframes
        at = turn.stretch.first + int((played_s - turn.from_s) / self.recording.time_base)
        key = keys[max(0, bisect.bisect_right(keys, at) - 1)]
        return min(max(key, turn.stretch.first), turn.stretch.end - 1)

    def _one_turn(self, turn: Turn, key: int) -> Iterator[Unit]:
        base = self.recording.time_base
        from_s = turn.from_s + self._clockwork.paused_s
        shift = round(from_s / float(base)) - turn.stretch.first
        for packet in self._from_key(key):
            assert packet.dts is not None
            due_s = from_s + float((packet.dts - turn.stretch.first) * base)
            if packet.dts >= turn.stretch.end or due_s - self._clockwork.paused_s >= turn.until_s:
                return
            packet.pts = (packet.pts if packet.pts is not None else packet.dts) + shift
            packet.dts += shift
            yield Unit(due_s, packet.is_keyframe, packet)

    def _held(self, key: int, since_s: float) -> Iterator[Unit]:
        """Yield one keyframe for ever, at a low rate."""
        base, due_s = float(self.recording.time_base), since_s
        while True:
            packet = next(self._from_key(key))
            packet.pts = packet.dts = round(due_s / base)
            yield Unit(due_s, True, packet)
            due_s += HELD_EVERY_S
