"""What the map says about a camera, in the language that is on."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.words import dori_word
from smartcity_console.model.camera import Camera, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.centre import CameraState

_PURPOSE = {
    Purpose.CRIME_PREVENTION: QT_TRANSLATE_NOOP("Purpose", "crime prevention"),
    Purpose.CHILD_PROTECTION: QT_TRANSLATE_NOOP("Purpose", "child protection"),
    Purpose.TRAFFIC: QT_TRANSLATE_NOOP("Purpose", "traffic"),
    Purpose.LITTER: QT_TRANSLATE_NOOP("Purpose", "litter"),
    Purpose.FACILITY: QT_TRANSLATE_NOOP("Purpose", "facility"),
    Purpose.DISASTER: QT_TRANSLATE_NOOP("Purpose", "disaster"),
    Purpose.VEHICLE_CRIME: QT_TRANSLATE_NOOP("Purpose", "vehicle crime"),
    Purpose.MULTI: QT_TRANSLATE_NOOP("Purpose", "multi-purpose"),
    Purpose.OTHER: QT_TRANSLATE_NOOP("Purpose", "other purpose"),
}


def camera_line(camera: Camera, count: int = 1) -> str:
    """Return whose it is, what for and how it is mounted: `Public · traffic · PTZ`; how many there are of it."""
    private = camera.ownership is Ownership.PRIVATE
    words = [translate("Map", "Private") if private else translate("Map", "Public")]
    words.append(translate("Purpose", _PURPOSE[camera.purpose]))
    words += [translate("Map", "PTZ")] if camera.mount is Mount.PTZ else []
    words += [translate("Map", "indoors")] if camera.indoor else []
    words += [many_line(count)] if count > 1 else []
    return " · ".join(words)


def state_line(state: CameraState | None) -> str:
    """Return whether the recorder holds it; empty when nothing is known."""
    if state is None:
        return ""
    if state.connected:
        return translate("Map", "Recording")
    lost = translate("Map", "No picture")
    return f"{lost} · {state.detail}" if state.detail else lost


def why_line(seen: SeenBy, state: CameraState | None = None, count: int = 1, *, opened: bool = False) -> str:
    """Return why a camera stands at its rank, in one line: `41 m · PTZ turns in 1.2 s · recognise 150 px/m`.

    `state` is its recorder's, `count` how many cameras stand under the one record, `opened` whether a private one is
    open for the incident.
    """
    words = [translate("Map", "{distance} m").format(distance=round(seen.distance_m))]
    if not seen.direction_known:
        words.append(translate("Map", "direction unknown"))
    elif seen.turn_s > 0.0 and not seen.in_view:
        words.append(translate("Map", "PTZ turns in {seconds} s").format(seconds=f"{seen.turn_s:.1f}"))
    elif seen.in_view:
        words.append(translate("Map", "in view now"))
    words.append(f"{dori_word(seen.dori)} {round(seen.px_per_m)} px/m")
    words += [translate("Map", "behind a building")] if seen.occluded else []
    words += _picture_words(seen, state)
    words += [many_line(count)] if count > 1 else []
    if seen.ownership is Ownership.PRIVATE:
        words.append(_private_word(opened))
    return " · ".join(words)


def _private_word(opened: bool) -> str:
    if opened:
        return translate("Map", "private, open now")
    return translate("Map", "private: opens when the incident is claimed")


def _picture_words(seen: SeenBy, state: CameraState | None) -> list[str]:
    if state is not None and not state.connected:
        return [translate("Map", "picture lost")]
    return [] if seen.has_stream else [translate("Map", "no picture")]


def many_line(count: int) -> str:
    """Return how many cameras one record of a catalogue stands for."""
    return translate("Map", "{count} cameras here").format(count=f"{count:,}")


def can_see(seen: SeenBy) -> bool:
    """Return whether a camera counts as one that sees the spot, now or after turning."""
    return not seen.occluded and (seen.in_view or seen.turn_s > 0.0)


def caption(seen_by: list[SeenBy]) -> str:
    """Return the map's caption for an incident's cameras."""
    seeing = [seen for seen in seen_by if can_see(seen)]
    if not seeing:
        return translate("Map", "No camera can see the spot · buildings considered")
    farthest_m = max(10, -(-int(max(seen.distance_m for seen in seeing)) // 10) * 10)
    words = translate("Map", "Cameras that can see the spot: {count} · within {radius} m · buildings considered")
    return words.format(count=len(seeing), radius=farthest_m)
