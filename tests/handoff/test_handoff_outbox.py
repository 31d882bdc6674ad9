"""The outbox against receivers that fail, answer late, or are cut off between any two steps: exactly once, always."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.clock import ManualClock
from smartcity_console.handoff.channels import HttpDeskChannel, by_bearer
from smartcity_console.handoff.errors import (
    CredentialRefused,
    DeliveryFailed,
    DeliveryRefused,
    ReceiverUnreachable,
)
from smartcity_console.handoff.notice import LiveGrant, ReceiptsGrant, build_notice, decode_notice, encode_notice
from smartcity_console.handoff.outbox import Outbox, OutboxParts
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.handoff.package import ClipFacts, request_of
from smartcity_console.handoff.prepare import Preparer
from smartcity_console.handoff.preview import Refusal, preview_handoff
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.camera import Ownership
from smartcity_console.model.errors import ConsoleError, UnknownCamera
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

RECEIPTS = ReceiptsGrant(url="http://127.0.0.1:1/receipts", token="r")


class Receiver:
    """A desk that keeps one package per id, counts every call, and fails as told."""

    def __init__(self) -> None:
        self.notices: dict[str, bytes] = {}
        self.packages: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.order: list[str] = []
        self.failures: list[BaseException] = []
        self.hold: asyncio.Event | None = None
        self.at_once = self.most_at_once = 0

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        self._count("notice")
        self.notices[handoff_id] = notice

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.hold:
                await self.hold.wait()
            self._count("package")
            assert verify_package(package).ok
            assert self.packages.setdefault(handoff_id, sha256) == sha256
            return "112 상황실"
        finally:
            self.at_once -= 1

    def _count(self, what: str) -> None:
        self.calls[what] += 1
        self.order.append(what)
        if self.failures:
            raise self.failures.pop(0)


class Centre:
    """A workspace with its journal; `run` is one life of the gateway's outbox."""

    def __init__(self, tmp_path: Path, clock: ManualClock, key: Ed25519PrivateKey) -> None:
        self.workspace = tmp_path
        self.clock = clock
        self.receiver = Receiver()
        self.waits: list[float] = []
        self.cuts = 0
        self.append_hook: Callable[[ev.Draft], None] = lambda _: None
        self.preparer = Preparer(tmp_path, key, clock, self.cut, self.still)

    def cut(self, camera_id: str, start: object, end: object, out: Path) -> ClipFacts:
        self.cuts += 1
        if camera_id.startswith("XX"):
            raise UnknownCamera(camera_id=camera_id)
        out.write_bytes(camera_id.encode() * 100)
        return ClipFacts(camera_id=camera_id, start=start, end=end, codec="h264", es_sha256="00" * 32)  # type: ignore[arg-type]

    def still(self, clip: Path, camera_id: str, offset_s: float, at: object) -> tuple[bytes, bytes]:
        return b"\xff\xd8" + clip.read_bytes()[:4], b"\xff\xd8" + camera_id.encode()

    async def no_wait(self, wait_s: float) -> None:
        self.waits.append(wait_s)
        await asyncio.sleep(0)

    def events(self, kind: str) -> list[ev.Event]:
        journal = SqliteJournal(self.workspace / "journal.sqlite", self.clock)
        try:
            return [event for event in journal.read() if event.type == kind]
        finally:
            journal.close()

    @asynccontextmanager
    async def run(self, **changes: object):
        journal = SqliteJournal(self.workspace / "journal.sqlite", self.clock)
        seen = 0

        async def append(draft: ev.Draft) -> list[ev.Event]:
            self.append_hook(draft)
            return journal.append(draft)

        def notice(incident: Incident, request: ev.HandoffRequested) -> bytes:
            told = build_notice(incident, request, live=None, receipts=RECEIPTS, centre_name="가온", is_test=True)
            return encode_notice(told)

        values = {
            "workspace": self.workspace,
            "append": append,
            "prepare": self.preparer,
            "channel": lambda _: self.receiver,
            "notice": notice,
            "pacing": Pacing(first_s=1.0, max_s=8.0, jitter=0.0),
            "sleep": self.no_wait,
        }
        outbox = Outbox(OutboxParts(**(values | changes)))  # type: ignore[arg-type]

        async def pump() -> None:
            nonlocal seen
            while True:
                events = journal.read(after_seq=seen)
                if events:
                    seen = events[-1].seq
                    outbox.take(events)
                await asyncio.sleep(0.002)

        outbox.take(journal.read())
        seen = journal.last_seq()
        outbox.start()
        pumping = asyncio.create_task(pump())
        try:
            yield outbox
        finally:
            await outbox.close()
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)
            journal.close()


async def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock, key: Ed25519PrivateKey, ask: Callable[..., Incident]) -> Centre:
    ask()
    return Centre(tmp_path, clock, key)


def live(centre: Centre, work: Callable[[Outbox], Awaitable[None]], **changes: object) -> None:
    async def life() -> None:
        async with centre.run(**changes) as outbox:
            await work(outbox)

    asyncio.run(life())


async def idle(outbox: Outbox) -> None:
    await until(lambda: outbox.busy == 0)


def test_a_request_becomes_one_delivery_notice_first(centre: Centre) -> None:
    live(centre, idle)
    assert centre.receiver.order == ["notice", "package"]
    (packaged,), (delivered,) = centre.events("HandoffPackaged"), centre.events("HandoffDelivered")
    said = delivered.payload_as(ev.HandoffDelivered)
    assert (said.attempt, said.receiver) == (1, "112 상황실")
    path = centre.workspace / packaged.payload_as(ev.HandoffPackaged).path
    assert path.relative_to(centre.workspace).as_posix() == "packages/incident-1/handoff-1.zip"
    assert verify_package(path).ok
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # no scratch left


def test_failures_back_off_are_recorded_and_end_in_one_delivery(centre: Centre) -> None:
    centre.receiver.failures = [ReceiverUnreachable(receiver="112", why="ConnectError") for _ in range(6)]
    live(centre, idle)
    failed = [event.payload_as(ev.HandoffAttemptFailed) for event in centre.events("HandoffAttemptFailed")]
    assert [f.attempt for f in failed] == [1, 2, 3, 4, 5, 6]
    assert centre.waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0] == [f.retry_in_s for f in failed]
    assert "112" in failed[0].reason and "ConnectError" in failed[0].reason
    assert len(centre.events("HandoffDelivered")) == len(centre.events("HandoffPackaged")) == 1
    assert centre.cuts == 2  # cut once, although tried seven times


def test_the_evidence_is_saved_although_the_receiver_is_away(centre: Centre) -> None:
    centre.receiver.failures = [ReceiverUnreachable(receiver="112", why="away")] * 2
    live(centre, lambda _: until(lambda: centre.events("HandoffPackaged")))
    assert centre.events("HandoffPackaged")


@pytest.mark.logs
def test_an_unforeseen_error_is_recorded_and_tried_again(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    centre.receiver.failures = [ZeroDivisionError("bug")]
    live(centre, idle)
    (failed,) = centre.events("HandoffAttemptFailed")
    assert failed.payload_as(ev.HandoffAttemptFailed).reason == "ZeroDivisionError"
    assert len(centre.events("HandoffDelivered")) == 1
    assert "unforeseen" in caplog.text


def test_a_lasting_refusal_waits_for_the_ceiling(centre: Centre) -> None:
    centre.receiver.failures = [CredentialRefused(receiver="112", why="HTTP 401")]
    live(centre, idle)
    assert centre.waits == [8.0]


@pytest.mark.parametrize("step", ["HandoffPackaged", "HandoffDelivered"])
def test_a_crash_before_a_record_leads_to_exactly_one(centre: Centre, step: str) -> None:
    """The deed is done, its record is not: the next life does it again under the same id and records it once."""
    crashed = asyncio.Event()

    def hook(draft: ev.Draft) -> None:
        if type(draft.payload).__name__ == step:
            crashed.set()
            raise asyncio.CancelledError  # ends the job at this very point, as the end of the process would

    centre.append_hook = hook
    live(centre, lambda _: asyncio.wait_for(crashed.wait(), 10))
    assert centre.events(step) == []
    centre.append_hook = lambda _: None
    live(centre, idle)
    live(centre, idle)
    assert len(centre.events("HandoffPackaged")) == len(centre.events("HandoffDelivered")) == 1
    assert list(centre.receiver.packages) == ["handoff-1"]


def test_being_killed_while_the_receiver_is_slow_loses_nothing(centre: Centre) -> None:
    async def cut_off(_: Outbox) -> None:
        centre.receiver.hold = asyncio.Event()
        await until(lambda: centre.receiver.at_once)

    live(centre, cut_off)
    assert centre.events("HandoffDelivered") == []
    centre.receiver.hold = None
    live(centre, idle)
    assert len(centre.events("HandoffDelivered")) == 1
    assert centre.cuts == 2  # the package of the first life was used again


def test_a_damaged_package_is_made_anew(centre: Centre) -> None:
    centre.receiver.failures = [ReceiverUnreachable(receiver="112", why="away")] * 2

    async def damage(_: Outbox) -> None:
        await until(lambda: centre.events("HandoffPackaged"))

    live(centre, damage, sleep=lambda _: asyncio.sleep(60))
    path = centre.workspace / centre.events("HandoffPackaged")[0].payload_as(ev.HandoffPackaged).path
    path.write_bytes(path.read_bytes()[:-1])
    centre.receiver.failures = []
    live(centre, idle)
    assert verify_package(path).ok
    assert len(centre.events("HandoffDelivered")) == 1


def test_attempts_count_on_after_a_restart(centre: Centre) -> None:
    centre.receiver.failures = [ReceiverUnreachable(receiver="112", why="away")]
    live(centre, lambda _: until(lambda: centre.waits), sleep=lambda s: (centre.waits.append(s), asyncio.sleep(60))[1])
    live(centre, idle)
    assert centre.events("HandoffDelivered")[0].payload_as(ev.HandoffDelivered).attempt == 2


def test_a_race_with_another_writer_is_settled_by_the_version(centre: Centre, clock: ManualClock) -> None:
    other = SqliteJournal(centre.workspace / "journal.sqlite", clock)
    raced: list[str] = []

    def hook(draft: ev.Draft) -> None:
        if draft.expected_version is not None and len(raced) < 2:
            raced.append(type(draft.payload).__name__)
            other.append(ev.Draft("incident/incident-1", ev.NoteAdded(text="late", seat="seat-1"), "seat-1"))

    centre.append_hook = hook
    live(centre, idle)
    other.close()
    assert raced
    assert centre.events("HandoffAttemptFailed") == []
    assert len(centre.events("HandoffDelivered")) == len(centre.events("HandoffPackaged")) == 1


def test_many_at_once_stay_within_the_bound(centre: Centre, ask: Callable[..., Incident], make_request) -> None:
    for number in range(2, 10):
        ask(f"incident-{number}", make_request(f"handoff-{number}"))

    async def flood(outbox: Outbox) -> None:
        centre.receiver.hold = asyncio.Event()
        await until(lambda: centre.receiver.at_once == 3)
        centre.receiver.hold.set()
        await idle(outbox)

    live(centre, flood, at_once=3)
    assert centre.receiver.most_at_once == 3
    assert sorted(centre.receiver.packages) == sorted(f"handoff-{n}" for n in range(1, 10))
    assert len(centre.events("HandoffDelivered")) == 9


def test_a_request_that_comes_while_it_runs_is_carried_out(
    centre: Centre, ask: Callable[..., Incident], make_request
) -> None:
    async def later(outbox: Outbox) -> None:
        await idle(outbox)
        ask("incident-2", make_request("handoff-2"))
        await until(lambda: "handoff-2" in centre.receiver.packages)
        await idle(outbox)

    live(centre, later)
    assert len(centre.events("HandoffDelivered")) == 2


def test_a_camera_without_pictures_is_a_gap_and_not_a_failure(
    tmp_path: Path, clock: ManualClock, key: Ed25519PrivateKey, ask: Callable[..., Incident], make_request
) -> None:
    ask(request=make_request(camera_ids=("GN-0001", "XX-9999")))
    centre = Centre(tmp_path, clock, key)
    live(centre, idle)
    packaged = centre.events("HandoffPackaged")[0].payload_as(ev.HandoffPackaged)
    assert packaged.gaps == ("XX-9999: 카메라 XX-9999이(가) 목록에 없습니다.",)
    report = verify_package(tmp_path / packaged.path)
    assert report.manifest is not None
    assert (report.manifest.gaps, len(report.manifest.clips)) == (packaged.gaps, 1)


def test_a_span_that_is_not_over_is_cut_up_to_now(
    tmp_path: Path, clock: ManualClock, key: Ed25519PrivateKey, ask: Callable[..., Incident], make_request
) -> None:
    ask(request=make_request(camera_ids=("GN-0001",), span_end=clock.now() + timedelta(seconds=12)))
    centre = Centre(tmp_path, clock, key)
    live(centre, idle)
    report = verify_package(tmp_path / "packages/incident-1/handoff-1.zip")
    assert report.manifest is not None
    assert report.manifest.clips[0].end == clock.now()
    assert "12.0 s" in report.manifest.gaps[0]


# ---- the HTTP channel ------------------------------------------------------------------------------------------


def channel_with(answer: Callable[[httpx.Request], httpx.Response]) -> HttpDeskChannel:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return HttpDeskChannel(client, "http://desk/", by_bearer("secret-token"), "112")


def test_the_channel_carries_bearer_key_and_digest(parts, key, clock, tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"receiver": "가온경찰서 112"})

    package = tmp_path / "p.zip"
    package.write_bytes(b"x" * 3_000_000)

    async def deliver() -> str:
        channel = channel_with(answer)
        await channel.deliver_notice("handoff-1", b"{}")
        return await channel.deliver_package("handoff-1", package, "ab")

    assert asyncio.run(deliver()) == "가온경찰서 112"
    assert [(r.method, r.url.path) for r in seen] == [
        ("POST", "/api/handoffs"),
        ("PUT", "/api/handoffs/handoff-1/package"),
    ]
    assert all(r.headers["Authorization"] == "Bearer secret-token" for r in seen)
    assert all(r.headers["Idempotency-Key"] == "handoff-1" for r in seen)
    assert (seen[1].headers["X-Content-SHA256"], len(seen[1].content)) == ("ab", 3_000_000)
    assert "secret-token" not in "".join(str(r.url) for r in seen)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, CredentialRefused),
        (403, CredentialRefused),
        (409, DeliveryRefused),
        (422, DeliveryRefused),
        (429, ReceiverUnreachable),
        (503, ReceiverUnreachable),
    ],
)
def test_answers_are_sorted_into_typed_errors(status: int, kind: type[DeliveryFailed]) -> None:
    channel = channel_with(lambda _: httpx.Response(status, json={"code": "package_invalid", "ko": "<b>{boom}"}))
    with pytest.raises(DeliveryFailed) as caught:
        asyncio.run(channel.deliver_notice("handoff-1", b"{}"))
    assert type(caught.value) is kind
    assert f"HTTP {status}" in caught.value.sentence("ko")
    assert "boom" not in caught.value.sentence("ko")


def test_a_desk_that_is_away_is_unreachable() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("slow", request=request)

    with pytest.raises(ReceiverUnreachable, match="ConnectTimeout"):
        asyncio.run(channel_with(away).deliver_notice("handoff-1", b"{}"))


def test_pacing_shortens_by_chance_and_never_passes_the_ceiling() -> None:
    pacing = Pacing(first_s=1.0, max_s=60.0, jitter=0.2, draw=lambda: 0.5)
    assert [pacing.wait_s(n) for n in (1, 2, 7, 5000)] == pytest.approx([0.9, 1.8, 54.0, 54.0])


# ---- notice and preview ----------------------------------------------------------------------------------------


def test_the_notice_survives_the_wire_and_tells_no_account(ask: Callable[..., Incident]) -> None:
    incident = ask()
    request = request_of(incident, "handoff-1")
    assert request is not None
    grant = LiveGrant(url="ws://gateway/live", token="t", until=request.live_until, camera_ids=request.camera_ids)
    notice = build_notice(incident, request, live=grant, receipts=RECEIPTS, centre_name="가온", is_test=False)
    wire = encode_notice(notice)
    assert decode_notice(wire) == notice
    assert b"1701" not in wire
    assert [camera.ownership for camera in notice.cameras] == [Ownership.PUBLIC, Ownership.PRIVATE]
    assert [line.type for line in notice.timeline][-1] == "HandoffRequested"
    assert (notice.grade, notice.incident.alerts[0].zone_name) == (4, "비상벨")


def test_the_preview_says_what_would_be_sent_or_why_not(ask: Callable[..., Incident], clock: ManualClock) -> None:
    agency = Agency("police-gaon", AgencyKind.POLICE, "가온경찰서", "112상황실", Position(127.0, 37.5))
    span = {"start": clock.now() - timedelta(seconds=53), "end": clock.now(), "live_min": 30.0}
    seen = preview_handoff(ask(), agency, camera_ids=("GN-0001", "PV-0001"), **span)
    assert (seen.clip_s, seen.private_camera_ids, seen.refusals) == (53.0, ("PV-0001",), ())
    assert seen.basis == "pipa_18_2_3"
    none = preview_handoff(ask("incident-2"), agency, camera_ids=(), **span)
    assert none.refusals == (Refusal.NO_CAMERAS,)


def test_errors_have_both_languages() -> None:
    error: ConsoleError = DeliveryRefused(receiver="112 {x}", why="HTTP 422")
    assert "112 {x}" in error.sentence("ko") and "112 {x}" in error.sentence("en")
