"""The package: deterministic, complete, and refused after any change."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity_console.clock import ManualClock
from smartcity_console.handoff import container
from smartcity_console.handoff.container import Member, digest, is_member_name, read_entries, write_container
from smartcity_console.handoff.errors import PackageRefused
from smartcity_console.handoff.keys import fingerprint
from smartcity_console.handoff.package import ClipPart, PackageParts, clip_name, still_name
from smartcity_console.handoff.seal import Sealed, seal_package
from smartcity_console.handoff.verify import verify_package


@pytest.fixture
def sealed(parts: PackageParts, key: Ed25519PrivateKey, clock: ManualClock, tmp_path: Path) -> Sealed:
    return seal_package(parts, key, clock.now(), tmp_path / "out" / "handoff-1.zip")


def test_same_parts_give_the_same_bytes(
    sealed: Sealed, parts: PackageParts, key: Ed25519PrivateKey, clock: ManualClock, tmp_path: Path
) -> None:
    again = seal_package(parts, key, clock.now(), tmp_path / "again.zip")
    assert again.path.read_bytes() == sealed.path.read_bytes()
    assert again.sha256 == sealed.sha256


def test_a_sealed_package_verifies_and_names_its_signer(sealed: Sealed, key: Ed25519PrivateKey) -> None:
    report = verify_package(sealed.path)
    assert (report.ok, report.problems, report.trusted) == (True, (), None)
    assert report.signer_fingerprint == fingerprint(key.public_key())
    assert report.manifest is not None
    assert report.manifest.package_id == "handoff-1"
    assert [clip.camera_id for clip in report.manifest.clips] == ["GN-0001", "PV-0001"]
    assert report.manifest.clips[1].gaps == ("2.0 s at 14:02:50",)


def test_other_programs_open_it_as_a_zip(sealed: Sealed) -> None:
    with zipfile.ZipFile(sealed.path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        document = json.loads(archive.read("incident.json"))
    assert document["verdict"] == {
        "grade": 4,
        "scale": "TMA-AVS-01",
        "given_by": "seat-3",
        "given_at": "2026-11-23T05:03:44Z",
    }
    assert document["site"]["name"] == "가온마트 은행로점"
    assert document["recipients"] == [{"id": "police-gaon", "kind": "police", "name": "가온경찰서 112상황실"}]
    assert [line["type"] for line in document["timeline"]][-1] == "HandoffRequested"


def test_any_changed_byte_is_refused(sealed: Sealed, tmp_path: Path) -> None:
    """Every byte of every header and of the whole central directory, and 1,200 offsets anywhere else."""
    good = sealed.path.read_bytes()
    offsets = header_offsets(sealed.path) | set(random.Random(7).sample(range(len(good)), 1200))
    file = tmp_path / "changed.zip"
    shutil.copyfile(sealed.path, file)
    draw = random.Random(11)
    accepted = []
    with file.open("r+b", buffering=0) as changed:
        for offset in sorted(offsets):
            other = good[offset] ^ draw.randrange(1, 256)
            changed.seek(offset)
            changed.write(bytes([other]))
            if verify_package(file).ok:
                accepted.append(offset)
            changed.seek(offset)
            changed.write(good[offset : offset + 1])
    assert accepted == []
    assert verify_package(file).ok  # and it was the change that was refused


def header_offsets(path: Path) -> set[int]:
    with path.open("rb") as file:
        entries = read_entries(file)
        end = file.seek(0, 2)
    headers = {o for e in entries for o in range(e.header_offset, e.data_offset)}
    small = {o for e in entries if e.size_bytes < 200 for o in range(e.data_offset, e.data_offset + e.size_bytes)}
    return headers | small | set(range(entries[-1].data_offset + entries[-1].size_bytes, end))


@pytest.mark.parametrize("change", ["cut", "grown", "prefixed", "emptied"])
def test_cut_and_grown_files_are_refused(sealed: Sealed, change: str) -> None:
    good = sealed.path.read_bytes()
    changed = {"cut": good[:-1], "grown": good + b"\0", "prefixed": b"\0" + good, "emptied": b""}[change]
    sealed.path.write_bytes(changed)
    assert not verify_package(sealed.path).ok


def test_another_key_signs_well_but_is_not_trusted(parts: PackageParts, clock: ManualClock, tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    path = seal_package(parts, other, clock.now(), tmp_path / "other.zip").path
    assert verify_package(path).ok
    report = verify_package(path, trusted_keys=["00" * 32])
    assert (report.ok, report.trusted) == (False, False)
    assert report.problems[0].code == "untrusted"
    assert verify_package(path, trusted_keys=[fingerprint(other.public_key())]).trusted is True


def test_an_unpacked_directory_verifies_until_it_is_touched(sealed: Sealed, tmp_path: Path) -> None:
    root = unpack(sealed, tmp_path)
    assert verify_package(root).ok
    (root / "clips" / "extra.mp4").write_bytes(b"x")
    assert [p.code for p in verify_package(root).problems] == ["extra"]
    (root / "clips" / "extra.mp4").unlink()
    (root / "stills" / "GN-0001.jpg").unlink()
    assert [p.code for p in verify_package(root).problems] == ["missing"]


def test_a_link_in_a_directory_is_refused(sealed: Sealed, tmp_path: Path) -> None:
    root = unpack(sealed, tmp_path)
    clip = root / "clips" / "GN-0001.mp4"
    clip.rename(tmp_path / "elsewhere.mp4")
    clip.symlink_to(tmp_path / "elsewhere.mp4")
    assert [p.code for p in verify_package(root).problems] == ["not_canonical"]


def unpack(sealed: Sealed, tmp_path: Path) -> Path:
    root = tmp_path / "unpacked"
    with zipfile.ZipFile(sealed.path) as archive:
        archive.extractall(root)
    return root


def test_the_readme_s_commands_work(sealed: Sealed, tmp_path: Path) -> None:
    root = unpack(sealed, tmp_path)
    text = (root / "README.txt").read_text("utf-8")
    commands = re.findall(r"^[2-5]\. .*?  ((?:sha256sum -c|grep|openssl) .*)$", text, re.MULTILINE)
    assert len(commands) == 8  # four steps in each language
    assert [shell(command, root) for command in commands] == [0] * 8
    clip = root / "clips" / "GN-0001.mp4"
    clip.write_bytes(clip.read_bytes() + b"\0")
    assert shell("sha256sum -c SHA256SUMS", root) == 1


def shell(command: str, cwd: Path) -> int:
    return subprocess.run(command, check=False, shell=True, cwd=cwd, capture_output=True, timeout=20).returncode


@pytest.mark.parametrize("name", ["../evil.mp4", "clips/../../x.mp4", "/etc/passwd", "clips/.hidden.mp4", "a" * 200])
def test_a_name_that_leads_elsewhere_is_no_member(name: str, tmp_path: Path) -> None:
    assert not container.is_member_name(name)
    with (tmp_path / "x.zip").open("wb") as out, pytest.raises(ValueError, match="no place"):
        member = Member(name, b"x")
        write_container(out, [(member, digest(member.chunks()))])


def test_a_compressed_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("incident.json", b"\0" * 50_000_000)
    assert [p.code for p in verify_package(path).problems] == ["not_canonical"]


def test_the_same_name_twice_is_refused(
    parts: PackageParts, key: Ed25519PrivateKey, clock: ManualClock, tmp_path: Path
) -> None:
    twice = msgspec.structs.replace(parts, clips=(parts.clips[0], parts.clips[0]))
    with pytest.raises(PackageRefused, match="twice"):
        seal_package(twice, key, clock.now(), tmp_path / "twice.zip")
    assert not (tmp_path / "twice.zip").exists()


def test_a_failed_seal_leaves_the_old_package_and_no_litter(
    sealed: Sealed, parts: PackageParts, key: Ed25519PrivateKey, clock: ManualClock
) -> None:
    before = sealed.path.read_bytes()
    gone = ClipPart(parts.clips[0].facts, Path("/nonexistent/clip.mp4"))
    with pytest.raises(PackageRefused):
        seal_package(msgspec.structs.replace(parts, clips=(gone,)), key, clock.now(), sealed.path)
    assert sealed.path.read_bytes() == before
    assert [p.name for p in sealed.path.parent.iterdir()] == [sealed.path.name]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.dictionaries(
        st.from_regex(r"clips/[A-Za-z0-9][A-Za-z0-9._-]{0,10}\.mp4", fullmatch=True),
        st.binary(max_size=300),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(contents: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "any.zip"
    members = [Member(name, data) for name, data in contents.items()]
    with path.open("wb") as out:
        write_container(out, [(m, digest(m.chunks())) for m in members])
    with path.open("rb") as file:
        back = {e.name: b"".join(container.entry_chunks(file, e)) for e in read_entries(file)}
    assert back == contents


@given(camera_id=st.text(max_size=120))
def test_every_camera_number_has_a_name_inside(camera_id: str) -> None:
    assert container.is_member_name(clip_name(camera_id))


@given(noise=st.binary(max_size=400))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_refused_and_never_raises(noise: bytes, tmp_path: Path) -> None:
    path = tmp_path / "noise.zip"
    path.write_bytes(b"PK\x03\x04" + noise)
    assert not verify_package(path).ok
    assert verify_package(path).lines("en")[0] == "refused"


def test_a_still_has_its_marked_copy_and_no_camera_can_take_its_name() -> None:
    assert still_name("GN-0001") == "stills/GN-0001.jpg"
    assert still_name("GN-0001", marked=True) == "stills/GN-0001.marked.jpg"
    for camera in ("GN-0001.marked", "A" * 80, "가"):
        assert still_name(camera).startswith("stills/camera-")
        assert is_member_name(still_name(camera, marked=True))
    assert is_member_name(still_name("A" * 72, marked=True))
