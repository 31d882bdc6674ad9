"""A receiver that is away: its fuse, the second way, the list of the undelivered."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.handoff.circuit import TRIPS_AFTER, Circuit
from smartcity_console.handoff.errors import DeliveryFailed, ReceiverUnreachable
from smartcity_console.handoff.folder import FolderChannel
from smartcity_console.handoff.outbox import Outbox
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import centre as fold
from smartcity_console.model import events as ev
from smartcity_console.model.incident import Incident
from smartcity_console.model.undelivered import undelivered
from tests.handoff.test_handoff_outbox import Centre, Receiver, idle, live, until


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock, key, ask: Callable[..., Incident]) -> Centre:
    ask()
    return Centre(tmp_path, clock, key)


class Away(Receiver):
    """A desk that answers nobody until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.is_back = False
        self.tries: list[str] = []

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        self.tries.append(handoff_id)
        if not self.is_back:
            raise ReceiverUnreachable(receiver="112", why="ConnectError")
        await super().deliver_notice(handoff_id, notice)


def test_one_knocks_and_all_go_on_when_it_answers(centre: Centre, ask, make_request) -> None:
    for number in range(2, 9):
        ask(f"incident-{number}", make_request(f"handoff-{number}"))
    away = centre.receiver = Away()

    async def outage(outbox: Outbox) -> None:
        await until(lambda: len(set(away.tries)) == 8 and len(away.tries) > 8 + TRIPS_AFTER)
        assert outbox.receivers_away == ("police-gaon",)
        before = len(away.tries)
        await until(lambda: len(away.tries) >= before + 10)
        assert len(set(away.tries[before:])) <= 2  # the prober, and one that was under way
        away.is_back = True
        await idle(outbox)
        assert outbox.receivers_away == ()

    live(centre, outage)
    assert sorted(centre.receiver.packages) == sorted(f"handoff-{n}" for n in range(1, 9))
    assert len(centre.events("HandoffDelivered")) == len(centre.events("HandoffPackaged")) == 8


def test_a_new_click_tries_at_once_although_the_fuse_is_out() -> None:
    async def work() -> None:
        circuit = Circuit()
        for _ in range(TRIPS_AFTER):
            circuit.failed()
        await circuit.enter("old")
        async with asyncio.timeout(1):
            await circuit.enter("new")
        waiting = asyncio.ensure_future(circuit.enter("new"))  # its second try waits for the prober
        await asyncio.sleep(0)
        assert not waiting.done()
        await circuit.leave("old")  # recalled: another one probes
        async with asyncio.timeout(1):
            await waiting

    asyncio.run(work())


def test_a_recovery_ends_the_pauses_of_the_others() -> None:
    async def work() -> None:
        circuit = Circuit()
        for _ in range(TRIPS_AFTER):
            circuit.failed()
        pausing = asyncio.ensure_future(circuit.pause(asyncio.sleep, 3600))
        await asyncio.sleep(0.01)
        await circuit.succeeded()
        async with asyncio.timeout(1):
            await pausing

    asyncio.run(work())


def test_the_text_waits_for_no_seal(centre: Centre) -> None:
    """The notice is there while the package is still being made."""
    may_seal = asyncio.Event()

    async def slow(incident: Incident, request: ev.HandoffRequested) -> ev.HandoffPackaged:
        await may_seal.wait()
        return await centre.preparer(incident, request)

    async def work(outbox: Outbox) -> None:
        await until(lambda: centre.receiver.notices)
        assert centre.events("HandoffPackaged") == []
        may_seal.set()
        await idle(outbox)

    live(centre, work, prepare=slow)


# ---- the second way --------------------------------------------------------------------------------------------


def by_folder(centre: Centre, folder: Path, work: Callable[[Outbox], Awaitable[None]]) -> None:
    live(centre, work, second=lambda _: FolderChannel(folder, "가온경찰서"))


def test_the_folder_stands_in_while_the_desk_is_away(centre: Centre, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    centre.receiver = Away()
    by_folder(centre, folder, idle)
    home = folder / "handoff-1"
    assert sorted(path.name for path in home.iterdir()) == ["notice.json", "package.zip", "package.zip.sha256"]
    assert verify_package(home / "package.zip").ok
    assert (
        subprocess.run(["sha256sum", "-c", "package.zip.sha256"], check=False, cwd=home, capture_output=True).returncode
        == 0
    )
    notice = json.loads((home / "notice.json").read_text())
    assert notice["handoff_id"] == "handoff-1" and not {"live", "receipts"} & notice.keys()
    (delivered,) = centre.events("HandoffDelivered")
    assert "공유 폴더" in delivered.payload_as(ev.HandoffDelivered).receiver
    assert len(centre.events("HandoffAttemptFailed")) == TRIPS_AFTER


@pytest.mark.logs
def test_a_share_that_is_not_mounted_is_not_made_up(centre: Centre, tmp_path: Path) -> None:
    away = centre.receiver = Away()

    async def both_away(outbox: Outbox) -> None:
        await until(lambda: len(away.tries) > TRIPS_AFTER + 2)
        away.is_back = True
        await idle(outbox)

    by_folder(centre, tmp_path / "unmounted", both_away)
    assert not (tmp_path / "unmounted").exists()
    assert len(centre.events("HandoffDelivered")) == 1


def test_the_folder_takes_no_id_for_a_path(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path, "112")
    for bad in ("../x", "a/b", "", ".", "x" * 200):
        with pytest.raises(DeliveryFailed):
            asyncio.run(channel.deliver_notice(bad, b"{}"))
    assert list(tmp_path.iterdir()) == []


# ---- the loud list ---------------------------------------------------------------------------------------------


def test_what_has_not_arrived_is_listed_until_it_has(centre: Centre, clock: ManualClock) -> None:
    def listed(after_s: float = 0.0) -> list[str]:
        journal, state = SqliteJournal(centre.workspace / "journal.sqlite", clock), fold.Centre()
        state.take(journal.read())
        journal.close()
        now = clock.now() + timedelta(seconds=after_s)
        return [f"{one.handoff_id}:{one.why}" for one in undelivered(state.incidents.values(), now)]

    assert listed() == []  # under way, not late yet
    assert listed(after_s=6) == ["handoff-1:"]
    centre.receiver.failures = [ReceiverUnreachable(receiver="112", why="ConnectError")]
    live(
        centre,
        lambda _: until(lambda: centre.events("HandoffAttemptFailed")),
        sleep=lambda _: asyncio.sleep(60),
    )
    (told,) = listed()
    assert "ConnectError" in told
    live(centre, idle)
    assert listed(after_s=999) == []
