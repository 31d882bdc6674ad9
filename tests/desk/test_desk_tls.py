"""The desk as a program over TLS, and what it does with connections that ask for nothing."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smartcity_console.clock import SystemClock
from smartcity_console.desk.users import add_user
from smartcity_console.handoff.channels import HttpDeskChannel, by_hmac
from smartcity_console.handoff.errors import CredentialRefused, ReceiverUnreachable
from smartcity_console.handoff.signing import body_sha256, signed
from smartcity_console.web import MOST_SILENT
from tests.desk.conftest import wait_for


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate of its own signing for 127.0.0.1."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "desk.pem", folder / "desk.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return certificate, secret


def test_it_serves_tls_and_its_cookie_stays_there(start_desk: Any, sender: Any, tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    add_user(tmp_path / "workspace" / "secrets" / "desk-police.users.json", "김경사", "은행로 85 정문 앞")
    desk = start_desk(0, f"desk.http.certificate={certificate}", f"desk.http.key={key}")
    assert desk.url.startswith("https://")
    trusted = ssl.create_default_context(cafile=str(certificate))
    with httpx.Client(base_url=desk.url, verify=trusted, trust_env=False, timeout=20) as client:
        assert client.post("/api/handoffs", content=sender.notice(), headers=desk.bearer).status_code == 201
        body = {"name": "김경사", "password": "은행로 85 정문 앞"}
        answer = client.post("/page/login", json=body, headers={"X-Desk-Request": "1", "Origin": desk.url})
        assert answer.status_code == 200, answer.text
        assert "Secure" in answer.headers["set-cookie"]
        assert len(client.get("/page/handoffs").json()["handoffs"]) == 1
    with (
        httpx.Client(base_url=desk.url.replace("https", "http"), trust_env=False, timeout=20) as plain,
        pytest.raises(httpx.HTTPError),
    ):
        plain.get("/health")


def test_half_open_connections_keep_nobody_out(start_desk: Any) -> None:
    desk = start_desk()
    silent = [socket.create_connection(("127.0.0.1", desk.port)) for _ in range(MOST_SILENT + 20)]
    try:
        for connection in silent:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        assert httpx.get(f"{desk.url}/health", trust_env=False, timeout=10).status_code == 200
        wait_for(lambda: _is_closed(silent[0]))  # the oldest went
    finally:
        for connection in silent:
            connection.close()


def _is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_centre_shows_its_certificate_and_signs_without_sending_the_secret(
    start_desk: Any, sender: Any, tmp_path: Path
) -> None:
    certificate, key = write_certificate(tmp_path)
    (tmp_path / "centre").mkdir()
    ours, our_key = write_certificate(tmp_path / "centre")
    desk = start_desk(0, f"desk.http.certificate={certificate}", f"desk.http.key={key}", f"desk.http.client_ca={ours}")
    bare = ssl.create_default_context(cafile=str(certificate))
    mutual = ssl.create_default_context(cafile=str(certificate))
    mutual.load_cert_chain(ours, our_key)
    notice, sealed = sender.notice(), sender.package()
    sent: list[httpx.Request] = []

    async def remember(request: httpx.Request) -> None:
        sent.append(request)

    async def deliver() -> str:
        async with httpx.AsyncClient(verify=bare, trust_env=False, timeout=20) as client:
            with pytest.raises(ReceiverUnreachable):
                await HttpDeskChannel(client, desk.url, by_hmac(desk.token, SystemClock()), "112").deliver_notice(
                    "handoff-1", notice
                )
        async with httpx.AsyncClient(
            verify=mutual, trust_env=False, timeout=20, event_hooks={"request": [remember]}
        ) as client:
            with pytest.raises(CredentialRefused):
                await HttpDeskChannel(client, desk.url, by_hmac("another", SystemClock()), "112").deliver_notice(
                    "handoff-1", notice
                )
            channel = HttpDeskChannel(client, desk.url, by_hmac(desk.token, SystemClock()), "112")
            await channel.deliver_notice("handoff-1", notice)
            return await channel.deliver_package("handoff-1", sealed.path, sealed.sha256)

    assert asyncio.run(deliver())
    assert [event.type for event in desk.events() if "Stored" in event.type] == ["DeskPackageStored"]
    assert all(desk.token not in str(request.headers) for request in sent)


def test_a_signature_holds_for_its_request_and_its_time_only(start_desk: Any, sender: Any) -> None:
    desk = start_desk()
    now_s, notice = int(SystemClock().now().timestamp()), sender.notice()
    url, path = f"{desk.url}/api/handoffs", "/api/handoffs"
    with httpx.Client(trust_env=False, timeout=20) as client:

        def status(at_s: int = now_s, body: bytes = notice, method: str = "POST", where: str = path) -> int:
            headers = signed(desk.token, at_s, method, where, body_sha256(notice))
            return client.post(url, content=body, headers=headers).status_code

        assert status(body=notice + b" ") == 401
        assert status(method="PUT") == 401
        assert status(where="/api/handoffs/x") == 401
        assert status(at_s=now_s - 300) == 401
        assert status(at_s=now_s + 120) == 401
        assert status() == 201
