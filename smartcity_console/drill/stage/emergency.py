"""Patrol car, ambulance and fire engine: an ordinary body in its service's livery, with lights that flash in turn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from smartcity_console.drill.stage.mesh import COLUMNS, Colour, Material, Mesh

EMERGENCY = ("patrol_car", "ambulance", "fire_engine")
LIGHTS = ("light_left", "light_right")
WHITE: Colour = (0.90, 0.91, 0.92)
BLUE: Colour = (0.08, 0.16, 0.52)
RED: Colour = (0.74, 0.08, 0.07)
BAR_Z_M = {"patrol_car": 1.52, "ambulance": 2.02, "fire_engine": 3.02}
BAR_Y_M = {"patrol_car": -0.15, "ambulance": 0.6, "fire_engine": 2.9}
COLOURS: dict[str, tuple[Colour, Colour]] = {
    "patrol_car": ((1.0, 0.10, 0.08), (0.10, 0.20, 1.0)),
    "ambulance": ((0.15, 1.0, 0.25), (0.15, 1.0, 0.25)),
    "fire_engine": ((1.0, 0.10, 0.08), (1.0, 0.10, 0.08)),
}
FLASHES_PER_S = 1.9


def emergency_model(name: str, base: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mesh array (n, COLUMNS) of one vehicle; `base` is the civil body it is built on."""
    mesh = Mesh()
    if name == "fire_engine":
        _fire_engine(mesh)
    else:
        body = base.copy()
        takes = body[:, 11] == Material.PAINT
        body[takes, 8:11] = WHITE
        body[takes, 11] = Material.PLAIN
        mesh.add(body, np.eye(4))
        _stripes(mesh, BLUE if name == "patrol_car" else RED, 0.93 if name == "patrol_car" else 0.97)
    z, y = BAR_Z_M[name], BAR_Y_M[name]
    mesh.box((-0.62, y - 0.12, z - 0.06), (0.62, y + 0.12, z), (0.12, 0.12, 0.13))
    return mesh.array().reshape(-1, COLUMNS)


def _stripes(mesh: Mesh, colour: Colour, half_m: float) -> None:
    for side in (-1.0, 1.0):
        x = side * half_m
        mesh.box((min(x, x + side * 0.015), -1.9, 0.55), (max(x, x + side * 0.015), 1.7, 0.78), colour)


def _fire_engine(mesh: Mesh) -> None:
    """A pumper of 8 m: cab before, lockers with a ladder on them behind."""
    mesh.box((-1.22, 1.9, 0.55), (1.22, 3.9, 2.9), RED)
    mesh.box((-1.23, 2.3, 1.75), (1.23, 3.7, 2.55), (0.07, 0.09, 0.10), Material.GLASS)
    mesh.box((-1.10, 3.88, 1.6), (1.10, 3.92, 2.6), (0.07, 0.09, 0.10), Material.GLASS)
    mesh.box((-1.24, -3.9, 0.55), (1.24, 1.8, 2.75), RED)
    for y in (-3.6, -2.2, -0.8, 0.6):
        mesh.box((-1.26, y, 0.85), (1.26, y + 1.15, 2.35), (0.70, 0.71, 0.72))
    mesh.box((-1.26, -3.9, 0.62), (1.26, 3.9, 0.80), (0.92, 0.90, 0.30))
    for x in (-0.45, 0.45):
        mesh.box((x - 0.05, -3.8, 2.85), (x + 0.05, 2.6, 2.98), (0.72, 0.73, 0.74))
    for rung in np.arange(-3.6, 2.5, 0.45):
        mesh.box((-0.45, float(rung), 2.88), (0.45, float(rung) + 0.05, 2.94), (0.72, 0.73, 0.74))
    for y in (-2.4, 2.7):
        for side in (-1.0, 1.0):
            mesh.box((side * 1.24 - 0.14, y - 0.5, 0.02), (side * 1.24 + 0.02, y + 0.5, 1.0), (0.05, 0.05, 0.05))


def light_models() -> dict[str, NDArray[np.float32]]:
    """Return the two halves of a light bar; an instance's tint is their colour, its fourth part how they shine."""
    models = {}
    for name, x in zip(LIGHTS, (-0.32, 0.32), strict=True):
        mesh = Mesh()
        mesh.box((x - 0.26, -0.11, 0.0), (x + 0.26, 0.11, 0.13), (1.0, 1.0, 1.0), Material.CLOTH)
        mesh.box((x - 0.24, -0.12, 0.02), (x + 0.24, 0.12, 0.11), (1.0, 1.0, 1.0), Material.LIGHT)
        array = mesh.array()
        array[:, 13] = 2.4
        models[name] = array
    return models


def flashing(model: str, second: float) -> Iterator[tuple[str, NDArray[np.float64], tuple[float, float, float, float]]]:
    """Yield (model name, 4x4 place on the vehicle, colour and shine) of a vehicle's light bar at a second."""
    if model not in COLOURS:
        return
    place = np.eye(4)
    place[:3, 3] = (0.0, BAR_Y_M[model], BAR_Z_M[model])
    for side, colour in enumerate(COLOURS[model]):
        on = (second * FLASHES_PER_S + 0.5 * side) % 1.0 < 0.5
        yield LIGHTS[side], place, (*colour, 1.0 if on else 0.05)
