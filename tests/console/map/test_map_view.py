"""The plane on the screen: there and back, zoom steps, what is fitted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.console.map.hud_layer import bar_length_m, length_text
from smartcity_console.console.map.view import MapView, Margins, between, level_below, level_near, scale_of

views = st.builds(
    MapView,
    x_m=st.floats(1e5, 3e5),
    y_m=st.floats(4e5, 6e5),
    px_per_m=st.floats(0.05, 10.0),
    width_px=st.integers(200, 4000),
    height_px=st.integers(200, 3000),
)


@given(views, st.floats(0, 4000), st.floats(0, 3000))
def test_a_pixel_goes_to_the_plane_and_back(view: MapView, x_px: float, y_px: float) -> None:
    assert view.to_screen(*view.to_plane(x_px, y_px)) == pytest.approx((x_px, y_px), abs=1e-3)


@given(views)
def test_the_middle_of_the_screen_is_the_centre_to_half_a_pixel(view: MapView) -> None:
    x, y = view.to_screen(view.x_m, view.y_m)
    assert abs(x - view.width_px / 2) <= 0.51 and abs(y - view.height_px / 2) <= 0.51


def test_north_is_up_and_a_metre_is_px_per_m() -> None:
    view = MapView(1000.0, 2000.0, 2.0, 400, 300)
    assert view.to_screen(1010.0, 2000.0) == pytest.approx((220.0, 150.0))
    assert view.to_screen(1000.0, 2010.0) == pytest.approx((200.0, 130.0))


def test_arrays_are_projected_like_scalars() -> None:
    view = MapView(1000.0, 2000.0, 1.5, 400, 300)
    x, y = view.to_screen(np.array([990.0, 1040.0]), np.array([2005.0, 1950.0]))
    assert (x[1], y[1]) == view.to_screen(1040.0, 1950.0)


@given(views, st.floats(0.05, 10.0), st.floats(0, 200), st.floats(0, 200))
def test_zooming_keeps_the_spot_under_the_pointer(view: MapView, scale: float, x_px: float, y_px: float) -> None:
    spot = view.to_plane(x_px, y_px)
    assert view.zoomed(scale, x_px, y_px).to_screen(*spot) == pytest.approx((x_px, y_px), abs=1.01)


def test_panning_moves_the_content_with_the_hand() -> None:
    view = MapView(1000.0, 2000.0, 2.0, 400, 300)
    before, after = view.to_screen(1000.0, 2000.0), view.panned(30, -12).to_screen(1000.0, 2000.0)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((30, -12))


@given(views, st.floats(50, 5000), st.floats(50, 5000))
def test_what_is_fitted_lies_inside_the_margins_on_a_zoom_step(view: MapView, wide: float, high: float) -> None:
    bounds = (2e5, 5e5, 2e5 + wide, 5e5 + high)
    fitted = view.fitted(bounds, Margins(40, 70, 30, 50))
    left, top = fitted.to_screen(bounds[0], bounds[3])
    right, bottom = fitted.to_screen(bounds[2], bounds[1])
    if level_below(1e-9) == fitted.level:
        return  # as far out as it goes
    assert fitted.at_rest
    assert left >= 39 and top >= 69 and right <= view.width_px - 29 and bottom <= view.height_px - 49


def test_a_step_is_a_fourth_of_an_octave() -> None:
    assert scale_of(4) == 2.0 and scale_of(-4) == 0.5
    assert level_near(1.99) == 4 and level_below(1.99) == 3


def test_a_journey_between_views_is_even_and_ends_where_it_should() -> None:
    start, end = MapView(0.0, 0.0, 0.5, 400, 300), MapView(500.0, -200.0, 4.0, 400, 300)
    assert between(start, end, 1.0) == end
    halfway = between(start, end, 0.5)
    assert halfway.px_per_m == pytest.approx(math.sqrt(2.0))
    # The one point that both views show at the same place stays there all the way.
    still = (500.0 - (0.0 - 500.0) * 0.5 / (4.0 - 0.5), -200.0 - (0.0 + 200.0) * 0.5 / (4.0 - 0.5))
    assert halfway.to_screen(*still) == pytest.approx(start.to_screen(*still), abs=1.01)


@pytest.mark.parametrize(
    ("scale", "length", "text"), [(1.0, 100.0, "100 m"), (0.42, 200.0, "200 m"), (0.1, 1000.0, "1 km")]
)
def test_the_scale_bar_is_a_round_length_that_fits(scale: float, length: float, text: str) -> None:
    assert bar_length_m(scale) == length
    assert length_text(length) == text
