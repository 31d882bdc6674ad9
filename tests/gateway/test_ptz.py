"""Steering over the real gateway process: a real ONVIF device over HTTP at one end, seats' WebSockets at the other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from smartcity_console.clock import SystemClock
from smartcity_console.drill.onvif_device import DeviceFacts, DeviceServer, Trouble
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.events import CamerasSelected, IncidentClaimed, PtzReleased, PtzTaken
from smartcity_console.model.ptz import Aim, Mounting, Rank, Velocity, Verb
from smartcity_console.video.onvif.adopted import Adopted, keep_adopted
from smartcity_console.video.onvif.credentials import Credentials, keep_credentials

CAMERA = "GN-0001"
PASSWORD = "지킴이 &<9>"
RIGHT = wire.Move(CAMERA, Velocity(pan=0.5))
STILL = wire.Move(CAMERA, Velocity())


class SeatLink:
    """A seat's end of the link, as the console has one."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.heard: list[Any] = []

    def say(self, *wishes: Any) -> None:
        for wish in wishes:
            self._socket.send(msgspec.json.encode(wish).decode())

    def until(self, wanted: Callable[[Any], bool], limit_s: float = 15.0) -> Any:
        """Return the first message heard from now on that is wanted."""
        deadline_s = time.monotonic() + limit_s
        while True:
            message = wire.read_told(self._socket.recv(max(0.01, deadline_s - time.monotonic())))
            self.heard.append(message)
            if wanted(message):
                return message

    def state(self, wanted: Callable[[wire.State], bool] = lambda _: True) -> wire.State:
        return self.until(lambda m: isinstance(m, wire.State) and wanted(m))  # type: ignore[no-any-return]

    def connected(self) -> wire.State:
        self.say(wire.Watch(CAMERA))
        return self.state(lambda s: s.connected is True)


@contextmanager
def seat(gateway: Any, name: str, token: str | None = None) -> Iterator[SeatLink]:
    url = gateway.addresses["http"].replace("http://", "ws://") + f"{wire.PTZ_PATH}?seat={name}"
    headers = {"Authorization": f"Bearer {token or gateway.secret('gateway-console')}"}
    with connect(url, additional_headers=headers, proxy=None) as socket:
        yield SeatLink(socket)


@pytest.fixture
def device() -> Iterator[DeviceServer]:
    facts = DeviceFacts(password=PASSWORD)
    with DeviceServer(facts, SystemClock()) as made:
        yield made


@pytest.fixture
def steered(gateway: Any, device: DeviceServer) -> Any:
    """A gateway that has the device as its camera."""
    adopt(gateway.path, CAMERA, device)
    gateway.settings.append("ptz.idle_s=2")
    gateway.settings.append("ptz.supervisors=9")
    gateway.start()
    return gateway


def adopt(workspace: Path, camera_id: str, device: DeviceServer) -> None:
    mounting = Mounting(azimuth_at_zero_deg=90.0)
    keep_adopted(workspace, camera_id, Adopted(device.address, "main", "node", mounting=mounting))
    keep_credentials(workspace, camera_id, Credentials("operator", PASSWORD))


def turns(device: DeviceServer) -> bool:
    return device.head.is_moving


def test_a_move_turns_the_camera_and_a_still_one_stops_it(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        state = link.connected()
        assert state.abilities.can(Verb.MOVE)
        assert state.position is None or state.position.space
        link.say(RIGHT)
        wait(lambda: turns(device))
        link.say(STILL)
        wait(lambda: not turns(device))
        assert device.head.place().pan > 0.0
        assert device.asked[-1] != "ContinuousMove" or "Stop" in device.asked


def test_a_move_that_is_not_said_again_stops(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(RIGHT)
        wait(lambda: "ContinuousMove" in device.asked)
        began_s = time.monotonic()
        wait(lambda: "Stop" in device.asked)
        assert wire.DEAD_MAN_S * 0.5 < time.monotonic() - began_s < 3.0
        assert not turns(device)
        assert device.asked.count("ContinuousMove") <= 3


def test_a_seat_that_vanishes_leaves_a_still_and_free_camera(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(RIGHT)
        wait(lambda: turns(device))
    wait(lambda: not turns(device))
    released = wait(lambda: steered.events("PtzReleased"))[0].payload_as(PtzReleased)
    assert (released.seat, released.reason, released.moves) == ("1", "seat_gone", 1)
    assert 0.0 <= released.turning_s < 2.0


def test_a_killed_gateway_leaves_a_camera_that_stops_by_itself(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(RIGHT)
        wait(lambda: turns(device))
        os.kill(steered.process.pid, signal.SIGKILL)
        wait(lambda: not turns(device), 5.0)
        assert "Stop" not in device.asked
        steered.end(signal.SIGKILL)


def test_the_same_rank_waits_and_the_higher_one_takes_over(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as first, seat(steered, "2") as second, seat(steered, "9") as supervisor:
        first.connected()
        first.say(wire.Take(CAMERA))
        assert first.state(lambda s: s.is_yours).holder == wire.Holder("1", Rank.OTHER)
        second.connected()
        second.say(RIGHT)
        refused = second.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code == "ptz_held"
        assert "1" in refused.en
        first.say(RIGHT)
        wait(lambda: turns(device))
        supervisor.say(wire.Take(CAMERA))
        taken = first.until(lambda m: isinstance(m, wire.TakenOver))
        assert taken.by == wire.Holder("9", Rank.SUPERVISOR)
        wait(lambda: not turns(device))
        first.say(RIGHT)
        assert first.until(lambda m: isinstance(m, wire.Refused)).code == "ptz_held"
    wait(lambda: len(steered.events("PtzReleased")) == 2)
    told = [event.payload_as(PtzTaken) for event in steered.events("PtzTaken")]
    assert [(t.seat, t.rank, t.taken_from) for t in told] == [("1", "other", ""), ("9", "supervisor", "1")]
    assert steered.events("PtzReleased")[0].payload_as(PtzReleased).reason == "taken_over"


def test_who_verifies_the_incident_goes_before_who_does_not(steered: Any, device: DeviceServer, wait: Any) -> None:
    incident = steered.open_incident()
    steered.on_incident(incident, CamerasSelected(cameras=(seen(CAMERA),)))
    steered.on_incident(incident, IncidentClaimed(seat="2"))
    with seat(steered, "1") as other, seat(steered, "2") as holder:
        other.connected()
        other.say(wire.Take(CAMERA))
        other.state(lambda s: s.is_yours)
        wait(lambda: asked_and_got(holder))
        assert other.until(lambda m: isinstance(m, wire.TakenOver)).by == wire.Holder("2", Rank.INCIDENT_HOLDER)


def asked_and_got(link: SeatLink) -> bool:
    """The gateway follows the journal a little behind: the claim may not have reached it yet."""
    link.say(wire.Take(CAMERA))
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Done)


def test_an_idle_hand_loses_the_camera(steered: Any, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.Take(CAMERA))
        link.state(lambda s: s.is_yours)
        link.state(lambda s: s.holder is None)
    assert steered.events("PtzReleased")[0].payload_as(PtzReleased).reason == "idle"


def test_a_spot_is_looked_at_in_the_devices_own_degrees(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.Point(CAMERA, Aim(bearing_deg=135.0, elevation_deg=-10.0, distance_m=30.0)))
        assert link.until(lambda m: isinstance(m, (wire.Done, wire.Refused)) and m.wish == "point").wish == "point"
        wait(lambda: abs(device.head.place().pan - 45.0) < 0.01)
        wait(lambda: abs(device.head.place().tilt + 10.0) < 0.01)
        link.say(wire.Point(CAMERA, Aim(bearing_deg=135.0, elevation_deg=60.0, distance_m=3.0)))
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert (refused.code, "beyond its stops" in refused.en) == ("ptz_not_aimed", True)


def test_presets_are_kept_renamed_used_and_removed(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.SetPreset(CAMERA, "정문\n<1>"))
        state = link.state(lambda s: len(s.presets) == 1)
        token = state.presets[0].token
        assert state.presets[0].name == "정문 <1>"
        link.say(wire.Point(CAMERA, Aim(200.0, -30.0, 10.0)))
        wait(lambda: abs(device.head.place().pan - 110.0) < 0.01)
        link.say(wire.RenamePreset(CAMERA, "후문", token))
        link.until(lambda m: isinstance(m, wire.Done) and m.wish == "rename_preset")
        assert device.head.presets[token][0] == "후문"
        assert abs(device.head.presets[token][1].pan) < 0.01
        link.say(wire.RemovePreset(CAMERA, token))
        link.state(lambda s: s.presets == ())
    kept = wait(lambda: steered.events("PtzReleased"))[0].payload_as(PtzReleased)
    assert [act.split()[0] for act in kept.acts] == ["set", "point", "rename", "remove"]


def test_a_move_takes_the_camera_out_of_a_renaming(steered: Any, device: DeviceServer, wait: Any) -> None:
    """Else the place where the operator stops would be kept under the old preset."""
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.SetPreset(CAMERA, "정문"))
        token = link.state(lambda s: len(s.presets) == 1).presets[0].token
        link.say(wire.Point(CAMERA, Aim(260.0, -30.0, 10.0)))
        wait(lambda: abs(device.head.place().pan - 170.0) < 0.01)
        link.say(wire.RenamePreset(CAMERA, "후문", token))
        wait(lambda: "GotoPreset" in device.asked)
        link.say(RIGHT)
        assert link.until(lambda m: isinstance(m, wire.Refused)).wish == "rename_preset"
        assert device.head.presets[token] == ("정문", device.head.presets[token][1])
        assert abs(device.head.presets[token][1].pan) < 0.01


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.LOGIN, "onvif_login_refused"),
        (Trouble.FAULT, "onvif_fault"),
        (Trouble.SILENT, "onvif_silent"),
        (Trouble.GARBAGE, "onvif_unreadable"),
    ],
)
def test_a_device_that_fails_says_so_in_the_state(
    steered: Any, device: DeviceServer, trouble: Trouble, code: str
) -> None:
    device.trouble = trouble
    with seat(steered, "1") as link:
        link.say(wire.Watch(CAMERA))
        state = link.state(lambda s: s.connected is False)
        assert state.code == code
        assert state.ko and state.en
        asked = len(device.asked)
        link.say(RIGHT)
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code == code
        assert len(device.asked) == asked, "a refusing device is not asked again at once"
        device.trouble = Trouble.NONE
        link.say(wire.Watch(CAMERA, again=True))
        link.state(lambda s: s.connected is True)


def test_a_device_that_falls_silent_while_turning_is_given_up(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(RIGHT)
        wait(lambda: turns(device))
        device.trouble = Trouble.SILENT
        link.say(RIGHT)
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code in ("ptz_slow", "ptz_not_stopped", "onvif_silent")
        wait(lambda: not turns(device))


def test_a_camera_without_a_device_and_one_that_does_not_turn(steered: Any) -> None:
    fixed = DeviceServer(DeviceFacts(password=PASSWORD, has_ptz=False), SystemClock())
    with fixed, seat(steered, "1") as link:
        link.say(wire.Watch("GN-0002"))
        assert link.state(lambda s: s.connected is False).code == "ptz_not_adopted"
        adopt(steered.path, "GN-0003", fixed)
        link.say(wire.Watch("GN-0003"))
        assert link.state(lambda s: s.connected is False and s.camera_id == "GN-0003").code == "onvif_service_missing"


def test_a_private_camera_turns_only_while_it_is_open(steered: Any, device: DeviceServer, wait: Any) -> None:
    adopt(steered.path, "PV-0001", device)
    incident = steered.open_incident()
    with seat(steered, "1") as link:
        link.say(wire.Watch("PV-0001"))
        assert link.until(lambda m: isinstance(m, wire.Refused)).code == "ptz_locked"
        steered.unlock(incident, for_s=3.0)
        wait(lambda: watched(link, "PV-0001"))
        link.say(wire.Move("PV-0001", Velocity(pan=0.2)))
        wait(lambda: steered.events("PtzTaken"))
        released = wait(lambda: steered.events("PtzReleased"))[0].payload_as(PtzReleased)
        assert released.reason in ("locked", "idle")
        wait(lambda: refused_again(link))


def watched(link: SeatLink, camera_id: str) -> bool:
    link.say(wire.Watch(camera_id))
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Done)


def refused_again(link: SeatLink) -> bool:
    link.say(wire.Watch("PV-0001"))
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Refused)


def test_a_stranger_is_not_let_in(steered: Any) -> None:
    with pytest.raises(InvalidStatus) as refused, seat(steered, "1", token="guessed"):
        pass
    assert refused.value.response.status_code == 403


def test_a_stop_of_the_gateway_stops_the_camera_and_records_it(steered: Any, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(RIGHT)
        wait(lambda: turns(device))
        code, seconds = steered.end()
    assert (code, seconds < 6.0) == (0, True)
    assert not turns(device)
    assert steered.events("PtzReleased")[0].payload_as(PtzReleased).reason == "gateway_stopped"


def test_no_password_reaches_journal_list_or_health(steered: Any, device: DeviceServer) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.Take(CAMERA))
        link.state(lambda s: s.is_yours)
        told = "".join(str(message) for message in link.heard)
    journal = "".join(event.data.decode() for event in steered.events())
    kept = (steered.path / "onvif.json").read_text()
    health = steered.get("/health").text
    assert not [text for text in (told, journal, kept, health) if PASSWORD in text]
    assert (steered.path / "secrets" / "cameras" / f"{CAMERA}.json").stat().st_mode & 0o077 == 0
    assert device.refused_logins == 0


def seen(camera_id: str) -> SeenBy:
    return SeenBy(
        camera_id=camera_id,
        name=camera_id,
        ownership=Ownership.PUBLIC,
        purpose=Purpose.CRIME_PREVENTION,
        mount=Mount.PTZ,
        distance_m=30.0,
        bearing_deg=10.0,
        px_per_m=100.0,
        dori=Dori.OBSERVE,
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.5,
        has_stream=True,
        score=6.5,
    )
