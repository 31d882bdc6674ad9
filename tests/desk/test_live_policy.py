"""What the page may reach: its own desk; and for a live view the address of that hand-off's centre, while leave to watch holds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smartcity_console.desk.errors import NoSuchFile
from smartcity_console.desk.live_policy import live_origin
from tests.desk.open_desk import BEARER, open_desk

LIVE = "/page/handoffs/handoff-1/live.js"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("wss://centre.gaon.example:9680/live", "wss://centre.gaon.example:9680"),
        ("wss://Centre.example/gateway/live", "wss://centre.example:443"),
        ("ws://127.0.0.1:9680/live", "ws://127.0.0.1:9680"),
        ("wss://[2001:db8::1]:9680/live", "wss:"),
    ],
)
def test_a_policy_names_scheme_host_and_port(url: str, origin: str) -> None:
    assert live_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://centre.example/live",
        "wss://",
        "wss://*:443/live",
        "wss://a b/live",
        "wss://a;script-src *:443/live",
        "wss://a,b:443/live",
        "wss://centre.example:0x50/live",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_address_opens_nothing(url: str) -> None:
    with pytest.raises(NoSuchFile):
        live_origin(url)


def test_the_page_reaches_its_desk_alone_and_a_view_its_centre(tmp_path: Path, sender) -> None:
    sender.live_url = "wss://centre.gaon.example:9680/live"
    notice = sender.notice()
    recall = {"handoff_id": "handoff-1", "update_id": "update-1", "kind": "recalled", "text": "오경보"}
    recall |= {"sent_at": "2026-11-23T05:00:00Z"}

    async def work() -> None:
        async with open_desk(tmp_path / "desk") as desk:
            assert (await desk.http.get(LIVE)).status_code == 404
            assert (await desk.http.post("/api/handoffs", content=notice, headers=BEARER)).status_code == 201
            page, worker = await desk.http.get("/"), await desk.http.get(LIVE)
            assert "connect-src 'self';" in page.headers["content-security-policy"]
            assert worker.headers["content-security-policy"] == (
                "default-src 'none'; connect-src wss://centre.gaon.example:9680"
            )
            assert worker.headers["content-type"].startswith("text/javascript")
            assert worker.headers["cache-control"] == "no-store"
            answer = await desk.http.post("/api/handoffs/handoff-1/updates", json=recall, headers=BEARER)
            assert answer.status_code == 201
            assert (await desk.http.get(LIVE)).status_code == 404  # there is no leave to watch any more

    asyncio.run(work())
