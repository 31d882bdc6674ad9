"""The desk's server without a browser: what it takes, what it refuses, what it never loses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.desk.app import DeskParts, desk_app
from smartcity_console.desk.inbox import Inbox
from smartcity_console.desk.receipts import ReceiptSender
from smartcity_console.desk.server import trusted_keys
from smartcity_console.desk.store import DeskStore
from smartcity_console.handoff.channels import HttpDeskChannel, by_bearer
from smartcity_console.handoff.errors import CredentialRefused, DeliveryRefused
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.runtime import AlreadyRunning

BEARER = {"Authorization": "Bearer desk-token"}
PAGE = {"X-Desk-Request": "1", "Origin": "http://desk"}
URL = "http://desk"


class Desk:
    """A desk in this process, spoken to over ASGI."""

    def __init__(self, directory: Path, **changes: object) -> None:
        self.clock = SystemClock()
        self.store = DeskStore(directory, self.clock)
        self.gateway = httpx.AsyncClient(trust_env=False)
        self.receipts = ReceiptSender(self.store, self.gateway, Pacing(0.02, 0.05), 5.0)
        trusted = changes.pop("trusted", ())
        values = {
            "agency": AgencyKind.POLICE,
            "receiver": "112",
            "token": "desk-token",
            "store": self.store,
            "sender": self.receipts,
            "inbox": Inbox(self.store, trusted),  # type: ignore[arg-type]
            "clock": self.clock,
            "closing": asyncio.Event(),
        }
        parts = DeskParts(**(values | changes))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(desk_app(parts)), base_url=URL)

    async def give(self, notice: bytes, **headers: str) -> httpx.Response:
        return await self.http.post("/api/handoffs", content=notice, headers=BEARER | headers)

    async def put(self, body: bytes, sha256: str, handoff_id: str = "handoff-1") -> httpx.Response:
        headers = BEARER | {"X-Content-SHA256": sha256}
        return await self.http.put(f"/api/handoffs/{handoff_id}/package", content=body, headers=headers)

    async def act(self, name: str, handoff_id: str = "handoff-1", **body: object) -> httpx.Response:
        content = json.dumps({"by": "김순경"} | body)
        return await self.http.post(f"/page/handoffs/{handoff_id}/{name}", content=content, headers=PAGE)


@asynccontextmanager
async def open_desk(directory: Path, **changes: object):
    desk = Desk(directory, **changes)
    try:
        yield desk
    finally:
        await desk.http.aclose()
        await desk.gateway.aclose()
        desk.store.close()


def with_desk(directory: Path, work: Callable[[Desk], Awaitable[None]], **changes: object) -> None:
    async def run() -> None:
        async with open_desk(directory, **changes) as desk:
            await work(desk)

    asyncio.run(run())


def stored(directory: Path) -> list[ev.Event]:
    journal = SqliteJournal(directory / "journal.sqlite", SystemClock())
    try:
        return journal.read()
    finally:
        journal.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "desk-police"


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


@pytest.mark.logs
def test_receipts_outlive_a_dead_gateway_and_a_restart_in_order(home: Path, sender, gateway) -> None:
    notice = sender.notice()
    gateway.down = True

    async def first_life(desk: Desk) -> None:
        await desk.give(notice)
        await desk.act("opened")
        await desk.act("accepted")
        assert not await desk.receipts.send_waiting()
        listing = (await desk.http.get("/page/handoffs")).json()
        assert (listing["unsent_receipts"], listing["last_failure"]) == (2, "HTTP 503")

    async def second_life(desk: Desk) -> None:
        gateway.down = False
        task = asyncio.create_task(desk.receipts.run())
        await desk.act("units_sent", units=["순21호"], eta_min=3)
        async with asyncio.timeout(10):
            while any(handoff.unsent() for handoff in desk.store.all()):
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await desk.receipts.send_waiting()

    with_desk(home, first_life)
    with_desk(home, second_life)
    with_desk(home, expect_quiet)
    assert [r["stage"] for r in gateway.receipts] == ["opened", "accepted", "units_sent"]
    assert len({r["receipt_id"] for r in gateway.receipts}) == 3
    last = gateway.receipts[2]
    assert (last["handoff_id"], last["by"], last["units"], last["eta_min"]) == ("handoff-1", "김순경", ["순21호"], 3.0)


async def expect_quiet(desk: Desk) -> None:
    assert await desk.receipts.send_waiting()


@pytest.mark.logs
def test_one_centre_s_silence_holds_up_no_other(home: Path, sender, gateway) -> None:
    silent = msgspec.json.decode(sender.notice(1))
    silent["receipts"]["url"] = "http://127.0.0.1:9/receipts"
    heard = sender.notice(2)

    async def work(desk: Desk) -> None:
        await desk.give(msgspec.json.encode(silent))
        await desk.give(heard)
        await desk.act("opened", "handoff-1")
        await desk.act("opened", "handoff-2")
        assert not await desk.receipts.send_waiting()

    with_desk(home, work)
    assert [r["handoff_id"] for r in gateway.receipts] == ["handoff-2"]


# ---- the real program -----------------------------------------------------------------------------------------


def test_the_gateways_channel_and_the_desks_program_understand_each_other(start_desk, sender) -> None:
    desk = start_desk()
    notice, sealed = sender.notice(), sender.package()

    async def deliver() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            channel = HttpDeskChannel(client, desk.url, by_bearer(desk.token), "112")
            for _ in range(2):
                await channel.deliver_notice("handoff-1", notice)
                assert await channel.deliver_package("handoff-1", sealed.path, sealed.sha256) == "112"
            with pytest.raises(DeliveryRefused, match="HTTP 422 bad_content"):
                await channel.deliver_package("handoff-1", sealed.path, "00" * 32)
            with pytest.raises(CredentialRefused):
                await HttpDeskChannel(client, desk.url, by_bearer("wrong"), "112").deliver_notice("handoff-1", notice)

    asyncio.run(deliver())
    assert [event.type for event in desk.events()] == ["DeskNoticeReceived", "DeskPackageStored"]


def test_a_change_is_told_at_once_and_the_desk_stops_in_order(start_desk, sender) -> None:
    desk = start_desk()
    with (
        httpx.Client(base_url=desk.url, trust_env=False, timeout=10) as client,
        client.stream("GET", "/page/events") as stream,
    ):
        lines = stream.iter_lines()
        assert any(line == "data: hello" for line in lines)
        client.post("/api/handoffs", content=sender.notice(), headers=desk.bearer)
        assert any(line == "data: changed" for line in lines)
        desk.process.terminate()
        assert not any(line.startswith("data: ") for line in lines)  # the answer ends, the server need not cut it
    assert desk.process.wait(10) == 0


def test_a_second_desk_on_one_workspace_is_told_who_is_there(start_desk, tmp_path: Path) -> None:
    from smartcity_console.desk.server import run_desk
    from smartcity_console.settings import Settings

    desk = start_desk()
    with pytest.raises(AlreadyRunning, match=str(desk.process.pid)):
        run_desk(AgencyKind.POLICE, tmp_path / "workspace", Settings(), SystemClock())


def update(
    kind: str = "message", update_id: str = "up-1", text: str = "남쪽으로 이동", **more: object
) -> dict[str, object]:
    told = {"handoff_id": "handoff-1", "update_id": update_id, "kind": kind, "text": text, "sent_by": "센터 · 3"}
    return told | {"sent_at": SystemClock().now().isoformat()} | more


async def tell(desk: Desk, told: dict[str, object], handoff_id: str = "handoff-1", **headers: str) -> httpx.Response:
    path = f"/api/handoffs/{handoff_id}/updates"
    return await desk.http.post(path, content=json.dumps(told), headers=BEARER | headers)


def test_arrival_messages_places_and_the_end_go_to_the_centre_in_order(home: Path, sender, gateway) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        assert (await desk.act("on_scene")).status_code == 409
        await desk.act("accepted")
        await desk.act("units_sent", units=["순21"])
        assert (await desk.act("on_scene", units=["순21"])).status_code == 200
        assert (await desk.act("on_scene", units=["순21"])).status_code == 200  # told once
        assert (await desk.act("message", text="정문 잠김")).status_code == 200
        place = {"unit": "순21", "lon_deg": 127.02, "lat_deg": 37.49}
        assert (await desk.act("positions", positions=[place])).status_code == 200
        assert (await desk.act("positions", positions=[place])).status_code == 429
        assert (await desk.act("closed", outcome="arrested", note="1명")).json()["stage"] == "closed"
        assert (await desk.act("closed", outcome="arrested")).status_code == 200
        assert (await desk.act("units_sent", units=["순22"])).status_code == 409
        assert await desk.receipts.send_waiting()
        detail = (await desk.http.get("/page/handoffs/handoff-1")).json()
        assert detail["units"] == [{"unit": "순21", "place": detail["units"][0]["place"]}]
        assert detail["units"][0]["place"]["lon_deg"] == 127.02

    with_desk(home, work)
    stages = ["accepted", "units_sent", "on_scene", "message", "positions", "closed"]
    assert [told["stage"] for told in gateway.receipts] == stages
    assert gateway.receipts[3]["text"] == "정문 잠김"
    assert gateway.receipts[5]["outcome"] == "arrested"


def test_the_centres_messages_are_taken_once_and_stand_in_their_order(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        told = update()
        assert (await tell(desk, told)).status_code == 404
        await desk.give(sender.notice())
        assert (await tell(desk, told)).status_code == 201
        assert (await tell(desk, told)).status_code == 200
        assert (await tell(desk, told | {"text": "북쪽"})).status_code == 409
        await desk.act("message", text="확인")
        messages = (await desk.http.get("/page/handoffs/handoff-1")).json()["messages"]
        assert [(m["ours"], m["text"]) for m in messages] == [(False, "남쪽으로 이동"), (True, "확인")]

    with_desk(home, work)


@pytest.mark.parametrize(
    "change",
    [{"kind": "explode"}, {"handoff_id": "handoff-2"}, {"update_id": "../x"}, {"sent_at": "2026-11-23T05:00:00"}],
)
def test_an_update_that_makes_no_sense_is_refused(home: Path, sender, change: dict[str, object]) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        assert (await tell(desk, update() | change)).status_code == 422
        assert (await tell(desk, update(), Authorization="Bearer wrong")).status_code == 401

    with_desk(home, work)
    assert [event.type for event in stored(home)] == ["DeskNoticeReceived"]


def test_a_recall_shuts_the_live_view_and_keeps_what_came(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        sealed = sender.package()
        await desk.put(sealed.path.read_bytes(), sealed.sha256)
        assert (await desk.http.get("/page/handoffs/handoff-1")).json()["live"] is not None
        assert (await tell(desk, update("recalled", text="false_alarm"))).status_code == 201
        detail = (await desk.http.get("/page/handoffs/handoff-1")).json()
        assert detail["live"] is None
        assert (detail["recall"]["text"], detail["is_recalled"]) == ("false_alarm", True)
        assert detail["clips"] and detail["package"]
        assert (await desk.act("accepted")).status_code == 409
        assert (await desk.act("message", text="알겠습니다")).status_code == 200

    with_desk(home, work)


def test_follow_ups_of_an_incident_stand_together(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        first = json.loads(sender.notice(1))
        second = json.loads(sender.notice(2)) | {"follows": "handoff-1"}
        second["incident"]["id"] = first["incident"]["id"]
        for notice in (first, second, json.loads(sender.notice(3))):
            assert (await desk.give(json.dumps(notice).encode())).status_code == 201
        detail = (await desk.http.get("/page/handoffs/handoff-2")).json()
        assert detail["follows"] == "handoff-1"
        assert [other["id"] for other in detail["group"]] == ["handoff-1"]

    with_desk(home, work)
