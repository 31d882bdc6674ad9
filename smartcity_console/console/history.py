"""The incident's history in words: one sentence for each type of event on its stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.procedures import step_label
from smartcity_console.console.times import clock_text, span_text
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, Priority
from smartcity_console.model.events import IncidentClipsSaved, IncidentClipsWanted
from smartcity_console.model.incident import LogLine
from smartcity_console.model.verdict import Grade

Facts = Mapping[str, Any]


def sentence(line: LogLine) -> str:
    """Return the line's sentence; a type that this version does not know is told by its name."""
    words_of = SENTENCES.get(line.type)
    return words_of(line.facts) if words_of else line.type


def is_loud(line: LogLine) -> bool:
    """Return whether the line tells of something that went wrong."""
    return line.type in ("HandoffAttemptFailed", "HandoffRefused", "IncidentEscalated") or any(
        line.facts.get(name) for name in ("gaps", "missing")
    )


def _alert(facts: Facts) -> str:
    alert = msgspec.convert(facts["alert"], Alert)
    zone = translate("History", "zone {zone}").format(zone=alert.zone) if alert.zone else ""
    parts = (alert.firm_name or alert.protocol, alert.code, words.alert_title(alert), zone)
    known = "" if alert.known else translate("History", " (unknown account {account})").format(account=alert.account)
    return " ".join(part for part in parts if part) + known


def _joined(facts: Facts) -> str:
    text = translate("History", "{alert}: taken as the same incident ({why})")
    return text.format(alert=_alert(facts), why=why_joined(facts))


def why_joined(facts: Facts) -> str:
    """Return why an alert was taken into the incident, by its code: the record's own sentence is Korean only."""
    after = translate("Joined", "after {seconds:.0f} s").format(seconds=facts.get("after_s", 0.0))
    apart = facts.get("distance_m")
    where = {
        "same_site": translate("Joined", "same site"),
        "same_case": translate("Joined", "same case number"),
        "same_account": translate("Joined", "same account"),
        "near": translate("Joined", "near"),
        "parted": translate("Joined", "parted together"),
    }.get(facts.get("why", ""))
    if where is None:
        return str(facts.get("reason", ""))
    far = translate("Joined", "{metres:.0f} m").format(metres=apart) if apart is not None else ""
    return ", ".join(part for part in (where, far, after) if part)


def _chattered(facts: Facts) -> str:
    text = translate("History", "{account} {code} zone {zone} repeats itself: {count} only counted")
    return text.format(account=facts["account"], code=facts["code"], zone=facts["zone"] or "–", count=facts["count"])


def _escalated(facts: Facts) -> str:
    text = translate("History", "Brought before the supervisor: nobody took it for {time}")
    return text.format(time=span_text(facts["waited_s"]))


def _merged(facts: Facts) -> str:
    text = translate("History", "Seat {seat} merged it into {incident}")
    return text.format(seat=facts["seat"], incident=facts["into"])


def _absorbed(facts: Facts) -> str:
    text = translate("History", "Seat {seat} merged {incident} into this one (alerts: {count})")
    return text.format(seat=facts["seat"], incident=facts["from_incident"], count=len(facts["alerts"]))


def _unmerged(facts: Facts) -> str:
    text = translate("History", "Seat {seat} took the merging back: open again")
    return text.format(seat=facts["seat"])


def _split_off(facts: Facts) -> str:
    text = translate("History", "Seat {seat} parted alerts to {incident} ({count})")
    return text.format(seat=facts["seat"], incident=facts["to_incident"], count=len(facts["alert_ids"]))


def _person_shown(facts: Facts) -> str:
    picture = facts["what"] == "picture"
    what = translate("History", "picture") if picture else translate("History", "record")
    text = translate("History", "Seat {seat} was shown the person's {what}: {why}")
    return text.format(seat=facts["seat"], what=what, why=facts["why"])


def _link_used(facts: Facts) -> str:
    opened = facts["act"] == "opened"
    text = (
        translate("History", "Seat {seat} opened the sender's address ({link})")
        if opened
        else translate("History", "Seat {seat} copied the sender's address ({link})")
    )
    return text.format(seat=facts["seat"], link=link_word(facts["link"]))


def link_word(link: str) -> str:
    return translate("Link", "live view") if link == "live" else translate("Link", "verification")


def _cameras(facts: Facts) -> str:
    return translate("History", "Cameras chosen: {count}").format(count=len(facts["cameras"]))


def _claimed(facts: Facts) -> str:
    if not facts.get("taken_from"):
        return translate("History", "Seat {seat} began to verify").format(seat=facts["seat"])
    left = facts.get("reason") == "seat_closed"
    text = (
        translate("History", "Seat {seat} took over from seat {before}, which was left")
        if left
        else translate("History", "Seat {seat} took over from seat {before}, whose console does not run")
    )
    return text.format(seat=facts["seat"], before=facts["taken_from"])


def _released(facts: Facts) -> str:
    return translate("History", "Seat {seat} gave it back").format(seat=facts["seat"])


def _unlocked(facts: Facts) -> str:
    until = clock_text(msgspec.convert(facts["until"], datetime))
    text = translate("History", "Private cameras open until {until} ({count})")
    return text.format(count=len(facts["camera_ids"]), until=until)


def _locked(facts: Facts) -> str:
    return translate("History", "Private cameras closed ({count})").format(count=len(facts["camera_ids"]))


def _verdict(facts: Facts) -> str:
    grade = Grade(facts["grade"])
    return translate("History", "Grade {grade} {word}").format(grade=int(grade), word=words.grade_word(grade))


def _note(facts: Facts) -> str:
    return translate("History", "Note: {text}").format(text=facts["text"])


def _ticked(facts: Facts) -> str:
    text = translate("History", "Done: {step}") if facts["done"] else translate("History", "Not done: {step}")
    return text.format(step=step_label(facts["step"]))


def _evidence(facts: Facts) -> str:
    start, end = (clock_text(msgspec.convert(facts[name], datetime)) for name in ("start", "end"))
    return translate("History", "Evidence span {start} to {end}").format(start=start, end=end)


def _priority(facts: Facts) -> str:
    word = words.priority_word(Priority(facts["priority"]))
    return translate("History", "Priority set to {priority}").format(priority=word)


def _closed(facts: Facts) -> str:
    return translate("History", "Closed: {outcome}").format(outcome=outcome_word(facts["outcome"]))


def _requested(facts: Facts) -> str:
    text = translate("History", "{agency} hand-off requested: {name}")
    return text.format(agency=words.agency_word(AgencyKind(facts["agency_kind"])), name=facts["agency_name"])


def _packaged(facts: Facts) -> str:
    text = translate("History", "Package sealed (files: {count})").format(count=len(facts["files"]))
    gaps = "; ".join(facts.get("gaps", ()))
    return text + (translate("History", "; missing: {gaps}").format(gaps=gaps) if gaps else "")


def _failed(facts: Facts) -> str:
    text = translate("History", "Not delivered, try {attempt}: {reason}")
    return text.format(attempt=facts["attempt"], reason=facts["reason"])


def _delivered(facts: Facts) -> str:
    return translate("History", "Delivered to {receiver}").format(receiver=facts["receiver"])


def _sighting(facts: Facts) -> str:
    camera = f"{facts['camera_id']} {facts['camera_name']}".strip()
    return translate("History", "Seen on {camera}").format(camera=camera)


def _link_sent(facts: Facts) -> str:
    text = translate("History", "A link to the package was mailed to {to}; it ends at {until}")
    return text.format(to=", ".join(facts["to"]), until=clock_text(msgspec.convert(facts["until"], datetime)))


def _link_fetched(facts: Facts) -> str:
    return translate("History", "The package is fetched by the mailed link from {remote}").format(
        remote=facts["remote"]
    )


def _opened(facts: Facts) -> str:
    return translate("History", "Opened by {by}").format(by=facts["by"])


def _accepted(facts: Facts) -> str:
    return translate("History", "Accepted by {by}").format(by=facts["by"])


def _refused(facts: Facts) -> str:
    return translate("History", "Refused by {by}: {reason}").format(by=facts["by"], reason=facts["reason"])


def _units(facts: Facts) -> str:
    text = translate("History", "Units sent: {units}").format(units=", ".join(facts["units"]))
    eta = facts.get("eta_min")
    return text + (translate("History", " · {eta:g} min").format(eta=eta) if eta is not None else "")


def _watching(facts: Facts) -> str:
    text = translate("History", "{name} watches {camera} live (from {remote})")
    return text.format(name=facts["agency_name"], camera=facts["camera_id"], remote=facts["remote"])


def _watched(facts: Facts) -> str:
    known = facts["watched_s"] is not None
    text = translate("History", "Live view of {camera} ended after {seconds:.0f} s: {reason}")
    if not known:
        text = translate("History", "Live view of {camera} ended: {reason}")
    reason = view_end_word(facts["reason"])
    return text.format(camera=facts["camera_id"], seconds=facts["watched_s"], reason=reason)


def _revoked(facts: Facts) -> str:
    text = translate("History", "Live view taken back by seat {seat}: {reason}")
    return text.format(seat=facts["seat"], reason=revoke_word(facts["reason"]))


def view_end_word(reason: str) -> str:
    """Return the word of the code with which a live view ended."""
    known = {
        "left": translate("LiveView", "the viewer left"),
        "expired": translate("LiveView", "its time was over"),
        "revoked": translate("LiveView", "it was taken back"),
        "locked": translate("LiveView", "the camera was closed again"),
        "no_picture": translate("LiveView", "no picture came"),
        "restarted": translate("LiveView", "the gateway was restarted"),
    }
    return known.get(reason, reason)


def revoke_word(reason: str) -> str:
    """Return the word of a reason's code; the operator's own words stand for themselves."""
    return translate("LiveView", "the seat's decision") if reason == "seat" else reason


def _snapshot(facts: Facts) -> str:
    return translate("History", "Snapshot of {camera}").format(camera=facts["camera_id"])


def _clips_wanted(facts: Facts) -> str:
    wanted = msgspec.convert(facts, IncidentClipsWanted)
    text = translate("History", "Clips wanted of {cameras}, {start} to {end}")
    said = text.format(cameras=", ".join(wanted.camera_ids), start=clock_text(wanted.start), end=clock_text(wanted.end))
    return f"{said}: {wanted.reason}" if wanted.reason else said


def _clips_saved(facts: Facts) -> str:
    return clips_words(msgspec.convert(facts, IncidentClipsSaved))


def clips_words(saved: IncidentClipsSaved) -> str:
    """Return what came of a wish for clips: how many files, where, what is missing in them, and of whom there is none."""
    gaps = sum(len(clip.gaps) for clip in saved.clips)
    parts = [
        translate("History", "Clips saved: {files} in {folder}").format(files=len(saved.clips), folder=saved.folder)
    ]
    if not saved.clips:
        parts = [translate("History", "No clip could be saved")]
    if gaps:
        parts.append(translate("History", "gaps: {gaps}").format(gaps=gaps))
    if saved.missing:
        none = ", ".join(one.camera_id for one in saved.missing)
        parts.append(translate("History", "nothing of {cameras}").format(cameras=none))
    return " · ".join(parts)


def outcome_word(outcome: str) -> str:
    """Return the word of a closing outcome's code."""
    known = {
        "false_alarm": translate("Outcome", "false alarm"),
        "handed_off": translate("Outcome", "handed off"),
        "restored": translate("Outcome", "restored by itself"),
        "merged": translate("Outcome", "merged"),
        "resolved": translate("Outcome", "resolved without a hand-off"),
    }
    return known.get(outcome, outcome)


def _on_scene(facts: Facts) -> str:
    return translate("History", "On scene: {units}").format(units=", ".join(facts["units"]) or facts["by"])


def _ended(facts: Facts) -> str:
    text = translate("History", "Closed by {by}: {outcome}").format(by=facts["by"], outcome=desk_word(facts["outcome"]))
    return " · ".join(part for part in (text, facts.get("note", "")) if part)


def _from_desk(facts: Facts) -> str:
    return translate("History", "Message from {by}: {text}").format(by=facts["by"], text=facts["text"])


def _positions(facts: Facts) -> str:
    return translate("History", "Units moved: {units}").format(units=", ".join(p["unit"] for p in facts["positions"]))


def _to_desk(facts: Facts) -> str:
    return translate("History", "Message of seat {seat}: {text}").format(seat=facts["seat"], text=facts["text"])


def _recalled(facts: Facts) -> str:
    text = translate("History", "Hand-off recalled by seat {seat}: {reason}")
    return text.format(seat=facts["seat"], reason=recall_word(facts["reason"]))


def _update_failed(facts: Facts) -> str:
    text = translate("History", "The receiver could not be told, try {attempt}: {reason}")
    return text.format(attempt=facts["attempt"], reason=facts["reason"])


def _update_delivered(facts: Facts) -> str:
    return translate("History", "The receiver was told, try {attempt}").format(attempt=facts["attempt"])


def recall_word(reason: str) -> str:
    """Return the word of a recall's code; the operator's own words stand for themselves."""
    known = {
        "false_alarm": translate("Recall", "false alarm"),
        "wrong_receiver": translate("Recall", "wrong receiver"),
        "duplicate": translate("Recall", "handed off twice"),
        "corrected": translate("Recall", "corrected by another hand-off"),
        "seat": translate("LiveView", "the seat's decision"),
    }
    return known.get(reason, reason)


def desk_word(outcome: str) -> str:
    """Return the word of the code with which a desk closed a hand-off."""
    known = {
        "settled": translate("DeskOutcome", "settled on scene"),
        "arrested": translate("DeskOutcome", "suspect arrested"),
        "rescued": translate("DeskOutcome", "rescued, taken to hospital"),
        "extinguished": translate("DeskOutcome", "fire extinguished"),
        "nothing_found": translate("DeskOutcome", "nothing found"),
        "false_alarm": translate("Outcome", "false alarm"),
        "passed_on": translate("DeskOutcome", "passed on to another agency"),
    }
    return known.get(outcome, outcome)


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "IncidentOpened": _alert,
    "AlertJoined": _joined,
    "ChatterFolded": _chattered,
    "IncidentEscalated": _escalated,
    "IncidentMerged": _merged,
    "IncidentAbsorbed": _absorbed,
    "IncidentUnmerged": _unmerged,
    "AlertsSplitOff": _split_off,
    "PersonalRecordShown": _person_shown,
    "ReportLinkUsed": _link_used,
    "CamerasSelected": _cameras,
    "IncidentClaimed": _claimed,
    "IncidentReleased": _released,
    "PrivateCamerasUnlocked": _unlocked,
    "PrivateCamerasLocked": _locked,
    "VerdictGiven": _verdict,
    "NoteAdded": _note,
    "SightingNoted": _sighting,
    "ProcedureStepTicked": _ticked,
    "EvidenceSpanSet": _evidence,
    "IncidentSnapshotTaken": _snapshot,
    "IncidentClipsWanted": _clips_wanted,
    "IncidentClipsSaved": _clips_saved,
    "PriorityChanged": _priority,
    "IncidentClosed": _closed,
    "HandoffRequested": _requested,
    "HandoffPackaged": _packaged,
    "HandoffAttemptFailed": _failed,
    "HandoffDelivered": _delivered,
    "HandoffLinkSent": _link_sent,
    "HandoffLinkFetched": _link_fetched,
    "HandoffOpened": _opened,
    "HandoffAccepted": _accepted,
    "HandoffRefused": _refused,
    "HandoffUnitsSent": _units,
    "HandoffOnScene": _on_scene,
    "HandoffEnded": _ended,
    "MessageFromDesk": _from_desk,
    "UnitPositions": _positions,
    "MessageToDesk": _to_desk,
    "HandoffRecalled": _recalled,
    "HandoffUpdateFailed": _update_failed,
    "HandoffUpdateDelivered": _update_delivered,
    "LiveViewOpened": _watching,
    "LiveViewClosed": _watched,
    "LiveViewRevoked": _revoked,
}
"""Sentence by event type; a test holds it complete."""
