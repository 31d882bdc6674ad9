"""What a tile says, in the language that is on."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.ptz.words import holder_line, rank_word
from smartcity_console.console.times import span_text
from smartcity_console.console.wall.wall_tile import WallTile
from smartcity_console.console.words import dori_word
from smartcity_console.model.camera import Mount, Purpose
from smartcity_console.model.ptz_wire import Steered
from smartcity_console.video.capture import QUICK_TRIES, Easing, Reason, TileState, TileStatus

_PURPOSE = {
    Purpose.CRIME_PREVENTION: QT_TRANSLATE_NOOP("WallPurpose", "crime"),
    Purpose.CHILD_PROTECTION: QT_TRANSLATE_NOOP("WallPurpose", "children"),
    Purpose.TRAFFIC: QT_TRANSLATE_NOOP("WallPurpose", "traffic"),
    Purpose.LITTER: QT_TRANSLATE_NOOP("WallPurpose", "litter"),
    Purpose.FACILITY: QT_TRANSLATE_NOOP("WallPurpose", "facility"),
    Purpose.DISASTER: QT_TRANSLATE_NOOP("WallPurpose", "disaster"),
    Purpose.VEHICLE_CRIME: QT_TRANSLATE_NOOP("WallPurpose", "vehicles"),
    Purpose.MULTI: QT_TRANSLATE_NOOP("WallPurpose", "multi"),
    Purpose.OTHER: QT_TRANSLATE_NOOP("WallPurpose", "other"),
}
_COMPASS = (
    QT_TRANSLATE_NOOP("Compass", "north"),
    QT_TRANSLATE_NOOP("Compass", "north-east"),
    QT_TRANSLATE_NOOP("Compass", "east"),
    QT_TRANSLATE_NOOP("Compass", "south-east"),
    QT_TRANSLATE_NOOP("Compass", "south"),
    QT_TRANSLATE_NOOP("Compass", "south-west"),
    QT_TRANSLATE_NOOP("Compass", "west"),
    QT_TRANSLATE_NOOP("Compass", "north-west"),
)
_REASON = {
    Reason.REFUSED: QT_TRANSLATE_NOOP("Wall", "The camera's address refuses the connection"),
    Reason.UNREACHABLE: QT_TRANSLATE_NOOP("Wall", "The camera's address cannot be reached"),
    Reason.NO_ANSWER: QT_TRANSLATE_NOOP("Wall", "The camera does not answer"),
    Reason.UNAUTHORISED: QT_TRANSLATE_NOOP("Wall", "The camera refuses the user name or password"),
    Reason.LOGIN_UNSAFE: QT_TRANSLATE_NOOP("Wall", "The file with the camera's user name and password cannot be used"),
    Reason.NOT_FOUND: QT_TRANSLATE_NOOP("Wall", "The camera does not know this stream"),
    Reason.TOO_MANY_SESSIONS: QT_TRANSLATE_NOOP("Wall", "The camera accepts no further viewer"),
    Reason.OPEN_FAILED: QT_TRANSLATE_NOOP("Wall", "The stream cannot be opened"),
    Reason.READ_TIMEOUT: QT_TRANSLATE_NOOP("Wall", "The camera stopped sending"),
    Reason.ENDED: QT_TRANSLATE_NOOP("Wall", "The camera closed the stream"),
    Reason.BEHIND: QT_TRANSLATE_NOOP("Wall", "Decoding fell behind"),
    Reason.WORKER_LOST: QT_TRANSLATE_NOOP("Wall", "The decoder was replaced"),
    Reason.INTERNAL: QT_TRANSLATE_NOOP("Wall", "The decoder failed"),
}


class Notice(NamedTuple):
    """What stands in the middle of a tile without a moving picture: a line, and one that explains it."""

    title: str
    detail: str = ""


class SteeredBy(NamedTuple):
    """Who has a camera in hand: ways of saying it, the longest first, and whether it is this seat."""

    ways: tuple[str, ...]
    mine: bool


def title(tile: WallTile) -> str:
    """Return `Name · purpose`; a private camera says that it is private instead."""
    kind = private_word() if tile.private else translate("WallPurpose", _PURPOSE[tile.seen.purpose])
    return f"{tile.seen.name} · {kind}"


def private_word() -> str:
    return translate("Wall", "private")


def clarity(tile: WallTile) -> str:
    """Return the IEC/EN 62676-4 class and the pixel density at the spot: `identify 280px/m`."""
    return f"{dori_word(tile.seen.dori)} {round(tile.seen.px_per_m)}px/m"


def compass(bearing_deg: float) -> str:
    return translate("Compass", _COMPASS[math.floor((bearing_deg + 22.5) / 45.0) % 8])


def whereabouts(tile: WallTile, now: datetime) -> str:
    """Return distance and direction, or how long a private camera may still be watched."""
    distance = f"{round(tile.seen.distance_m)} m"
    if tile.unlocked_until is not None:
        return f"{distance} · {_time_left((tile.unlocked_until - now).total_seconds())}"
    if tile.seen.mount is Mount.PTZ:
        turnable = translate("Wall", "PTZ")
        return f"{distance} · {turnable}"
    return f"{distance} · {compass(tile.seen.bearing_deg)}" if tile.seen.direction_known else distance


def _time_left(seconds: float) -> str:
    return translate("Wall", "open for {left}").format(left=span_text(seconds))


def distance(tile: WallTile) -> str:
    return f"{round(tile.seen.distance_m)} m"


def short_badge(left_s: float | None) -> str:
    """Return the badge of a private camera on a small tile."""
    word = private_word()
    return word if left_s is None else f"{word} {span_text(left_s)}"


def private_badge(left_s: float | None = None) -> str:
    """Return the badge of a private camera, with how long it stays open."""
    words = translate("Wall", "Private video · this incident only")
    return words if left_s is None else f"{words} · {span_text(left_s)}"


def state_word(state: TileState) -> str:
    """Return the word at the lower left."""
    return {
        TileState.LIVE: translate("Wall", "LIVE"),
        TileState.REPLAY: translate("Wall", "REPLAY"),
        TileState.STALE: translate("Wall", "STOPPED"),
        TileState.NO_SIGNAL: translate("Wall", "NO SIGNAL"),
        TileState.CONNECTING: translate("Wall", "CONNECTING"),
        TileState.UNSUPPORTED: translate("Wall", "CODEC"),
        TileState.IDLE: translate("Wall", "NO STREAM"),
    }[state]


def damaged() -> str:
    return translate("Wall", "DAMAGED PICTURE")


def eased(easing: Easing) -> str:
    """Return what is left out because this machine cannot follow; empty when nothing is."""
    return {
        Easing.NONE: "",
        Easing.THINNED: translate("Wall", "eased: 16/s"),
        Easing.PLAIN: translate("Wall", "eased: 21/s, coarser"),
        Easing.KEYFRAMES: translate("Wall", "keyframes only"),
    }[easing]


def steered_by(steered: Steered | None) -> SteeredBy | None:
    """Return who steers a camera and with what right; None: nobody does."""
    if steered is None or steered.holder is None:
        return None
    seat, rank = steered.holder.seat, rank_word(steered.holder.rank)
    if steered.is_yours:
        short = translate("Ptz", "This seat")
        return SteeredBy((holder_line(steered.holder, mine=True), f"{short} · {rank}", short), mine=True)
    short = translate("Ptz", "Seat {seat}").format(seat=seat)
    return SteeredBy((holder_line(steered.holder, mine=False), f"{short} · {rank}", short, seat), mine=False)


def zoomed(times: float) -> str:
    """Return how much a picture is magnified, and that the camera has nothing to do with it."""
    return translate("Wall", "Digital zoom {times}×").format(times=f"{times:.1f}")


def not_recorded() -> str:
    return translate("Wall", "not recorded")


def frozen_word() -> str:
    return translate("Wall", "FROZEN")


def paused() -> str:
    return translate("Wall", "paused")


def ago(seconds: int) -> str:
    """Return how long ago a recorded picture was taken."""
    if seconds < 60:
        return translate("Wall", "{seconds} s ago").format(seconds=max(0, seconds))
    return translate("Wall", "{time} ago").format(time=span_text(seconds))


def covering(numbers: tuple[int, ...]) -> str:
    """Return which tiles lie under a pane; empty when none does."""
    if not numbers:
        return ""
    return translate("Wall", "over tile {numbers}").format(numbers=", ".join(str(number) for number in numbers))


def swap_with(number: int) -> str:
    return translate("Wall", "Choose the tile to swap tile {number} with.").format(number=number)


def unknown_camera(camera_id: str) -> str:
    return translate("Wall", "Camera {camera} is in no catalogue, so it cannot be shown.").format(camera=camera_id)


def refused_private(name: str) -> str:
    words = translate(
        "Wall", "{name} is a private camera and shut: it opens only for the incident that this seat verifies."
    )
    return words.format(name=name)


def keep_as(kind: str) -> str:
    """Return what is asked when the wall is to be kept."""
    return {
        "salvo": translate("Wall", "Keep these cameras as a salvo named"),
        "saved": translate("Wall", "Keep this wall under the name"),
        "tour": translate("Wall", "Keep a tour of these cameras, 10 s each, named"),
    }[kind]


def kept_as(kind: str, name: str) -> str:
    """Return what was kept."""
    return {
        "salvo": translate("Wall", "Salvo kept: {name}"),
        "saved": translate("Wall", "Wall kept: {name}"),
        "tour": translate("Wall", "Tour kept: {name}"),
    }[kind].format(name=name)


def missing_cameras(count: int) -> str:
    return translate("Wall", "Cameras that are in the catalogue no more: {count}").format(count=count)


def empty_tour(name: str) -> str:
    return translate("Wall", "The tour {name} has no camera that can be shown.").format(name=name)


def tour_waits(name: str) -> str:
    return translate("Wall", "The tour {name} waits. T goes on.").format(name=name)


def snapshot_saved(path: str) -> str:
    return translate("Wall", "Snapshot saved and on record: {path}").format(path=path)


def seat_in_words(seat: str, user: str) -> str:
    return translate("Wall", "Seat {seat} {user}").format(seat=seat, user=user)


def fetching() -> Notice:
    return Notice(translate("Wall", "Fetching the recording"))


def no_recording(why: str) -> Notice:
    """Return why there is nothing to look back at."""
    return Notice(translate("Wall", "No recording here"), why)


def nothing_shown() -> Notice:
    return Notice(
        translate("Wall", "No incident is selected"),
        translate("Wall", "The cameras that see it open by themselves"),
    )


def locked_word() -> str:
    return translate("Wall", "LOCKED")


def age(status: TileStatus) -> str:
    """Return the picture's age in tenths of seconds, or for how long it has stood still."""
    if status.age_s is None:
        return ""
    if status.state in (TileState.STALE, TileState.NO_SIGNAL):
        return translate("Wall", "still for {seconds} s").format(seconds=f"{status.age_s:.1f}")
    return translate("Wall", "{seconds} s").format(seconds=f"{status.age_s:.1f}")


def replay_time(media_s: float, alert_s: float | None) -> str:
    """Return where a replay stands, counted from the alert."""
    if alert_s is None:
        return span_text(media_s)
    from_alert_s = media_s - alert_s
    words = (
        translate("Wall", "{seconds} s before the alert")
        if from_alert_s < 0
        else translate("Wall", "{seconds} s after the alert")
    )
    return words.format(seconds=f"{abs(from_alert_s):.1f}")


def notice(status: TileStatus) -> Notice | None:
    """Return what to say over a tile that does not move; None over one that does."""
    match status.state:
        case TileState.STALE:
            return Notice(_with_attempt(translate("Wall", "The picture stands still"), status), reason(status))
        case TileState.NO_SIGNAL:
            return Notice(_with_attempt(translate("Wall", "No signal"), status), reason(status))
        case TileState.CONNECTING:
            return Notice(translate("Wall", "Connecting"))
        case TileState.UNSUPPORTED:
            named = translate("Wall", "{codec} video cannot be shown here").format(codec=status.codec)
            return Notice(named, translate("Wall", "Set the camera's stream to H.264"))
        case TileState.IDLE:
            return Notice(translate("Wall", "This camera has no stream"))
    return None


def locked_notice(expired: bool) -> Notice:
    shut = translate("Wall", "Private camera · shut")
    if expired:
        return Notice(shut, translate("Wall", "The time for which it was open is over"))
    return Notice(shut, translate("Wall", "Opens when the incident is claimed"))


def reason(status: TileStatus) -> str:
    """Return why there is no moving picture, with what the camera said; empty when nothing is known."""
    if status.reason not in _REASON:
        return ""
    words = translate("Wall", _REASON[status.reason])
    return f"{words} ({status.detail})" if status.detail else words


def _with_attempt(words: str, status: TileStatus) -> str:
    """Add which reconnect it is, or that it goes on once a minute."""
    if status.attempt > QUICK_TRIES:
        slowly = translate("Wall", "tried every minute")
        return f"{words} · {slowly}"
    if status.attempt > 0:
        tried = translate("Wall", "reconnect {attempt}/{tries}").format(attempt=status.attempt, tries=QUICK_TRIES)
        return f"{words} · {tried}"
    return words
