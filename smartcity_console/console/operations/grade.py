from __future__ import annotations

from typing import Any

from smartcity_console.console import words
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, VerdictGiven
from smartcity_console.model.verdict import Grade


class GiveGrade(Operation):
    """Say how real it is: a verification grade of TMA-AVS-01."""

    group = Group.VERDICT
    grade: Grade

    def __init__(self, grade: Grade) -> None:
        self.grade = grade
        self.id = f"incident.grade.{int(grade)}"
        self.shortcut = str(int(grade))

    def label(self) -> str:
        return f"{int(self.grade)} {words.grade_word(self.grade)}"

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        if state.chosen().grade is self.grade:
            return []
        return [state.draft(VerdictGiven(grade=self.grade, seat=state.seat))]
