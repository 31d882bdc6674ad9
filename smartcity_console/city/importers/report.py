"""What became of every row: imported, imported without a bad value, or refused; with line, column, value and why."""

from __future__ import annotations

import csv
import enum
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TextIO

import msgspec

from smartcity_console.model.errors import Language

MAX_SAMPLES = 1000
MAX_VALUE_CHARS = 200


class Why(enum.StrEnum):
    """Reasons; each has a phrase in both languages in `_PHRASES`."""

    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    OUTSIDE_KOREA = "outside_korea"
    SWAPPED = "swapped"
    PLACEHOLDER = "placeholder"
    FAR_FROM_CITY = "far_from_city"
    DAMAGED_DATE = "damaged_date"
    UNKNOWN_WORD = "unknown_word"
    WRONG_WIDTH = "wrong_width"
    OPEN_QUOTE = "open_quote"
    BROKEN_BYTES = "broken_bytes"
    DUPLICATE = "duplicate"
    BROKEN_GEOMETRY = "broken_geometry"
    MENDED_GEOMETRY = "mended_geometry"
    WRONG_GEOMETRY = "wrong_geometry"
    UNKNOWN_LINK = "unknown_link"
    NO_POSITION = "no_position"
    NOT_AN_OBJECT = "not_an_object"


_PHRASES: dict[Why, tuple[str, str]] = {
    Why.BLANK: ("값이 비었음", "blank"),
    Why.NOT_A_NUMBER: ("숫자가 아님", "not a number"),
    Why.OUT_OF_RANGE: ("있을 수 없는 값", "impossible value"),
    Why.OUTSIDE_KOREA: ("대한민국 밖의 좌표", "coordinates outside Korea"),
    Why.SWAPPED: ("위도와 경도가 서로 바뀐 좌표", "latitude and longitude stand in each other's place"),
    Why.PLACEHOLDER: (
        "자리만 채운 좌표(소수점 아래 한 자리는 약 10 km)",
        "stand-in coordinates (one decimal is about 10 km)",
    ),
    Why.FAR_FROM_CITY: (
        "관리기관의 다른 시설에서 지나치게 먼 좌표",
        "coordinates too far from all else of the same owner",
    ),
    Why.DAMAGED_DATE: ("날짜가 손상됨", "damaged date"),
    Why.UNKNOWN_WORD: ("정해진 구분에 없는 말", "not a word of the standard"),
    Why.WRONG_WIDTH: ("열의 수가 머리글과 다름", "another number of columns than the header"),
    Why.OPEN_QUOTE: ("닫히지 않은 따옴표", "quotation mark that never closes"),
    Why.BROKEN_BYTES: ("문자 코드가 깨진 바이트", "bytes that are no text in this encoding"),
    Why.DUPLICATE: ("앞 행과 같은 번호", "an earlier row has this number"),
    Why.BROKEN_GEOMETRY: ("도형이 없거나 깨짐", "no geometry, or a broken one"),
    Why.MENDED_GEOMETRY: ("스스로 겹치는 도형을 바로잡음", "the shape crossed itself and was mended"),
    Why.WRONG_GEOMETRY: ("이 종류에 맞지 않는 도형", "a geometry of another type than this kind needs"),
    Why.UNKNOWN_LINK: ("가져온 도로망에 없는 링크", "a link that the imported network does not have"),
    Why.NO_POSITION: ("좌표가 없어 지도에 둘 수 없음", "no position: it cannot stand on the map"),
    Why.NOT_AN_OBJECT: ("항목의 꼴이 아님", "not an item of this form"),
}


def phrase(why: Why, language: Language = "ko") -> str:
    """Return a reason in words."""
    return _PHRASES[why][0 if language == "ko" else 1]


class Outcome(enum.StrEnum):
    REFUSED = "refused"  # the row was not imported
    REMARK = "remark"  # the row was imported; the value was left out or taken with a grain of salt


class BadValue(msgspec.Struct, frozen=True):
    """One finding. `line` is the physical line at which a text row begins, or the number of a feature, from 1."""

    file: str
    line: int
    column: str
    value: str
    why: Why
    outcome: Outcome


class Tally(msgspec.Struct):
    """A report's figures, as they cross to another process."""

    rows: int
    refused: int
    remarks: int
    counts: dict[tuple[str, Why, Outcome], int]
    samples: list[BadValue]
    notes: list[str]


_HEADER = ("file", "line", "column", "value", "outcome", "why", "까닭")


class Report:
    """Counts rows so that `rows == imported + refused`, and writes each finding to a CSV as it comes (bounded memory)."""

    def __init__(self, csv_path: Path | None = None) -> None:
        self.rows = 0
        self.refused = 0
        self.remarks = 0
        self.counts: Counter[tuple[str, Why, Outcome]] = Counter()
        self.samples: list[BadValue] = []
        self.notes: list[str] = []
        self.csv_path = csv_path
        self._file: TextIO | None = None

    def __enter__(self) -> Report:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def imported(self) -> int:
        return self.rows - self.refused

    def refuse(self, file: str, line: int, column: str, value: object, why: Why) -> None:
        """A row is left out. Call once a row, with the first reason found."""
        self.refused += 1
        self._add(BadValue(file, line, column, _short(value), why, Outcome.REFUSED))

    def remark(self, file: str, line: int, column: str, value: object, why: Why) -> None:
        """A value of a row that is imported all the same."""
        self.remarks += 1
        self._add(BadValue(file, line, column, _short(value), why, Outcome.REMARK))

    def lines(self, language: Language = "ko") -> list[str]:
        """Return the summary: one line per column and reason, the most frequent first."""
        words = {"ko": ("제외", "참고"), "en": ("refused", "remark")}[language]
        return [
            f"{number:>9,}  {words[outcome is Outcome.REMARK]}  {column}: {phrase(why, language)}"
            for (column, why, outcome), number in self.counts.most_common()
        ]

    def note(self, sentence: str) -> None:
        """Say something about the file as a whole."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def tally(self) -> Tally:
        return Tally(self.rows, self.refused, self.remarks, dict(self.counts), self.samples, self.notes)

    def take(self, tally: Tally) -> None:
        """Add another report's figures; its CSV is written already."""
        self.rows += tally.rows
        self.refused += tally.refused
        self.remarks += tally.remarks
        self.counts.update(tally.counts)
        self.samples += tally.samples[: MAX_SAMPLES - len(self.samples)]
        for sentence in tally.notes:
            self.note(sentence)

    def close(self) -> None:
        """Close the CSV."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _add(self, bad: BadValue) -> None:
        self.counts[bad.column, bad.why, bad.outcome] += 1
        if len(self.samples) < MAX_SAMPLES:
            self.samples.append(bad)
        if self.csv_path is not None:
            self._write(self.csv_path, bad)

    def _write(self, path: Path, bad: BadValue) -> None:
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # With a byte order mark, or a Korean Excel reads it as CP949.
            self._file = path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(_HEADER)
        why = (phrase(bad.why, "en"), phrase(bad.why, "ko"))
        cells = (bad.file, bad.line, bad.column, bad.value, bad.outcome.value, *why)
        csv.writer(self._file).writerow([_inert(cell) for cell in cells])


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"


def _inert(cell: object) -> object:
    """Keep a spreadsheet from running outside text as a formula (OWASP: CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
