"""Nodes and links after 표준노드링크 out of the streets' middle lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Indices, Numbers
from smartcity_console.city.builder.streets import CITY_GRID_M, Street

_ON_LINE_M = 0.06
SHORTEST_LINK_M = 0.5


@dataclass(frozen=True)
class Link:
    """One stretch between two nodes; `street` is an index into the streets, `base_m` where it starts along it."""

    line: Any
    street: int
    start: int
    end: int
    base_m: float


@dataclass(frozen=True)
class Network:
    """`node_xy` has shape (nodes, 2); `links_at[node]` lists the links that meet there."""

    node_xy: Numbers
    links: list[Link]
    links_at: list[list[int]]


def node_streets(streets: list[Street]) -> Network:
    """Cut all streets where they meet; every link knows its street."""
    union = shapely.union_all([street.line for street in streets], grid_size=CITY_GRID_M)
    pieces = [p for p in shapely.get_parts(union) if p.length >= SHORTEST_LINK_M]
    pieces.sort(key=lambda p: tuple(shapely.get_coordinates(p)[0]) + tuple(shapely.get_coordinates(p)[-1]))
    owners = _owners(pieces, streets)
    nodes: dict[tuple[float, float], int] = {}
    links = [_link(piece, int(owner), streets[owner], nodes) for piece, owner in zip(pieces, owners, strict=True)]
    return _largest(Network(np.array(list(nodes)), links, _links_at(links, len(nodes))))


def _owners(pieces: list[Any], streets: list[Street]) -> Indices:
    """Return for each piece the street it is part of; of several, the one laid first."""
    tree = shapely.STRtree([street.line for street in streets])
    middles = shapely.line_interpolate_point(np.array(pieces, dtype=object), 0.5, normalized=True)
    owners = np.full(len(pieces), len(streets), dtype=np.int64)
    which, hits = tree.query(middles, predicate="dwithin", distance=_ON_LINE_M)
    np.minimum.at(owners, which, hits)
    if (owners == len(streets)).any():
        raise ValueError("a link lies on no street")
    return owners


def _link(piece: Any, owner: int, street: Street, nodes: dict[tuple[float, float], int]) -> Link:
    """Return the link turned so that it runs with its street: a one-way street's direction."""
    ends = [shapely.get_point(piece, 0), shapely.get_point(piece, -1)]
    at = [float(shapely.line_locate_point(street.line, end)) for end in ends]
    if at[0] > at[1]:
        piece, ends, at = shapely.reverse(piece), ends[::-1], at[::-1]
    start, end = (nodes.setdefault((round(p.x, 2), round(p.y, 2)), len(nodes)) for p in ends)
    return Link(piece, owner, start, end, at[0])


def _links_at(links: list[Link], nodes: int) -> list[list[int]]:
    at: list[list[int]] = [[] for _ in range(nodes)]
    for index, link in enumerate(links):
        at[link.start].append(index)
        at[link.end].append(index)
    return at


def _largest(network: Network) -> Network:
    """Keep the largest part that hangs together: a car must be able to reach every link."""
    part = _component(network)
    links = [link for link in network.links if link.start in part]
    order = {old: new for new, old in enumerate(sorted(part))}
    moved = [Link(k.line, k.street, order[k.start], order[k.end], k.base_m) for k in links]
    return Network(network.node_xy[sorted(part)], moved, _links_at(moved, len(part)))


def _component(network: Network) -> set[int]:
    left, best = set(range(len(network.links_at))), set[int]()
    while left and len(best) < len(left):
        part = _reach(network, min(left))
        left -= part
        best = max(best, part, key=len)
    return best


def _reach(network: Network, first: int) -> set[int]:
    part, waiting = {first}, [first]
    while waiting:
        node = waiting.pop()
        for index in network.links_at[node]:
            link = network.links[index]
            for other in (link.start, link.end):
                if other not in part:
                    part.add(other)
                    waiting.append(other)
    return part
