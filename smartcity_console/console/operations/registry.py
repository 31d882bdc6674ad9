"""The list of all operations: an object that is passed in, not a global."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartcity_console.console.operations.base import Group, Operation
from smartcity_console.console.operations.claim import Claim
from smartcity_console.console.operations.close import Close
from smartcity_console.console.operations.evidence import STEP_S, Nudge, SetEnd, SetStart, ToggleCamera
from smartcity_console.console.operations.follow_up import FollowUp
from smartcity_console.console.operations.grade import GiveGrade
from smartcity_console.console.operations.hand_off import HandOff, HandOffToOthers
from smartcity_console.console.operations.masks import mask_operations
from smartcity_console.console.operations.merge import Merge
from smartcity_console.console.operations.message import SendMessage
from smartcity_console.console.operations.note import Note
from smartcity_console.console.operations.priority import SetPriority
from smartcity_console.console.operations.ptz import ptz_operations
from smartcity_console.console.operations.recall import Recall
from smartcity_console.console.operations.release import Release
from smartcity_console.console.operations.release_evidence import ReleaseEvidence
from smartcity_console.console.operations.report_acts import ShowPerson, UseLink
from smartcity_console.console.operations.revoke_live import RevokeLive
from smartcity_console.console.operations.save_clips import SaveClips
from smartcity_console.console.operations.senders import sender_operations
from smartcity_console.console.operations.set_pose import SetPose
from smartcity_console.console.operations.shelve import Shelve, Unshelve
from smartcity_console.console.operations.sighting import NoteSighting
from smartcity_console.console.operations.split import Split
from smartcity_console.console.operations.table import SetPriorityTable
from smartcity_console.console.operations.tick import TickStep
from smartcity_console.console.operations.undo import Undo
from smartcity_console.console.operations.unlock import Unlock
from smartcity_console.console.operations.view import view_operations
from smartcity_console.console.operations.wall_layout import layout_operations
from smartcity_console.console.operations.wall_replay import replay_operations
from smartcity_console.console.operations.wall_sets import set_operations
from smartcity_console.console.operations.wall_snapshot import TakeSnapshot
from smartcity_console.console.operations.wall_tile import tile_operations
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Priority
from smartcity_console.model.verdict import Grade

EVIDENCE_CAMERAS = 6


class Operations:
    """Operations by id, in menu order. Raises ValueError when two share an id or a key."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_id: dict[str, Operation] = {}
        keys: set[str] = set()
        for operation in operations:
            if operation.id in self._by_id or (operation.shortcut and operation.shortcut in keys):
                raise ValueError(f"{operation.id}: id or key {operation.shortcut} is taken")
            keys.add(operation.shortcut)
            self._by_id[operation.id] = operation

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._by_id.values())

    def __getitem__(self, op_id: str) -> Operation:
        return self._by_id[op_id]

    def of(self, group: Group) -> list[Operation]:
        """Return the operations of one menu."""
        return [operation for operation in self if operation.group is group]


def standard_operations(more: Iterable[Operation] = ()) -> Operations:
    """Return every operation of the console, and `more` that only some consoles have (those of a drill)."""
    return Operations(
        [
            Claim(),
            Release(),
            HandOff(AgencyKind.POLICE, "F5"),
            HandOff(AgencyKind.FIRE, "F6"),
            HandOffToOthers(),
            FollowUp(),
            SendMessage(),
            Recall(),
            RevokeLive(),
            Note(),
            NoteSighting(),
            TickStep(),
            Unlock(),
            *(SetPriority(priority) for priority in Priority),
            Merge(),
            Split(),
            ShowPerson(),
            UseLink(),
            Undo(),
            Close(),
            *(GiveGrade(grade) for grade in sorted(Grade, reverse=True)),
            SetStart(),
            SetEnd(),
            Nudge("start", -STEP_S, "["),
            Nudge("start", STEP_S, "]"),
            Nudge("end", -STEP_S, "Shift+["),
            Nudge("end", STEP_S, "Shift+]"),
            *(ToggleCamera(number) for number in range(1, EVIDENCE_CAMERAS + 1)),
            SaveClips(),
            SetPose(),
            *layout_operations(),
            *tile_operations(),
            TakeSnapshot(),
            *mask_operations(),
            *replay_operations(),
            *set_operations(),
            *ptz_operations(),
            Shelve(),
            Unshelve(),
            SetPriorityTable(),
            ReleaseEvidence(),
            *sender_operations(),
            *more,
            *view_operations(),
        ]
    )
