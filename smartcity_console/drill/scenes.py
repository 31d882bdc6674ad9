"""The scenes of a set of feeds: which firm's panel would raise which alarm, at which second of the loop."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from smartcity_console.drill.feeds.binding import FeedsFileRefused


class Scene(msgspec.Struct, frozen=True):
    """One act shown by the feeds; `at_s` is its first second in the loop, `code` and `zone` as on the wire."""

    id: str
    site: str
    account: str
    code: str
    zone: str
    at_s: float


class _Table(msgspec.Struct):
    scene: list[Scene]


def read_scenes(feeds_toml: Path) -> dict[str, Scene]:
    """Return the scenes by id. Raises FeedsFileRefused."""
    try:
        table = msgspec.convert(tomllib.loads(feeds_toml.read_text("utf-8")), _Table, strict=False)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FeedsFileRefused(file=feeds_toml, why=str(error)) from error
    return {scene.id: scene for scene in table.scene}
