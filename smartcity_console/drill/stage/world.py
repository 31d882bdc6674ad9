"""One world per scene: the still block and, for any second of the loop, all that moves. Every camera films this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import City
from smartcity_console.drill.stage import fire, robbery, signs
from smartcity_console.drill.stage.ambience import crossers, stroll_of, traffic, walkers
from smartcity_console.drill.stage.blazes import Burning, glows_of
from smartcity_console.drill.stage.block import Block
from smartcity_console.drill.stage.body import body_models
from smartcity_console.drill.stage.cast import LOOP_S, Person, Vehicle, contact_puffs, headlights, instances_of
from smartcity_console.drill.stage.emergency import light_models
from smartcity_console.drill.stage.facades import Facades
from smartcity_console.drill.stage.fire import Fire
from smartcity_console.drill.stage.ground import paint_ground
from smartcity_console.drill.stage.light import DAYLIGHT, Daylight
from smartcity_console.drill.stage.mesh import Material, Mesh
from smartcity_console.drill.stage.place import Place, place_of, sight_wedges, view_of
from smartcity_console.drill.stage.scenery import LAMP_COLUMNS, Moment, Scenery
from smartcity_console.drill.stage.street import Furniture, camera_pole
from smartcity_console.drill.stage.vehicles import MODELS, car_model
from smartcity_console.drill.stage.view import View


@dataclass(frozen=True)
class SceneSpec:
    """A recorded scene: where it plays, who films it, and the alert that announces it."""

    id: str
    site_id: str
    camera_ids: tuple[str, ...]
    account: str
    code: str
    zone: str
    at_s: float
    shop: int
    seed: int


SCENES = (
    SceneSpec(
        "robbery", "site-gaonmart", ("GN-0001", "GN-0002", "GN-0003", "GN-0004", "GN-0005", "PV-0001"),
        "1701", "PA", "9", robbery.ACT_S, signs.MART, 20,
    ),
    SceneSpec(
        "fire", "site-hansol", ("GN-0006", "GN-0007", "GN-0008", "PV-0002"), "2702", "FA", "1", fire.ACT_S, signs.BUNSIK, 41
    ),
)  # fmt: skip


@dataclass
class Set:
    """A place with everyone and everything on it, ready to be filmed. Local metres about the block's origin."""

    block: Block
    views: Mapping[str, View]
    seed: int
    length_s: float = LOOP_S
    daylight: Daylight = DAYLIGHT
    named: dict[tuple[float, float], int] = field(default_factory=dict)  # doors with their shop of the atlas
    own_shops: tuple[signs.Shop, ...] = ()  # in the atlas's OWN_SLOTS
    closed: bool = False  # the named shops are shut
    people: list[Person] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    burning: list[Burning] = field(default_factory=list)
    sights_free: Any = field(default_factory=shapely.Polygon)  # ground without trees and parked cars
    poles_free: Any | None = None  # ground without poles; None: the same

    def scenery(self) -> Scenery:
        """Return the still block."""
        mesh = Mesh()
        Facades(mesh, self.block, self.named, open_doors=not self.closed).raise_all()
        furniture = Furniture(mesh, self.block, self.sights_free, self.seed, self.poles_free)
        furniture.eyes = [(view.eye[0], view.eye[1]) for view in self.views.values()]
        furniture.furnish()
        self._ground_plane(mesh)
        self._dressing(mesh)
        for camera_id, view in self.views.items():
            if camera_id.startswith("GN"):
                camera_pole(mesh, view.eye, view.azimuth_deg)
        near, far = paint_ground(self.block)
        lamps = np.array(furniture.lamps, np.float32).reshape(-1, LAMP_COLUMNS)
        return Scenery(mesh.array(), near, far, signs.draw_atlas(self.own_shops), self.daylight, lamps)

    def _dressing(self, mesh: Mesh) -> None:
        """Add what only this scene has."""

    def _ground_plane(self, mesh: Mesh) -> None:
        size = 700.0
        mesh.quad([(-size, -size, 0), (size, -size, 0), (size, size, 0), (-size, size, 0)], (1, 1, 1), Material.GROUND)

    def moment(self, second: float) -> Moment:
        """Return all that moves at a second of the loop; the same for every camera."""
        at = second % self.length_s
        instances, contacts = instances_of(self.people, self.vehicles, at)
        puffs = np.concatenate([contact_puffs(contacts), *(blaze.puffs(at) for blaze in self.burning)])
        lit = [headlights(self.vehicles, at)] if self.daylight.is_dark else []
        return Moment(instances, puffs, np.concatenate([glows_of(self.burning, at), *lit]))


class World(Set):
    """One of the two plays that are written in Python."""

    def __init__(
        self, city: City, spec: SceneSpec, daylight: Daylight = DAYLIGHT, *, driven_through: bool = True
    ) -> None:
        """`driven_through`: ordinary traffic passes, and people cross in the gap that it leaves."""
        self.spec, self.driven_through = spec, driven_through
        self.place: Place = place_of(city, spec.site_id)
        views = {i: view_of(city.cameras[i], self.place.block) for i in spec.camera_ids}
        super().__init__(self.place.block, views, spec.seed, daylight=daylight, named={(0.0, 0.0): spec.shop})
        self.fire: Fire | None = None
        self._cast()
        free = [sight_wedges(list(views.values())), robbery.kept_free(self.place), shapely.Point(0, 0).buffer(9.0)]
        self.sights_free = shapely.union_all(free)

    def _cast(self) -> None:
        actors: Sequence[Person]
        if self.spec.id == "robbery":
            actors, self.vehicles = robbery.play(self.place)
        else:
            actors, self.fire = fire.play(self.place), fire.fire_at(self.place)
            self.burning = [self.fire]
        crossing = crossers(self.place, self.spec.seed + 1) if self.driven_through else []
        others = [*actors, *crossing]
        self.people = [*others, *walkers(stroll_of(self.place), others, self.spec.seed)]
        if self.driven_through:
            self.vehicles += traffic(self.place, self.spec.seed + 2)

    def _dressing(self, mesh: Mesh) -> None:
        """The opening that burns: a dark recess in a sooty frame."""
        if self.fire is None:
            return
        wall, z = self.place.front, fire.WINDOW_Z_M
        u = float((np.array(self.fire.centre[:2]) - wall.a) @ wall.along)
        half = fire.WINDOW_HALF_M
        for grow, out, colour in ((0.10, 0.03, (0.62, 0.62, 0.60)), (0.0, 0.05, (0.05, 0.05, 0.05))):
            corners = wall.face((u - half - grow, u + half + grow), (z[0] - grow, z[1] + grow), out)
            mesh.quad(corners, colour)


def models() -> dict[str, NDArray[np.float32]]:
    """Return every mesh that a moment's instances may name."""
    return {**body_models(), **{name: car_model(name) for name in MODELS}, **light_models()}
