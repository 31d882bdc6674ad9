"""The panel's words."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.model.ptz import Abilities, Position, Rank, Verb
from smartcity_console.model.ptz_wire import Holder, State, TakenOver


def why_not(state: State, language: str) -> str:
    """Return why a camera cannot be steered at all; empty when it can."""
    if state.connected is False:
        return state.ko if language == "ko" else state.en
    if state.connected and not state.abilities.can(Verb.MOVE) and not state.abilities.can(Verb.ZOOM):
        return translate("Ptz", "This device neither turns nor zooms.")
    return ""


def rank_word(rank: Rank) -> str:
    if rank is Rank.SUPERVISOR:
        return translate("Ptz", "supervisor")
    return translate("Ptz", "verifies the incident") if rank is Rank.INCIDENT_HOLDER else translate("Ptz", "operator")


def holder_line(holder: Holder | None, *, mine: bool) -> str:
    """Return who steers."""
    if holder is None:
        return translate("Ptz", "Nobody steers it")
    if mine:
        return translate("Ptz", "This seat steers it ({rank})").format(rank=rank_word(holder.rank))
    return translate("Ptz", "Seat {seat} steers it ({rank})").format(seat=holder.seat, rank=rank_word(holder.rank))


def taken_over(taken: TakenOver, camera: str) -> str:
    return translate("Ptz", "Seat {seat} ({rank}) has taken over {camera}. Your move was stopped.").format(
        seat=taken.by.seat, rank=rank_word(taken.by.rank), camera=camera
    )


def position_line(position: Position | None) -> str:
    """Return where it looks, in the device's own units."""
    if position is None or (position.pan is None and position.zoom is None):
        return translate("Ptz", "The device does not say where it looks")
    degrees = "Degrees" in position.space
    unit, digits = ("°", 1) if degrees else ("", 3)
    parts = []
    if position.pan is not None and position.tilt is not None:
        pan, tilt = f"{position.pan:.{digits}f}{unit}", f"{position.tilt:.{digits}f}{unit}"
        parts.append(translate("Ptz", "pan {pan} · tilt {tilt}").format(pan=pan, tilt=tilt))
    if position.zoom is not None:
        parts.append(translate("Ptz", "zoom {zoom}").format(zoom=f"{position.zoom:.2f}"))
    return " · ".join(parts)


def lacks(verb: Verb) -> str:
    """Return that a device cannot do something, for a control that is disabled."""
    words = {
        Verb.MOVE: translate("Ptz", "This device does not turn."),
        Verb.ZOOM: translate("Ptz", "This device does not zoom."),
        Verb.POINT: translate("Ptz", "This device cannot be pointed at a spot."),
        Verb.USE_PRESET: translate("Ptz", "This device keeps no presets."),
        Verb.SET_PRESET: translate("Ptz", "This device keeps no presets."),
        Verb.REMOVE_PRESET: translate("Ptz", "This device keeps no presets."),
    }
    return words.get(verb, translate("Ptz", "This device cannot do this."))


def lacking(abilities: Abilities) -> str:
    """Return all that a connected device cannot do, one sentence each; empty when it can do everything."""
    verbs = (Verb.MOVE, Verb.ZOOM, Verb.USE_PRESET, Verb.POINT)
    return " ".join(lacks(verb) for verb in verbs if not abilities.can(verb))


def turned_line(turned: int, of: int) -> str:
    """Return how many cameras look at the spot now."""
    if not of:
        return translate("Ptz", "No camera that turns can see this spot.")
    return translate("Ptz", "{turned} of {of} cameras that turn now look at the spot.").format(turned=turned, of=of)


def hidden() -> str:
    return translate("Ptz", "a building is in the way")


def no_answer() -> str:
    return translate("Ptz", "no answer in time")
