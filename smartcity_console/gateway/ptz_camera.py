"""One camera that turns, inside the gateway: its connection, its moves with their dead man, its commands.

A move is a wish that must be said again within DEAD_MAN_S; the newest one counts and none is queued. The device gets its
own time-out with every move, so that it stops by itself should the gateway die. Moves and stops come before looks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import PtzDevice, PtzDevices
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ptz import Abilities, Position, Preset, Velocity, Verb
from smartcity_console.model.ptz_wire import DEAD_MAN_S

RENEW_S = 0.4
"""A device turns for a second after each move (its own dead man), so a lasting move is sent again this often."""

MOVE_LIMIT_S = 1.0  # a move that is older than that is not wanted any more
STOP_TRIES, STOP_RETRY_S = 4, 0.25
LOOK_EVERY_S, CLOSE_AFTER_S = 1.0, 60.0
RETRY_S, RETRY_LOGIN_S = 5.0, 300.0
_GONE = frozenset(("onvif_unreachable", "onvif_silent", "onvif_login_refused"))
_STILL = Velocity()
_log = logging.getLogger(__name__)


class Busy(ConsoleError):
    code = "ptz_busy"
    ko = "카메라 {camera_id}이(가) 앞의 명령을 아직 수행하고 있습니다. 잠시 뒤 다시 하십시오."
    en = "Camera {camera_id} is still carrying out the command before. Try again in a moment."


class Slow(ConsoleError):
    code = "ptz_slow"
    ko = "카메라 {camera_id}이(가) 이동 명령에 {limit_s}초 안에 답하지 않아 그만두었습니다. 화면으로 확인하십시오."
    en = "Camera {camera_id} did not answer a move within {limit_s} s, so it was given up. Check its picture."


class NotStopped(ConsoleError):
    code = "ptz_not_stopped"
    ko = "카메라 {camera_id}에 정지 명령이 닿지 않았습니다. 장치가 1초 안에 스스로 멈추도록 되어 있습니다. 화면으로 확인하십시오."
    en = "The stop did not reach camera {camera_id}. The device is told to stop by itself within a second. Check its picture."


class PtzCamera:
    """Lives on the gateway's event loop. `changed` is called when there is something new to tell; `failed` with what
    went wrong outside of a command."""

    def __init__(
        self,
        camera_id: str,
        devices: PtzDevices,
        clock: Clock,
        changed: Callable[[str], None],
        failed: Callable[[str, ConsoleError], None],
    ) -> None:
        self.id = camera_id
        self._devices, self._clock, self._changed, self._failed = devices, clock, changed, failed
        self._device: PtzDevice | None = None
        self.error: ConsoleError | None = None
        self.presets: tuple[Preset, ...] = ()
        self.position: Position | None = None
        self.is_watched = False
        self._wanted, self._said_s = _STILL, 0.0
        self._sent, self._sent_s = _STILL, 0.0
        self._tried_s = -RETRY_LOGIN_S
        self._used_s = clock.monotonic_s()
        self._wake = asyncio.Event()
        self._opening = asyncio.Lock()
        self._command: asyncio.Task[None] | None = None
        self._tasks = [asyncio.create_task(self._turn()), asyncio.create_task(self._look())]

    @property
    def connected(self) -> bool | None:
        """None: being tried, or not yet."""
        return True if self._device is not None else (False if self.error is not None else None)

    @property
    def abilities(self) -> Abilities:
        return self._device.abilities if self._device is not None else Abilities()

    @property
    def is_turning(self) -> bool:
        return not self._sent.is_still or not self._wanted.is_still

    # ---- what seats want -----------------------------------------------------------------------------------------

    async def open(self, *, again: bool = False) -> PtzDevice:
        """Return the connected device. Raises ConsoleError; a failure is not tried again for a while, unless asked to:
        a device locks itself after some refused logins."""
        async with self._opening:
            self._used_s = now_s = self._clock.monotonic_s()
            if self._device is not None:
                return self._device
            if self.error is not None and not again and now_s - self._tried_s < _pause_s(self.error):
                raise self.error
            try:
                device = await self._devices.open(self.id)
                self.presets = await device.presets() if device.abilities.can(Verb.USE_PRESET) else ()
            except ConsoleError as error:
                self.error, self._tried_s = error, self._clock.monotonic_s()
                self._changed(self.id)
                raise
            self._device, self.error = device, None
            self._changed(self.id)
            return device

    def want(self, velocity: Velocity) -> None:
        """Turn like this from now on, for DEAD_MAN_S; a still velocity stops. A command under way is given up."""
        if self._command is not None and not velocity.is_still:
            self._command.cancel()
        self._wanted, self._said_s = velocity.bounded(), self._clock.monotonic_s()
        self._used_s = self._said_s
        self._wake.set()

    async def stop(self) -> None:
        """Stop now, whatever is wanted. Does not raise: what fails is told by `failed`."""
        self._wanted = _STILL
        if self._device is not None and not self._sent.is_still:
            await self._stop(self._device)

    async def carry_out(self, act: Callable[[PtzDevice], Awaitable[object]]) -> None:
        """Carry one command out. Raises ConsoleError: Busy, or what the device says."""
        if self._command is not None:
            raise Busy(camera_id=self.id)
        await self.stop()
        self._command = asyncio.create_task(self._do(act))
        try:
            await self._command
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise  # the gateway is closing
            raise Busy(camera_id=self.id) from None  # a move took the camera out of the command
        finally:
            self._command = None

    async def _do(self, act: Callable[[PtzDevice], Awaitable[object]]) -> None:
        device = await self.open()
        try:
            await act(device)
            if device.abilities.can(Verb.USE_PRESET):
                self.presets = await device.presets()
        finally:
            self._changed(self.id)

    # ---- its own life --------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        """Send what is wanted, again while it lasts, and stop when nobody says so any more."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._next_s()):
                    await self._wake.wait()
            self._wake.clear()
            wanted = self._current()
            if wanted.is_still and self._sent.is_still:
                continue
            try:
                await self._send(wanted)
            except ConsoleError as error:
                await self._lose(error)
            except TimeoutError:
                await self._lose(Slow(camera_id=self.id, limit_s=f"{MOVE_LIMIT_S:g}"))

    def _current(self) -> Velocity:
        if not self._wanted.is_still and self._clock.monotonic_s() - self._said_s >= DEAD_MAN_S:
            self._wanted = _STILL  # the dead man: nobody has said it again
        return self._wanted

    def _next_s(self) -> float | None:
        """Return when to look again: at the dead man's time or when the device wants to hear the move again."""
        if self._wanted.is_still:
            return None if self._sent.is_still else 0.0
        now_s = self._clock.monotonic_s()
        return max(0.0, min(self._said_s + DEAD_MAN_S, self._sent_s + RENEW_S) - now_s)

    async def _send(self, wanted: Velocity) -> None:
        device = await self.open()
        wanted = self._current()  # opening may have taken seconds
        if wanted.is_still:
            await self._stop(device)
        elif wanted != self._sent or self._clock.monotonic_s() - self._sent_s >= RENEW_S:
            self._sent, self._sent_s = wanted, self._clock.monotonic_s()
            async with asyncio.timeout(MOVE_LIMIT_S):
                await device.move(wanted)
            self._changed(self.id)

    async def _stop(self, device: PtzDevice) -> None:
        for attempt in range(STOP_TRIES):
            try:
                async with asyncio.timeout(MOVE_LIMIT_S):
                    await device.stop()
                break
            except (ConsoleError, TimeoutError):
                if attempt + 1 == STOP_TRIES:
                    self._failed(self.id, NotStopped(camera_id=self.id))
                await asyncio.sleep(STOP_RETRY_S)
        self._sent = _STILL
        self._changed(self.id)

    async def _lose(self, error: ConsoleError) -> None:
        """A move failed: it is not wanted any more. A device that is gone is let go, its own dead man stops it."""
        self._wanted = _STILL
        self._failed(self.id, error)
        if error.code in _GONE:
            self._sent = _STILL
            await self._let_go(error)
        self._changed(self.id)

    async def _let_go(self, error: ConsoleError) -> None:
        await self._disconnect()
        self.error, self._tried_s = error, self._clock.monotonic_s()

    async def _look(self) -> None:
        """Ask where it looks while somebody watches; close what nobody has used for a minute."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            device = self._device
            if device is None:
                continue
            if not self.is_watched and self._clock.monotonic_s() - self._used_s > CLOSE_AFTER_S:
                await self._disconnect()
            elif self.is_watched:
                await self._ask_position(device)

    async def _ask_position(self, device: PtzDevice) -> None:
        try:
            position = await device.status()
        except ConsoleError as error:
            if error.code in _GONE and not self.is_turning:
                await self._let_go(error)
                self._changed(self.id)
            return
        if position != self.position:
            self.position = position
            self._changed(self.id)

    async def _disconnect(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            await device.close()

    async def close(self) -> None:
        """End the tasks and close the connection; the camera has been stopped, or stops by itself within a second."""
        for task in [*self._tasks, *([self._command] if self._command else [])]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._disconnect()


def _pause_s(error: ConsoleError) -> float:
    return RETRY_LOGIN_S if error.code == "onvif_login_refused" else RETRY_S
