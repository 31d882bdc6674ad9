"""One world per scene: the still block and, for any second of the loop, all that moves. Every camera films this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import City
from smartcity_console.drill.stage import fire, robbery, signs
from smartcity_console.drill.stage.ambience import crossers, traffic, walkers
from smartcity_console.drill.stage.body import body_models
from smartcity_console.drill.stage.cast import LOOP_S, Person, Vehicle, contact_puffs, instances_of
from smartcity_console.drill.stage.facades import Facades
from smartcity_console.drill.stage.fire import Fire
from smartcity_console.drill.stage.ground import paint_ground
from smartcity_console.drill.stage.mesh import Material, Mesh
from smartcity_console.drill.stage.place import Place, place_of, sight_wedges, view_of
from smartcity_console.drill.stage.scenery import Moment, Scenery
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


class World:
    """Everything of one scene, ready to be filmed."""

    def __init__(self, city: City, spec: SceneSpec) -> None:
        self.spec = spec
        self.place: Place = place_of(city, spec.site_id)
        self.views: dict[str, View] = {i: view_of(city.cameras[i], self.place.block) for i in spec.camera_ids}
        self.people: list[Person] = []
        self.vehicles: list[Vehicle] = []
        self.fire: Fire | None = None
        self._cast()

    def _cast(self) -> None:
        if self.spec.id == "robbery":
            actors, self.vehicles = robbery.play(self.place)
        else:
            actors, self.fire = fire.play(self.place), fire.fire_at(self.place)
        crossing = crossers(self.place, self.spec.seed + 1)
        self.people = [*actors, *crossing, *walkers(self.place, [*actors, *crossing], self.spec.seed)]
        self.vehicles += traffic(self.place, self.spec.seed + 2)

    def scenery(self) -> Scenery:
        """Return the still block."""
        mesh = Mesh()
        Facades(mesh, self.place.block, {(0.0, 0.0): self.spec.shop}).raise_all()
        Furniture(mesh, self.place.block, self._kept_free(), self.spec.seed).furnish()
        self._ground_plane(mesh)
        if self.fire is not None:
            self._burnt_window(mesh)
        for camera_id, view in self.views.items():
            if camera_id.startswith("GN"):
                camera_pole(mesh, view.eye, view.azimuth_deg)
        near, far = paint_ground(self.place.block)
        return Scenery(mesh.array(), near, far, signs.draw_atlas())

    def _kept_free(self) -> Any:
        free = [sight_wedges(list(self.views.values())), robbery.kept_free(self.place), shapely.Point(0, 0).buffer(9.0)]
        return shapely.union_all(free)

    def _ground_plane(self, mesh: Mesh) -> None:
        size = 700.0
        mesh.quad([(-size, -size, 0), (size, -size, 0), (size, size, 0), (-size, size, 0)], (1, 1, 1), Material.GROUND)

    def _burnt_window(self, mesh: Mesh) -> None:
        """The opening that burns: a dark recess in a sooty frame."""
        wall, z = self.place.front, fire.WINDOW_Z_M
        u = float((np.array(self.fire.centre[:2]) - wall.a) @ wall.along) if self.fire else 0.0
        half = fire.WINDOW_HALF_M
        for grow, out, colour in ((0.10, 0.03, (0.62, 0.62, 0.60)), (0.0, 0.05, (0.05, 0.05, 0.05))):
            corners = wall.face((u - half - grow, u + half + grow), (z[0] - grow, z[1] + grow), out)
            mesh.quad(corners, colour)

    def moment(self, second: float) -> Moment:
        """Return all that moves at a second of the loop; the same for every camera."""
        instances, contacts = instances_of(self.people, self.vehicles, second % LOOP_S)
        puffs = contact_puffs(contacts)
        if self.fire is None:
            return Moment(instances, puffs)
        x, y, z = self.fire.centre
        out = self.fire.out
        glow = (x + float(out[0]) * 0.8, y + float(out[1]) * 0.8, z + 0.3, 5.5)
        rows = np.concatenate([puffs, self.fire.puffs(second % LOOP_S)])
        return Moment(instances, rows, (glow,), 2.2 * self.fire.flicker(second % LOOP_S))


def models() -> dict[str, NDArray[np.float32]]:
    """Return every mesh that a moment's instances may name."""
    return {**body_models(), **{name: car_model(name) for name in MODELS}}
