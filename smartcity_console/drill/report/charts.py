"""The report's plots as drawings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from smartcity_console.drill.report import drawing as d
from smartcity_console.drill.report.runs import History
from smartcity_console.drill.report.series import Lane, QueueStep
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import Act, Scenario
from smartcity_console.drill.score.model import Score, Standing

WIDTH = 174.0
_ROW, _LABEL, _RIGHT = 5.4, 52.0, 16.0
_MOST_ROWS = 32  # of one drawing: a page of A4
COLOURS = {Standing.MET: d.GOOD, Standing.LATE: d.WARN, Standing.MISSED: d.BAD, Standing.VOID: d.FAINT}
_TIMED = (Act.CLAIM, Act.FIRST_CAMERA, Act.VERDICT, Act.HAND_OFF)


class _Axis:
    """Seconds to millimetres, with a grid at round steps."""

    def __init__(self, end_s: float, left: float = _LABEL, right: float = WIDTH - _RIGHT) -> None:
        self.end_s, self.left, self.right = max(end_s, 1.0), left, right

    def x(self, second: float) -> float:
        share = min(1.0, max(0.0, second / self.end_s))
        return self.left + share * (self.right - self.left)

    def grid(self, top: float, bottom: float) -> list[d.Shape]:
        shapes: list[d.Shape] = []
        for second in _steps(self.end_s):
            x = self.x(second)
            shapes.append(d.Line(x, top, x, bottom))
            shapes.append(d.Text(x, bottom + 3.6, clock_text(second), 2.5, d.GREY, "middle"))
        return shapes


def _steps(end_s: float) -> list[float]:
    step = next((s for s in (5, 10, 15, 30, 60, 120, 300, 600, 900) if end_s / s <= 10), 1800)
    return [float(n * step) for n in range(int(end_s // step) + 1)]


def clock_text(second: float) -> str:
    """Return a second of the drill as minutes and seconds."""
    whole = max(0, round(second))
    return f"{whole // 60}:{whole % 60:02d}"


def cut_text(text: str, most: int) -> str:
    """Return at most so many columns of text; Hangul counts double."""
    width, kept = 0.0, ""
    for sign in text:
        width += 1.8 if ord(sign) > 0x2E80 else 1.0
        if width > most:
            return f"{kept.rstrip()}…"
        kept += sign
    return text


def timelines(
    scenario: Scenario, lanes: Sequence[Lane], injects: Sequence[float], end_s: float, say: Say
) -> list[d.Drawing]:
    """Return expected against actual, in as many drawings as pages are needed."""
    parts = [lanes[n : n + _MOST_ROWS] for n in range(0, len(lanes), _MOST_ROWS)]
    return [_timeline(scenario, part, injects, end_s, say) for part in parts]


def _timeline(scenario: Scenario, lanes: Sequence[Lane], injects: Sequence[float], end_s: float, say: Say) -> d.Drawing:
    axis, y = _Axis(end_s), 5.0
    shapes: list[d.Shape] = [d.Text(0, 3.4, say("injects"), 2.5, d.GREY)]
    shapes += [d.Line(axis.x(at), 1.2, axis.x(at), 4.2, d.INK, 0.45) for at in injects]
    rows: list[d.Shape] = []
    for incident, group in groupby(lanes, key=lambda lane: lane.mark.incident):
        y += 1.2
        rows += [
            d.Box(0, y, WIDTH, 4.6, d.WASH),
            d.Text(1, y + 3.4, cut_text(_incident(scenario, incident, say), 90), 2.9, bold=True),
        ]
        y += 4.6
        for lane in group:
            rows += _lane(lane, axis, y, say)
            y += _ROW
    return d.Drawing(WIDTH, y + 5.0, say("timeline_plot"), (*shapes, *axis.grid(5.0, y), *rows))


def _lane(lane: Lane, axis: _Axis, y: float, say: Say) -> list[d.Shape]:
    mark, middle = lane.mark, y + _ROW / 2
    within, late = mark.within_s or 0.0, mark.late_s or mark.within_s or 0.0
    name = say.act(mark.act) + (f" · {say('is_critical')}" if mark.critical else "")
    shapes: list[d.Shape] = [
        d.Text(2.5, middle + 1.0, name, 2.7, d.INK),
        _band(axis, lane.begin_s, lane.begin_s + late, middle, d.ACCENT_FAINT),
        _band(axis, lane.begin_s, lane.begin_s + within, middle, d.ACCENT_WASH),
    ]
    colour = COLOURS[mark.standing]
    at = lane.done_s if lane.done_s is not None else lane.begin_s + late
    told = _told(lane, say)
    shapes.append(d.Sign(axis.x(at), middle, 1.35, mark.standing.value, colour))
    shapes.append(d.Text(WIDTH, middle + 1.0, told, 2.6, colour, "end"))
    return shapes


def _told(lane: Lane, say: Say) -> str:
    """Return the time taken, or where none was measured how the mark stands."""
    if lane.done_s is not None:
        return say("seconds", value=f"{lane.mark.actual_s:.1f}")
    return say("not_done") if lane.mark.standing is Standing.MISSED else say.standing(lane.mark.standing)


def _band(axis: _Axis, start_s: float, end_s: float, middle: float, fill: str) -> d.Box:
    return d.Box(axis.x(start_s), middle - 1.5, max(0.4, axis.x(end_s) - axis.x(start_s)), 3.0, fill)


def _incident(scenario: Scenario, incident_id: str, say: Say) -> str:
    spec = scenario.incident(incident_id)
    if spec is None:
        return say("whole_drill")
    return say.of(spec.title) + ("" if spec.real else f" · {say('false_alarm')}")


def times(scenario: Scenario, lanes: Sequence[Lane], say: Say) -> d.Drawing | None:
    """Return the times to claim, first right camera, verdict and hand-off beside their targets; None where there are none."""
    timed = [
        lane for act in _TIMED for lane in lanes if lane.mark.act is act and lane.mark.standing is not Standing.VOID
    ]
    timed = timed[:_MOST_ROWS]
    if not timed:
        return None
    longest = max(max(lane.mark.late_s or 0.0, lane.mark.within_s or 0.0, lane.mark.actual_s or 0.0) for lane in timed)
    axis, y, shapes = _Axis(longest), 0.0, list[d.Shape]()
    for act, group in groupby(timed, key=lambda lane: lane.mark.act):
        shapes.append(d.Text(0, y + 3.6, say.act(act), 2.9, bold=True))
        y += 4.8
        for lane in group:
            shapes += _time_bar(scenario, lane, axis, y, say)
            y += _ROW
    return d.Drawing(WIDTH, y + 5.0, say("times_plot"), (*axis.grid(0.0, y), *shapes))


def _time_bar(scenario: Scenario, lane: Lane, axis: _Axis, y: float, say: Say) -> list[d.Shape]:
    mark, top, bottom = lane.mark, y + 1.0, y + _ROW - 1.0
    colour = COLOURS[mark.standing]
    shapes: list[d.Shape] = [d.Text(2.5, y + 3.7, cut_text(_incident(scenario, mark.incident, say), 36), 2.6, d.INK)]
    if mark.actual_s is not None:
        shapes.append(d.Box(axis.left, top, max(0.4, axis.x(mark.actual_s) - axis.left), bottom - top, colour))
    for second, line_colour, width in ((mark.late_s, d.FAINT, 0.4), (mark.within_s, d.INK, 0.6)):
        if second is not None:
            shapes.append(d.Line(axis.x(second), y + 0.3, axis.x(second), y + _ROW - 0.3, line_colour, width))
    told = say("seconds", value=f"{mark.actual_s:.1f}") if mark.actual_s is not None else say("not_done")
    return [*shapes, d.Text(WIDTH, y + 3.7, told, 2.6, colour, "end")]


def queue(steps: Sequence[QueueStep], say: Say) -> d.Drawing:
    """Return how many incidents waited and how many were open, second by second."""
    height, left = 34.0, 8.0
    axis = _Axis(steps[-1].at_s, left, WIDTH - 2.0)
    most = max(2, *(step.open for step in steps))

    def y(count: int) -> float:
        return 6.0 + (1.0 - count / most) * (height - 6.0)

    shapes = axis.grid(6.0, height)
    for count in range(0, most + 1, max(1, -(-most // 5))):
        shapes += [
            d.Line(left, y(count), WIDTH - 2.0, y(count)),
            d.Text(left - 1.5, y(count) + 1.0, str(count), 2.5, d.GREY, "end"),
        ]
    shapes += [_staircase([(s.at_s, s.open) for s in steps], axis, y, d.ACCENT_WASH)]
    shapes += [_staircase([(s.at_s, s.waiting) for s in steps], axis, y, d.ACCENT)]
    legend = ((WIDTH - 62, d.ACCENT, say("waiting")), (WIDTH - 30, d.ACCENT_WASH, say("open")))
    for x, fill, name in legend:
        shapes += [d.Box(x, 0.6, 3.0, 3.0, fill), d.Text(x + 4.2, 3.2, name, 2.6, d.GREY)]
    return d.Drawing(WIDTH, height + 5.0, say("queue_plot"), tuple(shapes))


def _staircase(steps: Sequence[tuple[float, int]], axis: _Axis, y: object, fill: str) -> d.Area:
    points = [(axis.x(steps[0][0]), y(0))]  # type: ignore[operator]
    for (start_s, count), (end_s, _) in pairwise(steps):
        points += [(axis.x(start_s), y(count)), (axis.x(end_s), y(count))]  # type: ignore[operator]
    return d.Area((*points, (axis.x(steps[-1][0]), y(0))), fill)  # type: ignore[operator]


def scores(score: Score, history: History, say: Say) -> d.Drawing | None:
    """Return the scores of the earlier runs and this one, oldest left; the trainee's own are filled. None for a first run."""
    runs = [*history.group[-39:], score]
    if len(runs) < 2:
        return None
    height, left, own = 34.0, 10.0, {run.drill_id for run in history.own} | {score.drill_id}
    shapes: list[d.Shape] = []

    def y(value: float) -> float:
        return 3.0 + (1.0 - value / 100.0) * (height - 3.0)

    for value in (0, 25, 50, 60, 75, 100):
        shapes.append(
            d.Line(left, y(value), WIDTH, y(value), d.INK if value == 60 else d.RULE, 0.2, 1.0 if value == 60 else 0.0)
        )
        shapes.append(d.Text(left - 1.5, y(value) + 1.0, str(value), 2.5, d.GREY, "end"))
    step = (WIDTH - left - 10.0) / max(1, len(runs) - 1)
    places = [(left + 5.0 + n * step, y(run.score), run) for n, run in enumerate(runs)]
    mine = [(px, py) for px, py, run in places if run.drill_id in own]
    shapes += [d.Line(*a, *b, d.ACCENT, 0.5) for a, b in pairwise(mine)]
    for px, py, run in places:
        is_own = run.drill_id in own
        shapes.append(d.Sign(px, py, 1.5 if is_own else 1.0, "met", d.ACCENT if is_own else d.FAINT))
    x, top, _ = places[-1]
    shapes.append(
        d.Text(x, top - 2.4 if top > 8 else top + 5.0, f"{score.score:g}", 3.0, d.ACCENT, "middle", bold=True)
    )
    return d.Drawing(WIDTH, height + 3.0, say("runs_plot"), tuple(shapes))
