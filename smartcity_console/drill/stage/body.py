"""A dressed person as rigid parts on a skeleton, and where each part is for a posture.

Segment lengths as shares of the height after Drillis and Contini (1966). Parts are modelled for a height of 1 m with
their joint at the origin, hanging down -z, facing +y; a figure scales them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.gait import Pose
from smartcity_console.drill.stage.mesh import Colour, Material, Mesh, ellipse_ring, placed

Matrix = NDArray[np.float64]
HIP_Z, THIGH, SHANK, TRUNK, UPPER_ARM, FOREARM = 0.530, 0.245, 0.246, 0.288, 0.186, 0.150
HIP_HALF, SHOULDER_HALF = 0.052, 0.112
TIPPED_Z = 0.065  # of the pelvis above the ground when somebody lies on it


@dataclass(frozen=True)
class Outfit:
    """What someone wears and carries. `coat` 0 none .. 1 to the knee; `padded` makes trunk and sleeves bulky."""

    top: Colour
    bottom: Colour
    shoes: Colour = (0.10, 0.10, 0.11)
    hair: Colour = (0.07, 0.06, 0.05)
    skin: Colour = (0.78, 0.60, 0.48)
    padded: bool = False
    coat: bool = False
    hood: bool = False
    long_hair: bool = False
    apron: Colour | None = None
    held: str = ""  # "bag", "knife", "phone", "sack", "umbrella"
    backpack: bool = False
    helmet: Colour | None = None
    umbrella: Colour = (0.16, 0.18, 0.22)
    head: float = 1.0  # of an adult's size to the body: a child's is larger


def _segment(rings: tuple[tuple[float, float, float, float], ...], points: int = 10) -> NDArray[np.float32]:
    """Return a skin over level ellipses given as (z, half width, half depth, shift forwards), top first or last."""
    mesh = Mesh()
    ordered = sorted(rings)
    mesh.tube(
        np.stack([ellipse_ring(0.0, dy, z, rx, ry, points) for z, rx, ry, dy in ordered]), (1, 1, 1), Material.CLOTH
    )
    return mesh.array()


def _boxed(low: tuple[float, float, float], high: tuple[float, float, float]) -> NDArray[np.float32]:
    mesh = Mesh()
    mesh.box(low, high, (1, 1, 1), Material.CLOTH)
    return mesh.array()


def _ball(radius: tuple[float, float, float], z: float) -> NDArray[np.float32]:
    turns = np.linspace(-math.pi / 2 + 0.15, math.pi / 2 - 0.15, 7)
    rings = [(z + radius[2] * math.sin(t), radius[0] * math.cos(t), radius[1] * math.cos(t), 0.0) for t in turns]
    return _segment(tuple(rings), 12)


@cache
def body_models() -> dict[str, NDArray[np.float32]]:
    """Return every part's mesh array by name."""
    trunk = (
        (0.0, 0.088, 0.062, 0.0),
        (0.06, 0.082, 0.058, 0.004),
        (0.16, 0.100, 0.066, 0.008),
        (0.245, 0.112, 0.062, 0.0),
        (0.29, 0.055, 0.042, 0.0),
    )
    padded = (
        (-0.05, 0.108, 0.085, 0.0),
        (0.02, 0.116, 0.092, 0.004),
        (0.15, 0.130, 0.098, 0.008),
        (0.245, 0.128, 0.082, 0.0),
        (0.305, 0.062, 0.054, 0.0),
    )
    return {
        "trunk": _segment(trunk, 14),
        "trunk_padded": _segment(padded, 14),
        "pelvis": _segment(((-0.05, 0.070, 0.060, 0.0), (0.0, 0.092, 0.066, 0.0), (0.05, 0.086, 0.060, 0.0)), 12),
        "coat": _segment(((-0.26, 0.130, 0.110, 0.0), (-0.1, 0.112, 0.090, 0.0), (0.04, 0.094, 0.070, 0.0)), 14),
        "apron": _boxed((-0.075, 0.062, -0.2), (0.075, 0.078, 0.2)),
        "neck": _segment(((-0.01, 0.034, 0.034, 0.0), (0.04, 0.032, 0.032, 0.004)), 8),
        "head": _ball((0.046, 0.055, 0.066), 0.078),
        "hair": _segment(((0.075, 0.050, 0.050, -0.014), (0.105, 0.054, 0.060, -0.008), (0.135, 0.045, 0.050, -0.004), (0.155, 0.012, 0.014, -0.004)), 12),
        "long_hair": _segment(((-0.04, 0.044, 0.022, -0.046), (0.03, 0.054, 0.034, -0.036), (0.1, 0.053, 0.046, -0.020)), 12),
        "hood": _segment(((0.0, 0.075, 0.060, -0.016), (0.06, 0.066, 0.064, -0.014), (0.12, 0.060, 0.066, -0.012), (0.165, 0.022, 0.026, -0.010)), 12),
        "helmet": _ball((0.070, 0.080, 0.078), 0.090),
        "upper_arm": _segment(((0.02, 0.020, 0.022, 0.0), (-0.02, 0.033, 0.034, 0.0), (-0.186, 0.026, 0.027, 0.0), (-0.2, 0.012, 0.012, 0.0)), 8),
        "upper_arm_padded": _segment(((0.03, 0.026, 0.026, 0.0), (-0.02, 0.050, 0.050, 0.0), (-0.186, 0.042, 0.043, 0.0), (-0.21, 0.016, 0.016, 0.0)), 8),
        "forearm": _segment(((0.01, 0.020, 0.020, 0.0), (-0.03, 0.026, 0.027, 0.0), (-0.15, 0.019, 0.020, 0.0)), 8),
        "forearm_padded": _segment(((0.02, 0.022, 0.022, 0.0), (-0.03, 0.041, 0.042, 0.0), (-0.148, 0.028, 0.030, 0.0)), 8),
        "hand": _ball((0.019, 0.027, 0.040), -0.028),
        "thigh": _segment(((0.03, 0.035, 0.04, 0.0), (-0.03, 0.052, 0.058, 0.0), (-0.245, 0.034, 0.038, 0.0), (-0.265, 0.014, 0.014, 0.0)), 10),
        "shank": _segment(((0.01, 0.026, 0.026, 0.0), (-0.05, 0.036, 0.040, -0.006), (-0.2, 0.024, 0.027, 0.0), (-0.246, 0.027, 0.03, 0.0)), 10),
        "shoe": _segment(((0.03, 0.020, 0.026, 0.004), (0.0, 0.026, 0.046, 0.02), (-0.03, 0.028, 0.068, 0.038)), 10),
        "bag": _boxed((-0.05, -0.12, -0.24), (0.05, 0.12, -0.06)),
        "sack": _ball((0.085, 0.105, 0.105), -0.15),
        "knife": _boxed((-0.005, -0.012, -0.20), (0.005, 0.014, -0.03)),
        "phone": _boxed((-0.022, -0.004, -0.085), (0.022, 0.004, -0.005)),
        "backpack": _boxed((-0.085, -0.16, 0.02), (0.085, -0.06, 0.25)),
        "umbrella": _segment(((0.42, 0.002, 0.002, 0.0), (0.40, 0.10, 0.10, 0.0), (0.35, 0.22, 0.22, 0.0), (0.27, 0.29, 0.29, 0.0)), 12),
        "stick": _segment(((-0.06, 0.006, 0.006, 0.0), (0.40, 0.005, 0.005, 0.0)), 5),
    }  # fmt: skip


HELD_COLOURS: dict[str, Colour] = {
    "bag": (0.24, 0.18, 0.14), "sack": (0.86, 0.86, 0.82), "knife": (0.86, 0.88, 0.90), "phone": (0.05, 0.05, 0.06),
    "backpack": (0.16, 0.20, 0.30),
}  # fmt: skip


def _turn_x(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1.0]])


def _turn_y(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s, 0], [0, 1, 0, 0], [-s, 0, c, 0], [0, 0, 0, 1.0]])


def _turn_z(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])


def _shift(x: float, y: float, z: float) -> Matrix:
    matrix = np.eye(4)
    matrix[:3, 3] = (x, y, z)
    return matrix


Part = tuple[str, Matrix, Colour]


def figure(
    x: float, y: float, z: float, heading_rad: float, height_m: float, pose: Pose, outfit: Outfit
) -> Iterator[Part]:
    """Yield (part name, 4x4 place, colour) of one person standing at (x, y, z) facing `heading_rad`."""
    root = placed(x, y, z, heading_rad, height_m)
    drop = _ground_contact(pose) * math.cos(pose.tip) + TIPPED_Z * math.sin(pose.tip)
    pelvis = root @ _shift(0.0, 0.0, drop + pose.lift_m / height_m) @ _turn_x(-pose.tip)
    yield "pelvis", pelvis, outfit.top if outfit.padded else outfit.bottom
    if outfit.coat:
        yield "coat", pelvis, outfit.top
    for side in (0, 1):
        yield from _leg(pelvis, side, pose, outfit)
    chest = pelvis @ _turn_z(pose.twist) @ _turn_x(-pose.lean)
    yield from _upper_body(chest, pose, outfit)


def _ground_contact(pose: Pose) -> float:
    """Return the hip's height (body heights) at which the lower foot just stands on the ground."""
    reach = [THIGH * math.cos(h) + SHANK * math.cos(h - k) for h, k in zip(pose.hip, pose.knee, strict=True)]
    return max(reach) + (HIP_Z - THIGH - SHANK)


def _leg(pelvis: Matrix, side: int, pose: Pose, outfit: Outfit) -> Iterator[Part]:
    hip = pelvis @ _shift((-1.0, 1.0)[side] * HIP_HALF, 0.0, 0.0) @ _turn_x(pose.hip[side])
    knee = hip @ _shift(0.0, 0.0, -THIGH) @ _turn_x(-pose.knee[side])
    level = -(pose.hip[side] - pose.knee[side]) * 0.8
    yield "thigh", hip, outfit.bottom
    yield "shank", knee, outfit.bottom
    yield "shoe", knee @ _shift(0.0, 0.0, -SHANK) @ _turn_x(level), outfit.shoes


def _upper_body(chest: Matrix, pose: Pose, outfit: Outfit) -> Iterator[Part]:
    yield "trunk_padded" if outfit.padded else "trunk", chest, outfit.top
    if outfit.apron is not None:
        yield "apron", chest @ _shift(0.0, 0.0, 0.02), outfit.apron
    if outfit.backpack or outfit.held == "backpack":
        yield "backpack", chest, HELD_COLOURS["backpack"]
    for side in (0, 1):
        yield from _arm(chest, side, pose, outfit)
    neck = chest @ _shift(0.0, 0.004, TRUNK)
    head = neck @ _shift(0.0, 0.0, 0.01) @ _turn_z(pose.look) @ _turn_x(-pose.nod)
    yield "neck", neck, outfit.skin
    head = head @ np.diag((outfit.head, outfit.head, outfit.head, 1.0))
    yield "head", head, outfit.skin
    yield from _headwear(head, outfit)


def _headwear(head: Matrix, outfit: Outfit) -> Iterator[Part]:
    if outfit.helmet is not None:
        yield "helmet", head, outfit.helmet
        return
    yield "hair", head, outfit.hair
    if outfit.long_hair:
        yield "long_hair", head, outfit.hair
    if outfit.hood:
        yield "hood", head, outfit.top


def _arm(chest: Matrix, side: int, pose: Pose, outfit: Outfit) -> Iterator[Part]:
    sign = (-1.0, 1.0)[side]
    bulk = "_padded" if outfit.padded else ""
    joint = chest @ _shift(sign * (SHOULDER_HALF + (0.014 if bulk else 0.0)), 0.0, TRUNK - 0.035)
    shoulder = joint @ _turn_x(pose.shoulder[side]) @ _turn_y(-sign * pose.spread[side])
    elbow = shoulder @ _shift(0.0, 0.0, -UPPER_ARM) @ _turn_x(pose.elbow[side])
    wrist = elbow @ _shift(0.0, 0.0, -FOREARM)
    yield "upper_arm" + bulk, shoulder, outfit.top
    yield "forearm" + bulk, elbow, outfit.top
    yield "hand", wrist, outfit.skin
    if side == 1 and outfit.held in ("bag", "sack", "knife", "phone"):
        at = wrist @ _turn_x(0.5) if outfit.held == "knife" else wrist
        yield outfit.held, at, HELD_COLOURS[outfit.held]
    if side == 1 and outfit.held == "umbrella":
        upright = np.eye(4)
        upright[:3, :3] *= float(np.linalg.norm(wrist[:3, 0]))
        upright[:3, 3] = wrist[:3, 3]
        yield "stick", upright, (0.3, 0.3, 0.32)
        yield "umbrella", upright, outfit.umbrella
