"""A drill's desk that plays by itself, at the real desk's own page: it logs in, and answers at its times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from smartcity_console.desk.users import add_user, users_path
from smartcity_console.drill.director.desks import DeskLogin, DeskPlayer, write_login
from smartcity_console.drill.scenario.model import DeskManner, Spot
from smartcity_console.model.agency import AgencyKind
from tests.desk.conftest import Gateway, RunningDesk, Sender, wait_for

MANNER = DeskManner(
    opens_s=1, accepts_s=2, units=("순21호",), units_s=3, on_scene_s=30, ends_s=40, outcome="arrested", asks="?"
)


class Played:
    """A desk with a login, its player, and a drill's time that a test moves."""

    def __init__(self, desk: RunningDesk) -> None:
        self.desk, self.second = desk, 0.0
        write_login(desk.workspace, AgencyKind.POLICE, DeskLogin("drill", "a long password"))
        self.player = DeskPlayer(desk.workspace, AgencyKind.POLICE, lambda: self.second, self.station)
        self.player.manner = MANNER

    @staticmethod
    def station(_: Spot) -> Spot:
        return Spot(lon_deg=127.0, lat_deg=37.0)

    def send(self, notice: bytes, number: int = 1) -> None:
        headers = self.desk.bearer | {"Content-Type": "application/json", "Idempotency-Key": f"handoff-{number}"}
        sent = httpx.post(f"{self.desk.url}/api/handoffs", content=notice, headers=headers, trust_env=False, timeout=20)
        assert sent.status_code == 201, sent.text

    def acts(self) -> list[str]:
        return [e.type for e in self.desk.events() if e.stream.startswith("desk/") and e.type not in _BESIDE]


_BESIDE = ("DeskNoticeReceived", "DeskReceiptSent")


@pytest.fixture
def played(start_desk: Callable[..., RunningDesk], tmp_path: Any) -> Iterator[Played]:
    (tmp_path / "workspace").mkdir()
    add_user(users_path(tmp_path / "workspace", AgencyKind.POLICE), "drill", "a long password")
    made = Played(start_desk())
    made.player.start()
    yield made
    made.player.close()


def test_it_answers_at_its_times_under_its_login(played: Played, sender: Sender, gateway: Gateway) -> None:
    played.send(sender.notice())
    wait_for(lambda: played.player._begun)
    played.second = 1.0
    wait_for(lambda: played.acts() == ["DeskOpened"])
    played.second = 3.0
    wait_for(lambda: played.acts() == ["DeskOpened", "DeskAccepted", "DeskMessageSent", "DeskUnitsSent"])
    played.second = 6.0
    wait_for(lambda: "DeskUnitsMoved" in played.acts())
    played.second = 45.0
    wait_for(lambda: played.acts()[-2:] == ["DeskOnScene", "DeskEnded"])
    assert {e.payload().by for e in played.desk.events() if e.type == "DeskAccepted"} == {"drill"}  # type: ignore[attr-defined]
    wait_for(lambda: [r["stage"] for r in gateway.receipts][-1:] == ["closed"])


def test_in_a_pause_it_does_nothing(played: Played, sender: Sender) -> None:
    played.send(sender.notice())
    wait_for(lambda: played.player._begun)
    played.second = 1.5
    wait_for(lambda: played.acts() == ["DeskOpened"])
    looked = played.player._numbers  # the time stands: look a few times more
    for _ in range(3):
        played.player.say("아직 기다립니다")
        wait_for(lambda: not played.player._says)
    assert "DeskAccepted" not in played.acts() and looked is played.player._numbers


def test_what_the_trainer_lets_it_say_is_said_about_the_newest(played: Played, sender: Sender) -> None:
    played.player.say("지금 어디입니까?")
    played.send(sender.notice())
    wait_for(lambda: "DeskMessageSent" in played.acts())


@pytest.mark.logs
def test_without_the_right_login_it_does_nothing_and_tries_again(played: Played, sender: Sender) -> None:
    played.player.close()
    write_login(played.desk.workspace, AgencyKind.POLICE, DeskLogin("drill", "a wrong password"))
    again = DeskPlayer(played.desk.workspace, AgencyKind.POLICE, lambda: 99.0, played.station)
    again.start()
    played.send(sender.notice())
    wait_for(lambda: again._told)
    write_login(played.desk.workspace, AgencyKind.POLICE, DeskLogin("drill", "a long password"))
    wait_for(lambda: "DeskAccepted" in played.acts() or again._begun)
    again.close()
