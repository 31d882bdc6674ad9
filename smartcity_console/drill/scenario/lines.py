"""Finds the line of a TOML file on which a value stands: what an error about a scenario must name.

`tomllib` tells lines of syntax errors only. This walks the text once and notes, for each table and key, its line.
"""

from __future__ import annotations

import re
from collections import defaultdict

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$"""
)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[\.\.\.\]")
_QUOTES = ('"""', "'''")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of each table header and key; arrays of tables are counted."""
    found: dict[Path, int] = {(): 1}
    counts: defaultdict[Path, int] = defaultdict(int)
    here: Path = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if header := _HEADER.match(line):
            here = _entered(header[1], _parts(header[2]), counts)
            found[here] = number
        elif key := _KEY.match(line):
            found.setdefault((*here, *_parts(key[1])), number)
            inside = _left_open(key[2])
    return found


def path_of(told: str) -> Path:
    """Return the steps of a path as msgspec words it: `$.injects[3].when` is ("injects", 3, "when")."""
    return tuple(
        int(index) if index else name for name, index in _STEP.findall(told.removeprefix("$")) if name or index
    )


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a value, or of the nearest thing around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _entered(brackets: str, names: Path, counts: defaultdict[Path, int]) -> Path:
    """Return where a header leads: each name that is an array stands for its newest element."""
    path: Path = ()
    for depth, name in enumerate(names):
        path = (*path, name)
        is_last = depth == len(names) - 1
        if brackets == "[[" and is_last:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _left_open(value: str) -> str:
    """Return the quotes of a text that goes on in the next line."""
    return next((quotes for quotes in _QUOTES if value.count(quotes) % 2), "")
