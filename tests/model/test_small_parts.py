"""Bearings, pixel density, ids, errors, settings."""

from __future__ import annotations

import pickle
import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smartcity_console
from smartcity_console.model.camera import Dori, Pose, dori_class
from smartcity_console.model.errors import ConsoleError, PortInUse
from smartcity_console.model.geo import bearing_deg, bearing_difference_deg
from smartcity_console.model.ids import new_id
from smartcity_console.settings import TABLE, SettingRefused, load_settings


@pytest.mark.parametrize(
    ("px_per_m", "dori"),
    [
        (12.4, Dori.NONE),
        (12.5, Dori.MONITOR),
        (25, Dori.DETECT),
        (62.5, Dori.OBSERVE),
        (125, Dori.RECOGNISE),
        (250, Dori.IDENTIFY),
    ],
)
def test_dori_classes_begin_at_the_standards_figures(px_per_m: float, dori: Dori) -> None:
    assert dori_class(px_per_m) is dori


def test_pixel_density_is_the_width_over_the_span_it_covers() -> None:
    pose = Pose(height_m=5, azimuth_deg=0, tilt_deg=10, hfov_deg=90, width_px=1920, height_px=1080)
    assert pose.px_per_m(48.0) == pytest.approx(20.0)  # 90 degrees span twice the distance


@given(st.floats(-720, 720), st.floats(-720, 720))
def test_bearing_difference_is_symmetric_and_at_most_half_a_turn(a: float, b: float) -> None:
    assert 0 <= bearing_difference_deg(a, b) <= 180
    assert bearing_difference_deg(a, b) == pytest.approx(bearing_difference_deg(b, a), abs=1e-6)


@pytest.mark.parametrize(("east", "north", "bearing"), [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270)])
def test_bearings_go_clockwise_from_north(east: float, north: float, bearing: float) -> None:
    assert bearing_deg(east, north) == pytest.approx(bearing)


def test_ids_sort_by_time() -> None:
    ids = [new_id("in", datetime(2026, 1, day, tzinfo=UTC), lambda n: b"\xff" * n) for day in range(1, 28)]
    assert ids == sorted(ids)
    assert len(ids[0]) == len("in-") + 26


def _errors() -> list[type[ConsoleError]]:
    for module in pkgutil.walk_packages(smartcity_console.__path__, "smartcity_console.", onerror=lambda _: None):
        if not module.name.startswith(
            ("smartcity_console.console", "smartcity_console.composition.")
        ) and not module.name.endswith("__main__"):
            import_module(module.name)

    def below(kind: type[ConsoleError]) -> list[type[ConsoleError]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in below(child))]

    return [kind for kind in below(ConsoleError)[1:] if "ko" in vars(kind)]  # the others are only bases


def test_every_error_speaks_both_languages_with_the_same_facts() -> None:
    for kind in _errors():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (kind.ko, kind.en)]
        assert kind.ko != ConsoleError.ko and kind.en != ConsoleError.en, kind
        assert fields[0] == fields[1], kind
        assert any("가" <= letter <= "힣" for letter in kind.ko), kind


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in _errors()]
    assert sorted(codes) == sorted(set(codes))


def test_an_error_crosses_a_process_boundary_whole() -> None:
    error = PortInUse(what="DC-09", port=9091, holder="nc (pid 7)", setting="intake.dc09.port")
    assert pickle.loads(pickle.dumps(error)).sentence("ko") == error.sentence("ko")


def test_outside_text_in_a_sentence_is_never_a_template() -> None:
    error = PortInUse(what="{0.__class__}", port=1, holder="{holder}", setting="x")
    assert "{0.__class__}" in error.sentence("en") and "{holder}" in error.sentence("en")


@pytest.mark.parametrize(
    "pair", ["intake.dc09.port=70000", "intake.dc09.port=x", "no.such=1", "wall.tiles=0", "ui.language=fr", "broken"]
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, pair: str) -> None:
    with pytest.raises(SettingRefused) as caught:
        load_settings(tmp_path, [pair])
    assert pair.partition("=")[0] in caught.value.sentence("ko")


def test_overrides_beat_the_file_and_the_file_beats_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[intake.dc09]\nport = 5000\nhost = "0.0.0.0"\n')
    settings = load_settings(tmp_path, ["intake.dc09.port=0"])
    assert settings.whole("intake.dc09.port") == 0
    assert settings.text("intake.dc09.host") == "0.0.0.0"
    assert settings.whole("wall.tiles") == 6


def test_every_default_lies_within_its_own_bounds() -> None:
    for setting in TABLE:
        assert setting.parse(setting.default) == setting.default
        assert setting.sentence.endswith((".", ")"))
