"""The runs of a workspace, as their reports left them: `drills/RUN/report/score.json`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec

from smartcity_console.drill.score.model import Score
from smartcity_console.model.errors import ConsoleError

SCORE_FILE = Path("report") / "score.json"


class ScoreUnreadable(ConsoleError):
    code = "score_unreadable"
    ko = "{file} 을(를) 읽을 수 없습니다: {why}. 이 훈련은 비교와 이력에서 빠졌고 파일은 그대로입니다. `drill report` 로 다시 만드십시오."
    en = "{file} cannot be read: {why}. This run is left out of comparisons and records, the file is as it was. Make it anew with `drill report`."


class Standings(msgspec.Struct, frozen=True):
    """How often, the median and the best score; of no runs all are None."""

    runs: int
    median: float | None
    best: float | None
    last: float | None


class History(msgspec.Struct, frozen=True):
    """Earlier runs of the same scenario, oldest first: of the same trainees, and of everybody."""

    own: tuple[Score, ...]
    group: tuple[Score, ...]

    def rank(self, score: float) -> int:
        """Return the place of a score among the group's and itself, 1 the best."""
        return 1 + sum(run.score > score for run in self.group)


def read_score(file: Path) -> Score:
    """Return a run's score. Raises ScoreUnreadable."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Score)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ScoreUnreadable(file=file, why=getattr(error, "strerror", None) or str(error)) from error


def runs_of(drills: Path) -> tuple[list[Score], list[ScoreUnreadable]]:
    """Return every run below `WORKSPACE/drills`, oldest first, and what could not be read."""
    scores: list[Score] = []
    unreadable: list[ScoreUnreadable] = []
    for file in sorted(drills.glob(f"*/{SCORE_FILE.as_posix()}")):
        try:
            scores.append(read_score(file))
        except ScoreUnreadable as error:
            unreadable.append(error)
    return sorted(scores, key=lambda score: (score.begun_at, score.drill_id)), unreadable


def history_of(score: Score, runs: Sequence[Score]) -> History:
    """Return what came before: a person is compared with persons, a script with scripts."""
    by_person = score.operator == "human"
    group = [
        run
        for run in runs
        if run.scenario_id == score.scenario_id
        and run.drill_id != score.drill_id
        and run.begun_at < score.begun_at
        and (run.operator == "human") == by_person
    ]
    return History(tuple(run for run in group if _same(run, score)), tuple(group))


def _same(run: Score, score: Score) -> bool:
    mine, theirs = set(score.trainees.values()), set(run.trainees.values())
    return run.operator == score.operator and (bool(mine & theirs) or mine == theirs)


def standings(runs: Sequence[Score]) -> Standings:
    """Return count, median, best and last of runs in order."""
    if not runs:
        return Standings(0, None, None, None)
    scores = [run.score for run in runs]
    return Standings(len(runs), round(median(scores), 1), max(scores), scores[-1])
