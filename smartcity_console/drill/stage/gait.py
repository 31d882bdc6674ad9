"""How a body is held: joint angles for standing, walking and running, as functions of the gait's phase.

Angles in radians, flexion positive (thigh and upper arm forwards, knee backwards, elbow forwards). The curves are
two-harmonic fits to the sagittal joint angles of normal gait (Winter, Biomechanics and Motor Control of Human Movement,
4th ed., appendix A): hip about -10..+30 degrees, knee 5..60 degrees; running flexes hip, knee and elbow further.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

TURN = 2.0 * math.pi


@dataclass(frozen=True)
class Pose:
    """One held posture. Pairs are (left, right)."""

    hip: tuple[float, float] = (0.0, 0.0)
    knee: tuple[float, float] = (0.05, 0.05)
    shoulder: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float] = (0.10, 0.10)  # arms away from the body
    elbow: tuple[float, float] = (0.25, 0.25)
    lean: float = 0.0  # trunk forwards
    twist: float = 0.0  # shoulders against the pelvis, left positive
    nod: float = 0.05
    look: float = 0.0  # head, left positive
    lift_m: float = 0.0  # pelvis above its standing height
    tip: float = 0.0  # the whole body forwards: 0 upright, pi/2 on its face


def stride_m(speed_ms: float, height_m: float) -> float:
    """Return the length of one gait cycle (two steps) at a speed; longer when running."""
    step = 0.41 * height_m * math.pow(max(speed_ms, 0.3) / 1.35, 0.45)
    return 2.0 * step * (1.15 if speed_ms > 2.2 else 1.0)


def walking(phase: float, effort: float = 1.0) -> Pose:
    """Return the posture at `phase` (0..1, 0 = left heel strikes). `effort` scales the swing of arms and legs."""
    angle = phase * TURN
    hips = tuple(effort * (0.16 + 0.36 * math.cos(a)) for a in (angle, angle + math.pi))
    knees = tuple(_walking_knee((phase + shift) % 1.0) * (0.5 + 0.5 * effort) for shift in (0.0, 0.5))
    arms = tuple(effort * (0.02 - 0.34 * math.cos(a)) for a in (angle, angle + math.pi))
    elbows = tuple(0.28 + 0.18 * max(0.0, arm) for arm in arms)
    return Pose(
        hip=(hips[0], hips[1]),
        knee=(knees[0], knees[1]),
        shoulder=(arms[0], arms[1]),
        elbow=(elbows[0], elbows[1]),
        lean=0.04,
        twist=0.10 * effort * math.cos(angle),
        lift_m=-0.018 - 0.018 * math.cos(2.0 * angle),
    )


def _walking_knee(phase: float) -> float:
    """A small yield after heel strike, then the swing."""
    yield_angle = 0.26 * math.exp(-(((phase - 0.14) / 0.09) ** 2))
    swing = 1.02 * math.exp(-(((phase - 0.72) / 0.115) ** 2))
    return 0.08 + yield_angle + swing


def running(phase: float, effort: float = 1.0) -> Pose:
    """Return the posture of a runner at `phase`; arms bent, trunk forwards, both feet off the ground twice a cycle."""
    angle = phase * TURN
    hips = tuple(0.30 + 0.68 * effort * math.cos(a) for a in (angle, angle + math.pi))
    knees = tuple(_running_knee((phase + shift) % 1.0) * effort for shift in (0.0, 0.5))
    arms = tuple(-0.05 - 0.75 * effort * math.cos(a) for a in (angle, angle + math.pi))
    return Pose(
        hip=(hips[0], hips[1]),
        knee=(knees[0], knees[1]),
        shoulder=(arms[0], arms[1]),
        elbow=(1.45, 1.45),
        spread=(0.20, 0.20),
        lean=0.20,
        twist=0.16 * math.cos(angle),
        lift_m=-0.05 + 0.04 * math.cos(2.0 * angle + 1.2),
    )


def _running_knee(phase: float) -> float:
    return 0.30 + 0.30 * math.exp(-(((phase - 0.12) / 0.09) ** 2)) + 1.45 * math.exp(-(((phase - 0.66) / 0.16) ** 2))


def standing(second: float, seed: float) -> Pose:
    """Return someone waiting: weight shifts, the head turns now and then."""
    sway = math.sin(TURN * (second / 6.0 + seed))
    glance = math.sin(TURN * (second / 9.0 + seed * 3.0)) ** 3
    return Pose(
        hip=(0.03 * sway, -0.03 * sway), look=0.7 * glance, twist=0.08 * glance, elbow=(0.3, 0.3), spread=(0.12, 0.12)
    )


def on_the_phone(second: float, seed: float) -> Pose:
    """Return someone calling with the right hand at the ear."""
    return replace(standing(second, seed), shoulder=(0.05, 0.75), elbow=(0.3, 2.35), spread=(0.12, 0.35), nod=0.15)


def pointing(second: float, seed: float) -> Pose:
    """Return someone who points ahead with an outstretched arm."""
    shake = 0.06 * math.sin(TURN * (second * 1.4 + seed))
    return replace(standing(second, seed), look=0.0, shoulder=(0.1, 1.45 + shake), elbow=(0.3, 0.10), spread=(0.1, 0.1))


def threatening(second: float, _seed: float) -> Pose:
    """Return someone who holds a blade forward, half crouched."""
    jab = 0.15 * math.sin(TURN * second * 1.1)
    return Pose(
        hip=(0.35, -0.1), knee=(0.4, 0.25), shoulder=(0.5, 1.15 + jab), elbow=(0.9, 0.45 - jab), lean=0.16, lift_m=-0.05
    )


def hands_up(second: float, seed: float) -> Pose:
    """Return someone frightened, hands before the shoulders, leaning back."""
    shake = 0.05 * math.sin(TURN * (second * 2.3 + seed))
    return Pose(shoulder=(0.9, 0.9 + shake), elbow=(1.9, 1.9), spread=(0.35, 0.35), lean=-0.10, nod=-0.05)


def filming(second: float, seed: float) -> Pose:
    """Return someone holding a telephone up before the face."""
    return replace(
        standing(second, seed), look=0.0, shoulder=(0.95, 1.05), elbow=(1.15, 1.05), spread=(-0.05, -0.05), nod=-0.1
    )


def look_round(second: float, seed: float) -> Pose:
    """Return someone who does not know where to go: the head and then the body turn from side to side."""
    turn = math.sin(TURN * (second / 3.8 + seed))
    return replace(standing(second, seed), look=1.0 * turn, twist=0.25 * turn, nod=-0.05)


def sitting(second: float, seed: float) -> Pose:
    """Return someone who crouches on the ground, arms round the knees, head low."""
    rock = 0.04 * math.sin(TURN * (second / 4.0 + seed))
    return Pose(
        hip=(1.95, 1.95), knee=(2.25, 2.25), shoulder=(0.85, 0.85), elbow=(0.75, 0.75), lean=0.30 + rock, nod=0.35
    )


def lying(second: float, seed: float) -> Pose:
    """Return someone on the ground, one knee drawn up, an arm stretched out."""
    breath = 0.03 * math.sin(TURN * (second / 3.2 + seed))
    return Pose(
        hip=(0.15, 0.75), knee=(0.2, 1.15 + breath), shoulder=(2.2, 0.5), elbow=(0.5, 1.2), spread=(0.5, 0.4), tip=1.48
    )


def striking(second: float, seed: float) -> Pose:
    """Return someone who lashes out again and again with the right arm."""
    swing = math.sin(TURN * (second * 1.3 + seed))
    return Pose(
        hip=(0.45, -0.2), knee=(0.45, 0.2), shoulder=(0.7, 1.3 + 0.9 * swing), elbow=(1.2, 0.7 - 0.5 * swing),
        lean=0.24 + 0.10 * swing, twist=0.35 * swing, lift_m=-0.04,
    )  # fmt: skip


def crawling(phase: float) -> Pose:
    """Return someone on hands and knees at a phase of the cycle."""
    angle = phase * TURN
    hips = (1.45 + 0.3 * math.cos(angle), 1.45 - 0.3 * math.cos(angle))
    arms = (1.5 - 0.3 * math.cos(angle), 1.5 + 0.3 * math.cos(angle))
    return Pose(hip=hips, knee=(1.6, 1.6), shoulder=arms, elbow=(0.15, 0.15), lean=1.40, nod=-0.7, lift_m=-0.05)


def frail(pose: Pose) -> Pose:
    """Return the posture of somebody old: bent forwards, knees never quite straight, the head low."""
    knees = (pose.knee[0] + 0.18, pose.knee[1] + 0.18)
    return replace(pose, lean=pose.lean + 0.30, knee=knees, hip=(pose.hip[0] + 0.08, pose.hip[1] + 0.08), nod=0.22)


def sheltered(pose: Pose) -> Pose:
    """Return the posture with the right hand holding an umbrella up."""
    return replace(pose, shoulder=(pose.shoulder[0], 0.55), elbow=(pose.elbow[0], 1.75), spread=(pose.spread[0], -0.05))


def riding(_second: float, _seed: float) -> Pose:
    """Return someone astride a motorbike."""
    return Pose(hip=(1.15, 1.15), knee=(1.25, 1.25), shoulder=(0.95, 0.95), elbow=(0.35, 0.35), lean=0.28, lift_m=-0.10)


def blended(one: Pose, other: Pose, share: float) -> Pose:
    """Return the posture between two, `share` 0 the first .. 1 the second."""
    if share <= 0.0 or share >= 1.0:
        return one if share <= 0.0 else other

    def mixed(a: object, b: object) -> object:
        if isinstance(a, tuple) and isinstance(b, tuple):
            return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))
        assert isinstance(a, float) and isinstance(b, float)
        return a + (b - a) * share

    names = Pose.__dataclass_fields__
    return Pose(**{name: mixed(getattr(one, name), getattr(other, name)) for name in names})  # type: ignore[arg-type]
