"""The access register (열람·제공 대장): who looked at, replayed, copied, sent or fetched what, when, why. A fold over events.

Korean practice (표준 개인정보 보호지침, 개인영상정보 관리대장) asks of each access to CCTV recordings: when, who
and of which body, on what ground, which camera and span, whether it was provided and to whom.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.model import events as ev


class Access(enum.StrEnum):
    """What was done."""

    PRIVATE_VIEW = "private_view"
    REPLAY = "replay"
    SNAPSHOT = "snapshot"
    CLIPS = "clips"
    HANDOFF = "handoff"
    DELIVERY = "delivery"
    LIVE_VIEW = "live_view"
    PERSONAL = "personal"
    EXPORT = "export"
    LINK = "link"
    UNMASKED = "unmasked"


ACCESS_KO = {
    Access.PRIVATE_VIEW: "민간 카메라 열람",
    Access.REPLAY: "녹화 열람",
    Access.SNAPSHOT: "정지 화면 저장",
    Access.CLIPS: "영상 저장",
    Access.HANDOFF: "제공 요청",
    Access.DELIVERY: "제공",
    Access.LIVE_VIEW: "실시간 영상 제공",
    Access.PERSONAL: "개인정보 열람",
    Access.EXPORT: "대장 내보내기",
    Access.LINK: "링크로 받아 감",
    Access.UNMASKED: "가림 해제 열람",
}


class RegisterLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line. Times are UTC; `seq` is the journal's event that it stands for."""

    seq: int
    at: datetime
    access: Access
    who: str  # seat or receiver
    body: str  # of which body
    remote: str = ""  # from where, an address or a seat
    why: str = ""
    camera_ids: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    provided_to: str = ""
    incident_id: str = ""
    handled_by: str = ""
    remark: str = ""
    is_private: bool = False


class Register:
    """Reads events in the journal's order. `private` says of a camera whether it is somebody's own."""

    def __init__(self, centre_name: str = "", private: Collection[str] = ()) -> None:
        self._body, self._private = centre_name, private
        self._requests: dict[str, ev.HandoffRequested] = {}
        self._clips_wanted: dict[str, ev.IncidentClipsWanted] = {}
        self._users: dict[str, str] = {}

    def lines(self, events: Iterable[ev.Event]) -> Iterator[RegisterLine]:
        """Yield a line for each access."""
        for event in events:
            word = _WORDS.get(event.type)
            if event.type == "SeatOpened":
                opened = event.payload_as(ev.SeatOpened)
                self._users[opened.seat] = opened.user
            elif event.type == "IncidentClipsWanted":
                wanted = event.payload_as(ev.IncidentClipsWanted)
                self._clips_wanted[wanted.clips_id] = wanted
            elif word is not None and not _came_to_nothing(event):
                yield self._line(event, word(self, event.payload()))

    def _line(self, event: ev.Event, facts: dict[str, Any]) -> RegisterLine:
        kind, _, key = event.stream.partition("/")
        cameras = tuple(facts.get("camera_ids", ()))
        given: dict[str, Any] = {
            "body": self._body,
            "handled_by": event.actor,
            "incident_id": key if kind == "incident" else "",
            "is_private": any(camera in self._private for camera in cameras),
        }
        return RegisterLine(seq=event.seq, at=event.at, **(given | facts))

    def seat(self, seat: str) -> str:
        """Return a seat with the user who opened it."""
        user = self._users.get(seat, "")
        return f"좌석 {seat} ({user})" if user else f"좌석 {seat}"

    def _unlocked(self, p: ev.PrivateCamerasUnlocked) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "access": Access.PRIVATE_VIEW,
            "who": self.seat(p.seat),
            "remote": f"좌석 {p.seat}",
            "why": p.reason,
        }
        return facts | {"camera_ids": p.camera_ids, "end": p.until, "is_private": True}

    def _replayed(self, p: ev.ReplayFetched) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "access": Access.REPLAY,
            "who": self.seat(p.seat),
            "remote": p.remote,
            "camera_ids": (p.camera_id,),
        }
        incident = ", ".join(p.incident_ids)
        why = "사건 확인" if incident else "사건 없음"
        return facts | {
            "start": p.start,
            "end": p.end,
            "is_private": p.is_private,
            "incident_id": incident,
            "why": why,
        }

    def _snapshot(self, p: ev.IncidentSnapshotTaken | ev.CameraSnapshotTaken) -> dict[str, Any]:
        facts: dict[str, Any] = {"access": Access.SNAPSHOT, "who": self.seat(p.seat), "remote": f"좌석 {p.seat}"}
        facts |= {"camera_ids": (p.camera_id,), "start": p.captured_at, "end": p.captured_at}
        return facts | {"remark": f"{p.path} SHA-256 {p.sha256[:16]}…"}

    def _clips(self, p: ev.IncidentClipsSaved) -> dict[str, Any]:
        wanted = self._clips_wanted.get(p.clips_id)
        facts: dict[str, Any] = {"access": Access.CLIPS, "who": self.seat(p.seat), "remote": f"좌석 {p.seat}"}
        facts |= {"camera_ids": tuple(dict.fromkeys(clip.camera_id for clip in p.clips))}
        facts |= {"start": min(clip.start for clip in p.clips), "end": max(clip.end for clip in p.clips)}
        why = (wanted.reason if wanted is not None else "") or "사건 확인"
        return facts | {"why": why, "remark": f"{p.folder} {len(p.clips)}개"}

    def _requested(self, p: ev.HandoffRequested) -> dict[str, Any]:
        self._requests[p.handoff_id] = p
        return self._handed(p) | {"access": Access.HANDOFF, "remark": f"이관 {p.handoff_id}"}

    def _delivered(self, p: ev.HandoffDelivered) -> dict[str, Any]:
        request = self._requests.get(p.handoff_id)
        facts = self._handed(request) if request else {"who": "", "provided_to": p.receiver}
        return facts | {"access": Access.DELIVERY, "remark": f"이관 {p.handoff_id}, 받은 곳 {p.receiver}"}

    def _fetched(self, p: ev.HandoffLinkFetched) -> dict[str, Any]:
        request = self._requests.get(p.handoff_id)
        facts = self._handed(request) if request else {"provided_to": ""}
        who = request.agency_name if request else ""
        return facts | {
            "access": Access.LINK,
            "who": who,
            "body": who,
            "remote": p.remote,
            "remark": f"이관 {p.handoff_id}",
        }

    def _handed(self, p: ev.HandoffRequested) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "who": self.seat(p.seat),
            "remote": f"좌석 {p.seat}",
            "why": p.basis,
            "camera_ids": p.camera_ids,
        }
        return facts | {"start": p.span_start, "end": p.span_end, "provided_to": p.agency_name}

    def _watched(self, p: ev.LiveViewOpened) -> dict[str, Any]:
        request = self._requests.get(p.handoff_id)
        facts: dict[str, Any] = {
            "access": Access.LIVE_VIEW,
            "who": p.agency_name,
            "body": p.agency_name,
            "remote": p.remote,
        }
        facts |= {"camera_ids": (p.camera_id,), "provided_to": p.agency_name, "remark": f"이관 {p.handoff_id}"}
        return facts | {"why": request.basis if request else ""}

    def _person(self, p: ev.PersonalRecordShown) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "access": Access.PERSONAL,
            "who": self.seat(p.seat),
            "remote": f"좌석 {p.seat}",
            "why": p.why,
        }
        return facts | {"remark": f"{p.what} SHA-256 {p.sha256[:16]}…"}

    def _unmasked(self, p: ev.MaskLifted) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "access": Access.UNMASKED,
            "who": self.seat(p.seat),
            "remote": f"좌석 {p.seat}",
            "why": p.reason,
        }
        return facts | {"camera_ids": (p.camera_id,), "end": p.until}

    def _exported(self, p: ev.RegisterExported) -> dict[str, Any]:
        facts: dict[str, Any] = {"access": Access.EXPORT, "who": p.by, "start": p.start, "end": p.end}
        return facts | {"remark": f"{p.rows}건 SHA-256 {p.sha256[:16]}…"}


_WORDS: dict[str, Callable[[Register, Any], dict[str, Any]]] = {
    "PrivateCamerasUnlocked": Register._unlocked,
    "ReplayFetched": Register._replayed,
    "IncidentSnapshotTaken": Register._snapshot,
    "CameraSnapshotTaken": Register._snapshot,
    "IncidentClipsSaved": Register._clips,
    "HandoffRequested": Register._requested,
    "HandoffDelivered": Register._delivered,
    "HandoffLinkFetched": Register._fetched,
    "LiveViewOpened": Register._watched,
    "PersonalRecordShown": Register._person,
    "MaskLifted": Register._unmasked,
    "RegisterExported": Register._exported,
}


def _came_to_nothing(event: ev.Event) -> bool:
    """Clips of which none could be had were seen by nobody."""
    return event.type == "IncidentClipsSaved" and not event.payload_as(ev.IncidentClipsSaved).clips
