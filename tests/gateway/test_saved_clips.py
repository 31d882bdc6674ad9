"""Clips that a seat wants for an incident: cut by the real gateway process, on record with their digests, or gone."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.model import events as ev
from smartcity_console.model.evidence import NOTE

CLOCK = SystemClock()


@pytest.fixture
def incident(gateway: Any) -> Iterator[str]:
    gateway.start()
    yield gateway.open_incident()
    if gateway.process is not None:
        gateway.end()


def want(gateway: Any, incident: str, *camera_ids: str, clips_id: str = "clips-1") -> None:
    now = CLOCK.now()
    wanted = ev.IncidentClipsWanted(
        clips_id=clips_id,
        camera_ids=camera_ids,
        start=now - timedelta(seconds=30),
        end=now,
        reason="절도 확인",
        seat="1",
    )
    gateway.on_incident(incident, wanted)


def saved(gateway: Any) -> list[ev.IncidentClipsSaved]:
    return [event.payload_as(ev.IncidentClipsSaved) for event in gateway.events("IncidentClipsSaved")]


def test_each_camera_and_format_is_a_file_of_the_owner_alone_with_a_note(
    gateway: Any, incident: str, wait: Any
) -> None:
    want(gateway, incident, "GN-0001", "GN-TWO")
    (done,) = wait(lambda: saved(gateway))
    assert (done.clips_id, done.seat, done.missing) == ("clips-1", "1", ())
    assert [clip.camera_id for clip in done.clips] == ["GN-0001", "GN-TWO", "GN-TWO"]
    for clip in done.clips:
        file = gateway.path / clip.path
        assert file.parent == gateway.path / done.folder
        assert hashlib.sha256(file.read_bytes()).hexdigest() == clip.sha256
        assert (file.stat().st_mode & 0o077, clip.masked) == (0, "")
    note = gateway.path / done.folder / NOTE
    assert hashlib.sha256(note.read_bytes()).hexdigest() == done.note_sha256
    told = json.loads(note.read_text())
    assert (told["seat"], told["reason"], len(told["clips"])) == ("1", "절도 확인", 3)
    assert note.stat().st_mode & 0o077 == 0


def test_a_camera_that_cannot_be_cut_and_a_shut_one_are_named_and_cost_the_others_nothing(
    gateway: Any, incident: str, wait: Any
) -> None:
    want(gateway, incident, "GN-NONE", "PV-0001", "GN-0001")
    (done,) = wait(lambda: saved(gateway))
    assert [clip.camera_id for clip in done.clips] == ["GN-0001"]
    assert {one.camera_id for one in done.missing} == {"GN-NONE", "PV-0001"}
    shut = next(one for one in done.missing if one.camera_id == "PV-0001")
    assert "is shut" in shut.en and "닫혀" in shut.ko


def test_a_private_camera_that_is_open_is_saved(gateway: Any, incident: str, wait: Any) -> None:
    """The wish comes right behind the unlocking, in the journal's order."""
    gateway.unlock(incident)
    want(gateway, incident, "PV-0001")
    (done,) = wait(lambda: saved(gateway))
    assert [clip.camera_id for clip in done.clips] == ["PV-0001"]
    assert done.missing == ()


def test_a_masked_copy_lies_beside_the_original(gateway: Any, incident: str, wait: Any) -> None:
    corner = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
    mask = ev.MaskSet(camera_id="GN-0001", seat="1", reason="창문", before=(), polygons=(corner,))
    gateway.append(ev.Draft(ev.stream_of(ev.MaskSet, "GN-0001"), mask, "seat/1"))
    want(gateway, incident, "GN-0001", "GN-0002")
    (done,) = wait(lambda: saved(gateway))
    one, other = done.clips
    copy = (gateway.path / one.masked).read_bytes()
    assert copy == (gateway.path / one.path).read_bytes() + b" without 1 areas"
    assert hashlib.sha256(copy).hexdigest() == one.masked_sha256
    assert (other.masked, other.masked_sha256) == ("", "")


def test_a_killed_gateway_carries_the_wish_out_once_it_is_back(gateway: Any, incident: str, wait: Any) -> None:
    (gateway.path / "clip_wait").touch()
    want(gateway, incident, "GN-0001")
    wait((gateway.path / "clips" / incident / "clips-1").is_dir)
    left = gateway.path / "clips" / incident / "clips-1" / "half.mp4"
    left.write_bytes(b"half a clip")
    gateway.end(signal.SIGKILL)
    assert saved(gateway) == []
    (gateway.path / "clip_wait").unlink()
    gateway.start()
    (done,) = wait(lambda: saved(gateway))
    assert [clip.camera_id for clip in done.clips] == ["GN-0001"]
    assert not left.exists()
    gateway.end()
    gateway.start()
    gateway.open_incident()
    assert len(saved(gateway)) == 1, "what is done is not done again"
