"""Turns features into rows of the base map: roads, buildings, and named areas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from smartcity_console.city.importers.errors import LayerMissing
from smartcity_console.city.importers.repeats import Repeats
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.vector import Features, Layer, parts_of, picked, read_features
from smartcity_console.city.store.staging import Batch

Fields = Callable[[Features], dict[str, Any]]
"""Gives `key` (one a feature) and all fields but the shape."""

STOREY_M = 3.2
WIDTH_OF_RANK_M = {"arterial": 20.0, "collector": 10.0, "alley": 5.0}


@dataclass(frozen=True)
class Want:
    """What to take of one layer: which geometry, which features, and how to make fields of them."""

    layer: Layer
    geometry: str
    fields: Fields
    where: str | None = None


def shape_batches(wants: Iterable[Want], report: Report) -> Iterator[Batch]:
    """Yield rows with one shape each; a repeated key is refused, a feature's further parts get keys of their own."""
    for want in wants:
        repeats = Repeats(want.layer.path.name, "key")
        for features in read_features(want.layer, want.geometry, report, want.where):
            fields = want.fields(features)
            keys = fields.pop("key")
            repeats.add(keys, features.numbers)
            named, shapes, places = parts_of(features, keys)
            yield {name: picked(values, places) for name, values in fields.items()} | {"key": named, "shape": shapes}
        repeats.tell(report)


def key_of(features: Features, *names: str) -> list[str]:
    """Return the first field there is of these names; where it is blank or there is none, the feature's number."""
    return [text or f"n{n}" for text, n in zip(features.texts(*names), features.numbers, strict=True)]


def required(layers: Sequence[Layer], wanted: str, found: Sequence[Layer]) -> None:
    """Raises LayerMissing when nothing of the files can be used."""
    if not found:
        names = ", ".join(layer.name for layer in layers) or "-"
        raise LayerMissing(path=", ".join({layer.path.name: 0 for layer in layers}), wanted=wanted, found=names)
