"""The doctor finds what is broken and says what to do."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from smartcity_console import doctor
from smartcity_console.clock import SystemClock
from smartcity_console.doctor import Check, checks
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.events import Draft, SeatOpened
from smartcity_console.settings import Settings
from tests.certificates import Authority


def found(workspace: Path, settings: Settings, streams: dict[str, str] | None = None) -> dict[str, Check]:
    return {check.name: check for check in checks(workspace, settings, streams or {})}


def free(**pairs: object) -> Settings:
    ports = dict.fromkeys(
        (
            "intake.dc09.port",
            "intake.dc09_udp.port",
            "intake.linked.port",
            "intake.webhook.port",
            "gateway.http.port",
            "feeds.rtsp.port",
        ),
        0,
    )
    return Settings().replaced({**ports, "recorder.max_gib": 0.05, **pairs})


def test_a_prepared_machine_is_well(tmp_path: Path) -> None:
    told = found(tmp_path, free())
    assert [check.line() for name, check in told.items() if not check.ok and name != "display"] == []
    assert {"Qt", "font", "codec h264", "browser", "disk", "journal", "feeds"} <= set(told)


def test_a_port_in_use_is_named_with_its_holder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        check = found(tmp_path, free(**{"intake.dc09.port": port}))["port gateway/dc09"]
    assert not check.ok and str(port) in check.sentence and "intake.dc09.port" in check.sentence


def test_a_disk_too_small_for_the_ring_is_told(tmp_path: Path) -> None:
    check = found(tmp_path, free(**{"recorder.max_gib": 10**6}))["disk"]
    assert not check.ok and "recorder.max_gib" in check.sentence


def test_a_dead_feed_is_told_by_its_camera(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    check = found(tmp_path, free(), {"GN-0001": f"rtsp://127.0.0.1:{port}/GN-0001"})["feed GN-0001"]
    assert not check.ok and "refused" in check.sentence.lower()


def test_a_damaged_journal_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path, SystemClock())
    journal.append(Draft("seat/1", SeatOpened(seat="1", user="kim"), "seat/1"))
    journal.close()
    assert "1 events" in found(tmp_path, free())["journal"].sentence
    path.write_bytes(path.read_bytes().replace(b"kim", b"lee"))
    check = found(tmp_path, free())["journal"]
    assert not check.ok and "event 1" in check.sentence


def test_a_missing_font_and_browser_name_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_run", lambda command: "")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    told = found(tmp_path, free())
    assert not told["font"].ok and "fonts-noto-cjk" in told["font"].sentence
    assert not told["browser"].ok and "chromium" in told["browser"].sentence


def test_certificates_are_looked_at(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")

    def told(**given: object) -> Check:
        certificate, key = authority.issue("gateway", *HOSTS, **given)  # type: ignore[arg-type]
        pairs = {"gateway.http.certificate": certificate, "gateway.http.key": key}
        return found(tmp_path, free(**pairs, **{"gateway.http.url": "https://centre.example:9680"}))[NAME]

    assert NAME not in found(tmp_path, free())
    assert told(for_=timedelta(days=90)).ok
    assert "renew it now" in told(for_=timedelta(days=10)).sentence
    assert "renew it, then start again" in told(for_=timedelta(days=-1)).sentence
    pairs = {"gateway.http.certificate": authority.folder / "gateway.pem", "gateway.http.url": "https://other.example"}
    check = found(tmp_path, free(**pairs, **{"gateway.http.key": tmp_path / "none.key"}))[NAME]
    assert not check.ok and "No such file" in check.sentence
    authority.issue("gateway", *HOSTS, for_=timedelta(days=90))
    check = found(tmp_path, free(**pairs, **{"gateway.http.key": authority.folder / "gateway.key"}))[NAME]
    assert not check.ok and "others call other.example" in check.sentence


NAME, HOSTS = "certificate gateway.http", ("centre.example", "127.0.0.1")
