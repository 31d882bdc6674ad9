"""The desk's server without a browser: what it takes, what it refuses, what it never loses."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from smartcity_console.desk.server import trusted_keys
from tests.desk.open_desk import BEARER, PAGE, Desk, stored, with_desk


def test_a_notice_is_taken_once_and_its_tokens_stay_out_of_the_journal(home: Path, sender) -> None:
    notice = sender.notice()

    async def work(desk: Desk) -> None:
        assert (await desk.give(notice)).status_code == 201
        assert (await desk.give(notice)).status_code == 200
        listing = (await desk.http.get("/page/handoffs")).json()
        assert [h["id"] for h in listing["handoffs"]] == ["handoff-1"]
        assert "token" not in json.dumps(listing)

    with_desk(home, work)
    assert [event.type for event in stored(home)] == ["DeskNoticeReceived"]
    everything = b"".join(path.read_bytes() for path in home.glob("journal.sqlite*"))
    assert b"live-token-1" not in everything
    assert b"receipts-token-1" not in everything
    secret = home / "secrets" / "handoff-1.json"
    assert b"live-token-1" in secret.read_bytes()
    assert secret.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic desk-token"}])
def test_without_the_credential_nothing_is_taken(home: Path, sender, headers: dict[str, str]) -> None:
    notice = sender.notice()

    async def work(desk: Desk) -> None:
        assert (await desk.http.post("/api/handoffs", content=notice, headers=headers)).status_code == 401
        assert (await desk.http.put("/api/handoffs/handoff-1/package", content=b"", headers=headers)).status_code == 401

    with_desk(home, work)
    assert stored(home) == []


@pytest.mark.parametrize(
    "change",
    [
        {"handoff_id": "../../etc/passwd"},
        {"handoff_id": "H<script>"},
        {"grade": 9},
        {"incident": {"id": 7}},
        {"sent_at": "gestern"},
        {"receipts": None},
    ],
)
def test_a_notice_that_makes_no_sense_is_refused_in_words(home: Path, sender, change: dict[str, object]) -> None:
    body = msgspec.json.encode(msgspec.json.decode(sender.notice()) | change)

    async def work(desk: Desk) -> None:
        answer = await desk.give(body)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_content")
        assert answer.json()["ko"] and answer.json()["en"]

    with_desk(home, work)
    assert stored(home) == []


def test_another_incident_under_the_same_id_is_a_conflict(home: Path, sender) -> None:
    notice = sender.notice()
    other = msgspec.json.decode(notice)
    other["incident"]["id"] = "incident-9"

    async def work(desk: Desk) -> None:
        await desk.give(notice)
        assert (await desk.give(msgspec.json.encode(other))).status_code == 409
        assert (await desk.give(notice, **{"Idempotency-Key": "handoff-2"})).status_code == 422

    with_desk(home, work)


def test_a_body_without_end_is_cut_off(home: Path) -> None:
    async def endless():
        for _ in range(100):
            yield b"x" * 100_000

    async def work(desk: Desk) -> None:
        answer = await desk.http.post("/api/handoffs", content=endless(), headers=BEARER)
        assert answer.status_code == 413
        big = await desk.http.post("/page/handoffs/handoff-1/accepted", content=b"x" * 9000, headers=PAGE)
        assert big.status_code == 413

    with_desk(home, work)


def test_a_package_is_verified_before_it_is_taken_and_taken_once(home: Path, sender) -> None:
    notice = sender.notice()
    sealed = sender.package()
    good = sealed.path.read_bytes()
    bad = good[:5000] + bytes([good[5000] ^ 1]) + good[5001:]
    import hashlib

    async def work(desk: Desk) -> None:
        assert (await desk.put(good, sealed.sha256)).status_code == 404  # its notice comes first
        await desk.give(notice)
        assert (await desk.put(good, "00" * 32)).status_code == 422
        refused = await desk.put(bad, hashlib.sha256(bad).hexdigest())
        assert (refused.status_code, refused.json()["code"]) == (422, "package_invalid")
        assert (await desk.put(good, sealed.sha256)).status_code == 201
        assert (await desk.put(good, sealed.sha256)).status_code == 200
        again = await desk.put(bad, hashlib.sha256(bad).hexdigest())
        assert (again.status_code, again.json()["code"]) == (409, "different")
        assert list((home / "incoming").iterdir()) == []
        assert (home / "packages" / "handoff-1.zip").read_bytes() == good

    with_desk(home, work)
    assert [event.type for event in stored(home)] == ["DeskNoticeReceived", "DeskPackageStored"]


def test_the_package_of_another_handoff_is_refused(home: Path, sender) -> None:
    first, _ = sender.notice(1), None
    second = sender.notice(2)
    sealed = sender.package()  # of the second

    async def work(desk: Desk) -> None:
        await desk.give(first)
        await desk.give(second)
        answer = await desk.put(sealed.path.read_bytes(), sealed.sha256, "handoff-1")
        assert (answer.status_code, answer.json()["code"]) == (422, "package_invalid")

    with_desk(home, work)


def test_only_trusted_signers_when_there_is_a_list(home: Path, sender) -> None:
    notice, sealed = sender.notice(), sender.package()

    async def work(desk: Desk) -> None:
        await desk.give(notice)
        assert (await desk.put(sealed.path.read_bytes(), sealed.sha256)).status_code == 422

    with_desk(home, work, trusted=("11" * 32,))


@pytest.mark.logs
def test_trusted_keys_are_read_from_their_folder(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from smartcity_console.handoff.keys import fingerprint, public_pem

    key = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "centre.pem").write_bytes(public_pem(key))
    (tmp_path / "junk.pem").write_bytes(b"no key")
    assert trusted_keys(tmp_path) == {fingerprint(key)}


def test_clips_come_in_ranges_and_no_path_leads_out(home: Path, sender, clip_file: Path) -> None:
    notice, sealed, clip = sender.notice(), sender.package(), clip_file.read_bytes()
    url = "/media/handoff-1/clips/GN-0001.mp4"

    async def work(desk: Desk) -> None:
        await desk.give(notice)
        assert (await desk.http.get(url)).status_code == 404
        await desk.put(sealed.path.read_bytes(), sealed.sha256)
        whole = await desk.http.get(url)
        assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, clip, "video/mp4")
        part = await desk.http.get(url, headers={"Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, clip[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{len(clip)}"
        tail = await desk.http.get(url, headers={"Range": "bytes=-50"})
        assert tail.content == clip[-50:]
        rest = await desk.http.get(url, headers={"Range": "bytes=1000-"})
        assert rest.content == clip[1000:]
        assert (await desk.http.get(url, headers={"Range": f"bytes={len(clip)}-"})).status_code == 416
        for evil in (
            "incident.json",
            "..%2f..%2fjournal.sqlite",
            "clips/..%2f..%2fsecrets/handoff-1.json",
            "manifest.sig",
        ):
            assert (await desk.http.get(f"/media/handoff-1/{evil}")).status_code == 404, evil
        for evil in ("..%2fapp.py", "app.py", "..%2f..%2fsettings.py"):
            assert (await desk.http.get(f"/static/{evil}")).status_code == 404, evil
        package = await desk.http.get("/page/handoffs/handoff-1/package.zip")
        assert package.content == sealed.path.read_bytes()

    with_desk(home, work)


def test_acts_follow_each_other_and_repeat_without_effect(home: Path, sender) -> None:
    notice = sender.notice()

    async def work(desk: Desk) -> None:
        await desk.give(notice)
        early = await desk.act("units_sent", units=["순21호"])
        assert (early.status_code, early.json()["code"]) == (409, "not_now")
        for name in ("opened", "opened", "accepted", "accepted"):
            assert (await desk.act(name)).status_code == 200
        assert (await desk.act("refused", reason="관할 아님")).status_code == 409
        assert (await desk.act("units_sent", units=["순21호"], eta_min=4)).status_code == 200
        assert (await desk.act("units_sent", units=["순23호"])).status_code == 200
        for bad in ({"units": []}, {"units": ["x" * 61]}, {"units": ["a"], "eta_min": -1}, {"units": ["a"], "more": 1}):
            assert (await desk.act("units_sent", **bad)).status_code == 422
        assert (await desk.act("accepted", "handoff-9")).status_code == 404
        assert (await desk.act("burnt")).status_code == 404

    with_desk(home, work)
    kinds = [event.type for event in stored(home)]
    assert kinds == ["DeskNoticeReceived", "DeskOpened", "DeskAccepted", "DeskUnitsSent", "DeskUnitsSent"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Desk-Request": "1", "Origin": "http://evil"},
        {"Origin": "http://desk"},
        {"X-Desk-Request": "1", "Origin": "null"},
    ],
)
def test_a_foreign_page_cannot_press_the_buttons(home: Path, sender, headers: dict[str, str]) -> None:
    notice = sender.notice()

    async def work(desk: Desk) -> None:
        await desk.give(notice)
        answer = await desk.http.post("/page/handoffs/handoff-1/accepted", content=b'{"by":"x"}', headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_request")

    with_desk(home, work)
    assert len(stored(home)) == 1


def test_every_answer_carries_the_guards(home: Path) -> None:
    async def work(desk: Desk) -> None:
        for path in ("/", "/static/desk.js", "/page/handoffs", "/media/x/y", "/nowhere"):
            headers = (await desk.http.get(path)).headers
            assert "script-src 'self';" in headers["content-security-policy"]
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
        assert (await desk.http.get("/page/handoffs")).headers["cache-control"] == "no-store"
        page = (await desk.http.get("/")).text
        assert "<style" not in page and " style=" not in page and "<script>" not in page

    with_desk(home, work)


def test_a_name_that_is_not_ours_is_refused(home: Path) -> None:
    async def work(desk: Desk) -> None:
        assert (await desk.http.get("/", headers={"Host": "rebound.example"})).status_code == 400

    with_desk(home, work, hosts=["desk"])


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "127,37,128,38", "127.1,37,127.0,37.01", "nan,nan,nan,nan"])
def test_a_map_is_only_drawn_for_a_small_box(home: Path, bbox: str) -> None:
    asked: list[tuple[float, ...]] = []

    def base(*box: float) -> dict[str, object]:
        asked.append(box)
        return {"type": "FeatureCollection", "features": [{"type": "Feature"}]}

    async def work(desk: Desk) -> None:
        assert (await desk.http.get("/api/base", params={"bbox": bbox})).status_code == 422
        good = await desk.http.get("/api/base", params={"bbox": "127.0,37.0,127.01,37.01"})
        assert good.json()["features"] == [{"type": "Feature"}]

    with_desk(home, work, base=base)
    assert asked == [(127.0, 37.0, 127.01, 37.01)]
