"""The linked services over a real connection, inbox and journal: each service, each refusal, nothing stored twice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.intake.inbox import Inbox, make_rules, stopped
from smartcity_console.intake.linked import Header, encode_message, parse_message
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.peers import Peers, PeersRefused, System
from smartcity_console.intake.linked.server import LinkedServer
from smartcity_console.intake.registry import Register
from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal, Vault
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.events import AlertJoined, AlertReceived, FrameRefused, IncidentOpened
from smartcity_console.runtime import bind_tcp
from smartcity_console.settings import Settings

CLOCK = SystemClock()
JPEG = b"\xff\xd8\xff\xe0 a face"
FIRE = (
    "T20261123120405",
    "화재",
    "3층에서 연기",
    "127.1261",
    "37.4201",
    "가온로 12",
    "4113510900",
    "20261123120400",
    "D7",
)
VIDEO = ("112-77", "C1", "강도", "37.4201", "127.1261", "은행로 85", "4113510900", "20261123120400", "P3")
DISASTER = ("N-9", "호우", "하천 범람 위험", "", "", "가온천", "4113500000", "M1")
PERSON = (
    *("W-5", "치매노인", "127.12", "37.42", "가온동", "4113510900", "R-1", "홍길동", "010-0000-0000", "19401231", "M"),
    *("가온로 1\x1f은행로 2", "김보호", "010-1111-1111", "20261123120400"),
    f"{base64.b64encode(JPEG).decode()}\x1fhttp://198.51.100.1/a.jpg",
    *("회색 점퍼", "", "SKT"),
)


def wire(sender: str, fields: tuple[str, ...], kind: str = "10", state: str = "10") -> bytes:
    now = CLOCK.now()
    return encode_message(Header(kind, state, now, sender, "UCP", now), fields)


class Running:
    """A receiver and eyes on its journal and vault."""

    def __init__(self, port: int, workspace: Path, server: LinkedServer) -> None:
        self.port, self.workspace, self.server = port, workspace, server

    async def ask(self, *messages: bytes) -> list[tuple[str, ...]]:
        """Send messages on one connection; return the answers' fields."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            answers = []
            for message in messages:
                writer.write(message)
                answers.append(parse_message(await asyncio.wait_for(reader.readuntil(b";"), 20)).fields)
            return answers
        finally:
            writer.close()
            await writer.wait_closed()

    def events(self, kind: type) -> list:
        follower = Follower(self.workspace / "journal.sqlite")
        found = [event.payload() for event in follower.wait(0)]
        follower.close()
        return [payload for payload in found if isinstance(payload, kind)]

    def alerts(self) -> list[Alert]:
        return [payload.alert for payload in self.events(AlertReceived)]


@pytest.fixture
def linked(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Running]]:
    @asynccontextmanager
    async def run(peers: Peers | None = None, **settings: object) -> AsyncIterator[Running]:
        path = tmp_path / "journal.sqlite"
        committer, follower = GroupCommitter(lambda: SqliteJournal(path, CLOCK)), Follower(path)
        numbers = iter(range(1000))
        rules = make_rules(600.0, lambda: f"inc-{next(numbers)}")
        register = Register(lambda _: None, lambda _: None)
        inbox = Inbox(committer.submit, lambda: follower.wait(0), register, rules, CLOCK)
        await inbox.load()
        running = asyncio.create_task(inbox.run())
        reader = Reader(lambda: f"alert-{next(numbers)}", Vault(tmp_path).put, 150.0)
        sock = bind_tcp("127.0.0.1", 0, "linked", "intake.linked.port")
        server = LinkedServer(inbox, sock, reader, peers or Peers(), Settings().replaced(settings), CLOCK)
        await server.start()
        try:
            yield Running(sock.getsockname()[1], tmp_path, server)
        finally:
            await server.stop()
            await stopped(running)
            follower.close()
            committer.close()

    return run


def test_each_service_becomes_an_alert(linked: Callable[..., AbstractAsyncContextManager[Running]]) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            messages = [wire("119", FIRE), wire("112", VIDEO), wire("112", VIDEO[:7] + VIDEO[8:], kind="20")]
            answers = await receiver.ask(*messages, wire("DPS", DISASTER), wire("SKT", PERSON))
            assert answers == [("0",)] * 5
            fire, video, dispatch, disaster, person = receiver.alerts()
            assert (fire.kind, fire.firm_name, fire.known) == (AlertKind.FIRE, "119 긴급출동", True)
            assert fire.position is not None and fire.position.lon_deg == 127.1261 and fire.text == "3층에서 연기"
            assert (video.kind, video.priority) == (AlertKind.ROBBERY, Priority.EMERGENCY)
            assert video.position is not None and video.position.lon_deg == 127.1261  # swapped on the wire
            assert dispatch.code == "112UC120" and disaster.kind is AlertKind.DISASTER and disaster.position is None
            assert person.position is not None and person.position.uncertainty_m == 150.0
            assert len(receiver.events(IncidentOpened)) == 4  # the dispatch names the video's case

    asyncio.run(scenario())


def test_a_persons_data_lie_in_the_vault_and_not_in_the_journal(
    linked: Callable[..., AbstractAsyncContextManager[Running]],
) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            assert await receiver.ask(wire("SKT", PERSON)) == [("0",)]
            (alert,) = receiver.alerts()
            vault = Vault(receiver.workspace)
            record = msgspec.json.decode(vault.get(alert.personal_sha256) or b"")
            assert record["DSC_NM"] == "홍길동" and record["DSC_ADDR"] == ["가온로 1", "은행로 2"]
            assert record["IMAGE_URL"] == ["http://198.51.100.1/a.jpg"]
            (picture,) = alert.attachments
            assert vault.get(picture.sha256) == JPEG and picture.is_personal and picture.media_type == "image/jpeg"
            journal = (receiver.workspace / "journal.sqlite").read_bytes()
            journal += (receiver.workspace / "journal.sqlite-wal").read_bytes()
            for secret in ("홍길동", "010-0000-0000", "19401231", "김보호", "198.51.100.1"):
                assert secret.encode() not in journal

    asyncio.run(scenario())


def test_changes_and_ends_join_their_case_and_repeats_are_stored_once(
    linked: Callable[..., AbstractAsyncContextManager[Running]],
) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            begun = wire("119", FIRE)
            ended = wire("119", FIRE, state="91")
            other = wire("119", ("T2", *FIRE[1:]))
            assert await receiver.ask(begun, begun, ended, other) == [("0",)] * 4
            assert len(receiver.alerts()) == 3 and len(receiver.events(IncidentOpened)) == 2
            (joined,) = receiver.events(AlertJoined)
            assert joined.alert.kind is AlertKind.RESTORE and joined.alert.text.startswith("종료")

    asyncio.run(scenario())


def test_what_cannot_be_taken_is_answered_with_its_reason_and_recorded(
    linked: Callable[..., AbstractAsyncContextManager[Running]],
) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            bad = [wire("119", FIRE[:5]), wire("119", ("", *FIRE[1:])), wire("XYZ", FIRE), wire("119", FIRE, kind="99")]
            answers = await receiver.ask(*bad, wire("119", FIRE))
            assert [answer[0] for answer in answers] == ["1", "1", "1", "0", "0"]
            assert "fields" in answers[0][1] and "no case" in answers[1][1] and "sender code" in answers[2][1]
            assert len(receiver.alerts()) == 1 and len(receiver.events(FrameRefused)) == 3

    asyncio.run(scenario())


def test_a_system_speaks_only_from_its_own_network_and_after_its_login(
    linked: Callable[..., AbstractAsyncContextManager[Running]],
) -> None:
    key = f"sha256:{hashlib.sha256(b'the key').hexdigest()}"
    here, elsewhere = ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8")
    peers = Peers({"119": System((here,), key), "112": System((elsewhere,))})

    async def scenario() -> None:
        async with linked(peers) as receiver:
            police = await receiver.ask(wire("112", VIDEO))
            assert police[0][0] == "1" and "from here" in police[0][1]
            wrong = await receiver.ask(wire("119", ("D7", "guess"), "99", "99"), wire("119", FIRE))
            assert [answer[0] for answer in wrong] == ["1", "1"]
            right = await receiver.ask(wire("119", ("D7", "the key"), "99", "99"), wire("119", FIRE))
            assert [answer[0] for answer in right] == ["0", "0"]
            assert len(receiver.alerts()) == 1

    asyncio.run(scenario())


def test_a_wrong_length_is_waited_out(linked: Callable[..., AbstractAsyncContextManager[Running]]) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            raw = wire("119", FIRE)
            assert await receiver.ask(raw[:38] + b"0000009999" + raw[48:]) == [("0",)]

    asyncio.run(scenario())


def test_the_time_of_the_event_is_kept(linked: Callable[..., AbstractAsyncContextManager[Running]]) -> None:
    async def scenario() -> None:
        async with linked() as receiver:
            await receiver.ask(wire("119", (*FIRE[:7], "20991231235959", "D7")))
            (alert,) = receiver.alerts()
            assert abs(alert.occurred_at - alert.received_at) < timedelta(minutes=1)  # the future is not believed

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "text", ["systems = 3", '[systems.119]\nnetworks = ["300.0.0.0/8"]', '[systems.119]\nlogin = "plain"', "= ="]
)
def test_a_damaged_list_of_systems_keeps_the_door_shut(tmp_path: Path, text: str) -> None:
    (tmp_path / "linked.toml").write_text(text, "utf-8")
    with pytest.raises(PeersRefused):
        Peers.read(tmp_path / "linked.toml")


def test_the_list_of_systems_is_read(tmp_path: Path) -> None:
    assert Peers.read(tmp_path / "linked.toml").may_speak("119", "127.0.0.1")
    assert not Peers.read(tmp_path / "linked.toml").may_speak("119", "10.1.1.1")
    (tmp_path / "linked.toml").write_text('[systems.119]\nnetworks = ["10.20.0.0/16"]', "utf-8")
    peers = Peers.read(tmp_path / "linked.toml")
    assert peers.may_speak("119", "10.20.1.1") and not peers.may_speak("119", "127.0.0.1")
    assert not peers.may_speak("112", "10.20.1.1")
