"""What a scenario's words for looks mean: bodies, clothes and vehicles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from smartcity_console.drill.scenario.model import Actor
from smartcity_console.drill.stage.body import Outfit
from smartcity_console.drill.stage.cast import passer_by
from smartcity_console.drill.stage.emergency import EMERGENCY
from smartcity_console.drill.stage.mesh import Colour
from smartcity_console.drill.stage.street import CAR_COLOURS

VEHICLES = {
    "car": "sedan", "sedan": "sedan", "suv": "suv", "hatch": "hatch", "van": "van", "lorry": "lorry",
    "motorbike": "motorbike", **{name: name for name in EMERGENCY},
}  # fmt: skip
PEOPLE = ("man", "woman", "child", "elder", "officer", "firefighter")
HEIGHTS_M = {"man": 1.74, "woman": 1.62, "child": 1.08, "elder": 1.58, "officer": 1.77, "firefighter": 1.78}
GREY: Colour = (0.76, 0.76, 0.75)


@dataclass(frozen=True)
class Body:
    """How one actor is built and dressed. `frail` walks bent, with short steps."""

    outfit: Outfit
    height_m: float
    frail: bool


def is_vehicle(actor: Actor) -> bool:
    """Tell whether an actor is driven."""
    return actor.look in VEHICLES


def body_of(actor: Actor, rng: np.random.Generator) -> Body:
    """Return an actor's looks: what he says of himself, the rest as chance has it."""
    plain = _uniformed(_plain(actor, rng), actor.look)
    worn = set(actor.wears)
    outfit = replace(
        plain,
        top=colour_of(actor.top) or plain.top,
        bottom=colour_of(actor.bottom) or plain.bottom,
        hair=colour_of(actor.hair) or plain.hair,
        hood="hood" in worn,
        padded=plain.padded or "padded" in worn,
        coat=plain.coat or "coat" in worn,
        apron=(0.30, 0.34, 0.40) if "apron" in worn else None,
        helmet=plain.helmet or ((0.75, 0.12, 0.10) if "helmet" in worn else None),
    )
    return Body(outfit, HEIGHTS_M.get(actor.look, 1.7), actor.look == "elder")


def _plain(actor: Actor, rng: np.random.Generator) -> Outfit:
    worn = set(actor.wears)
    return replace(
        passer_by(rng)[0],
        held="",
        coat=False,
        padded=False,
        long_hair="long_hair" in worn,
        backpack="backpack" in worn,
        head=1.32 if actor.look == "child" else 1.0,
    )


def _uniformed(plain: Outfit, look: str) -> Outfit:
    if look == "officer":
        return replace(plain, top=(0.12, 0.16, 0.28), bottom=(0.08, 0.09, 0.14), padded=True)
    if look == "firefighter":
        suit: Colour = (0.62, 0.52, 0.24)
        return replace(plain, top=suit, bottom=suit, padded=True, coat=True, helmet=(0.85, 0.72, 0.10))
    return replace(plain, hair=GREY) if look == "elder" else plain


def paint_of(actor: Actor, rng: np.random.Generator) -> Colour:
    """Return a vehicle's paint."""
    return colour_of(actor.top) or CAR_COLOURS[int(rng.integers(len(CAR_COLOURS)))]


def colour_of(written: str) -> Colour | None:
    """Return "#rrggbb" as sRGB shares 0..1; None for anything else."""
    digits = written.removeprefix("#")
    if len(digits) != 6 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        return None
    red, green, blue = (int(digits[i : i + 2], 16) / 255.0 for i in (0, 2, 4))
    return red, green, blue
