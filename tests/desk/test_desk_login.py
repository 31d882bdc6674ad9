"""Who may use the desk: users, sessions, the token of a change, lockout, and the record of every use."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.desk import users as users_module
from smartcity_console.desk.app import MAX_ACT_BYTES
from smartcity_console.desk.errors import TooSoon
from smartcity_console.desk.limits import MOST_FAILURES, Buckets
from smartcity_console.desk.sessions import Sessions
from smartcity_console.desk.users import BadUser, Users, UsersUnsafe, add_user, remove_user, user_names
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from tests.desk.open_desk import PAGE, URL, Desk, open_desk

PASSWORD = "은행로 85 정문 앞"


def with_users(directory: Path, work, **changes: object) -> None:
    """Run `work` with a desk whose only user is 김경사."""
    file = directory.parent / "users.json"
    add_user(file, "김경사", PASSWORD)

    async def run() -> None:
        async with open_desk(directory, users_file=file, **changes) as desk:
            await work(desk)

    asyncio.run(run())


async def log_in(desk: Desk, password: str = PASSWORD, name: str = "김경사") -> httpx.Response:
    body = json.dumps({"name": name, "password": password})
    return await desk.http.post("/page/login", content=body, headers=PAGE)


def accesses(directory: Path) -> list[ev.DeskAccessed]:
    journal = SqliteJournal(directory / "journal.sqlite", SystemClock())
    try:
        return [e.payload_as(ev.DeskAccessed) for e in journal.read() if e.type == "DeskAccessed"]
    finally:
        journal.close()


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes guessing slow makes tests slow too."""
    monkeypatch.setattr(users_module, "_N", 2**8)
    monkeypatch.setattr(users_module, "_NOBODY", users_module.Hashed(bytes(16), bytes(32), 2**8))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "desk-police"


def test_without_a_session_nothing_of_a_handoff_is_shown(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        sealed = sender.package()
        await desk.put(sealed.path.read_bytes(), sealed.sha256)
        paths = (
            "/page/handoffs",
            "/page/handoffs/handoff-1",
            "/page/handoffs/handoff-1/package.zip",
            "/page/events",
            "/media/handoff-1/clips/GN-0001.mp4",
            "/api/base?bbox=127.0,37.0,127.01,37.01",
        )
        for path in paths:
            answer = await desk.http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "login_required"), path
        assert (await desk.act("accepted")).status_code == 401
        assert (await desk.http.get("/page/session")).json() == {"open": False, "user": "", "csrf": ""}
        assert (await log_in(desk)).status_code == 200
        for path in paths:
            if path != "/page/events":  # which goes on and on
                assert (await desk.http.get(path)).status_code == 200, path

    with_users(home, work)


def test_the_cookie_is_the_pages_alone_and_ends_with_the_logout(home: Path) -> None:
    async def work(desk: Desk) -> None:
        answer = await log_in(desk)
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
        token = cookie.partition("=")[2].partition(";")[0]
        kept = home / "secrets" / "sessions.json"
        assert token.encode() not in kept.read_bytes()
        assert kept.stat().st_mode & 0o777 == 0o600
        csrf = {"X-CSRF-Token": answer.json()["csrf"]}
        assert (await desk.http.post("/page/logout", content="{}", headers=PAGE | csrf)).status_code == 200
        old = {"Cookie": f"desk-police={token}"}
        assert (await desk.http.get("/page/handoffs", headers=old)).status_code == 401

    with_users(home, work)


def test_over_tls_the_cookie_is_bound_to_the_host(home: Path) -> None:
    async def work(desk: Desk) -> None:
        cookie = (await log_in(desk)).headers["set-cookie"]
        assert cookie.startswith("__Host-desk-police=") and "Secure" in cookie and "Domain" not in cookie

    with_users(home, work, secure=True)


def test_a_change_needs_the_sessions_own_token_and_bears_the_users_name(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        csrf = (await log_in(desk)).json()["csrf"]
        path, body = "/page/handoffs/handoff-1/accepted", json.dumps({"by": "남의 이름"})
        for wrong in ({}, {"X-CSRF-Token": "-"}, {"X-CSRF-Token": csrf[:-1]}):
            assert (await desk.http.post(path, content=body, headers=PAGE | wrong)).status_code == 403
        assert desk.store.get("handoff-1").receipts == ()
        assert (await desk.http.post(path, content=body, headers=PAGE | {"X-CSRF-Token": csrf})).status_code == 200
        assert [r.by for r in desk.store.get("handoff-1").receipts] == ["김경사"]

    with_users(home, work)


def test_failures_lock_the_name_out_for_that_address_and_are_on_record(home: Path) -> None:
    async def work(desk: Desk) -> None:
        for _ in range(MOST_FAILURES):
            assert (await log_in(desk, "falsch falsch")).status_code == 401
        answer = await log_in(desk)
        assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
        assert (await log_in(desk, name="nobody")).json()["code"] == "login_failed"

    with_users(home, work)
    assert {(a.who, a.act) for a in accesses(home)} == {
        ("김경사", "login_failed"),
        ("김경사", "locked_out"),
        ("nobody", "login_failed"),
    }
    assert PASSWORD.encode() not in (home / "journal.sqlite").read_bytes()


def test_a_foreign_page_cannot_log_anybody_in(home: Path) -> None:
    async def work(desk: Desk) -> None:
        body = json.dumps({"name": "김경사", "password": PASSWORD})
        for headers in ({}, {"Origin": "http://evil"} | {"X-Desk-Request": "1"}):
            assert (await desk.http.post("/page/login", content=body, headers=headers)).status_code == 403
        assert (await desk.http.post("/page/login", content=b"x" * 5000, headers=PAGE)).status_code == 413

    with_users(home, work)


def test_a_removed_user_and_a_lost_file_let_nobody_in(home: Path) -> None:
    async def work(desk: Desk) -> None:
        await log_in(desk)
        assert (await desk.http.get("/page/handoffs")).status_code == 200
        file = home.parent / "users.json"
        remove_user(file, "김경사")
        assert (await desk.http.get("/page/handoffs")).status_code == 401
        file.unlink()
        assert (await desk.http.get("/page/handoffs")).status_code == 401

    with_users(home, work)


def test_sessions_end_by_time_and_by_rest_and_outlive_a_restart(tmp_path: Path) -> None:
    clock, path = ManualClock(SystemClock().now()), tmp_path / "sessions.json"

    def sessions() -> Sessions:
        return Sessions(path, clock, timedelta(hours=12), timedelta(hours=4))

    first = sessions()
    token = first.open("김경사")
    assert (first.user(token), sessions().user(token), first.user("other")) == ("김경사", "김경사", "")
    clock.advance(3.9 * 3600)
    assert first.user(token) == "김경사"
    clock.advance(4.1 * 3600)
    assert first.user(token) == ""
    lasting = first.open("김경사")
    for _ in range(13):
        clock.advance(3600)
        first.user(lasting)
    assert first.user(lasting) == ""


def test_every_use_is_on_record_once_a_minute(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        sealed = sender.package()
        await desk.put(sealed.path.read_bytes(), sealed.sha256)
        await log_in(desk)
        for _ in range(3):
            await desk.http.get("/page/handoffs/handoff-1")
            await desk.http.get("/media/handoff-1/clips/GN-0001.mp4", headers={"Range": "bytes=0-99"})
        await desk.http.get("/page/handoffs/handoff-1/package.zip")

    with_users(home, work)
    told = [(a.who, a.act, a.subject, a.remote) for a in accesses(home)]
    assert told == [
        ("김경사", "login", "", "127.0.0.1"),
        ("김경사", "view", "handoff-1", "127.0.0.1"),
        ("김경사", "play", "handoff-1/clips/GN-0001.mp4", "127.0.0.1"),
        ("김경사", "download", "handoff-1", "127.0.0.1"),
    ]


def test_the_record_is_bounded_and_says_what_it_left_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartcity_console.desk import access

    monkeypatch.setattr(access, "MOST_A_MINUTE", 3)

    async def work(desk: Desk) -> None:
        clock = ManualClock(SystemClock().now())
        log = access.AccessLog(desk.store, clock)
        for number in range(5):
            await log.note("김경사", "10.0.0.1", "view", f"handoff-{number}")
        clock.advance(61)
        await log.note("김경사", "10.0.0.1", "view", "handoff-9")

    with_users(home, work)
    assert [(a.act, a.subject) for a in accesses(home)] == [
        ("view", "handoff-0"),
        ("view", "handoff-1"),
        ("view", "handoff-2"),
        ("left_out", "2"),
        ("view", "handoff-9"),
    ]


def test_one_address_cannot_ask_without_end_and_others_are_still_heard() -> None:
    clock = ManualClock(SystemClock().now())
    buckets = Buckets(clock, burst=3, per_s=1)
    for _ in range(3):
        buckets.take("10.0.0.1")
    with pytest.raises(TooSoon):
        buckets.take("10.0.0.1")
    buckets.take("10.0.0.2")
    clock.advance(1)
    buckets.take("10.0.0.1")


def test_the_desk_answers_429_to_an_address_that_floods_it(home: Path) -> None:
    async def work(desk: Desk) -> None:
        answers = [await desk.http.get("/health") for _ in range(900)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused and refused[0].headers["retry-after"] == "1"
        assert refused[0].headers["x-content-type-options"] == "nosniff"

    with_users(home, work)


def test_users_are_kept_hashed_in_a_file_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "desk-police.users.json"
    add_user(file, "김경사", PASSWORD)
    add_user(file, "박경위", "another password")
    assert user_names(file) == ["김경사", "박경위"]
    assert PASSWORD not in file.read_text() and file.stat().st_mode & 0o777 == 0o600
    users = Users(file)
    assert users.fits("김경사", PASSWORD) and not users.fits("김경사", "another password")
    assert not users.fits("nobody", "")
    for name, password in (("", PASSWORD), ("a/b", PASSWORD), ("김경사", "short"), ("<b>", PASSWORD)):
        with pytest.raises(BadUser):
            add_user(file, name, password)
    file.chmod(0o644)
    with pytest.raises(UsersUnsafe):
        Users(file)


def test_beyond_this_machine_only_with_certificate_and_users(tmp_path: Path) -> None:
    from smartcity_console.desk.server import DeskUnsafe, require_safe
    from smartcity_console.model.agency import AgencyKind
    from smartcity_console.settings import load_settings
    from smartcity_console.tls import CertificateUnfit

    def check(*changes: str) -> str:
        try:
            require_safe(AgencyKind.POLICE, tmp_path, load_settings(tmp_path, list(changes)))
        except (DeskUnsafe, CertificateUnfit) as error:
            return str(error.facts["why"])
        return ""

    host, files = "desk.http.host=0.0.0.0", ("desk.http.certificate=/nowhere.pem", "desk.http.key=/nowhere.key")
    assert check() == ""
    assert check(host) == "no certificate"
    assert check(host, *files) == "no users"
    add_user(tmp_path / "secrets" / "desk-police.users.json", "김경사", PASSWORD)
    assert check(host, *files) == "No such file or directory"
    assert check(host) == "no certificate"


def test_the_command_line_adds_lists_and_removes(tmp_path: Path) -> None:
    def run(*words: str, password: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "smartcity_console", "desk-user", *words]
        given = [*command, "--workspace", str(tmp_path), "--agency", "fire"]
        return subprocess.run(given, input=password, capture_output=True, text=True, timeout=60, check=False)

    assert run("add", "이소방", password=f"{PASSWORD}\n").returncode == 0
    assert run("list").stdout == "이소방\n"
    assert run("add", "이소방", password="short\n").returncode == 3
    assert Users(tmp_path / "secrets" / "desk-fire.users.json").fits("이소방", PASSWORD)
    assert run("remove", "이소방").returncode == 0
    assert run("list").stdout.strip() == ""


def test_an_act_is_no_upload(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        csrf = (await log_in(desk)).json()["csrf"]
        headers = PAGE | {"X-CSRF-Token": csrf}
        body = b" " * (MAX_ACT_BYTES + 1)
        answer = await desk.http.post(f"{URL}/page/handoffs/handoff-1/message", content=body, headers=headers)
        assert answer.status_code == 413

    with_users(home, work)
