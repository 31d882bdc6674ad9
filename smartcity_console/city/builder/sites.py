"""Premises under the four firms' protection, and their own cameras."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from smartcity_console.city.builder.doors import Front, front_towards, is_open
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.records import CameraRow, SiteRow, zones_json
from smartcity_console.model.geo import bearing_deg

# (id, Korean, English, control room's number); numbers of the 0000 kind reach nobody.
FIRMS: tuple[tuple[str, str, str, str], ...] = (
    ("s1", "에스원", "S-1", "1588-0000"),
    ("adt", "ADT캡스", "ADT Caps", "1588-0001"),
    ("kt", "KT텔레캅", "KT Telecop", "1588-0002"),
    ("nsok", "NSOK", "NSOK", "1588-0003"),
)
_ACCOUNT_PREFIX = {"s1": "17", "adt": "3A", "kt": "27", "nsok": "4B"}
_FIRST_FREE_ACCOUNT = 0x10  # the lower ones belong to the sample scenes

SPACING_M = 90.0


@dataclass(frozen=True)
class Trade:
    """A kind of premises: on which buildings, how it is called, what watches it."""

    category: str
    kinds: tuple[str, ...]
    suffixes: tuple[str, ...]
    zones: tuple[tuple[str, str], ...]


_DOOR, _MOTION, _GLASS = ("출입문", "door"), ("실내 열선", "motion"), ("전면 유리", "glass")
_PANIC, _SMOKE, _GAS = ("비상벨", "panic"), ("연기감지", "smoke"), ("가스감지", "gas")
TRADES: tuple[Trade, ...] = (
    Trade("편의점", ("shop",), ("편의점", "24시마트"), (_DOOR, _MOTION, _PANIC)),
    Trade("마트", ("shop",), ("식자재마트", "슈퍼"), (_DOOR, _MOTION, _GLASS, _PANIC)),
    Trade("금은방", ("shop",), ("귀금속", "주얼리"), (_DOOR, _MOTION, _GLASS, _PANIC, ("금고 진동", "other"))),
    Trade("음식점", ("shop",), ("식당", "분식", "치킨"), (_DOOR, _SMOKE, ("주방 열감지", "heat"), _GAS)),
    Trade("카페", ("shop",), ("카페", "베이커리"), (_DOOR, _MOTION, _SMOKE)),
    Trade("약국", ("shop",), ("약국",), (_DOOR, _MOTION, _PANIC)),
    Trade("의원", ("office", "shop"), ("내과의원", "치과의원", "한의원"), (_DOOR, _MOTION, _SMOKE)),
    Trade("금융", ("office",), ("신협", "새마을금고"), (_DOOR, _MOTION, _GLASS, _PANIC, ("금고문", "door"))),
    Trade("사무실", ("office",), ("빌딩 4층", "법무사사무소", "상사"), (_DOOR, _MOTION, _SMOKE)),
    Trade("학교", ("school",), ("초등학교", "중학교"), (_DOOR, ("행정실 열선", "motion"), _SMOKE)),
    Trade("공장", ("factory",), ("정밀", "산업", "테크"), (_DOOR, _MOTION, _SMOKE, ("정전", "power"))),
    Trade("창고", ("factory",), ("물류창고", "냉동창고"), (_DOOR, ("정전", "power"), ("누수", "water"))),
    Trade("주택", ("house",), ("단독주택",), (_DOOR, _MOTION, _GLASS)),
)
_WEIGHTS = (24, 8, 7, 18, 9, 9, 8, 6, 20, 6, 7, 4, 8)


def found_sites(ground: Ground, used: set[int], count: int, rng: random.Random) -> list[tuple[SiteRow, Front]]:
    """Return rows, each with its wall at the street; marks their buildings as used. Raises ValueError: no room."""
    made: list[tuple[SiteRow, Front]] = []
    accounts = {firm[0]: _FIRST_FREE_ACCOUNT for firm in FIRMS}
    stock = _stock(ground, rng)
    names: set[str] = set()
    while len(made) < count:
        if not any(stock.values()):
            raise ValueError(f"only {len(made)} of {count} sites found a building")
        trade = rng.choices(TRADES, _WEIGHTS)[0]
        found = next(_free(ground, stock[rng.choice(trade.kinds)], used, made), None)
        if found is None:
            continue
        made.append((_site(ground, trade, found[1], len(made) + 1, (accounts, names), rng), found[1]))
        used.add(found[0])
    return made


def _stock(ground: Ground, rng: random.Random) -> dict[str, list[int]]:
    """Return shuffled buildings by kind."""
    order = list(range(len(ground.buildings)))
    rng.shuffle(order)
    kinds = ("shop", "office", "school", "factory", "house")
    return {kind: [i for i in order if ground.buildings.kind[i] == kind] for kind in kinds}


def _free(
    ground: Ground, stock: list[int], used: set[int], made: list[tuple[SiteRow, Front]]
) -> Iterator[tuple[int, Front]]:
    """Yield buildings with a free front, away from the sites there are; takes what it looks at from the stock."""
    while stock:
        building = stock.pop()
        if building in used:
            continue
        shape = ground.buildings.geometries[building]
        street = ground.layout.streets[ground.street_near(shape.centroid.x, shape.centroid.y)]
        front = front_towards(shape, street.line)
        if front is not None and is_open(front.door, ground.buildings) and _apart(front, made):
            yield building, front


def _apart(front: Front, made: list[tuple[SiteRow, Front]]) -> bool:
    return all(np.hypot(*(front.door - other.door)) > SPACING_M for _, other in made)


def _site(
    ground: Ground, trade: Trade, front: Front, number: int, taken: tuple[dict[str, int], set[str]], rng: random.Random
) -> SiteRow:
    accounts, names = taken
    firm = rng.choices([f[0] for f in FIRMS], (45, 27, 18, 10))[0]
    accounts[firm] += 1
    x, y = (float(v) for v in front.door)
    zones = [(str(i), name, sensor) for i, (name, sensor) in enumerate(trade.zones, start=1)]
    return SiteRow(
        site_id=f"site-{number:03d}", name=_name(ground, trade, x, y, names, rng), category=trade.category, x=x, y=y,
        firm_id=firm, account=f"{_ACCOUNT_PREFIX[firm]}{accounts[firm]:02X}", zones=zones_json(zones),
        address=ground.address_at(x, y), district=ground.district_at(x, y),
    )  # fmt: skip


_WORDS = (
    "한솔",
    "미소",
    "우리",
    "대성",
    "삼보",
    "정든",
    "온누리",
    "하나로",
    "햇살",
    "푸른",
    "행복",
    "명가",
    "동방",
    "참",
)


def _name(ground: Ground, trade: Trade, x: float, y: float, names: set[str], rng: random.Random) -> str:
    """Return a name nobody has yet: "한솔분식 은행점" or "은행초등학교"."""
    district = ground.district_at(x, y).removesuffix("동")
    suffix = rng.choice(trade.suffixes)
    tries = [f"{district}{suffix}"] if trade.category in ("학교", "금융") else []
    tries += [f"{word}{suffix} {district}점" for word in rng.sample(_WORDS, len(_WORDS))]
    tries += [f"{suffix} {district}{number}호점" for number in range(2, 99)]
    name = next(t for t in tries if t not in names)
    names.add(name)
    return name


def private_cameras(sites: list[tuple[SiteRow, Front]], ground: Ground, given: int, total: int) -> list[CameraRow]:
    """Return the premises' cameras: one at each front, one inside, a third at the far end, until there are `total`."""
    made: list[CameraRow] = []
    for maker in (_front_camera, _inside_camera, _far_camera):
        for site, front in sites:
            camera = maker(site, front, f"PV-{given + len(made) + 1:04d}")
            outside = is_open(np.array([camera.x, camera.y]), ground.buildings, 0.2)
            if given + len(made) < total and (camera.indoor or outside):
                made.append(camera)
    return made


def _front_camera(site: SiteRow, front: Front, camera_id: str) -> CameraRow:
    return _private(site, camera_id, f"{site.name} 정면", front.at(0.08, 0.6), front.door + front.out * 1.5, False)


def _far_camera(site: SiteRow, front: Front, camera_id: str) -> CameraRow:
    place = front.at(0.95, 0.6)
    return _private(site, camera_id, f"{site.name} 출입구", place, front.door + front.out * 3.0, False)


def _inside_camera(site: SiteRow, front: Front, camera_id: str) -> CameraRow:
    return _private(site, camera_id, f"{site.name} 내부", front.at(0.5, -1.2), front.at(0.5, -4.0), True)


def _private(site: SiteRow, camera_id: str, name: str, at: object, towards: object, indoor: bool) -> CameraRow:
    place, aim = np.asarray(at, dtype=float), np.asarray(towards, dtype=float)
    bearing = bearing_deg(float(aim[0] - place[0]), float(aim[1] - place[1]))
    return CameraRow(
        camera_id=camera_id, name=name, x=float(place[0]), y=float(place[1]), height_m=2.6 if indoor else 3.4,
        azimuth_deg=round(bearing, 1), tilt_deg=20.0, hfov_deg=95.0 if indoor else 80.0, width_px=1920, height_px=1080,
        range_m=20.0 if indoor else 35.0, mount="fixed", purpose="crime_prevention", ownership="private",
        owner=site.name, site_id=site.site_id, indoor=indoor,
    )  # fmt: skip
