"""The concrete parts fit what the gateway asks of them: sample city, ring, recorder, relay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.gateway.ports import Parts
from smartcity_console.gateway.wiring import open_parts
from smartcity_console.settings import Settings
from smartcity_console.video.clip import ClipEmpty
from smartcity_console.video.ring import locked_spans

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


@pytest.fixture
def parts(tmp_path: Path, clock: ManualClock) -> Parts:
    return open_parts(tmp_path, Settings(), clock, lambda *_: None)


def test_the_parts_over_the_sample_city_and_an_empty_ring(parts: Parts, tmp_path: Path) -> None:
    site = parts.places.site_of_account("1701")
    assert site is not None
    firm = parts.places.firm(site.firm_id)
    assert (site.id, firm and firm.name_ko, parts.places.name) == ("site-gaonmart", "에스원", "가온시")
    assert parts.places.is_private("PV-0001")
    assert not parts.places.is_private("GN-0001")
    assert parts.places.is_private("of-no-catalogue")

    start = NOW - timedelta(seconds=30)
    assert list(parts.footage.spans("GN-0001")) == []
    parts.footage.keep(("GN-0001", "PV-0001"), start, NOW, "handoff-1")
    assert {span.camera_id for span in locked_spans(tmp_path / "ring")} == {"GN-0001", "PV-0001"}
    with pytest.raises(ClipEmpty):
        parts.cut("GN-0001", start, NOW, tmp_path / "clip.mp4")
    clips, failed = parts.cut_all(("GN-0001", "GN-0002"), start, NOW, tmp_path)
    assert clips == [] and {camera: type(why) for camera, why in failed.items()} == {
        "GN-0001": ClipEmpty,
        "GN-0002": ClipEmpty,
    }

    assert parts.recording.health()["replacements"] == 0
    parts.recording.stop()
    parts.recording.stop()  # once is enough, twice does no harm
    asyncio.run(parts.live.close())
