"""Steering over the real gateway process: a real ONVIF device over HTTP at one end, seats' WebSockets at the other."""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

PASSWORD = "지킴이 &<9>"
RIGHT, STILL = Velocity(pan=0.5), Velocity()
_numbers = itertools.count(1)


class SeatLink:
    """A seat's end of the link, as the console has one."""

    def __init__(self, socket: ClientConnection, camera_id: str = "GN-0001") -> None:
        self._socket, self.camera = socket, camera_id
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

    def move(self, velocity: Velocity) -> None:
        self.say(wire.Move(self.camera, velocity))

    def take(self) -> None:
        self.say(wire.Take(self.camera))

    def watch(self, *, again: bool = False) -> None:
        self.say(wire.Watch(self.camera, again=again))

    def connected(self) -> wire.State:
        self.watch()
        return self.state(lambda s: s.connected is True)


@contextmanager
def seat(steered: Steered, name: str, token: str | None = None) -> Iterator[SeatLink]:
    gateway = steered.gateway
    url = gateway.addresses["http"].replace("http://", "ws://") + f"{wire.PTZ_PATH}?seat={name}"
    headers = {"Authorization": f"Bearer {token or gateway.secret('gateway-console')}"}
    with connect(url, additional_headers=headers, proxy=None) as socket:
        yield SeatLink(socket, steered.camera)


@dataclass
class Steered:
    """A running gateway that has a device as its camera; `released` and `taken` are that camera's records."""

    gateway: Any
    camera: str
    device: DeviceServer

    def released(self) -> list[PtzReleased]:
        return [event.payload_as(PtzReleased) for event in self._of("PtzReleased")]

    def taken(self) -> list[PtzTaken]:
        return [event.payload_as(PtzTaken) for event in self._of("PtzTaken")]

    def _of(self, kind: str) -> list[Any]:
        return [event for event in self.gateway.events(kind) if event.stream == f"camera/{self.camera}"]


@pytest.fixture
def device() -> Iterator[DeviceServer]:
    with DeviceServer(DeviceFacts(password=PASSWORD), SystemClock()) as made:
        yield made


def begin(gateway: Any) -> None:
    gateway.settings += ["ptz.idle_s=2", "ptz.supervisors=9"]
    gateway.start()


@pytest.fixture
def steered(centre: Any, device: DeviceServer) -> Steered:
    """The module's gateway, with a camera of this test's own."""
    if centre.process is None:
        begin(centre)
    camera_id = f"GN-{next(_numbers):04}"
    adopt(centre.path, camera_id, device)
    return Steered(centre, camera_id, device)


@pytest.fixture
def mortal(gateway: Any, device: DeviceServer) -> Steered:
    """A gateway that the test may end."""
    adopt(gateway.path, "GN-0001", device)
    begin(gateway)
    return Steered(gateway, "GN-0001", device)


def adopt(workspace: Path, camera_id: str, device: DeviceServer) -> None:
    mounting = Mounting(azimuth_at_zero_deg=90.0)
    keep_adopted(workspace, camera_id, Adopted(device.address, "main", "node", mounting=mounting))
    keep_credentials(workspace, camera_id, Credentials("operator", PASSWORD))


def turns(device: DeviceServer) -> bool:
    return device.head.is_moving


def test_a_move_turns_the_camera_and_a_still_one_stops_it(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        state = link.connected()
        assert state.abilities.can(Verb.MOVE)
        assert state.position is None or state.position.space
        link.move(RIGHT)
        wait(lambda: turns(device))
        link.move(STILL)
        wait(lambda: not turns(device))
        assert device.head.place().pan > 0.0
        assert device.asked[-1] != "ContinuousMove" or "Stop" in device.asked


@pytest.mark.alone
def test_a_move_that_is_not_said_again_stops(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.move(RIGHT)
        wait(lambda: "ContinuousMove" in device.asked)
        began_s = time.monotonic()
        wait(lambda: "Stop" in device.asked)
        assert wire.DEAD_MAN_S * 0.5 < time.monotonic() - began_s < 3.0
        assert not turns(device)
        assert device.asked.count("ContinuousMove") <= 3


def test_a_seat_that_vanishes_leaves_a_still_and_free_camera(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.move(RIGHT)
        wait(lambda: turns(device))
    wait(lambda: not turns(device))
    released = wait(steered.released)[0]
    assert (released.seat, released.reason, released.moves) == ("1", "seat_gone", 1)
    assert 0.0 <= released.turning_s < 2.0


def test_a_killed_gateway_leaves_a_camera_that_stops_by_itself(
    mortal: Steered, device: DeviceServer, wait: Any
) -> None:
    with seat(mortal, "1") as link:
        link.connected()
        link.move(RIGHT)
        wait(lambda: turns(device))
        os.kill(mortal.gateway.process.pid, signal.SIGKILL)
        wait(lambda: not turns(device), 5.0)
        assert "Stop" not in device.asked
        mortal.gateway.end(signal.SIGKILL)


def test_the_same_rank_waits_and_the_higher_one_takes_over(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as first, seat(steered, "2") as second, seat(steered, "9") as supervisor:
        first.connected()
        first.take()
        assert first.state(lambda s: s.is_yours).holder == wire.Holder("1", Rank.OTHER)
        second.connected()
        second.move(RIGHT)
        refused = second.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code == "ptz_held"
        assert "1" in refused.en
        first.move(RIGHT)
        wait(lambda: turns(device))
        supervisor.take()
        taken = first.until(lambda m: isinstance(m, wire.TakenOver))
        assert taken.by == wire.Holder("9", Rank.SUPERVISOR)
        wait(lambda: not turns(device))
        first.move(RIGHT)
        assert first.until(lambda m: isinstance(m, wire.Refused)).code == "ptz_held"
    wait(lambda: len(steered.released()) == 2)
    assert [(t.seat, t.rank, t.taken_from) for t in steered.taken()] == [("1", "other", ""), ("9", "supervisor", "1")]
    assert wait(steered.released)[0].reason == "taken_over"


def test_who_verifies_the_incident_goes_before_who_does_not(steered: Steered, device: DeviceServer, wait: Any) -> None:
    incident = steered.gateway.open_incident()
    steered.gateway.on_incident(incident, CamerasSelected(cameras=(seen(steered.camera),)))
    steered.gateway.on_incident(incident, IncidentClaimed(seat="2"))
    with seat(steered, "1") as other, seat(steered, "2") as holder:
        other.connected()
        other.take()
        other.state(lambda s: s.is_yours)
        wait(lambda: asked_and_got(holder))
        assert other.until(lambda m: isinstance(m, wire.TakenOver)).by == wire.Holder("2", Rank.INCIDENT_HOLDER)


def asked_and_got(link: SeatLink) -> bool:
    """The gateway follows the journal a little behind: the claim may not have reached it yet."""
    link.take()
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Done)


def test_every_seat_is_told_who_steers_watching_or_not(steered: Steered) -> None:
    """Also one that comes later; and each change of hands, and its end."""

    def told(link: SeatLink) -> wire.Steered:
        mine = lambda m: isinstance(m, wire.Steered) and m.camera_id == steered.camera  # noqa: E731
        return link.until(mine)  # type: ignore[no-any-return]

    with seat(steered, "1") as first, seat(steered, "2") as aside:
        first.take()
        assert told(first) == wire.Steered(steered.camera, wire.Holder("1", Rank.OTHER), is_yours=True)
        assert told(aside) == wire.Steered(steered.camera, wire.Holder("1", Rank.OTHER))
        with seat(steered, "9") as late:
            assert told(late).holder == wire.Holder("1", Rank.OTHER)
            late.take()
            assert told(aside).holder == wire.Holder("9", Rank.SUPERVISOR)
            assert told(first) == wire.Steered(steered.camera, wire.Holder("9", Rank.SUPERVISOR))
            late.say(wire.Release(steered.camera))
            assert told(first) == told(aside) == wire.Steered(steered.camera)


def test_an_idle_hand_loses_the_camera(steered: Steered, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.take()
        link.state(lambda s: s.is_yours)
        link.state(lambda s: s.holder is None)
    assert wait(steered.released)[0].reason == "idle"


def test_a_spot_is_looked_at_in_the_devices_own_degrees(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.Point(steered.camera, Aim(bearing_deg=135.0, elevation_deg=-10.0, distance_m=30.0)))
        assert link.until(lambda m: isinstance(m, (wire.Done, wire.Refused)) and m.wish == "point").wish == "point"
        wait(lambda: abs(device.head.place().pan - 45.0) < 0.01)
        wait(lambda: abs(device.head.place().tilt + 10.0) < 0.01)
        link.say(wire.Point(steered.camera, Aim(bearing_deg=135.0, elevation_deg=60.0, distance_m=3.0)))
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert (refused.code, "beyond its stops" in refused.en) == ("ptz_beyond_reach", True)


def test_presets_are_kept_renamed_used_and_removed(steered: Steered, device: DeviceServer, wait: Any) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.SetPreset(steered.camera, "정문\n<1>"))
        state = link.state(lambda s: len(s.presets) == 1)
        token = state.presets[0].token
        assert state.presets[0].name == "정문 <1>"
        link.say(wire.Point(steered.camera, Aim(200.0, -30.0, 10.0)))
        wait(lambda: abs(device.head.place().pan - 110.0) < 0.01)
        link.say(wire.RenamePreset(steered.camera, "후문", token))
        link.until(lambda m: isinstance(m, wire.Done) and m.wish == "rename_preset")
        assert device.head.presets[token][0] == "후문"
        assert abs(device.head.presets[token][1].pan) < 0.01
        link.say(wire.RemovePreset(steered.camera, token))
        link.state(lambda s: s.presets == ())
    kept = wait(steered.released)[0]
    assert [act.split()[0] for act in kept.acts] == ["set", "point", "rename", "remove"]


def test_a_move_takes_the_camera_out_of_a_renaming(steered: Steered, device: DeviceServer, wait: Any) -> None:
    """Else the place where the operator stops would be kept under the old preset."""
    with seat(steered, "1") as link:
        link.connected()
        link.say(wire.SetPreset(steered.camera, "정문"))
        token = link.state(lambda s: len(s.presets) == 1).presets[0].token
        link.say(wire.Point(steered.camera, Aim(260.0, -30.0, 10.0)))
        wait(lambda: abs(device.head.place().pan - 170.0) < 0.01)
        link.say(wire.RenamePreset(steered.camera, "후문", token))
        wait(lambda: "GotoPreset" in device.asked)
        link.move(RIGHT)
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
    steered: Steered, device: DeviceServer, trouble: Trouble, code: str
) -> None:
    device.trouble = trouble
    with seat(steered, "1") as link:
        link.watch()
        state = link.state(lambda s: s.connected is False)
        assert state.code == code
        assert state.ko and state.en
        asked = len(device.asked)
        link.move(RIGHT)
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code == code
        assert len(device.asked) == asked, "a refusing device is not asked again at once"
        device.trouble = Trouble.NONE
        link.watch(again=True)
        link.state(lambda s: s.connected is True)


def test_a_device_that_falls_silent_while_turning_is_given_up(
    steered: Steered, device: DeviceServer, wait: Any
) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.move(RIGHT)
        wait(lambda: turns(device))
        device.trouble = Trouble.SILENT
        link.move(RIGHT)
        refused = link.until(lambda m: isinstance(m, wire.Refused))
        assert refused.code in ("ptz_slow", "ptz_not_stopped", "onvif_silent")
        wait(lambda: not turns(device))


def test_a_camera_without_a_device_and_one_that_does_not_turn(steered: Steered) -> None:
    fixed = DeviceServer(DeviceFacts(password=PASSWORD, has_ptz=False), SystemClock())
    with fixed, seat(steered, "1") as link:
        link.say(wire.Watch("GN-9002"))
        assert link.state(lambda s: s.connected is False).code == "ptz_not_adopted"
        adopt(steered.gateway.path, "GN-9003", fixed)
        link.say(wire.Watch("GN-9003"))
        assert link.state(lambda s: s.connected is False and s.camera_id == "GN-9003").code == "onvif_service_missing"


def test_a_private_camera_turns_only_while_it_is_open(steered: Steered, device: DeviceServer, wait: Any) -> None:
    adopt(steered.gateway.path, "PV-0001", device)
    steered.camera = "PV-0001"
    incident = steered.gateway.open_incident()
    with seat(steered, "1") as link:
        link.say(wire.Watch("PV-0001"))
        assert link.until(lambda m: isinstance(m, wire.Refused)).code == "ptz_locked"
        steered.gateway.unlock(incident, for_s=3.0)
        wait(lambda: watched(link, "PV-0001"))
        link.say(wire.Move("PV-0001", Velocity(pan=0.2)))
        wait(steered.taken)
        released = wait(steered.released)[0]
        assert released.reason in ("locked", "idle")
        wait(lambda: refused_again(link))


def watched(link: SeatLink, camera_id: str) -> bool:
    link.say(wire.Watch(camera_id))
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Done)


def refused_again(link: SeatLink) -> bool:
    link.say(wire.Watch("PV-0001"))
    return isinstance(link.until(lambda m: isinstance(m, (wire.Done, wire.Refused))), wire.Refused)


def test_a_stranger_is_not_let_in(steered: Steered) -> None:
    with pytest.raises(InvalidStatus) as refused, seat(steered, "1", token="guessed"):
        pass
    assert refused.value.response.status_code == 403


def test_a_stop_of_the_gateway_stops_the_camera_and_records_it(
    mortal: Steered, device: DeviceServer, wait: Any
) -> None:
    with seat(mortal, "1") as link:
        link.connected()
        link.move(RIGHT)
        wait(lambda: turns(device))
        code, seconds = mortal.gateway.end()
    assert (code, seconds < 6.0) == (0, True)
    assert not turns(device)
    assert wait(mortal.released)[0].reason == "gateway_stopped"


def test_no_password_reaches_journal_list_or_health(steered: Steered, device: DeviceServer) -> None:
    with seat(steered, "1") as link:
        link.connected()
        link.take()
        link.state(lambda s: s.is_yours)
        told = "".join(str(message) for message in link.heard)
    journal = "".join(event.data.decode() for event in steered.gateway.events())
    kept = (steered.gateway.path / "onvif.json").read_text()
    health = steered.gateway.get("/health").text
    assert not [text for text in (told, journal, kept, health) if PASSWORD in text]
    assert (steered.gateway.path / "secrets" / "cameras" / f"{steered.camera}.json").stat().st_mode & 0o077 == 0
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
