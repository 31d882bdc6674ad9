"""The catalogue of a workspace: SQLite for the records, memory-mapped columns for the map and for sight."""

from smartcity_console.city.store.catalogue_store import CatalogueStore
from smartcity_console.city.store.errors import CatalogueBusy, CatalogueTooNew, PlanOutdated
from smartcity_console.city.store.kinds import KINDS
from smartcity_console.city.store.plan import Change, ImportPlan
from smartcity_console.city.store.poses import SaidPose
from smartcity_console.city.store.rows import (
    AgencyRow,
    BellRow,
    BuildingRow,
    CameraRow,
    FirmRow,
    LinkRow,
    NodeRow,
    RoadRow,
    ScenePointRow,
    SiteRow,
    SpeedRow,
    ZoneRow,
    record_id,
    source_name,
)

__all__ = [
    "KINDS",
    "AgencyRow",
    "BellRow",
    "BuildingRow",
    "CameraRow",
    "CatalogueBusy",
    "CatalogueStore",
    "CatalogueTooNew",
    "Change",
    "FirmRow",
    "ImportPlan",
    "LinkRow",
    "NodeRow",
    "PlanOutdated",
    "RoadRow",
    "SaidPose",
    "ScenePointRow",
    "SiteRow",
    "SpeedRow",
    "ZoneRow",
    "record_id",
    "source_name",
]
