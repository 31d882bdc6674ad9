"""Cameras that turn, for all seats: one place holds the devices, says who steers, and puts every hold on record.

A seat keeps one WebSocket. Its end, however it comes, stops what the seat moves and frees what it holds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import Places, PtzDevice, PtzDevices
from smartcity_console.gateway.ptz_camera import PtzCamera
from smartcity_console.gateway.ptz_errors import WHY_NOT
from smartcity_console.gateway.ptz_lease import Hold, Holds
from smartcity_console.gateway.ptz_session import PtzSession
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import bearer, is_secret
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Payload, PtzReleased, PtzTaken, stream_of
from smartcity_console.model.ptz import NoAim, Rank, Velocity, pan_tilt_for
from smartcity_console.settings import Settings

ACTOR = "gateway/ptz"
MOST_SESSIONS, MOST_CAMERAS, MOST_NAME = 64, 512, 64
NOT_ALLOWED, TOO_MANY = 4401, 1013
_GUARD_EVERY_S, _CLOSE_LIMIT_S = 0.5, 1.0
_log = logging.getLogger(__name__)


class Held(ConsoleError):
    code = "ptz_held"
    ko = "{seat}번 좌석이 카메라 {camera_id}을(를) 조작하고 있습니다. 그 좌석에 요청하거나 기다리십시오."
    en = "Seat {seat} steers camera {camera_id}. Ask that seat, or wait."


class Locked(ConsoleError):
    code = "ptz_locked"
    ko = "민간 카메라 {camera_id}은(는) 사건을 확인하는 동안에만 조작할 수 있습니다."
    en = "The private camera {camera_id} can be steered only while an incident that opened it is being verified."


class TooManyCameras(ConsoleError):
    code = "ptz_too_many"
    ko = "동시에 조작할 수 있는 카메라는 {most}대입니다. 쓰지 않는 것을 닫으십시오."
    en = "At most {most} cameras can be steered at once. Close some."


class PtzDesk:
    """Lives on the gateway's event loop."""

    def __init__(
        self,
        state: GatewayState,
        places: Places,
        devices: PtzDevices | None,
        submit: Callable[..., Future[Any]],
        settings: Settings,
        clock: Clock,
        console_token: str,
    ) -> None:
        self._state, self._places, self._devices = state, places, devices
        self._submit, self._clock, self._console_token = submit, clock, console_token
        self._supervisors = frozenset(s.strip() for s in settings.text("ptz.supervisors").split(",") if s.strip())
        self._holds = Holds(settings.number("ptz.idle_s"))
        self._cameras: dict[str, PtzCamera] = {}
        self._sessions: set[PtzSession] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self.not_recorded = 0

    # ---- seats ---------------------------------------------------------------------------------------------------

    async def serve(self, socket: WebSocket) -> None:
        """Serve one seat until it goes."""
        if self._devices is None or not is_secret(bearer(socket.headers.get("authorization", "")), self._console_token):
            await socket.close(NOT_ALLOWED)
            return
        if len(self._sessions) >= MOST_SESSIONS:
            await socket.close(TOO_MANY)
            return
        await socket.accept()
        session = PtzSession(socket, socket.query_params.get("seat", "?")[:MOST_NAME])
        self._sessions.add(session)
        for hold in self._holds:
            session.tell(_steered(hold.camera_id, hold, session))
        try:
            await session.run(partial(self._hear, session))
        except (WebSocketDisconnect, RuntimeError):
            _log.info("seat %s has closed its link to the cameras", session.seat)
        finally:
            self._sessions.discard(session)
            await self._gone(session)

    async def _gone(self, session: PtzSession) -> None:
        """What a seat held is free when its last link is gone."""
        if not any(other.seat == session.seat for other in self._sessions):
            for hold in self._holds.of_seat(session.seat):
                await self._end(hold, "seat_gone")
        self._note_watchers()

    def _hear(self, session: PtzSession, data: str) -> None:
        try:
            wish = wire.read_wish(data)
        except msgspec.DecodeError as error:
            _log.warning("seat %s said what is no wish: %s", session.seat, error)
            return
        if isinstance(wish, wire.Move):
            self._move(session, wish)  # no task: the newest move counts, and none may overtake another
            return
        task = asyncio.create_task(self._answer(session, wish))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _answer(self, session: PtzSession, wish: wire.Wish) -> None:
        try:
            await self._carry_out(session, wish)
            session.tell(wire.Done(wish.camera_id, wire.name_of(wish)))
        except ConsoleError as error:
            session.refuse(wish, error)

    async def _carry_out(self, session: PtzSession, wish: wire.Wish) -> None:
        match wish:
            case wire.Watch():
                await self._watch(session, wish)
            case wire.Unwatch():
                session.watched.discard(wish.camera_id)
                self._note_watchers()
            case wire.Take():
                self._take(session, wish.camera_id)
            case wire.Release():
                if (hold := self._holds.of(wish.camera_id)) is not None and hold.seat == session.seat:
                    await self._end(hold, "released")
            case wire.Point():
                await self._point(session, wish)
            case _:
                await self._preset(session, wish)

    # ---- what seats want -----------------------------------------------------------------------------------------

    async def _watch(self, session: PtzSession, wish: wire.Watch) -> None:
        camera = self._camera(wish.camera_id)
        session.watched.add(camera.id)
        self._note_watchers()
        self._publish(camera.id)
        try:
            await camera.open(again=wish.again)
        except ConsoleError:
            self._publish(camera.id)  # the state says why

    def _move(self, session: PtzSession, wish: wire.Move) -> None:
        try:
            camera = self._camera(wish.camera_id)
            if wish.velocity.is_still:
                if (hold := self._holds.of(camera.id)) is not None and hold.seat == session.seat:
                    self._count_turning(hold, camera)
                    camera.want(wish.velocity)
                return
            hold = self._take(session, camera.id)
        except ConsoleError as error:
            session.refuse(wish, error)
            return
        if not camera.is_turning:
            hold.moves += 1
        self._count_turning(hold, camera)
        camera.want(wish.velocity)

    def _count_turning(self, hold: Hold, camera: PtzCamera) -> None:
        now_s = self._clock.monotonic_s()
        if camera.is_turning:
            hold.turning_s += min(wire.DEAD_MAN_S, now_s - hold.turned_s)
        hold.turned_s = hold.used_s = now_s

    async def _point(self, session: PtzSession, wish: wire.Point) -> None:
        camera, hold = self._camera(wish.camera_id), self._take(session, wish.camera_id)
        device = await camera.open()
        assert self._devices is not None
        position = pan_tilt_for(wish.aim, self._devices.mounting(camera.id), device.abilities)
        if isinstance(position, NoAim):
            raise WHY_NOT[position](camera_id=camera.id)
        await camera.carry_out(lambda device: device.go_to(position))
        hold.note(f"point {wish.aim.bearing_deg:.1f}° {wish.aim.elevation_deg:.1f}°")

    async def _preset(self, session: PtzSession, wish: wire.Wish) -> None:
        camera, hold = self._camera(wish.camera_id), self._take(session, wish.camera_id)
        act, words = _preset_act(wish)
        await camera.carry_out(act)
        hold.note(words[:200])

    # ---- who steers ----------------------------------------------------------------------------------------------

    def _take(self, session: PtzSession, camera_id: str) -> Hold:
        """Return the seat's hold. Raises Held, Locked."""
        camera, rank = self._camera(camera_id), self._rank(session.seat, camera_id)
        before = self._holds.of(camera_id)
        rank_before = before.rank if before is not None else None
        answer = self._holds.ask(camera_id, session.seat, rank, self._clock.monotonic_s())
        if answer.hold is None:
            assert answer.by is not None
            raise Held(camera_id=camera_id, seat=answer.by.seat)
        if answer.lost is not None:
            self._lost(answer.lost, answer.hold, camera)
        if answer.is_new:
            lost = answer.lost.seat if answer.lost else ""
            taken = PtzTaken(camera_id=camera_id, seat=session.seat, rank=rank.name.lower(), taken_from=lost)
            self._record(session.seat, taken)
        if answer.is_new or rank is not rank_before:
            self._tell_holder(camera_id)
        return answer.hold

    def _tell_holder(self, camera_id: str) -> None:
        """Tell every seat who steers a camera now, and who watches it all about it."""
        hold = self._holds.of(camera_id)
        for session in self._sessions:
            session.tell(_steered(camera_id, hold, session))
        self._publish(camera_id)

    def _lost(self, lost: Hold, to: Hold, camera: PtzCamera) -> None:
        """The other seat's move ends, and it is told who has the camera now."""
        camera.want(_STILL)
        self._record(lost.seat, self._summary(lost, "taken_over"))
        for session in self._sessions:
            if session.seat == lost.seat:
                session.tell(wire.TakenOver(camera.id, wire.Holder(to.seat, to.rank)))

    def _rank(self, seat: str, camera_id: str) -> Rank:
        if seat in self._supervisors:
            return Rank.SUPERVISOR
        mine = (i for i in self._state.centre.open_incidents() if i.claimed_by == seat)
        is_of_mine = any(camera_id in (seen.camera_id for seen in incident.cameras) for incident in mine)
        return Rank.INCIDENT_HOLDER if is_of_mine else Rank.OTHER

    async def _end(self, hold: Hold, reason: str) -> None:
        """End a hold: its camera stops, the journal gets the summary."""
        if self._holds.end(hold.camera_id, hold.seat) is None:
            return
        camera = self._cameras.get(hold.camera_id)
        if camera is not None:
            self._count_turning(hold, camera)
        self._record(hold.seat, self._summary(hold, reason))
        self._tell_holder(hold.camera_id)
        if camera is not None:
            await camera.stop()

    def _summary(self, hold: Hold, reason: str) -> PtzReleased:
        return PtzReleased(
            camera_id=hold.camera_id,
            seat=hold.seat,
            reason=reason,
            held_s=round(self._clock.monotonic_s() - hold.since_s, 1),
            moves=hold.moves,
            turning_s=round(hold.turning_s, 1),
            acts=tuple(hold.acts),
        )

    def _record(self, seat: str, payload: PtzTaken | PtzReleased) -> None:
        draft = Draft(stream_of(type(payload), payload.camera_id), payload, f"seat/{seat}")
        try:
            self._submit(draft).add_done_callback(self._recorded)
        except ConsoleError as error:
            self._unrecorded(error, payload)

    def _recorded(self, outcome: Future[Any]) -> None:
        error = None if outcome.cancelled() else outcome.exception()
        if error is not None:
            self._unrecorded(error)

    def _unrecorded(self, error: BaseException, payload: Payload | None = None) -> None:
        self.not_recorded += 1
        _log.error("who steers a camera could not be recorded: %s %s", error, type(payload).__name__)

    # ---- cameras -------------------------------------------------------------------------------------------------

    def _camera(self, camera_id: str) -> PtzCamera:
        """Return a camera that may be steered now. Raises Locked, TooManyCameras."""
        if self._is_locked(camera_id):
            raise Locked(camera_id=camera_id)
        if camera_id not in self._cameras:
            if len(self._cameras) >= MOST_CAMERAS:
                raise TooManyCameras(most=MOST_CAMERAS)
            assert self._devices is not None
            made = PtzCamera(camera_id, self._devices, self._clock, self._publish, self._failed)
            self._cameras[camera_id] = made
        return self._cameras[camera_id]

    def _is_locked(self, camera_id: str) -> bool:
        return self._places.is_private(camera_id) and not self._state.unlocked(camera_id, self._clock.now())

    def _publish(self, camera_id: str) -> None:
        """Tell every seat that watches a camera how it stands now."""
        camera = self._cameras.get(camera_id)
        if camera is None or self._is_locked(camera_id) or self._devices is None:
            return
        hold, error = self._holds.of(camera_id), camera.error
        for session in self._sessions:
            if camera_id in session.watched:
                session.tell(
                    wire.State(
                        camera_id,
                        connected=camera.connected,
                        abilities=camera.abilities,
                        presets=camera.presets,
                        position=camera.position,
                        holder=wire.Holder(hold.seat, hold.rank) if hold else None,
                        is_yours=hold is not None and hold.seat == session.seat,
                        has_mounting=self._devices.mounting(camera_id) is not None,
                        code=error.code if error else "",
                        ko=error.sentence("ko") if error else "",
                        en=error.sentence("en") if error else "",
                    )
                )

    def _failed(self, camera_id: str, error: ConsoleError) -> None:
        """Something went wrong between commands: who steers is told."""
        hold = self._holds.of(camera_id)
        for session in self._sessions:
            if hold is not None and session.seat == hold.seat:
                session.refuse(wire.Move(camera_id, _STILL), error)

    def _note_watchers(self) -> None:
        watched = set().union(*(session.watched for session in self._sessions))
        for camera in self._cameras.values():
            camera.is_watched = camera.id in watched

    async def run(self) -> None:
        """Free what rests too long and what has been locked since."""
        while True:
            await asyncio.sleep(_GUARD_EVERY_S)
            now_s = self._clock.monotonic_s()
            for hold in self._holds.idle(now_s):
                await self._end(hold, "idle")
            for hold in self._holds:
                if self._is_locked(hold.camera_id):
                    await self._end(hold, "locked")

    async def close(self) -> None:
        """Stop every camera and end every hold; called before the HTTP server and the journal close."""
        ending = [asyncio.create_task(self._end(hold, "gateway_stopped")) for hold in self._holds]
        if ending:
            await asyncio.wait(ending, timeout=_CLOSE_LIMIT_S)  # who cannot be stopped in time stops by itself
        for task in [*ending, *self._under_way]:
            task.cancel()
        for session in list(self._sessions):
            session.end()
        cameras, self._cameras = list(self._cameras.values()), {}
        await asyncio.gather(*(camera.close() for camera in cameras), return_exceptions=True)

    def figures(self) -> dict[str, int]:
        """Return figures for the gateway's health."""
        return {
            "seats": len(self._sessions),
            "connected": sum(camera.connected is True for camera in self._cameras.values()),
            "held": sum(1 for _ in self._holds),
            "dropped": sum(session.dropped for session in self._sessions),
        }


_STILL = Velocity()


def _steered(camera_id: str, hold: Hold | None, session: PtzSession) -> wire.Steered:
    """Return who steers a camera, as one seat is told."""
    if hold is None:
        return wire.Steered(camera_id)
    return wire.Steered(camera_id, wire.Holder(hold.seat, hold.rank), is_yours=hold.seat == session.seat)


def _preset_act(wish: wire.Wish) -> tuple[Callable[[PtzDevice], Awaitable[object]], str]:
    """Return what a device is asked to do, and the words for the record."""
    match wish:
        case wire.UsePreset():
            return (lambda device: device.use_preset(wish.token)), f"use preset {wish.token}"
        case wire.SetPreset():
            return (lambda device: device.set_preset(_name(wish.name), wish.token)), f"set preset {_name(wish.name)}"
        case wire.RenamePreset():
            return (lambda d: d.rename_preset(wish.token, _name(wish.name))), f"rename preset {wish.token}"
        case wire.RemovePreset():
            return (lambda device: device.remove_preset(wish.token)), f"remove preset {wish.token}"
    raise AssertionError(wish)


def _name(text: str) -> str:
    """Return a preset's name as devices take it: one line, bounded (ONVIF tt:Name, 64 characters)."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_NAME]
