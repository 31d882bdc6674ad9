"""Names after 도로명 rules: 대로 and 로 have their own; a 길 is numbered by where it leaves its 로, a branch by letter.

"은행로12길" leaves 은행로 at base number 12 (right side, 100-120 m along); "은행로12가길" branches off it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import shapely

from smartcity_console.city.address import base_number, side_of_line
from smartcity_console.city.builder.streets import Street

_LETTERS = "가나다라마바사아자차카타파하"
_TOUCH_M = 0.6


class Namer:
    """Gives each street without a name of its own one off the street it leaves; no name is given twice."""

    def __init__(self, streets: list[Street]) -> None:
        self._streets = streets
        self._tree = shapely.STRtree([street.line for street in streets])
        self._roots = [i for i, street in enumerate(streets) if street.name]
        self._root_tree = shapely.STRtree([streets[i].line for i in self._roots])
        self._taken = {street.name for street in streets}
        self._branches: dict[str, int] = defaultdict(int)

    def name_all(self) -> None:
        """Name the streets in the order in which they were cut, so that a parent comes before its branches."""
        for index, street in enumerate(self._streets):
            if not street.name:
                street.name = self._name(index)
                self._taken.add(street.name)

    def _name(self, index: int) -> str:
        line = self._streets[index].line
        parents = self._parents(index)
        rooted = [(p, end) for p, end in parents if not self._streets[p].name.endswith("길")]
        if rooted:
            return self._numbered(*rooted[0], line)
        for parent, _ in parents:
            branch = self._branch(self._streets[parent].name)
            if branch:
                return branch
        return self._numbered(self._nearest_root(line), line.centroid, line)

    def _parents(self, index: int) -> list[tuple[int, Any]]:
        """Return the named streets that an end of this one touches, in the order they were cut."""
        line = self._streets[index].line
        found = []
        for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
            hits = self._tree.query(end, predicate="dwithin", distance=_TOUCH_M)
            found += [(int(hit), end) for hit in hits if hit != index and self._streets[hit].name]
        return sorted(found, key=lambda pair: pair[0])

    def _nearest_root(self, line: Any) -> int:
        return self._roots[int(self._root_tree.nearest(line.centroid))]

    def _numbered(self, parent: int, end: Any, line: Any) -> str:
        """Return "로N길", N the base number where the street leaves; the next of that side when N is taken."""
        road = self._streets[parent]
        along = float(shapely.line_locate_point(road.line, end))
        middle = line.centroid
        number = base_number(along, side_of_line(road.line, along, middle.x, middle.y) > 0)
        while f"{road.name}{number}길" in self._taken:
            number += 2
        return f"{road.name}{number}길"

    def _branch(self, parent_name: str) -> str:
        """Return "로N가길" for a branch of "로N길", or "" when its letters are used up."""
        root = re.sub(rf"[{_LETTERS}]?길$", "", parent_name)
        used = self._branches[root]
        if used >= len(_LETTERS):
            return ""
        self._branches[root] += 1
        return f"{root}{_LETTERS[used]}길"
