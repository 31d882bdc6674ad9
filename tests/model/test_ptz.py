"""Which pan and tilt look along a bearing, in each kind of space, and when none does."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.model.ptz import (
    DEGREES_SPACE,
    GENERIC_SPACE,
    Abilities,
    Aim,
    Mounting,
    NoAim,
    PanTiltSpace,
    Position,
    Range,
    Velocity,
    Verb,
    pan_tilt_for,
)

POINTS = frozenset((Verb.POINT,))
DEGREES = PanTiltSpace(DEGREES_SPACE, Range(-180, 180), Range(-90, 20))
GENERIC = PanTiltSpace(GENERIC_SPACE, Range(-1, 1), Range(-1, 1))


def looks(mounting: Mounting | None, bearing: float, elevation: float, *spaces: PanTiltSpace) -> Position | NoAim:
    return pan_tilt_for(Aim(bearing, elevation, 50.0), mounting, Abilities(POINTS, spaces))


@pytest.mark.parametrize(
    ("zero", "bearing", "pan"), [(90, 135, 45), (90, 45, -45), (350, 10, 20), (10, 350, -20), (0, 180, -180)]
)
def test_degrees_turn_from_the_bearing_at_zero(zero: float, bearing: float, pan: float) -> None:
    assert looks(Mounting(zero), bearing, -10.0, DEGREES) == Position(pan=pan, tilt=-10.0, space=DEGREES_SPACE)


def test_a_space_that_counts_to_360_or_hangs_the_other_way() -> None:
    round_ = PanTiltSpace(DEGREES_SPACE, Range(0, 360), Range(0, 90))
    found = looks(Mounting(90, tilt_down=True), 45.0, -30.0, round_)
    assert found == Position(pan=315.0, tilt=30.0, space=DEGREES_SPACE)
    assert looks(Mounting(90, pan_reversed=True), 100.0, -30.0, DEGREES) == Position(-10.0, -30.0, None, DEGREES_SPACE)


def test_what_lies_beyond_the_stops_is_refused() -> None:
    narrow = PanTiltSpace(DEGREES_SPACE, Range(-60, 60), Range(-45, 0))
    assert looks(Mounting(0), 90.0, -10.0, narrow) is NoAim.OUT_OF_REACH
    assert looks(Mounting(0), 10.0, -60.0, narrow) is NoAim.OUT_OF_REACH


def test_a_generic_space_needs_to_be_told_its_degrees() -> None:
    assert looks(Mounting(0), 90.0, -10.0, GENERIC) is NoAim.NO_RANGE
    told = Mounting(0, pan_span_deg=360, tilt_low_deg=-90, tilt_high_deg=0)
    assert looks(told, 90.0, -45.0, GENERIC) == Position(pan=0.5, tilt=0.0, space=GENERIC_SPACE)
    assert looks(told, 90.0, 10.0, GENERIC) is NoAim.OUT_OF_REACH
    upside_down = Mounting(0, pan_span_deg=340, tilt_low_deg=0, tilt_high_deg=-90)
    assert looks(upside_down, 85.0, -90.0, GENERIC) == Position(pan=0.5, tilt=1.0, space=GENERIC_SPACE)
    assert looks(upside_down, 175.0, -90.0, GENERIC) is NoAim.OUT_OF_REACH


def test_why_a_device_cannot_be_told_at_all() -> None:
    assert looks(None, 0.0, 0.0, DEGREES) is NoAim.NO_MOUNTING
    assert looks(Mounting(0), 0.0, 0.0) is NoAim.NO_ABSOLUTE
    lacking = Abilities(frozenset(), (DEGREES,))
    assert pan_tilt_for(Aim(0, 0, 1), Mounting(0), lacking) is NoAim.NO_ABSOLUTE


def test_the_next_space_serves_where_the_best_does_not_reach() -> None:
    narrow = PanTiltSpace(DEGREES_SPACE, Range(-10, 10), Range(-90, 20))
    told = Mounting(0, pan_span_deg=360, tilt_low_deg=-90, tilt_high_deg=90)
    found = looks(told, 90.0, 0.0, narrow, GENERIC)
    assert isinstance(found, Position)
    assert found.space == GENERIC_SPACE


@given(st.floats(0, 360), st.floats(-720, 720), st.floats(-90, 20))
def test_every_bearing_is_met_whole_turns_aside(zero: float, bearing: float, elevation: float) -> None:
    found = looks(Mounting(zero), bearing, elevation, DEGREES)
    assert isinstance(found, Position)
    assert found.pan is not None
    assert -180.0 <= found.pan <= 180.0
    off = math.remainder(zero + found.pan - bearing, 360.0)
    assert abs(off) < 1e-6


def test_a_velocity_is_bounded_and_numbers_that_are_none_stop() -> None:
    assert Velocity(3.0, -7.0, float("nan")).bounded() == Velocity(1.0, -1.0, 0.0)
    assert Velocity(float("inf")).bounded() == Velocity()
    assert Velocity(0.005, 0.0, -0.009).is_still
