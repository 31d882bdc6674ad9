"""What the engine says is to be done now. The program carries it out and puts it on record."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.drill.scenario.model import AnyInject


class Cause(enum.StrEnum):
    TIME = "time"
    CONDITION = "condition"
    TRAINER = "trainer"


class Fire(msgspec.Struct, frozen=True):
    """Do an inject; `number` counts its repetitions from 0, and only the first goes on record."""

    inject: AnyInject
    cause: Cause
    number: int = 0


class Skip(msgspec.Struct, frozen=True):
    inject_id: str
    reason: str


class Hold(msgspec.Struct, frozen=True):
    inject_id: str
    held: bool


class Pause(msgspec.Struct, frozen=True):
    by: str


class Resume(msgspec.Struct, frozen=True):
    by: str


class Words(msgspec.Struct, frozen=True):
    """The trainer speaks; `seat` "": to every seat."""

    seat: str
    text: str
    by: str


class Moment(msgspec.Struct, frozen=True):
    text: str
    by: str
    incident_id: str = ""


class Finish(msgspec.Struct, frozen=True):
    reason: str


class Refuse(msgspec.Struct, frozen=True):
    order_id: str
    ko: str
    en: str


Step = Fire | Skip | Hold | Pause | Resume | Words | Moment | Finish | Refuse
