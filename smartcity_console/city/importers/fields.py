"""Turns columns of text into columns of values, by distinct value: a national file repeats few of them many times."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from smartcity_console.city.importers.report import Report, Why
from smartcity_console.model.camera import Purpose

T = TypeVar("T")
Parsed = tuple[T, Why | None]

FIRST_YEAR, LAST_YEAR = 1960, 2100
MAX_CAMERAS = 1000  # one row's 카메라대수
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})?(?:\D{0,2}(\d{1,2}))?\D*")


@dataclass
class Findings:
    """What was found wrong in one chunk, told once it is known which rows are refused anyway."""

    file: str
    remarks: list[tuple[int, str, str, Why]] = field(default_factory=list)  # place in the chunk, column, value, why
    refused: dict[int, tuple[str, str, Why]] = field(default_factory=dict)

    def refuse(self, place: int, column: str, value: str, why: Why) -> None:
        """Refuse a row; the first reason stands."""
        self.refused.setdefault(place, (column, value, why))

    def remark(self, place: int, column: str, value: str, why: Why) -> None:
        self.remarks.append((place, column, value, why))

    def tell(self, report: Report, lines: Sequence[int]) -> None:
        """Tell all of it in the order of the lines, of a refused row only why it was refused."""
        told = [(place, True, *reason) for place, reason in self.refused.items()]
        told += [(p, False, column, value, why) for p, column, value, why in self.remarks if p not in self.refused]
        for place, refused, column, value, why in sorted(told, key=lambda finding: finding[0]):
            (report.refuse if refused else report.remark)(self.file, lines[place], column, value, why)


class ColumnOf(Generic[T]):
    """Parses one column. What is wrong with a value is a remark: the row goes in with `parse`'s stand-in for it."""

    def __init__(self, title: str, parse: Callable[[str], Parsed[T]]) -> None:
        self._title, self._parse = title, parse

    def __call__(self, texts: Sequence[str], findings: Findings) -> list[T]:
        """Return the column's values."""
        parsed = {text: self._parse(text) for text in set(texts)}
        values = {text: value for text, (value, _) in parsed.items()}
        wrong = {text: why for text, (_, why) in parsed.items() if why is not None}
        if wrong:
            for place, text in enumerate(texts):
                if text in wrong:
                    findings.remark(place, self._title, text, wrong[text])
        return list(map(values.__getitem__, texts))


def number(text: str) -> float | None:
    """Return a number as people write it ("1,200", "3.5 m"), or None."""
    found = _DIGITS.search(text.replace(",", ""))
    value = float(found[0]) if found else math.nan
    return value if math.isfinite(value) else None


def installed(text: str) -> Parsed[str]:
    """설치연월 "202103", "2021-03", "2021", "2021.3." as "2021-03" or "2021". Excel makes "1905-07" of a bare year."""
    text = text.strip()
    if not text:
        return "", None
    found = _DATE.fullmatch(text)
    year, month = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    if not FIRST_YEAR <= year <= LAST_YEAR or month > 12 or (found and found[2] and month == 0):
        return "", Why.DAMAGED_DATE
    return (f"{year}-{month:02d}" if month else f"{year}"), None


def camera_count(text: str) -> Parsed[int]:
    """카메라대수: how many cameras the row stands for; one where nothing is said."""
    text = text.strip()
    if not text:
        return 1, None
    value = number(text)
    if value is None:
        return 1, Why.NOT_A_NUMBER
    return (int(value), None) if 1 <= value <= MAX_CAMERAS and "-" not in text else (1, Why.OUT_OF_RANGE)


def width_px(text: str) -> Parsed[int | None]:
    """카메라화소수, in 10,000 pixels ("200" is 2 megapixels) as the width of such an image; 4:3 below a megapixel."""
    text = text.strip()
    if not text:
        return None, None
    value = number(text)
    if value is None:
        return None, Why.NOT_A_NUMBER
    pixels = value * 10_000 if value < 10_000 else value  # some give plain pixels
    if not 70_000 <= pixels <= 200_000_000:
        return None, Why.OUT_OF_RANGE
    aspect = 16 / 9 if pixels >= 1_000_000 else 4 / 3
    return round(math.sqrt(pixels * aspect) / 16) * 16, None


_PURPOSES = {
    "생활방범": Purpose.CRIME_PREVENTION,
    "어린이보호": Purpose.CHILD_PROTECTION,
    "교통단속": Purpose.TRAFFIC,
    "쓰레기단속": Purpose.LITTER,
    "시설물관리": Purpose.FACILITY,
    "재난재해": Purpose.DISASTER,
    "차량방범": Purpose.VEHICLE_CRIME,
    "다목적": Purpose.MULTI,
    "기타": Purpose.OTHER,
}


def purpose(text: str) -> Parsed[str]:
    """설치목적구분; a word outside the standard is OTHER."""
    word = "".join(text.split())
    known = _PURPOSES.get(word) or next((p for name, p in _PURPOSES.items() if word.startswith(name)), None)
    if known is None:
        return Purpose.OTHER.value, Why.UNKNOWN_WORD if word else Why.BLANK
    return known.value, None
