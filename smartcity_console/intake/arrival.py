"""What every protocol hands to the intake: an alert and what it may do to incidents."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.model.alert import Alert


class Role(enum.StrEnum):
    """What an alert does to incidents."""

    OPENS = "opens"  # opens an incident, or joins one
    JOINS = "joins"  # belongs to an incident when there is one: restorals, cancels
    NOTES = "notes"  # only recorded: tests, arming and disarming, bypasses, programming


class Arrival(msgspec.Struct, frozen=True):
    """One alert as its protocol understood it, not yet looked up in the register."""

    alert: Alert
    role: Role
