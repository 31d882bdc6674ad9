"""The sheet of recipients: whom else to hand it to, why these, whether somebody is there, and on which basis."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from smartcity_console.console import words
from smartcity_console.console.incident.chooser import Choice, Chooser
from smartcity_console.console.incident.handoff_words import basis_words, duty_words, likely, what_words, why_words
from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.hand_off import HandOffToOthers, has_it
from smartcity_console.model.recipient import Recipient


def recipients_sheet(state: SeatState, operation: HandOffToOthers, parent: QWidget) -> Chooser:
    """Return the sheet; the proposed recipient is ticked, those who have it already say so."""
    proposed = proposed_id(state)
    choices = [_choice(state, one, one.agency.id == proposed) for one in state.recipients]
    hint = f"{what_words(state)}\n" + translate("Recipients", "Each one gets what stands here. Access is on record.")
    do = translate("Recipients", "Hand off")
    return Chooser(operation.label(), hint, do, choices, several=True, parent=parent)


def proposed_id(state: SeatState) -> str:
    """Return the recipient that the incident's kind calls for, unless it has it already."""
    agency = state.agencies.get(likely(state.chosen()))
    return agency.id if agency is not None and not has_it(state, agency) else ""


def _choice(state: SeatState, one: Recipient, is_ticked: bool) -> Choice:
    agency = one.agency
    name = " · ".join(part for part in (words.agency_word(agency.kind), agency.name, agency.control_room) if part)
    about = [why_words(one), duty_words(state, one)]
    if one.is_masked:
        about.append(translate("Recipients", "masked copies"))
    text = f"{name}\n{' · '.join(part for part in about if part)}\n{basis_words(agency.kind)}"
    taken = translate("Recipients", "has it already") if has_it(state, agency) else ""
    return Choice(agency.id, text, taken, is_ticked and not taken)
