"""What it takes to stand where the desk stands: the document, and a receiver of less than a hundred lines."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from smartcity_console.desk.description import Receipt, description
from smartcity_console.desk.state import DeskReceipt, DeskStage
from smartcity_console.gateway.receipts import DeskReceipt as TakenReceipt
from smartcity_console.handoff.channels import HttpDeskChannel, by_bearer
from smartcity_console.handoff.errors import CredentialRefused, DeliveryRefused, HandoffNotThere
from tests.desk.conftest import wait_for
from tests.desk.open_desk import open_desk

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "receive-handoffs"


def test_the_document_is_the_one_in_docs_and_is_served(tmp_path: Path) -> None:
    page = json.loads((ROOT / "docs" / "protocols" / "desk.openapi.json").read_text("utf-8"))
    assert page == json.loads(msgspec.json.encode(description()))

    async def run() -> None:
        async with open_desk(tmp_path / "desk") as desk:
            assert (await desk.http.get("/openapi.json")).json() == page

    asyncio.run(run())


def test_every_path_of_the_document_is_served(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_desk(tmp_path / "desk") as desk:
            for path, verbs in description()["paths"].items():
                for verb in verbs:
                    answer = await desk.http.request(verb.upper(), path.replace("{id}", "handoff-1"))
                    assert answer.status_code == 401, (verb, path)  # it is there, and asks for the credential

    asyncio.run(run())


def test_the_receipt_of_the_document_is_what_the_desk_sends_and_the_gateway_takes() -> None:
    names = {field.name for field in msgspec.structs.fields(Receipt)}
    assert names == {field.name for field in msgspec.structs.fields(DeskReceipt)}
    assert names == {field.name for field in msgspec.structs.fields(TakenReceipt)}
    for stage in set(DeskStage) - {DeskStage.NEW}:
        assert f"{stage}" in str(Receipt.__doc__)
        msgspec.convert({"receipt_id": "r", "handoff_id": "h", "stage": stage}, TakenReceipt)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    out = tmp_path / "received"
    command = [sys.executable, str(SCRIPT), "--port", "0", "--token", "t0ken", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip(), out
    process.terminate()
    process.wait(15)
    process.stdout.close()


def test_the_small_receiver_takes_a_handoff_and_accepts_it(receiver, sender, gateway) -> None:
    url, out = receiver
    notice = sender.notice()
    sealed = sender.package()
    told = {"handoff_id": "handoff-1", "update_id": "update-1", "kind": "recalled", "text": "오경보"}

    async def deliver(token: str = "t0ken", sha256: str = sealed.sha256) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            channel = HttpDeskChannel(client, url, by_bearer(token), "small")
            if not (out / "handoff-1").exists() and token == "t0ken":
                with pytest.raises(HandoffNotThere):
                    await channel.deliver_update("handoff-1", "update-1", json.dumps(told).encode())
            await channel.deliver_notice("handoff-1", notice)
            assert await channel.deliver_package("handoff-1", sealed.path, sha256) == "receive-handoffs"
            await channel.deliver_update("handoff-1", "update-1", json.dumps(told).encode())

    with pytest.raises(CredentialRefused):
        asyncio.run(deliver("wrong"))
    with pytest.raises(DeliveryRefused):
        asyncio.run(deliver(sha256="0" * 64))
    asyncio.run(deliver())
    wait_for(lambda: "accepted" in [told["stage"] for told in gateway.receipts])
    assert (out / "handoff-1" / "package.zip").read_bytes() == sealed.path.read_bytes()
    assert json.loads((out / "handoff-1" / "update-1.json").read_bytes())["text"] == "오경보"


def test_it_is_small_and_needs_nothing() -> None:
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) < 100
    modules = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert modules <= set(sys.stdlib_module_names)
