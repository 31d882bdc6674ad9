"""Recipients with ways of their own, by the gateway as a program: what stands in when the first way is out, and a mailed link."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from playwright.sync_api import sync_playwright

from smartcity_console.handoff.verify import verify_package
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.register import Access, Register

Wait = Callable[..., Any]
DEAD = "http://127.0.0.1:9"


class PostOffice:
    """A mail server over loopback that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=0)
        self._sessions: list[SMTP] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    def __enter__(self) -> PostOffice:
        async def listen() -> Any:
            return await asyncio.get_running_loop().create_server(self._session, "127.0.0.1", 0)

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="post-office")
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._controller.loop.close()

    def _session(self) -> SMTP:
        self._sessions.append(self._controller.factory())  # type: ignore[no-untyped-call]
        return self._sessions[-1]

    async def _stop(self) -> None:
        """End every session before the loop does: aiosmtpd leaves the connections of cancelled ones open."""
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        async with asyncio.timeout(10):
            while any(session.transport is not None for session in self._sessions):
                await asyncio.sleep(0)

    def of(self, handoff_id: str) -> list[Message]:
        """Return a hand-off's mails: that of another may come between them at any time."""
        return [mail for mail in self.mails if handoff_id in str(mail["Message-ID"])]

    def link(self, handoff_id: str = "handoff-1", which: int = -1) -> str:
        """Return the address in a mail of a hand-off, the last one."""
        text = self.of(handoff_id)[which].get_payload(decode=True).decode("utf-8")  # type: ignore[union-attr]
        found = re.search(r"http://\S+", text)
        assert found is not None
        return found[0]


@pytest.fixture
def post(gateway: Any) -> Iterator[PostOffice]:
    with PostOffice() as office:
        gateway.settings += [
            "mail.host=127.0.0.1",
            f"mail.port={office.port}",
            "mail.tls=none",
            "mail.sender=centre@gaon.example",
            "handoff.retry_max_s=0.3",
        ]
        yield office


def recipient(folder: Path, *ways: str, **more: str) -> None:
    extra = "".join(f"{name} = {value}\n" for name, value in more.items())
    text = f'[[recipient]]\nid = "centre-haneul"\nkind = "centre"\nname = "하늘시"\nposition = [127.05, 37.52]\n{extra}'
    (folder / "recipients.toml").write_text(f"{text}ways = [{', '.join(ways)}]\n", "utf-8")


def hand_off(gateway: Any, handoff_id: str = "handoff-1") -> str:
    incident_id: str = gateway.open_incident()
    gateway.unlock(incident_id)
    send(gateway, incident_id, handoff_id)
    return incident_id


def send(gateway: Any, incident_id: str, handoff_id: str) -> None:
    who = {"agency_id": "centre-haneul", "agency_kind": AgencyKind.CENTRE, "agency_name": "하늘시"}
    gateway.hand_off(incident_id, handoff_id, **who)


HTTPS, MAIL = f'{{ by = "https", url = "{DEAD}" }}', '{ by = "mail", to = ["desk@haneul.example"] }'


def test_the_next_way_stands_in_when_the_first_is_out(gateway: Any, wait: Wait, tmp_path: Path) -> None:
    (share := tmp_path / "share").mkdir()
    gone = f'{{ by = "folder", path = "{tmp_path / "gone"}" }}'
    recipient(tmp_path, HTTPS, gone, f'{{ by = "folder", path = "{share}", documents = true }}')
    gateway.start()
    hand_off(gateway)
    wait(lambda: gateway.events("HandoffDelivered"))
    assert len(gateway.events("HandoffAttemptFailed")) == 3
    assert verify_package(share / "handoff-1/package.zip").ok and (share / "handoff-1/cap.xml").is_file()
    notice = json.loads((share / "handoff-1/notice.json").read_bytes())
    assert "live" not in notice and "receipts" not in notice
    recall = ev.HandoffRecalled(handoff_id="handoff-1", update_id="up-1", seat="1", reason="wrong_receiver")
    gateway.on_incident(gateway.events("IncidentOpened")[-1].stream.partition("/")[2], recall)
    wait(lambda: gateway.events("HandoffUpdateDelivered"))
    assert json.loads((share / "handoff-1/updates/up-1.json").read_bytes())["kind"] == "recalled"


def test_a_mailed_link_is_no_delivery_until_it_is_fetched(
    gateway: Any, post: PostOffice, wait: Wait, tmp_path: Path
) -> None:
    recipient(tmp_path, HTTPS, MAIL)
    gateway.start()
    hand_off(gateway)
    wait(lambda: post.mails)
    wait(lambda: len(gateway.events("HandoffAttemptFailed")) >= 5)
    assert not gateway.events("HandoffDelivered") and len(post.mails) == 1
    told = gateway.events("HandoffAttemptFailed")[-1].payload_as(ev.HandoffAttemptFailed)
    assert "받아 가지 않았습니다" in told.reason
    mail = post.mails[0]
    assert mail["To"] == "desk@haneul.example" and not mail.is_multipart()
    text = mail.get_payload(decode=True).decode("utf-8")  # type: ignore[union-attr]
    assert "은행로" not in text and "가온마트" not in text and "강도" not in text  # neither place nor what happened
    page, _, key = post.link().partition("#")
    with httpx.Client(trust_env=False, timeout=20) as client:
        assert client.get(page).status_code == 200 and key not in client.get(page).text
        assert not gateway.events("HandoffLinkFetched")  # opening the page, as mail filters do, fetches nothing
        assert client.post(page, data={"token": key[:-1] + "x"}).status_code == 403
        foreign = client.post(page, data={"token": key}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        (tmp_path / "got.zip").write_bytes(client.post(page, data={"token": key}).content)
    assert verify_package(tmp_path / "got.zip").ok
    wait(lambda: gateway.events("HandoffDelivered"))
    wait(lambda: gateway.get("/health").json()["handoffs_under_way"] == 0)
    assert len(gateway.events("HandoffDelivered")) == 1
    lines = {line.access: line for line in Register("가온시").lines(gateway.events())}
    assert (lines[Access.LINK].who, lines[Access.LINK].remote) == ("하늘시", "127.0.0.1")


@pytest.mark.browser
def test_the_page_of_a_link_fetches_with_one_press(gateway: Any, post: PostOffice, wait: Wait, tmp_path: Path) -> None:
    recipient(tmp_path, MAIL)
    gateway.start()
    hand_off(gateway)
    wait(lambda: post.mails)
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 700})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(post.link())
        assert "#" not in page.url  # the key is neither in the address bar nor in the history
        if folder := os.environ.get("DESK_SHOTS"):
            page.screenshot(path=f"{folder}/evidence-link.png")
        with page.expect_download() as download:
            page.get_by_role("button").click()
        download.value.save_as(tmp_path / "got.zip")
        browser.close()
    assert verify_package(tmp_path / "got.zip").ok and complaints == []
    assert not any(post.link().partition("#")[2] in url.partition("#")[0] for url in asked)
    wait(lambda: gateway.events("HandoffDelivered"))


def test_a_link_ends_with_its_time_and_with_a_recall(
    gateway: Any, post: PostOffice, wait: Wait, tmp_path: Path
) -> None:
    recipient(tmp_path, '{ by = "mail", to = ["desk@haneul.example"], hours = 0.0001 }')
    gateway.start()
    incident_id = hand_off(gateway)
    wait(lambda: post.mails)
    page, _, key = post.link(which=0).partition("#")
    wait(lambda: len(post.mails) >= 2)  # the first one's time is over: a new link is mailed
    assert httpx.post(page, data={"token": key}, trust_env=False, timeout=20).status_code == 403
    recipient(tmp_path, MAIL)
    send(gateway, incident_id, "handoff-2")
    wait(lambda: post.of("handoff-2"))
    page, _, key = post.link("handoff-2").partition("#")
    recall = ev.HandoffRecalled(handoff_id="handoff-2", update_id="up-1", seat="1", reason="wrong_receiver")
    gateway.on_incident(incident_id, recall)
    wait(lambda: gateway.events("HandoffUpdateDelivered"))
    assert httpx.post(page, data={"token": key}, trust_env=False, timeout=20).status_code == 403
    assert "전화" in str(post.of("handoff-2")[-1].get_payload(decode=True).decode("utf-8"))  # type: ignore[union-attr]
    assert not gateway.events("HandoffLinkFetched")


def test_a_key_that_others_may_read_is_not_used(gateway: Any, wait: Wait, tmp_path: Path) -> None:
    recipient(tmp_path, '{ by = "sftp", host = "127.0.0.1", user = "u", host_key = "ssh-ed25519 AAAA" }')
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "recipient-centre-haneul.sftp").write_text("key")
    (tmp_path / "secrets" / "recipient-centre-haneul.sftp").chmod(0o644)
    gateway.start()
    hand_off(gateway)
    failed = wait(lambda: gateway.events("HandoffAttemptFailed"))[0].payload_as(ev.HandoffAttemptFailed)
    assert "0600" in failed.reason
