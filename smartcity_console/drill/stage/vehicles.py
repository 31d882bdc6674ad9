"""Car, van, lorry and motorbike shapes: skins over cross-sections, x right, y forward, z up, metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.emergency import EMERGENCY, emergency_model
from smartcity_console.drill.stage.mesh import Colour, Material, Mesh

WHITE: Colour = (1.0, 1.0, 1.0)
GLASS: Colour = (0.10, 0.12, 0.13)
RUBBER: Colour = (0.06, 0.06, 0.06)


@dataclass(frozen=True)
class Body:
    """A car's measures. `deck`: (y, z) of the body's upper edge from tail to nose; `cabin`: (y, z) of the glass house."""

    length_m: float
    width_m: float
    wheel_m: float
    axles_m: tuple[float, float]
    deck: tuple[tuple[float, float], ...]
    cabin: tuple[tuple[float, float], ...]


SEDAN = Body(
    4.75, 1.84, 0.33, (-1.38, 1.42),
    ((-2.36, 0.62), (-2.30, 0.93), (-1.55, 1.00), (0.9, 0.97), (1.9, 0.86), (2.30, 0.70), (2.38, 0.52)),
    ((-1.95, 0.99), (-1.15, 1.40), (-0.2, 1.46), (0.35, 1.42), (1.25, 0.95)),
)  # fmt: skip
SUV = Body(
    4.65, 1.88, 0.36, (-1.36, 1.36),
    ((-2.30, 0.75), (-2.28, 1.08), (-1.5, 1.12), (0.9, 1.09), (1.85, 1.00), (2.25, 0.82), (2.32, 0.55)),
    ((-2.22, 1.10), (-1.95, 1.60), (-0.2, 1.69), (0.45, 1.64), (1.2, 1.06)),
)  # fmt: skip
HATCH = Body(
    3.60, 1.60, 0.29, (-1.18, 1.18),
    ((-1.78, 0.70), (-1.76, 0.98), (-1.2, 1.02), (0.7, 0.98), (1.4, 0.86), (1.75, 0.68), (1.80, 0.5)),
    ((-1.74, 1.00), (-1.55, 1.42), (-0.2, 1.50), (0.3, 1.46), (1.1, 0.94)),
)  # fmt: skip
VAN = Body(
    5.10, 1.92, 0.34, (-1.5, 1.62),
    ((-2.54, 0.80), (-2.54, 1.12), (-1.5, 1.14), (1.4, 1.10), (2.15, 0.98), (2.48, 0.78), (2.55, 0.5)),
    ((-2.52, 1.12), (-2.42, 1.86), (-0.5, 1.94), (1.05, 1.88), (2.02, 1.02)),
)  # fmt: skip


@cache
def car_model(name: str) -> NDArray[np.float32]:
    """Return the mesh array of "sedan", "suv", "hatch", "van", "lorry", "motorbike" or an emergency vehicle."""
    if name == "lorry":
        return _lorry()
    if name == "motorbike":
        return _motorbike()
    if name in EMERGENCY:
        return emergency_model(name, _car(VAN if name == "ambulance" else SEDAN))
    return _car({"sedan": SEDAN, "suv": SUV, "hatch": HATCH, "van": VAN}[name])


MODELS = ("sedan", "suv", "hatch", "van", "lorry", "motorbike", *EMERGENCY)


def _car(body: Body) -> NDArray[np.float32]:
    mesh = Mesh()
    half = body.width_m / 2.0
    mesh.tube(_skin(body.deck, half, 0.26, 0.90), WHITE, Material.PAINT)
    mesh.tube(_skin(body.cabin, half * 0.92, None, 0.80), GLASS, Material.GLASS)
    _roof(mesh, body, half)
    _pillars(mesh, body, half)
    for axle in body.axles_m:
        for side in (-1.0, 1.0):
            _wheel(mesh, side * (half - 0.12), axle, body.wheel_m)
    _lamps(mesh, body, half)
    return mesh.array()


def _skin(
    profile: tuple[tuple[float, float], ...], half: float, floor: float | None, taper: float
) -> NDArray[np.float64]:
    """Return rings across the car at each profile station, narrower towards both ends and towards the top."""
    y0, y1 = profile[0][0], profile[-1][0]
    base = profile[0][1] if floor is None else floor
    rings = []
    for y, z in profile:
        end = abs((y - (y0 + y1) / 2.0) / ((y1 - y0) / 2.0))
        wide = half * (1.0 - 0.10 * end**4)
        low = base + (profile[-1][1] - base) * (y - y0) / (y1 - y0) if floor is None else floor + 0.08 * end**6
        rings.append(_section(y, low, max(z, low + 0.02), wide, taper))
    return np.stack(rings)


def _section(y: float, low: float, high: float, half: float, taper: float) -> NDArray[np.float64]:
    """One cross-section with rounded shoulders, clockwise seen from the front so that skins face outward."""
    mid = low + (high - low) * 0.55
    top = half * taper
    outline = [(-half * 0.94, low), (-half, mid * 0.5 + low * 0.5), (-half, mid), (-top, high - 0.05), (-top * 0.86, high),
               (top * 0.86, high), (top, high - 0.05), (half, mid), (half, mid * 0.5 + low * 0.5), (half * 0.94, low)]  # fmt: skip
    return np.array([(x, y, z) for x, z in outline])


def _roof(mesh: Mesh, body: Body, half: float) -> None:
    lid = [(y, z) for y, z in body.cabin if z > body.cabin[0][1] + 0.25]
    rings = [
        [(-half * 0.72, y, z + 0.0), (-half * 0.66, y, z + 0.035), (half * 0.66, y, z + 0.035), (half * 0.72, y, z)]
        for y, z in lid
    ]
    mesh.tube(np.array(rings), WHITE, Material.PAINT)


def _pillars(mesh: Mesh, body: Body, half: float) -> None:
    """Body-coloured strips over the glass: behind the front doors and at the rear."""
    tops = sorted(body.cabin)
    roof_z = max(z for _, z in tops)
    belt = tops[0][1]
    for y in (-0.25, tops[1][0] + 0.1):
        for side in (-1.0, 1.0):
            low, high = side * half * 0.915, side * half * 0.745
            mesh.quad(
                [(low, y - 0.09, belt), (low, y + 0.09, belt), (high, y + 0.07, roof_z), (high, y - 0.07, roof_z)],
                WHITE,
                Material.PAINT,
            )


def _wheel(mesh: Mesh, x: float, y: float, radius: float) -> None:
    turn = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    for r, wide, colour in ((radius, 0.11, RUBBER), (radius * 0.62, 0.125, (0.52, 0.53, 0.55))):
        rings = [
            np.stack([np.full(16, x + s * wide), y + r * np.cos(turn), radius + r * np.sin(turn)], axis=1)
            for s in (-1.0, 1.0)
        ]
        mesh.tube(np.stack(rings), colour)


def _lamps(mesh: Mesh, body: Body, half: float) -> None:
    nose, tail = body.deck[-1][0], body.deck[0][0]
    for side in (-1.0, 1.0):
        x = side * half * 0.66
        mesh.box((x - 0.2, nose - 0.22, 0.62), (x + 0.2, nose - 0.01, 0.76), (0.86, 0.88, 0.90), Material.GLASS)
        mesh.box((x - 0.2, tail - 0.015, 0.74), (x + 0.2, tail + 0.16, 0.90), (0.55, 0.05, 0.05))
        _shine(mesh, (x - 0.17, x + 0.17), nose + 0.012, (0.63, 0.75), (1.0, 0.96, 0.86), 9.0)
        _shine(mesh, (x + 0.17, x - 0.17), tail - 0.03, (0.76, 0.88), (1.0, 0.06, 0.04), 1.6)
    for y in (nose + 0.005, tail - 0.02):
        mesh.box((-0.27, y - 0.01, 0.44), (0.27, y + 0.01, 0.56), (0.90, 0.90, 0.88))
    mesh.box((-half * 0.6, nose - 0.08, 0.34), (half * 0.6, nose + 0.003, 0.46), (0.08, 0.08, 0.09))


def _shine(
    mesh: Mesh, x: tuple[float, float], y: float, z: tuple[float, float], colour: Colour, strength: float
) -> None:
    """A lamp's glass, seen from the side that x[0] → x[1] runs counter-clockwise on: it shines by night."""
    corners = [(x[1], y, z[0]), (x[0], y, z[0]), (x[0], y, z[1]), (x[1], y, z[1])]
    mesh.quad(corners, colour, Material.LAMP, params=(strength, 0.0))


def _lorry() -> NDArray[np.float32]:
    """A one-tonne flatbed with its cab over the front axle, laden with a tarpaulin."""
    mesh = Mesh()
    cab = ((0.85, 0.5), (0.86, 1.05), (1.6, 1.05), (2.35, 1.02), (2.5, 0.8), (2.52, 0.4))
    mesh.tube(_skin(cab, 0.86, 0.32, 0.94), WHITE, Material.PAINT)
    mesh.tube(_skin(((0.88, 1.04), (0.92, 1.86), (1.7, 1.92), (2.36, 1.02)), 0.84, None, 0.9), GLASS, Material.GLASS)
    mesh.box((-0.76, 0.9, 1.80), (0.76, 1.75, 1.96), WHITE, Material.PAINT)
    mesh.box((-0.84, -2.5, 0.72), (0.84, 0.82, 0.84), (0.25, 0.26, 0.28))
    for x0, x1, y0, y1 in (
        (-0.86, -0.82, -2.5, 0.8),
        (0.82, 0.86, -2.5, 0.8),
        (-0.86, 0.86, -2.52, -2.48),
        (-0.86, 0.86, 0.78, 0.82),
    ):
        mesh.box((x0, y0, 0.84), (x1, y1, 1.22), WHITE, Material.PAINT)
    mesh.box((-0.74, -2.3, 0.84), (0.74, 0.3, 1.46), (0.20, 0.34, 0.52), Material.CLOTH)
    for axle in (-1.35, 1.5):
        for side in (-1.0, 1.0):
            _wheel(mesh, side * 0.72, axle, 0.32)
    return mesh.array()


def _motorbike() -> NDArray[np.float32]:
    """A small delivery motorbike with its box."""
    mesh = Mesh()
    for y in (-0.62, 0.62):
        _wheel(mesh, 0.0, y, 0.29)
    mesh.box((-0.13, -0.55, 0.42), (0.13, 0.15, 0.72), WHITE, Material.PAINT)
    mesh.box((-0.15, -0.58, 0.72), (0.15, 0.12, 0.82), (0.07, 0.07, 0.07))
    mesh.box((-0.17, 0.12, 0.32), (0.17, 0.42, 0.40), (0.1, 0.1, 0.1))
    mesh.box((-0.16, 0.36, 0.40), (0.16, 0.50, 0.98), WHITE, Material.PAINT)
    mesh.box((-0.34, 0.38, 0.98), (0.34, 0.44, 1.04), (0.1, 0.1, 0.1))
    mesh.box((-0.10, 0.50, 0.78), (0.10, 0.56, 0.92), (0.9, 0.9, 0.85), Material.GLASS)
    mesh.box((-0.22, -0.98, 0.82), (0.22, -0.52, 1.24), (0.12, 0.12, 0.12))
    return mesh.array()
