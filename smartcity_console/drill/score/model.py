"""What a score is: marks with their reasons, each resting on events of the journal."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.drill.scenario.model import Act, Words


class Standing(enum.StrEnum):
    """How an expectation was met. `VOID`: what it stands on did not happen (an inject failed, a branch was not taken)."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    VOID = "void"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation judged. `share` 0..1 of the weight; `actual_s` what was measured; `events` are seqs in the journal."""

    id: str
    act: Act
    incident: str
    weight: float
    share: float
    standing: Standing
    critical: bool
    reason: Words
    title: Words
    within_s: float | None = None
    late_s: float | None = None
    actual_s: float | None = None
    at_s: float | None = None  # second of the drill at which it was decided
    objective: str = ""
    seat: str = ""
    events: tuple[int, ...] = ()

    @property
    def earned(self) -> float:
        return self.weight * self.share


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of what happened, for the report: `kind` inject, act, receipt, expected, moment, spoken, system."""

    at_s: float
    kind: str
    incident: str
    words: Words
    seq: int | None = None
    seat: str = ""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The whole. `score` 0..100: what was earned of what could be, void marks left out, to one decimal."""

    format: int = 1
    drill_id: str
    scenario_id: str
    scenario_sha256: str
    title: Words
    operator: str
    trainees: dict[str, str]
    begun_at: str  # ISO 8601, UTC
    duration_s: float
    paused_s: float
    end_reason: str
    score: float
    passed: bool  # no critical mark missed, 60 or more, and at least half of the marks were played for
    marks: tuple[Mark, ...]
    timeline: tuple[TimelineEntry, ...]
    seats: dict[
        str, float
    ] = {}  # with several seats: each one's score, of its own marks and of those of the whole drill
    incident_ids: dict[str, str] = {}  # of the scenario -> of the journal
    last_seq: int = 0
    last_hash: str = ""  # of the journal's event up to which was judged

    def of_trainee(self, name: str) -> float:
        """Return the score of one who was trained: his seat's, where there were several."""
        return next((self.seats[s] for s, n in self.trainees.items() if n == name and s in self.seats), self.score)
