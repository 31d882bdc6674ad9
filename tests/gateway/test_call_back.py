"""The one call to a firm's address: certificates, private addresses, and what is never called."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.gateway.call_back import CallBack, CallFailed
from smartcity_console.model.sender import FirmRecord
from smartcity_console.settings import Settings
from tests.gateway.status_firm import CLOCK, FAST, KEYS, Firm


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    chain, key = folder / "chain.pem", folder / "key.pem"
    names = "subjectAltName=DNS:status.firm.test,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    more = ["-keyout", str(key), "-out", str(chain), "-days", "2", "-subj", "/CN=firm", "-addext", names]
    subprocess.run([*command, *more], check=True, capture_output=True, timeout=60)
    return chain, key


def call(url: str, settings: dict[str, Any], addresses: list[str], **more: Any) -> int:
    async def scenario() -> int:
        made = CallBack(Settings().replaced(FAST | settings), lambda _host, _port: addresses)
        try:
            record = FirmRecord(id="s1", status_url=url, **more)
            body = json.dumps({"return_id": "r-1", "status": "received"}).encode()
            return await made.send(record, "k-s1", KEYS["k-s1"], "r-1", body, CLOCK.now())
        finally:
            await made.close()

    return asyncio.run(scenario())


def test_https_is_checked_against_the_name_and_private_addresses_must_be_registered(
    certificate: tuple[Path, Path],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    secure = Firm(context)
    trusted = {"status.ca": str(certificate[0])}
    url = f"https://status.firm.test:{secure.port}/x"
    try:
        assert call(url, trusted, ["127.0.0.1"], networks=("127.0.0.0/8",)) == 200
        assert call(f"https://127.0.0.1:{secure.port}/x", trusted, []) == 200
        with pytest.raises(CallFailed, match="private address"):
            call(url, trusted, ["127.0.0.1"])
        with pytest.raises(CallFailed, match="private address"):
            call(url, trusted, ["203.0.113.9", "10.1.2.3"], networks=("127.0.0.0/8",))
        with pytest.raises(CallFailed, match="cannot be reached"):
            call(url, {}, ["127.0.0.1"], networks=("127.0.0.0/8",))
        with pytest.raises(CallFailed, match="cannot be reached"):
            other = f"https://other.firm.test:{secure.port}/x"
            call(other, trusted, ["127.0.0.1"], networks=("127.0.0.0/8",))
        assert len(secure.taken) == 1 and not secure.bad
    finally:
        secure.close()


@pytest.mark.parametrize(
    "url",
    ["http://firm.example/x", "ftp://firm.example", "https://user:pw@firm.example", "https://", "http://10.0.0.1"],
)
def test_an_address_that_is_no_call_back_is_never_called(url: str) -> None:
    with pytest.raises(CallFailed, match="cannot be called back"):
        call(url, {}, ["127.0.0.1"])
