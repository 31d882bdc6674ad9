"""The webhook's parts: signature, report, pace, keys, description."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.intake.arrival import Role
from smartcity_console.intake.report import Report, ReportRefused, Source, arrival_of, read_report
from smartcity_console.intake.webhook.description import description
from smartcity_console.intake.webhook.keys import Key, KeysRefused, add_key, read_keys
from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, SignatureRefused, check, sign
from smartcity_console.model.alert import AlertKind, Priority

NOW = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
KEYS = {"k-1": Key("s1", "a secret", "에스원")}
GOOD = {"event_id": "e1", "account": "1701", "kind": "robbery", "occurred_at": "2026-11-23T12:00:00+09:00"}
SOURCE = Source("webhook", "0" * 64, "s1", "에스원")


def headers(body: bytes, key: str = "k-1", secret: str = "a secret", at: datetime = NOW) -> dict[str, str]:
    time_s = int(at.timestamp())
    return {KEY: key, TIME: str(time_s), SIGNATURE: sign(secret, time_s, body)}


def report(**more: object) -> Report:
    return read_report(json.dumps(GOOD | more).encode())


def arrived(**more: object):
    return arrival_of(report(**more), SOURCE, "alert-1", NOW, lambda data: "f" * 64)


def test_a_signed_body_is_its_signers() -> None:
    assert check(headers(b"{}"), b"{}", KEYS, NOW)[0] == "k-1"


@pytest.mark.parametrize(
    "wrong",
    [
        headers(b"{ }"),
        headers(b"{}", key="k-2"),
        headers(b"{}", key="k-2", secret=""),
        headers(b"{}", secret="another"),
        headers(b"{}", at=NOW - timedelta(seconds=301)),
        headers(b"{}", at=NOW + timedelta(seconds=301)),
        headers(b"{}") | {TIME: "now"},
        {},
    ],
)
def test_what_is_not_signed_as_it_must_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SignatureRefused):
        check(wrong, b"{}", KEYS, NOW)


def test_an_unknown_key_and_a_wrong_signature_look_the_same() -> None:
    told = set()
    for wrong in (headers(b"{}", key="k-2"), headers(b"{}", secret="another")):
        with pytest.raises(SignatureRefused) as refused:
            check(wrong, b"{}", KEYS, NOW)
        told.add(refused.value.reason)
    assert len(told) == 1


def test_a_report_becomes_an_alert() -> None:
    arrival = arrived(
        position={"lon_deg": 127.1, "lat_deg": 37.4, "uncertainty_m": 30},
        text="금고 앞\u202e 흔들림",
        live_url="https://cctv.example/live/7",
        attachments=[{"name": "../a.jpg", "data": "/9j/4AAQ"}],
    )
    alert = arrival.alert
    assert (alert.kind, alert.priority, arrival.role) == (AlertKind.ROBBERY, Priority.EMERGENCY, Role.OPENS)
    assert alert.occurred_at == NOW and alert.position is not None and alert.position.uncertainty_m == 30
    assert alert.text == "금고 앞  흔들림" and alert.attachments[0].name == ".._a.jpg"
    assert alert.attachments[0].media_type == "image/jpeg" and alert.live_url.startswith("https://")


def test_restorals_join_and_tests_open_nothing() -> None:
    assert arrived(state="restored").role is Role.JOINS
    assert arrived(state="restored").alert.kind is AlertKind.RESTORE
    assert arrived(is_test=True).role is Role.NOTES and arrived(kind="test").role is Role.NOTES


def test_a_time_that_cannot_be_is_not_believed() -> None:
    for told in (
        "2026-11-23T13:00:00+09:00",
        "1999-01-01T00:00:00Z",
        "0001-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59-09:00",
    ):
        assert arrived(occurred_at=told).alert.occurred_at == NOW


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"kind": "party"}, "kind"),
        ({"account": ""}, "account"),
        ({"occurred_at": "2026-11-23T12:00:00"}, "occurred_at"),
        ({"position": {"lon_deg": 400, "lat_deg": 1}}, "lon_deg"),
        ({"attachments": [{"data": "???"}]}, "attachments"),
    ],
)
def test_a_report_that_cannot_be_read_names_the_field(more: dict[str, object], named: str) -> None:
    with pytest.raises(ReportRefused, match=named):
        report(**more)


@pytest.mark.parametrize(
    "more",
    [
        {"live_url": "javascript:alert(1)"},
        {"live_url": "file:///etc/passwd"},
        {"verification_url": "https://user:pw@cam.example/"},
        {"live_url": "https://[::1"},
        {"attachments": [{"data": "PGh0bWw+"}]},
    ],
)
def test_what_would_harm_who_opens_it_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ReportRefused):
        arrived(**more)


@given(st.binary(max_size=200) | st.from_type(str).map(str.encode))
def test_no_body_crashes_the_reader(body: bytes) -> None:
    try:
        read_report(body)
    except ReportRefused as error:
        assert len(error.reason) <= 200


def test_a_key_is_made_kept_to_its_owner_and_never_shown(tmp_path: Path) -> None:
    key_id, secret = add_key(tmp_path, "s1", "에스원", ("1701",))
    path = tmp_path / "secrets" / "webhook.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = read_keys(tmp_path)[key_id]
    assert key.secret == secret and secret not in repr(key) and key.accounts == ("1701",)
    add_key(tmp_path, "adt", "ADT캡스")
    assert len(read_keys(tmp_path)) == 2


def test_a_key_file_that_others_may_read_or_that_is_damaged_is_refused(tmp_path: Path) -> None:
    add_key(tmp_path, "s1", "에스원")
    path = tmp_path / "secrets" / "webhook.json"
    path.chmod(0o644)
    with pytest.raises(KeysRefused, match="chmod 600"):
        read_keys(tmp_path)
    path.chmod(0o600)
    path.write_text('{"keys": {"k-1": {"firm_id": 1, "secret": "quiet"}}}')
    with pytest.raises(KeysRefused) as refused:
        read_keys(tmp_path)
    assert "quiet" not in str(refused.value)


def test_the_description_is_of_the_report_and_the_page_holds_it() -> None:
    made = description()
    assert set(made["components"]["schemas"]["Report"]["properties"]) == {
        field.encode_name for field in msgspec.structs.fields(Report)
    }
    page = Path(__file__).parents[2] / "docs" / "protocols" / "webhook.openapi.json"
    assert json.loads(page.read_text("utf-8")) == json.loads(json.dumps(made))
