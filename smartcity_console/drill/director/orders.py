"""The trainer's orders as steps, or as refusals in a sentence."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol

import msgspec

from smartcity_console.drill.director import steps
from smartcity_console.drill.director.drill_time import DrillTime
from smartcity_console.drill.director.steps import Cause, Step
from smartcity_console.drill.scenario.model import AnyInject
from smartcity_console.model import events as ev

MOST_TEXT = 500


class Course(Protocol):
    """What orders look at: how far the drill is. An inject that is added goes into `injects`."""

    injects: dict[str, AnyInject]
    time: DrillTime

    @property
    def fired(self) -> Container[str]: ...

    @property
    def skipped(self) -> Container[str]: ...


class Orders:
    """`note` each order as it is folded, also those of the past: an inject that was added stays."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._added: dict[str, AnyInject] = {}  # by order
        self._why_not: dict[str, str] = {}

    def note(self, order: ev.DrillOrdered) -> None:
        if order.act != "add":
            return
        try:
            inject: AnyInject = msgspec.json.decode(order.inject, type=AnyInject)
        except msgspec.MsgspecError as error:
            self._why_not[order.order_id] = str(error)
            return
        if inject.id in self._course.injects:
            self._why_not[order.order_id] = f"{inject.id}?"
            return
        self._course.injects[inject.id] = self._added[order.order_id] = inject

    def carried_out(self, order: ev.DrillOrdered) -> list[Step]:
        """Return what it comes to. Nothing is carried out after the end."""
        if self._course.time.begun_at is None or self._course.time.ended_at is not None:
            return [_refused(order, "훈련이 진행 중이 아닙니다.", "No drill is under way.")]
        match order.act:
            case "fire" | "skip" | "hold" | "release":
                return self._about_inject(order)
            case "add":
                return self._add(order)
            case "pause" | "resume":
                return self._pause(order)
            case "end":
                return [steps.Finish("trainer")]
            case "speak" | "mark":
                return self._say(order)
        return [_refused(order, f"모르는 지시입니다: {order.act[:40]}", f"Not an order: {order.act[:40]}")]

    def _about_inject(self, order: ev.DrillOrdered) -> list[Step]:
        course, inject_id = self._course, order.inject_id
        inject = course.injects.get(inject_id)
        if inject is None:
            return [_refused(order, "그런 투입은 각본에 없습니다.", "The scenario has no such inject.")]
        if inject_id in course.fired or (inject_id in course.skipped and order.act != "fire"):
            return [_refused(order, "이미 지나간 투입입니다.", "This inject is over already.")]
        if order.act == "fire":
            return [steps.Fire(inject, Cause.TRAINER)]
        if order.act == "skip":
            return [steps.Skip(inject_id, "trainer")]
        return [steps.Hold(inject_id, order.act == "hold")]

    def _add(self, order: ev.DrillOrdered) -> list[Step]:
        inject = self._added.get(order.order_id)
        if inject is None:
            why = self._why_not.get(order.order_id, "")
            ko, en = f"투입을 읽을 수 없습니다: {why}", f"The inject cannot be taken: {why}"
            return [_refused(order, ko, en)]
        now = inject.when.at_s is None and inject.when.event is None
        return [steps.Fire(inject, Cause.TRAINER)] if now else []

    def _pause(self, order: ev.DrillOrdered) -> list[Step]:
        paused = self._course.time.paused_since is not None
        if order.act == "pause":
            again = _refused(order, "이미 멈춰 있습니다.", "It is paused already.")
            return [again if paused else steps.Pause(order.by)]
        running = _refused(order, "멈춰 있지 않습니다.", "It is not paused.")
        return [steps.Resume(order.by) if paused else running]

    def _say(self, order: ev.DrillOrdered) -> list[Step]:
        text = order.text.strip()[:MOST_TEXT]
        if order.act == "mark":
            return [steps.Moment(text, order.by, order.incident_id)]
        empty = _refused(order, "할 말이 없습니다.", "There is nothing to say.")
        return [steps.Words(order.seat, text, order.by) if text else empty]


def _refused(order: ev.DrillOrdered, ko: str, en: str) -> Step:
    return steps.Refuse(order.order_id, ko, en)
