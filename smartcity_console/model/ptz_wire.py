"""What a console and the gateway say to each other about cameras that turn: JSON objects told apart by `say`.

A console keeps one WebSocket to the gateway. It ends: its moves stop and its cameras are free.
"""

from __future__ import annotations

import msgspec

from smartcity_console.model.ptz import Abilities, Aim, Position, Preset, Rank, Velocity

PTZ_PATH = "/ptz"
DEAD_MAN_S = 0.5
"""A move that is not said again within this time stops."""
REPEAT_S = 0.15
"""How often a console says again that a key or stick is still held."""


class _Message(msgspec.Struct, frozen=True, tag_field="say"):
    camera_id: str


# ---- console to gateway ------------------------------------------------------------------------------------------


class Watch(_Message, frozen=True, tag="watch"):
    """Tell me of this camera from now on; connects to it. `again`: try now even if the last try has just failed."""

    again: bool = False


class Unwatch(_Message, frozen=True, tag="unwatch"):
    pass


class Take(_Message, frozen=True, tag="take"):
    pass


class Release(_Message, frozen=True, tag="release"):
    pass


class Move(_Message, frozen=True, tag="move"):
    """Go on turning; to be said again while it lasts. A still velocity stops."""

    velocity: Velocity


class Point(_Message, frozen=True, tag="point"):
    """Look along a bearing: the gateway knows how the camera hangs."""

    aim: Aim


class UsePreset(_Message, frozen=True, tag="use_preset"):
    token: str


class SetPreset(_Message, frozen=True, tag="set_preset"):
    """Keep where it looks now under a name; an existing `token` is overwritten."""

    name: str
    token: str = ""


class RenamePreset(_Message, frozen=True, tag="rename_preset"):
    """ONVIF has no renaming: the camera goes there first and keeps the place anew under its token."""

    name: str
    token: str


class RemovePreset(_Message, frozen=True, tag="remove_preset"):
    token: str


Wish = Watch | Unwatch | Take | Release | Move | Point | UsePreset | SetPreset | RenamePreset | RemovePreset

# ---- gateway to console ------------------------------------------------------------------------------------------


class Holder(msgspec.Struct, frozen=True):
    """Who steers a camera now."""

    seat: str
    rank: Rank


class State(_Message, frozen=True, tag="state"):
    """A camera as the gateway has it. `connected` None: it is being tried; False: `ko`, `en` say why."""

    connected: bool | None = None
    abilities: Abilities = Abilities()
    presets: tuple[Preset, ...] = ()
    position: Position | None = None
    holder: Holder | None = None
    is_yours: bool = False
    has_mounting: bool = False
    code: str = ""
    ko: str = ""
    en: str = ""


class Steered(_Message, frozen=True, tag="steered"):
    """Who steers a camera, told to every seat whether it watches that camera or not. `holder` None: nobody any more."""

    holder: Holder | None = None
    is_yours: bool = False


class Done(_Message, frozen=True, tag="done"):
    wish: str


class Refused(_Message, frozen=True, tag="refused"):
    """A wish was not carried out; the sentences say why."""

    wish: str
    code: str
    ko: str
    en: str


class TakenOver(_Message, frozen=True, tag="taken_over"):
    """Another seat goes before yours and has taken the camera."""

    by: Holder


class LinkDown(msgspec.Struct, frozen=True, tag_field="say", tag="link_down"):
    """Said by the console's own end: the gateway cannot be reached."""

    why: str


class LinkUp(msgspec.Struct, frozen=True, tag_field="say", tag="link_up"):
    """Said by the console's own end: the gateway answers (again)."""


Told = State | Steered | Done | Refused | TakenOver
Heard = Told | LinkDown | LinkUp

_wishes: msgspec.json.Decoder[Wish] = msgspec.json.Decoder(Wish)
_tellings: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)


def read_wish(data: str | bytes) -> Wish:
    """Raises msgspec.DecodeError for what is no wish."""
    return _wishes.decode(data)


def read_told(data: str | bytes) -> Told:
    """Raises msgspec.DecodeError for what the gateway does not say."""
    return _tellings.decode(data)


def name_of(message: msgspec.Struct) -> str:
    """Return what stands in a message's `say`."""
    return str(message.__struct_config__.tag)
