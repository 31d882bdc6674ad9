"""Copies for receivers who may not see everything, and the certificate of the key that seals."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import av
import c2pa
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.clock import SystemClock
from smartcity_console.handoff.container import entry_chunks, read_entries
from smartcity_console.handoff.credentials import credentials
from smartcity_console.handoff.errors import PreparationFailed, SigningKeyUnusable
from smartcity_console.handoff.keys import SIGNING_CERTIFICATE, signing_certificate
from smartcity_console.handoff.package import ClipFacts, request_of
from smartcity_console.handoff.prepare import Copies, Preparer
from smartcity_console.handoff.seal import seal_package
from smartcity_console.handoff.verify import verify_package
from smartcity_console.video.masks.copy import burn_masks
from tests.desk.conftest import write_mp4

LEFT_HALF = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)


def cut(camera_id: str, start: datetime, end: datetime, out: Path) -> ClipFacts:
    write_mp4(out, seconds=1.0)
    return ClipFacts(camera_id=camera_id, start=start, end=end, codec="avc1.42C01E", es_sha256="ab" * 32)


def prepared(tmp_path: Path, clock: Any, key: Any, incident: Any, copies: Copies | None) -> Path:
    still: Callable[..., tuple[bytes, bytes]] = lambda *_: (b"clean", b"marked")  # noqa: E731
    preparer = Preparer(tmp_path, key, clock, cut, still, "가온시", copies)
    request = next(line for line in reversed(incident.log) if line.type == "HandoffRequested")
    asked = request_of(incident, request.facts["handoff_id"])
    assert asked is not None
    done = asyncio.run(preparer(incident, asked))
    return tmp_path / done.path


@pytest.fixture
def incident(ask: Callable[..., Any]) -> Any:
    return ask()


def burn(clip: Path, polygons: Any, out: Path) -> None:
    burn_masks(clip, polygons, out)


def content(package: Path, name: str) -> bytes:
    with package.open("rb") as file:
        entry = next(entry for entry in read_entries(file) if entry.name == name)
        return b"".join(entry_chunks(file, entry))


def test_a_receiver_of_masked_copies_gets_no_uncovered_picture(
    tmp_path: Path, clock: Any, key: Any, incident: Any
) -> None:
    copies = Copies(lambda _, camera_id: LEFT_HALF if camera_id == "GN-0001" else (), burn)
    package = prepared(tmp_path, clock, key, incident, copies)
    report = verify_package(package)
    assert report.ok and report.manifest is not None
    masked = {clip.camera_id: clip.masked for clip in report.manifest.clips}
    assert masked == {"GN-0001": True, "PV-0001": False}
    assert {clip.es_sha256 for clip in report.manifest.clips} == {"ab" * 32}
    (tmp_path / "copy.mp4").write_bytes(content(package, "clips/GN-0001.mp4"))
    with av.open(str(tmp_path / "copy.mp4")) as container:
        for frame in container.decode(video=0):
            left = frame.to_ndarray(format="gray")[:, :300]
            assert abs(int(left.mean()) - 128) < 8 and left.std() < 8
    custody = msgspec.json.decode(content(package, "custody.json"))
    assert "가림 처리 사본" in next(i["note"] for i in custody["items"] if i["name"] == "clips/GN-0001.mp4")


def test_content_credentials_are_valid_name_the_camera_and_break_with_a_changed_picture(
    tmp_path: Path, clock: Any, key: Any, incident: Any
) -> None:
    made = credentials(tmp_path, key, "가온시", SystemClock().now())
    still: Callable[..., tuple[bytes, bytes]] = lambda *_: (b"clean", b"marked")  # noqa: E731
    preparer = Preparer(tmp_path, key, clock, cut, still, "가온시", credentials=made)
    asked = request_of(incident, "handoff-1")
    assert asked is not None
    package = tmp_path / asyncio.run(preparer(incident, asked)).path
    assert verify_package(package).ok
    clip = tmp_path / "signed.mp4"
    clip.write_bytes(content(package, "clips/GN-0001.mp4"))
    told = json.loads(c2pa.Reader(str(clip)).json())
    manifest = told["manifests"][told["active_manifest"]]
    assert told["validation_state"] == "Valid" and manifest["title"] == "가온시 GN-0001"
    evidence = next(a["data"] for a in manifest["assertions"] if a["label"] == "kr.smartcity.evidence")
    assert (evidence["es_sha256"], evidence["handoff_id"]) == ("ab" * 32, "handoff-1")
    data = bytearray(clip.read_bytes())
    data[data.index(b"mdat") + 400] ^= 1
    clip.write_bytes(data)
    assert json.loads(c2pa.Reader(str(clip)).json())["validation_state"] == "Invalid"


def test_without_credentials_a_clip_still_goes(tmp_path: Path, clock: Any, key: Any, incident: Any) -> None:
    made = credentials(tmp_path, key, "가온시", SystemClock().now())
    broken = msgspec.structs.replace(made, chain=b"no certificate")
    still: Callable[..., tuple[bytes, bytes]] = lambda *_: (b"clean", b"marked")  # noqa: E731
    preparer = Preparer(tmp_path, key, clock, cut, still, "가온시", credentials=broken)
    asked = request_of(incident, "handoff-1")
    assert asked is not None
    report = verify_package(tmp_path / asyncio.run(preparer(incident, asked)).path)
    assert report.manifest is not None and len(report.manifest.clips) == 2
    assert sum("C2PA" in gap for gap in report.manifest.gaps) == 2


def test_when_the_mask_fails_nothing_of_the_camera_goes_out(
    tmp_path: Path, clock: Any, key: Any, incident: Any
) -> None:
    def fails(*_: Any) -> None:
        raise PreparationFailed(why="no encoder")

    package = prepared(tmp_path, clock, key, incident, Copies(lambda *_: LEFT_HALF, fails))
    report = verify_package(package)
    assert report.manifest is not None and report.manifest.clips == ()
    assert any("GN-0001" in gap and "no encoder" in gap for gap in report.manifest.gaps)
    with package.open("rb") as file:
        assert not [entry.name for entry in read_entries(file) if entry.name.startswith(("clips/", "stills/"))]


def test_the_certificate_is_the_keys_and_openssl_reads_it(tmp_path: Path, clock: Any, key: Any, incident: Any) -> None:
    package = prepared(tmp_path, clock, key, incident, None)
    (tmp_path / "c.pem").write_bytes(content(package, "certificate.pem"))
    openssl = shutil.which("openssl")
    assert openssl
    command = [openssl, "x509", "-in", str(tmp_path / "c.pem"), "-noout", "-subject", "-nameopt", "utf8", "-pubkey"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert "가온시 스마트도시센터 증거 봉인" in told
    assert content(package, "signer.pem").decode().strip() in told
    again = signing_certificate(tmp_path, key, "다른 이름", clock.now())
    assert again == (tmp_path / SIGNING_CERTIFICATE).read_bytes() == content(package, "certificate.pem")


def test_a_certificate_of_another_key_is_refused_on_both_sides(
    tmp_path: Path, clock: Any, key: Any, parts: Any
) -> None:
    other = Ed25519PrivateKey.generate()
    foreign = signing_certificate(tmp_path / "other", other, "가온시", clock.now())
    assert (
        x509.load_pem_x509_certificate(foreign).public_key().public_bytes_raw() == other.public_key().public_bytes_raw()
    )
    mixed = msgspec.structs.replace(parts, certificate=foreign)
    sealed = seal_package(mixed, key, clock.now(), tmp_path / "p.zip")
    report = verify_package(sealed.path)
    assert not report.ok and [problem.code for problem in report.problems] == ["certificate"]
    (tmp_path / SIGNING_CERTIFICATE).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / SIGNING_CERTIFICATE).write_bytes(foreign)
    with pytest.raises(SigningKeyUnusable, match="not a certificate of the signing key"):
        signing_certificate(tmp_path, key, "가온시", clock.now())
