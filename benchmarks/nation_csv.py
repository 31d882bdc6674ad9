"""The generated nation as a file of 전국CCTV표준데이터, 2026 layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.nation_places import PLACES
from benchmarks.nation_shape import PURPOSES, Nation

HEADER = (
    "개방자치단체코드,관리번호,관리기관명,소재지도로명주소,소재지지번주소,설치목적구분,카메라대수,카메라화소수,촬영방면정보,보관일수,설치연월,"
    "관리기관전화번호,WGS84위도,WGS84경도,데이터기준일자,데이터갱신구분,데이터갱신시점,최종수정시점"
)
_FACINGS = ("", "360도 전방면", "360°", "", "주택 앞 삼거리", "45°", "좌우양방향", "어린이공원 입구")
_SURVEYED = ",2026-05-20,I,2026-05-24 22:28:20,2026-05-23 08:28:42"


def write_csv(nation: Nation, path: Path, bad_share: float = 0.0) -> int:
    """Write the national file's 2026 layout, CP949 and CRLF; return how many rows were damaged on purpose.

    Damage takes turns: a position outside Korea, a latitude that is no number, an unknown purpose, no position.
    """
    every = round(1 / bad_share) if bad_share > 0 else 0
    damaged = 0
    with path.open("w", encoding="cp949", newline="") as file:
        file.write(HEADER + "\r\n")
        for start in range(0, len(nation), 100_000):
            lines, bad = _csv_lines(nation, start, min(start + 100_000, len(nation)), every)
            damaged += bad
            file.write("".join(lines))
    return damaged


def _csv_lines(nation: Nation, start: int, stop: int, every: int) -> tuple[list[str], int]:
    lon, lat = (np.char.mod("%.6f", degrees[start:stop]).tolist() for degrees in nation.lonlat_deg)
    places, purposes = nation.place[start:stop].tolist(), nation.purpose[start:stop].tolist()
    megapixels = (nation.width_px[start:stop] // 960 * 100).tolist()
    heads = [f"{p.province} {p.name}" for p in PLACES]
    lines, bad = [], 0
    for i, (place, east, north) in enumerate(zip(places, lon, lat, strict=True), start):
        cells = north, east, PURPOSES[purposes[i - start]][0]
        if every and i % every == every - 1:
            cells, bad = _damaged(bad, *cells), bad + 1
        where = f"{heads[place]} {i % 900 + 1}번길 {i % 87 + 1}"
        lines.append(
            f"{3000000 + place * 10000},2026{3000000 + place * 10000}{i:09d},{heads[place]}청,{where},,{cells[2]},1,"
            f"{megapixels[i - start]},{_FACINGS[i % 8]},30,{2010 + i % 16}{i % 12 + 1:02d},1577-0000,{cells[0]},{cells[1]}{_SURVEYED}\r\n"
        )
    return lines, bad


def _damaged(turn: int, lat: str, lon: str, purpose: str) -> tuple[str, str, str]:
    return (("0.0000", "0.0000", purpose), ("N/A", lon, purpose), (lat, lon, "모름"), ("", "", purpose))[turn % 4]
