"""Reads a CSV of Korean public data: whatever its encoding, columns by name, bad lines put aside, chunk by chunk."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from smartcity_console.city.importers.errors import ColumnsMissing, FileUnreadable
from smartcity_console.city.importers.fields import Findings
from smartcity_console.city.importers.progress import Progress, silent
from smartcity_console.city.importers.report import Report, Why

ColumnAt = Callable[[int], list[str]]
"""Gives some rows' cells of one column, by its place in the header."""
CHUNK_CHARS = 1 << 20  # about 5,000 rows: they stay in the processor's cache
MAX_RECORD_LINES = 20  # a quoted address may hold line breaks; more than this is a quotation mark left open
HEAD_BYTES = 1 << 16
# UTF-8 first: its rules are strict, so CP949 text never passes for it; the reverse happens.
ENCODINGS = ("utf-8-sig", "cp949", "utf-16")
DAMAGED = "�"


@dataclass(frozen=True)
class Column:
    """A column by the names that it bears in the generations of a standard."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Chunk:
    """Some rows, column by column. `lines[i]` is the line at which row i begins. An absent column is all blank."""

    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.lines)


def plain(header: str) -> str:
    """Return a header as it is compared: composed Hangul, no white space, no byte order mark, no unit in brackets."""
    return "".join(unicodedata.normalize("NFC", header).replace("﻿", "").split()).partition("(")[0].upper()


def encoding_of(path: Path, columns: Sequence[Column]) -> str:
    """Return the encoding in which the header line shows a required column. Raises FileUnreadable, ColumnsMissing."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise FileUnreadable(path=path, why=error.strerror or error) from error
    found: list[str] = []
    for encoding in ENCODINGS:
        names = _header_in(head, encoding)
        if _places(names, columns):
            return encoding
        found = found or names
    missing = ", ".join(column.names[0] for column in columns if column.required)
    raise ColumnsMissing(path=path, kind="CSV", missing=missing, found=", ".join(found)[:500] or "-")


def _header_in(head: bytes, encoding: str) -> list[str]:
    try:
        text = head.decode(encoding, errors="strict" if encoding == "utf-16" else "replace")
        return next(csv.reader(text.splitlines(keepends=True)), [])
    except (UnicodeError, csv.Error):
        return []


def _places(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Return where each known column stands, the first of equals."""
    standing: dict[str, int] = {}
    for place, name in enumerate(header):
        standing.setdefault(plain(name), place)
    by_names = {c.key: [standing[plain(n)] for n in c.names if plain(n) in standing] for c in columns}
    return {key: places[0] for key, places in by_names.items() if places}


def broken_letters(texts: Sequence[str], title: str, findings: Findings) -> None:
    """Remark on the texts that held bytes which are no letters in the file's encoding."""
    if DAMAGED in "".join(texts):
        for place, text in enumerate(texts):
            if DAMAGED in text:
                findings.remark(place, title, text, Why.BROKEN_BYTES)


def _columns_of(rows: list[list[str]]) -> ColumnAt:
    return lambda place: list(map(itemgetter(place), rows))


def split_columns(block: str, width: int) -> ColumnAt | None:
    """Cut a block without quotation marks at its commas; None when some line of it is no row of that many cells.

    A column is then every n-th cell: half of what the csv module takes, which makes a list of each row.
    """
    if '"' in block or width < 2:
        return None
    text = block.replace("\r\n", "\n")
    if "\r" in text or not text.endswith("\n"):
        return None
    rows, stride = text.count("\n"), width + 1
    cells = text.replace("\n", ",\n,").split(",")
    if len(cells) != rows * stride + 1 or cells[width::stride].count("\n") != rows:
        return None
    del cells[-1]
    return lambda place: cells[place::stride]


class CsvTable:
    """One file, read once from its beginning."""

    def __init__(self, path: Path, kind: str, columns: Sequence[Column], report: Report) -> None:
        """Raises FileUnreadable, ColumnsMissing."""
        self._path, self._columns, self._report = path, columns, report
        self.encoding = encoding_of(path, columns)
        with self._open() as file:
            self.header = [name.strip() for name in next(csv.reader(file), [])]
        self.places = _places(self.header, columns)
        missing = [c.names[0] for c in columns if c.required and c.key not in self.places]
        if missing:
            found = ", ".join(self.header)[:500]
            raise ColumnsMissing(path=path, kind=kind, missing=", ".join(missing), found=found)

    def title(self, key: str) -> str:
        """Return the name that a column bears in this file."""
        if key in self.places:
            return self.header[self.places[key]]
        return next((column.names[0] for column in self._columns if column.key == key), key)

    def unused(self) -> list[str]:
        """Return the names of the columns that nothing is taken from."""
        used = set(self.places.values())
        return [name for place, name in enumerate(self.header) if place not in used and name]

    def chunks(self, progress: Progress = silent) -> Iterator[Chunk]:
        """Yield all sound rows; tell the report of the others. Progress counts bytes."""
        whole = max(self._path.stat().st_size, 1)
        with self._open() as file:
            records = _Records(file, len(self.header), self._path.name, self._report)
            records.pass_header()
            for lines, columns in records.take():
                yield Chunk(lines, self._named(columns, len(lines)))
                progress("read", min(file.buffer.tell() / whole, 1.0))

    def _open(self) -> TextIO:
        return self._path.open(encoding=self.encoding, errors="replace", newline="")

    def _named(self, columns: ColumnAt, size: int) -> dict[str, Sequence[str]]:
        blank = ("",) * size
        return {key: columns(place) for key, place in self.places.items()} | {
            column.key: blank for column in self._columns if column.key not in self.places
        }


class _Records:
    """Records of a CSV (RFC 4180) with the lines at which they begin; survives quotation marks left open."""

    def __init__(self, file: TextIO, width: int, name: str, report: Report) -> None:
        self._file, self._width, self._name, self._report = file, width, name, report
        self._back: list[str] = []  # lines to be read again, the next one last
        self._record: list[str] = []  # the physical lines of the record being read
        self._line = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._file)
        self._record.append(line)
        if len(self._record) > MAX_RECORD_LINES:
            raise csv.Error("quotation mark left open")
        return line

    def pass_header(self) -> None:
        """Read the first record, which is no row."""
        next(self._sound(), None)
        self._report.rows -= 1

    def take(self) -> Iterator[tuple[Sequence[int], ColumnAt]]:
        """Yield the sound rows, some thousands at a time: the lines at which they begin, and their columns."""
        while block := self._file.read(CHUNK_CHARS):
            block += self._file.readline()
            columns, rows = split_columns(block, self._width), block.count("\n")
            if columns is None:
                yield from self._parsed(io.StringIO(block, newline="").readlines())
                continue
            self._report.rows += rows
            yield range(self._line, self._line + rows), columns
            self._line += rows

    def _parsed(self, block: list[str]) -> Iterator[tuple[Sequence[int], ColumnAt]]:
        """Yield what a block holds that is no plain text: cells in quotation marks, damaged lines."""
        rows = self._plain_rows(block)
        if rows is None:
            lines, rows = self._slowly(block)
            yield lines, _columns_of(rows)
            return
        self._report.rows += len(rows)
        yield range(self._line, self._line + len(rows)), _columns_of(rows)
        self._line += len(rows)

    def _plain_rows(self, block: list[str]) -> list[list[str]] | None:
        """Return the rows of a block in which each line is one sound row, else None."""
        if block[-1].count('"') % 2:  # a record may go on in the next block
            return None
        try:
            rows = list(csv.reader(block))
        except csv.Error:
            return None
        return rows if len(rows) == len(block) and set(map(len, rows)) == {self._width} else None

    def _slowly(self, block: list[str]) -> tuple[list[int], list[list[str]]]:
        """Read a block record by record, and the end of its last record from the next block."""
        self._back = block[::-1]
        lines: list[int] = []
        rows: list[list[str]] = []
        for line, row in self._sound():
            lines.append(line)
            rows.append(row)
            if not self._back:
                break
        return lines, rows

    def _sound(self) -> Iterator[tuple[int, list[str]]]:
        record, width, report = self._record, self._width, self._report
        while True:
            try:
                for row in csv.reader(self):
                    line = self._line
                    if len(row) == width:
                        report.rows += 1
                        self._line += len(record)
                        record.clear()
                        yield line, row
                    elif row:
                        yield from self._odd(row)
                    else:
                        self._line += len(record)
                        record.clear()
                        continue
                return
            except csv.Error:
                self._put_back()

    def _odd(self, row: list[str]) -> Iterator[tuple[int, list[str]]]:
        """A row of another width: let blank cells at its end go, else refuse it."""
        if len(row) > self._width and not any(row[self._width :]):
            row = row[: self._width]
            self._report.rows += 1
            yield self._line, row
        elif len(self._record) > 1:
            self._put_back()
            return
        else:
            self._report.rows += 1
            self._report.refuse(self._name, self._line, "", f"{len(row)} ≠ {self._width}", Why.WRONG_WIDTH)
        self._line += len(self._record)
        self._record.clear()

    def _put_back(self) -> None:
        """Refuse the line with the open quotation mark; read what it had swallowed again."""
        self._report.rows += 1
        self._report.refuse(self._name, self._line, "", self._record[0].strip(), Why.OPEN_QUOTE)
        self._back.extend(reversed(self._record[1:]))
        self._record.clear()
        self._line += 1
