"""`smartcity-console onvif …` against a real device: found, looked at, connected; and what goes wrong in a sentence."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartcity_console.__main__ import EXIT_REFUSED, main
from smartcity_console.clock import SystemClock
from smartcity_console.composition.onvif import EXIT_NOTHING
from smartcity_console.composition.streams import StreamRoles, read_stream_roles, read_streams
from smartcity_console.drill.onvif_device import DeviceFacts, DeviceServer
from smartcity_console.gateway.streams import read_streams as gateway_reads
from smartcity_console.model.ptz import Mounting
from smartcity_console.video.onvif.adopted import read_adopted
from smartcity_console.video.onvif.credentials import Credentials, read_credentials

PASSWORD = "pa ss<9>"
STREAMS = (("main", 1920, 1080, "rtsp://10.9.9.9:554/main"), ("sub", 640, 360, "rtsp://10.9.9.9:554/sub"))


@pytest.fixture
def device() -> Iterator[DeviceServer]:
    facts = DeviceFacts(name="은행로", password=PASSWORD, streams=STREAMS)
    with DeviceServer(facts, SystemClock(), discovery_port=0) as made:
        yield made


@pytest.fixture
def login(tmp_path: Path) -> list[str]:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n", "utf-8")
    return ["--user", "operator", "--password-file", str(file)]


def test_devices_of_a_range_are_listed_with_make_and_streams(
    device: DeviceServer, login: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    reach = ["--address", "127.0.0.1", "--port", str(device.discovery_port), "--listen", "0.9"]
    assert main(["onvif", "discover", *reach, *login, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["address"], row["manufacturer"], row["firmware"]) == (device.address, "Gaon Vision", "2.4.1")
    assert [profile["url"] for profile in row["profiles"]] == ["rtsp://127.0.0.1:554/main", "rtsp://127.0.0.1:554/sub"]
    assert row["ptz"]["most_presets"] == 16
    assert main(["onvif", "discover", "--address", "127.0.0.1", "--port", "1", "--listen", "0.9"]) in (
        EXIT_NOTHING,
        EXIT_REFUSED,
    )


def test_a_device_is_looked_at_without_writing_anything(
    device: DeviceServer, login: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "centre"
    assert main(["onvif", "probe", device.address, *login, "--workspace", str(workspace)]) == 0
    told = capsys.readouterr().out
    assert "Gaon Vision GV-PTZ30" in told
    assert "sub  sub  H264 640x360@25" in told
    assert PASSWORD not in told
    assert not workspace.exists()


def test_a_device_is_adopted_with_streams_login_and_how_it_hangs(
    device: DeviceServer, login: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "centre"
    workspace.mkdir()
    old = {"streams": {"GN-0009": {"url": "rtsp://127.0.0.1/9"}}}
    (workspace / "streams.json").write_text(json.dumps(old))
    where = ["--workspace", str(workspace), *login]
    assert main(["onvif", "adopt", device.address, "--camera", "GN-0001", "--pan-zero", "450", *where]) == 0
    main_url, sub_url = "rtsp://127.0.0.1:554/main", "rtsp://127.0.0.1:554/sub"
    roles = {"GN-0009": StreamRoles("rtsp://127.0.0.1/9"), "GN-0001": StreamRoles(main_url, sub_url)}
    assert read_stream_roles(workspace) == roles
    assert read_streams(workspace) == gateway_reads(workspace / "streams.json")
    adopted = read_adopted(workspace)["GN-0001"]
    assert (adopted.address, adopted.profile, adopted.mounting) == (device.address, "main", Mounting(90.0))
    assert read_credentials(workspace, "GN-0001") == Credentials("operator", PASSWORD)
    assert not any(stat.S_IMODE((workspace / name).stat().st_mode) & 0o077 for name in ("secrets", "onvif.json"))
    written = "".join((workspace / name).read_text() for name in ("streams.json", "onvif.json"))
    assert PASSWORD not in written + capsys.readouterr().out


def test_what_goes_wrong_is_told_in_a_sentence_and_writes_nothing(
    device: DeviceServer, login: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "centre"
    where = ["--workspace", str(workspace)]
    cases = [
        (["adopt", device.address, "--camera", "GN-0001"], "refused the login"),
        (["adopt", device.address, "--camera", "NO-SUCH", *login], "NO-SUCH"),
        (["probe", "http://me:secret@127.0.0.1"], "apart from the address"),
        (["probe", "127.0.0.1:1"], "cannot be reached"),
        (["discover", "--address", "10.0.0.0/8"], "at most 4096"),
    ]
    for arguments, words in cases:
        assert main(["onvif", *arguments, *where]) == EXIT_REFUSED
        told = capsys.readouterr().err
        assert words in told
        assert "secret" not in told
    assert not workspace.exists()
