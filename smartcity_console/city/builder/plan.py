"""The plan of 가온시, drawn by hand in frame metres: river, main roads, districts and what is built where."""

from __future__ import annotations

from dataclasses import dataclass

from smartcity_console.city.builder.frame import Controls

CITY_NAME = "가온시"
SEED = 20_260_401


@dataclass(frozen=True)
class MainRoad:
    """An arterial; `crosses` says that it bridges the river instead of ending at the bank."""

    name: str
    width_m: float
    lanes: int
    controls: Controls
    crosses: bool = True


RIVER: Controls = (
    (-700, 2560), (0, 2500), (620, 2310), (1150, 2180), (1700, 2310), (2250, 2560), (2800, 2640), (3350, 2480),
    (3850, 2220), (4400, 2120), (4950, 2300), (5500, 2520), (6100, 2480), (6700, 2350),
)  # fmt: skip
RIVER_NAME, RIVER_WIDTH_M = "가온강", 118.0
STREAM: Controls = (
    (1950, 5700), (2080, 5100), (1930, 4650), (2060, 4250), (1900, 3800), (2040, 3350), (1950, 2950), (2060, 2500),
)  # fmt: skip
STREAM_NAME, STREAM_WIDTH_M = "솔내천", 17.0

MAIN_ROADS: tuple[MainRoad, ...] = (
    MainRoad("가온대로", 50, 10, ((2720, -600), (2690, 700), (2740, 1600), (2700, 2600), (2760, 3500), (2720, 5600))),
    MainRoad("한빛대로", 40, 8, ((-600, 3420), (900, 3360), (2100, 3440), (3400, 3330), (4700, 3470), (6600, 3380))),
    MainRoad("중앙대로", 40, 8, ((-600, 1500), (1200, 1430), (2700, 1560), (4200, 1420), (6600, 1540))),
    MainRoad("북부순환로", 30, 6, ((-600, 4130), (1000, 4230), (2600, 4090), (4300, 4240), (6600, 4110))),
    MainRoad("남부순환로", 30, 6, ((-600, 760), (1300, 820), (2700, 690), (4300, 790), (6600, 700))),
    MainRoad("송현대로", 35, 6, ((4230, -600), (4300, 900), (4230, 2200), (4330, 3400), (4270, 5600))),
    MainRoad("도담로", 30, 6, ((1150, -600), (1210, 900), (1130, 2200), (1080, 3400), (1150, 5600))),
    MainRoad("매봉로", 25, 4, ((5330, -600), (5270, 800), (5330, 1500), (5260, 2400)), False),
    MainRoad("청석로", 25, 4, ((5180, 2300), (5230, 3000), (5170, 3800), (5260, 5600)), False),
    MainRoad("느티로", 25, 4, ((1960, -600), (1900, 760), (1970, 1490), (1900, 2460)), False),
    MainRoad("시청로", 30, 6, ((3450, -600), (3490, 700), (3420, 1500), (3500, 2500)), False),
    MainRoad("가람로", 25, 4, ((3520, 2400), (3470, 3300), (3560, 4100), (3500, 5600)), False),
    MainRoad("장승로", 20, 4, ((330, -600), (390, 760), (330, 1500), (400, 2400)), False),
    MainRoad("새터로", 20, 4, ((260, 2450), (320, 3400), (250, 4200), (300, 5600)), False),
)


@dataclass(frozen=True)
class Size:
    """How much of the plan is built: everything, or only the superblocks of the sample scenes; how many of what."""

    scenes_only: bool = False
    sites: int = 150
    public_cameras: int = 1_200
    private_cameras: int = 300


WHOLE = Size()
SMALL = Size(scenes_only=True, sites=12, public_cameras=40, private_cameras=20)

# Own names for the collectors; the others are numbered off the road they begin at.
COLLECTOR_NAMES: tuple[str, ...] = (
    "구시장로", "매화로", "버들로", "솔밭로", "샘터로", "대장간로", "향교로", "서당로", "물레로", "옹기로", "감나무로",
    "은하수로", "달빛로", "해오름로", "참샘로", "너른들로", "까치로", "두루미로", "미리내로", "하늘채로", "밤골로",
    "새암로", "돌다리로", "가마터로", "배꽃로", "단풍로", "초록로", "우물로", "나루터로", "봉수로", "선비로", "꽃재로",
    "한내로", "늘푸른로", "무지개로", "장터로", "정자로", "비석로", "학동로", "율목로", "월계로", "창말로", "소리로",
    "다솜로", "아람로", "누리로", "보람로", "윗말로", "아랫말로", "안골로", "큰솔로", "작은솔로", "앞들로", "뒷들로",
    "모래내로", "갈대로", "쑥고개로", "오름로", "들꽃로", "가재로",
)  # fmt: skip

# District seats: every superblock belongs to the nearest.
DISTRICTS: tuple[tuple[str, float, float], ...] = (
    ("은행동", 3380, 1050),
    ("느티동", 1700, 1150),
    ("장승동", 520, 1400),
    ("매봉동", 5300, 1000),
    ("송현동", 4350, 1800),
    ("도담동", 800, 3500),
    ("솔내동", 2050, 4000),
    ("한빛동", 3100, 3150),
    ("가람동", 4050, 4150),
    ("청석동", 5200, 3500),
)

# What is built around a frame point: old (alleys of villas), flats (estates), centre (commerce), works, green.
CHARACTER: tuple[tuple[str, float, float], ...] = (
    ("old", 3080, 1080),
    ("old", 3900, 1000),
    ("centre", 3100, 1950),
    ("old", 2300, 1900),
    ("old", 2300, 1050),
    ("flats", 1550, 1100),
    ("flats", 1550, 1850),
    ("old", 800, 1150),
    ("works", 300, 500),
    ("green", 700, 250),
    ("flats", 700, 1900),
    ("flats", 2300, 350),
    ("green", 3100, 250),
    ("flats", 3900, 350),
    ("flats", 4750, 1150),
    ("old", 4750, 1850),
    ("centre", 3850, 1850),
    ("green", 5650, 400),
    ("old", 5650, 1200),
    ("flats", 5600, 1900),
    ("flats", 700, 3000),
    ("flats", 700, 3800),
    ("green", 600, 4600),
    ("old", 1600, 2900),
    ("old", 1550, 3800),
    ("old", 2400, 3050),
    ("flats", 2350, 3800),
    ("green", 2300, 4600),
    ("centre", 3100, 3100),
    ("old", 3100, 3750),
    ("flats", 3100, 4550),
    ("flats", 3900, 2850),
    ("old", 3900, 3800),
    ("green", 3900, 4650),
    ("flats", 4750, 2850),
    ("old", 4750, 3850),
    ("works", 4800, 4550),
    ("works", 5600, 3850),
    ("flats", 5600, 2950),
    ("green", 5650, 4500),
)

# The streets of the two sample scenes: the first collector of the superblock nearest to the frame point gets the name.
NAMED_COLLECTORS: tuple[tuple[str, float, float], ...] = (
    ("은행로", 3080, 1080),
    ("솔향기로", 1550, 3800),
)
