"""What an incident's notes say of people and vehicles, as numbers and kinds out of a closed list.

Nothing that was written goes over itself, and no clothes, colours or plates: by those somebody could be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

MOST_PEOPLE = 4
_COUNT = re.compile(
    r"(\d{1,2}|한|두|세|네)\s*(?:명|사람|인조)|\b(one|two|three|four|\d{1,2})\s+(?:men|man|women|woman|people|persons?|suspects?)\b"
)
_NUMBERS = {"한": 1, "두": 2, "세": 3, "네": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_LOOKS = (
    ("child", re.compile(r"아이|어린이|아동|유아|남아|여아|\bchild|\bkid\b|\bboy\b|\bgirl\b")),
    ("elder", re.compile(r"노인|어르신|할머니|할아버지|치매|\belder|\bold (?:man|woman)\b|dementia")),
    ("woman", re.compile(r"여성|여자|여학생|\bwom[ae]n\b|\bfemale\b")),
)
_VEHICLES = (
    ("motorbike", re.compile(r"오토바이|이륜차|배달통|motor(?:bike|cycle)|scooter")),
    ("lorry", re.compile(r"화물차|트럭|\blorry\b|\btruck\b")),
    ("van", re.compile(r"승합|봉고|스타렉스|\bvan\b")),
    ("suv", re.compile(r"\bSUV\b", re.IGNORECASE)),
    ("car", re.compile(r"승용차|택시|세단|차량|자동차|\bcar\b|\bsedan\b|\btaxi\b|\bvehicle\b")),
)
_ARMED = re.compile(r"흉기|식칼|칼을|칼 |둔기|\bknife\b|\bweapon\b|\barmed\b")


class Told(msgspec.Struct, frozen=True):
    """`look` and `vehicle` are words of a scenario's actors; `vehicle` "" when none was spoken of."""

    people: int = 1
    look: str = "man"
    vehicle: str = ""
    is_armed: bool = False


def told_of(notes: Iterable[str], ticked: Iterable[str] = ()) -> Told:
    """Return what the notes and the ticked steps of the procedure tell; one man where they tell nothing."""
    text = " ".join(notes)
    return Told(
        people=_people(text),
        look=next((look for look, said in _LOOKS if said.search(text)), "man"),
        vehicle=next((kind for kind, said in _VEHICLES if said.search(text)), ""),
        is_armed="weapon" in set(ticked) or bool(_ARMED.search(text)),
    )


def _people(text: str) -> int:
    found = _COUNT.search(text)
    if found is None:
        return 1
    said = found.group(1) or found.group(2)
    return max(1, min(MOST_PEOPLE, _NUMBERS.get(said) or (int(said) if said.isdigit() else 1)))
