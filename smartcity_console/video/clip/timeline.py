"""Media times out of camera times: one timeline over lost connections, decoding times that a file format accepts."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from itertools import pairwise

import msgspec

_STEP_TICKS = 3000  # a thirtieth of a second at 90 kHz, where nothing better is known


class Moment(msgspec.Struct, frozen=True, gc=False):
    """The times of one packet: its connection, its presentation time in ticks, when it was received."""

    session: str
    pts: int
    utc_us: int


def reorder_depth(pts: Sequence[int]) -> int:
    """Return by how many packets decoding order runs ahead of presentation order (0 without B-pictures)."""
    rank = {index: place for place, index in enumerate(sorted(range(len(pts)), key=pts.__getitem__))}
    return max((index - rank[index] for index in range(len(pts))), default=0)


def usual_step(pts: Sequence[int]) -> int:
    """Return the middle distance of neighbouring presentation times, in ticks."""
    ordered = sorted(set(pts))
    steps = sorted(b - a for a, b in pairwise(ordered))
    return steps[len(steps) // 2] if steps else _STEP_TICKS


def one_timeline(moments: Sequence[Moment], ticks_per_s: float) -> list[int]:
    """Return presentation times beginning at 0. A later connection, which counts from its own zero, is laid where its
    packets were received, but never over what is there already."""
    step = usual_step([m.pts for m in moments])
    anchors = session_anchors_us(moments, ticks_per_s)
    first_us = anchors[moments[0].session] + moments[0].pts * 1e6 / ticks_per_s
    placed: list[int] = []
    shift, highest, session = 0, -step, ""
    for moment in moments:
        if moment.session != session:
            session = moment.session
            wanted = round((anchors[session] - first_us) / 1e6 * ticks_per_s)
            shift = max(wanted, highest + step - _lowest(moments, session))
        placed.append(moment.pts + shift)
        highest = max(highest, placed[-1])
    lowest = min(placed)
    return [at - lowest for at in placed]


def session_anchors_us(moments: Sequence[Moment], ticks_per_s: float) -> dict[str, float]:
    """Return for each connection when its pts 0 was, in UTC us: the least delayed packet tells it best (a camera sends
    its latest group of pictures in one burst when a connection begins)."""
    anchors: dict[str, float] = {}
    for moment in moments:
        at_us = moment.utc_us - moment.pts * 1e6 / ticks_per_s
        anchors[moment.session] = min(anchors.get(moment.session, at_us), at_us)
    return anchors


def _lowest(moments: Sequence[Moment], session: str) -> int:
    return min(m.pts for m in moments if m.session == session)


def decoding_times(pts: Sequence[int]) -> list[int]:
    """Return strictly rising decoding times, each at or before its presentation time."""
    clock = DecodingClock(pts)
    return [clock.stamp(at)[1] for at in pts]


class DecodingClock:
    """Gives packets decoding times as they come. `sample` are the presentation times of the first packets, in decoding
    order: how deep the stream reorders and where it begins are read from them."""

    def __init__(self, sample: Sequence[int]) -> None:
        self._depth = reorder_depth(sample)
        self._step = usual_step(sample)
        self._earliest = min(sample, default=0)  # not the first one's: pictures shown before a keyframe may follow it
        self._waiting: list[int] = []
        self._given = 0
        self._last: int | None = None

    def stamp(self, pts: int) -> tuple[int, int]:
        """Return (pts, dts) of the next packet in decoding order; pts is lifted where a damaged one lies before dts."""
        bisect.insort(self._waiting, pts)
        missing = self._depth - self._given
        dts = self._earliest - missing * self._step if missing > 0 else self._waiting.pop(0)
        self._given += 1
        if self._last is not None:
            dts = max(dts, self._last + 1)
        self._last = dts
        return max(pts, dts), dts
