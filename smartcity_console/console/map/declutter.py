"""Moves marks that lie on each other apart, as little as needed. Same input, same output: nothing trembles."""

from __future__ import annotations

import math

Point = tuple[float, float]
ROUNDS = 60
GOLDEN_RAD = 2.399963  # marks on one and the same point leave it in different directions


def apart(points: list[Point], fixed: list[Point], gap_px: float, fixed_gap_px: float) -> list[Point]:
    """Return the points moved until they are `gap_px` from each other and `fixed_gap_px` from the fixed ones.

    Gives up after ROUNDS: then a few still touch, which is better than marks far from where they belong.
    """
    moved = list(points)
    for _ in range(ROUNDS):
        pushed = _push_apart(moved, gap_px)
        pushed = [_push_away(p, n, fixed, fixed_gap_px) for n, p in enumerate(pushed)]
        if pushed == moved:
            break
        moved = pushed
    return moved


def _push_apart(points: list[Point], gap_px: float) -> list[Point]:
    moved = list(points)
    for i in range(len(moved)):
        for j in range(i + 1, len(moved)):
            dx, dy, lack = _lack(moved[i], moved[j], gap_px, i + j)
            if lack > 0:
                moved[i] = (moved[i][0] - dx * lack / 2, moved[i][1] - dy * lack / 2)
                moved[j] = (moved[j][0] + dx * lack / 2, moved[j][1] + dy * lack / 2)
    return moved


def _push_away(point: Point, number: int, fixed: list[Point], gap_px: float) -> Point:
    for rock in fixed:
        dx, dy, lack = _lack(rock, point, gap_px, number)
        if lack > 0:
            point = (point[0] + dx * lack, point[1] + dy * lack)
    return point


def _lack(a: Point, b: Point, gap_px: float, number: int) -> tuple[float, float, float]:
    """Return the direction from a to b and how much is lacking to the gap (0.1 px is not worth a move)."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    away = math.hypot(dx, dy)
    if away < 1e-6:
        return math.cos(number * GOLDEN_RAD), math.sin(number * GOLDEN_RAD), gap_px
    lack = gap_px - away
    return dx / away, dy / away, lack + 0.05 if lack > 0.1 else 0.0
