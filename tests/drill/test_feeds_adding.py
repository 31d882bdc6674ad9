"""A trainer's own recording becomes a camera of a scenario."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from smartcity_console.city import City
from smartcity_console.drill.feeds.adding import FeedNotAdded, add_feed
from smartcity_console.drill.feeds.recording import UnreadableFeed, read_recording
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.model import Dc09, Linked
from smartcity_console.drill.scenario.read import read_scenario


@pytest.fixture(scope="module")
def city() -> City:
    return City.open()


@pytest.fixture(scope="module")
def avi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What no camera sends: MS-MPEG4 in AVI, of an odd length."""
    return write_testcard(tmp_path_factory.mktemp("own") / "yard.avi", codec="msmpeg4", seconds=3.3, fps=10)


def said(_: str) -> None:
    return


def test_a_foreign_codec_is_converted_and_a_new_scenario_runs_at_once(avi: Path, city: City, tmp_path: Path) -> None:
    added = add_feed(avi, "GN-0004", tmp_path / "yard", city, "15:20", said)
    assert added.is_new and added.converted and added.codec == "msmpeg4"
    assert read_recording(added.file).codec == "h264"
    scenario = read_scenario(tmp_path / "yard")
    assert scenario.id == "yard" and scenario.clock == "15:20" and scenario.feeds[0].camera == "GN-0004"
    assert isinstance(scenario.injects[0], Dc09) and scenario.incidents[0].site == "site-gaonmart"
    assert [p for p in contradictions(scenario, city, tmp_path / "yard") if not p.is_warning] == []
    assert sorted(file.name for file in (tmp_path / "yard").iterdir()) == ["GN-0004.mp4", "scenario.toml"]


def test_where_no_place_is_registered_the_police_report_it(avi: Path, city: City, tmp_path: Path) -> None:
    sites = [site.position for site in city.sites.values()]
    far = max(city.cameras.values(), key=lambda c: min(_apart(c.position, site) for site in sites))
    add_feed(avi, far.id, tmp_path / "far", city, "", said)
    scenario = read_scenario(tmp_path / "far")
    assert isinstance(scenario.injects[0], Linked) and scenario.incidents[0].at is not None
    assert [p for p in contradictions(scenario, city, tmp_path / "far") if not p.is_warning] == []


def _apart(a: object, b: object) -> float:
    return abs(a.lon_deg - b.lon_deg) + abs(a.lat_deg - b.lat_deg)  # type: ignore[attr-defined]


def test_a_scenario_that_is_there_keeps_its_authors_words(avi: Path, city: City, tmp_path: Path) -> None:
    add_feed(avi, "GN-0004", tmp_path, city, "", said)
    file = tmp_path / "scenario.toml"
    table = tomllib.loads(file.read_text())
    del table["feeds"]
    first = '\n[[feeds]]\ncamera = "GN-0004"\nfile = "GN-0004.mp4"\n'
    inline = 'feeds = [\n    { camera = "GN-0004", file = "GN-0004.mp4" },\n]\n'
    assert inline in file.read_text()
    file.write_text(f"# by hand\n{file.read_text().replace(inline, '')}{first}")
    card = write_testcard(tmp_path / "card.mp4", seconds=2.0)
    assert not add_feed(card, "GN-0005", tmp_path, city, "", said).converted
    assert file.read_text().startswith("# by hand\n")
    assert [feed.camera for feed in read_scenario(tmp_path).feeds] == ["GN-0004", "GN-0005"]


def test_an_inline_list_of_feeds_is_written_anew(avi: Path, city: City, tmp_path: Path) -> None:
    add_feed(avi, "GN-0004", tmp_path, city, "", said)
    add_feed(avi, "GN-0005", tmp_path, city, "03:10", said)
    scenario = read_scenario(tmp_path)
    assert [feed.camera for feed in scenario.feeds] == ["GN-0004", "GN-0005"] and scenario.clock == "03:10"


def test_what_cannot_be_a_feed_is_told(avi: Path, city: City, tmp_path: Path) -> None:
    with pytest.raises(FeedNotAdded, match="no camera"):
        add_feed(avi, "GN-9999", tmp_path, city, "", said)
    add_feed(avi, "GN-0004", tmp_path, city, "", said)
    with pytest.raises(FeedNotAdded, match="already"):
        add_feed(avi, "GN-0004", tmp_path, city, "", said)
    (tmp_path / "letter.mp4").write_text("no video")
    with pytest.raises(UnreadableFeed):
        add_feed(tmp_path / "letter.mp4", "GN-0005", tmp_path, city, "", said)
