"""recipients.toml is read or refused by name; duty hours; ways that stand in for each other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smartcity_console.handoff.alternatives import Alternatives, Later
from smartcity_console.handoff.errors import DeliveryRefused, HandoffNotThere, ReceiverUnreachable
from smartcity_console.handoff.recipients import (
    Folder,
    Https,
    Mail,
    RecipientsFile,
    RecipientsRefused,
    Sftp,
    read_recipients,
)
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.recipient import on_duty, parse_duty

GOOD = """
[[recipient]]
id = "centre-haneul"
kind = "centre"
name = "하늘시 스마트도시센터"
position = [127.05, 37.52]
area = [[127.04, 37.50], [127.08, 37.50], [127.08, 37.55]]
for_kinds = ["robbery"]
duty = ["mon-fri 09:00-18:00", "sat 09:00-13:00"]
masked = true
ways = [
  { by = "https", url = "https://desk.haneul.example", auth = "hmac", ca = "ca.pem" },
  { by = "sftp", host = "sftp.haneul.example", user = "gaon", host_key = "ssh-ed25519 AAAA" },
  { by = "folder", path = "/mnt/haneul" },
  { by = "mail", to = ["desk@haneul.example"], hours = 12 },
]

[[recipient]]
id = "pol-1"
duty = ["08:00-20:00"]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "recipients.toml").write_text(text, "utf-8")
    return folder


def test_recipients_are_read(tmp_path: Path) -> None:
    entries = read_recipients(write(tmp_path, GOOD))
    haneul = entries["centre-haneul"]
    assert haneul.agency is not None and haneul.agency.kind is AgencyKind.CENTRE and haneul.masked
    assert [type(way) for way in haneul.ways] == [Https, Sftp, Folder, Mail]
    assert entries["pol-1"].agency is None and len(entries["pol-1"].hours) == 1
    assert read_recipients(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[recipient]]\nid = "../x"', "id"),
        ('[[recipient]]\nid = "a"\nkind = "army"', "kind"),
        ('[[recipient]]\nid = "a"\nduty = ["always"]', "write mon-fri"),
        ('[[recipient]]\nid = "a"\narea = [[1, 2], [3, 4]]', "three corners"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "fax", number = "1" }]', "by"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "mail", to = [] }]', "nobody"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "mail", to = ["a@b\\nBcc: c@d"] }]', "to"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "https", url = "http://desk.example" }]', "https"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "https", url = "https://x", key = "k" }]', "together"),
        ('[[recipient]]\nid = "a"\nways = [{ by = "https", url = "https://x", password = "p" }]', "password"),
        ('[[recipient]]\nid = "a"\n[[recipient]]\nid = "a"', "twice"),
        ("[[recipient]", "recipients.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(RecipientsRefused, match=why):
        read_recipients(write(tmp_path, text))


@pytest.mark.logs
def test_a_list_that_turns_unfit_leaves_the_last_good_one(tmp_path: Path) -> None:
    file = RecipientsFile(write(tmp_path, GOOD))
    assert len(file.now()) == 2
    write(tmp_path, "[[recipient]")
    assert len(file.now()) == 2
    write(tmp_path, '[[recipient]]\nid = "only"\n')
    assert list(file.now()) == ["only"]


@pytest.mark.parametrize(
    ("hours", "at", "there"),
    [
        ("mon-fri 09:00-18:00", datetime(2026, 11, 23, 0, 0, tzinfo=UTC), True),  # Monday 09:00 in Seoul
        ("mon-fri 09:00-18:00", datetime(2026, 11, 23, 9, 0, tzinfo=UTC), False),  # 18:00
        ("mon-fri 09:00-18:00", datetime(2026, 11, 21, 3, 0, tzinfo=UTC), False),  # Saturday noon
        ("fri 22:00-06:00", datetime(2026, 11, 20, 20, 0, tzinfo=UTC), True),  # Saturday 05:00, Friday's night
        ("fri 22:00-06:00", datetime(2026, 11, 20, 0, 0, tzinfo=UTC), False),  # Friday 09:00
        ("sat-mon 00:00-24:00", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), True),  # Sunday
        ("18:00-09:00", datetime(2026, 11, 24, 14, 0, tzinfo=UTC), True),  # any day, 23:00
    ],
)
def test_duty_is_korean_time(hours: str, at: datetime, there: bool) -> None:
    assert on_duty([parse_duty(hours)], at) is there


class Way:
    """Fails as often as it is told to."""

    def __init__(self, notice: Exception | None = None, package: Exception | None = None, update: bool = True) -> None:
        self.notice, self.package, self.update = notice, package, update
        self.got: list[str] = []

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        if self.notice:
            raise self.notice
        self.got.append(f"notice {notice.decode()}")

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        if self.package:
            raise self.package
        self.got.append("package")
        return "there"

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        if not self.update:
            raise HandoffNotThere(receiver="x", why="")
        self.got.append("update")


AWAY = ReceiverUnreachable(receiver="x", why="away")


def deliver(*ways: Way) -> str:
    async def both() -> str:
        channel = Alternatives(ways)
        await channel.deliver_notice("h", b"n")
        return await channel.deliver_package("h", Path("p"), "s")

    return asyncio.run(both())


def test_the_next_way_gets_text_and_package() -> None:
    away, half, last = Way(notice=AWAY), Way(package=AWAY), Way()
    assert deliver(away, half, last) == "there"
    assert (away.got, half.got, last.got) == ([], ["notice n"], ["notice n", "package"])


def test_the_last_ways_reason_is_told() -> None:
    with pytest.raises(DeliveryRefused):
        deliver(Way(notice=AWAY), Way(package=DeliveryRefused(receiver="y", why="422")))


def test_later_word_goes_where_the_hand_off_is() -> None:
    first, second, third = Way(update=False), Way(update=False), Way()
    asyncio.run(Later([first, second, third]).deliver_update("h", "u", b""))
    assert third.got == ["update"]
    with pytest.raises(HandoffNotThere):
        asyncio.run(Later([first, second]).deliver_update("h", "u", b""))
