"""What a tile shows at one moment, worked out before it is painted: two equal looks need no painting."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple

from smartcity_console.console.wall import words
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.wall.words import Notice, SteeredBy
from smartcity_console.console.words import dori_word
from smartcity_console.model.ptz_wire import Steered
from smartcity_console.video.capture import Frame, TileSource, TileState, TileStatus


class Scene(enum.Enum):
    """What fills a tile between its bars."""

    EMPTY = "empty"  # no camera at this place
    PICTURE = "picture"
    STILL = "still"  # the last picture under a hatch
    DARK = "dark"  # a hatch alone
    WAITING = "waiting"  # plain ground
    SHUT = "shut"


class Look(NamedTuple):
    """Everything a tile paints besides the picture itself."""

    scene: Scene = Scene.EMPTY
    title: str = ""
    clarity: str = ""
    word: str = ""
    word_colour: str = "text"
    text: str = ""
    where: str = ""
    notice: Notice | None = None
    notice_colour: str = "text"
    badge: str = ""
    replay: bool = False
    recorded: bool | None = None  # None: not known
    damaged: str = ""
    zoom: str = ""
    eased: str = ""
    steered: SteeredBy | None = None
    short: tuple[str, str, str] = ("", "", "")  # clarity, whereabouts and badge for a tile without room

    def spoken(self, number: int) -> str:
        """Return the tile in words, for a screen reader."""
        notice = " ".join(self.notice) if self.notice else ""
        recorded = "" if self.recorded is not False else words.not_recorded()
        steered = self.steered.ways[0] if self.steered is not None else ""
        said = (f"{number} {self.title}", self.badge, self.word, notice, steered, self.damaged, self.zoom, self.eased)
        return ", ".join(part for part in (*said, recorded) if part)


_COLOUR = {
    TileState.LIVE: "text",
    TileState.CONNECTING: "text_dim",
    TileState.IDLE: "text_dim",
    TileState.NO_SIGNAL: "danger_text",
    TileState.UNSUPPORTED: "danger_text",
    TileState.STALE: "warn",
    TileState.REPLAY: "warn",
}
_SCENE = {
    TileState.LIVE: Scene.PICTURE,
    TileState.REPLAY: Scene.PICTURE,
    TileState.STALE: Scene.STILL,
    TileState.NO_SIGNAL: Scene.DARK,
    TileState.UNSUPPORTED: Scene.DARK,
    TileState.CONNECTING: Scene.WAITING,
    TileState.IDLE: Scene.WAITING,
}


def look_of(
    tile: WallTile | None,
    status: TileStatus,
    frame: Frame | None,
    replay: TileSource | None,
    now: datetime,
    *,
    recorded: bool | None = None,
    steered: Steered | None = None,
    zoom: float = 1.0,
) -> Look:
    """Return how a tile looks at `now` (UTC). `recorded`: whether the recorder holds the camera; None: not known.

    `steered`: who has a camera that turns in hand; None: nobody.
    """
    if tile is None:
        return Look()
    if tile.shut(now):
        return _shut(tile)
    left_s = (tile.unlocked_until - now).total_seconds() if tile.unlocked_until is not None else None
    open_look = Look(
        _SCENE[status.state],
        words.title(tile),
        words.clarity(tile),
        words.state_word(status.state),
        _COLOUR[status.state],
        words.age(status),
        words.whereabouts(tile, now),
        words.notice(status),
        _COLOUR[status.state],
        words.private_badge(left_s) if tile.private else "",
        replay is not None,
        recorded,
        words.damaged() if _is_damaged(status, frame) else "",
        words.zoomed(zoom) if zoom > 1.0 else "",
        words.eased(status.easing),
        words.steered_by(steered),
        (dori_word(tile.seen.dori), words.distance(tile), words.short_badge(left_s) if tile.private else ""),
    )
    if replay is None or frame is None or status.state is not TileState.REPLAY:
        return open_look
    return open_look._replace(text=words.replay_time(frame.media_s, replay.alert_s))


def _is_damaged(status: TileStatus, frame: Frame | None) -> bool:
    """Return whether the picture that is shown was decoded from a broken stream."""
    return bool(getattr(status, "damaged", False) or getattr(frame, "damaged", False))


def _shut(tile: WallTile) -> Look:
    return Look(
        Scene.SHUT,
        words.title(tile),
        "",
        words.locked_word(),
        "text_dim",
        "",
        f"{round(tile.seen.distance_m)} m",
        words.locked_notice(expired=not tile.locked),
        "text",
    )
