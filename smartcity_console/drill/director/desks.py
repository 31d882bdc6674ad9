"""Desks that play by themselves: each logs in at its own page, as a person would, and answers what comes.

One thread a desk, HTTP with limits; what a desk does not take (a hand-off recalled meanwhile) is let go and logged.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec

from smartcity_console.drill.director.desk_manners import DeskAct, acts_of, follow_up_of
from smartcity_console.drill.scenario.model import DeskManner, Spot
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import read_announcement, write_atomically

LOOK_EVERY_S = 0.4
TRY_AGAIN_S = 1.0
WAIT_S = 8.0
LATE_S = 3.0  # positions older than that are not told any more
MOST_ACTS = 5_000
_PAGE = {"X-Desk-Request": "1"}
log = logging.getLogger(__name__)


class DeskNotPlayed(ConsoleError):
    code = "drill_desk_not_played"
    ko = "{desk} 접수대를 대신 맡지 못했습니다: {why}. 받은 이관은 그대로이며 스스로 다시 해 봅니다."
    en = "The {desk} desk could not be played: {why}. Hand-offs that came are kept, and it is tried again."


class DeskLogin(msgspec.Struct, frozen=True):
    """With which the director logs in at a desk of its own drill."""

    name: str
    password: str


def login_path(workspace: Path, kind: AgencyKind) -> Path:
    return workspace / "secrets" / f"drill-desk-{kind}.json"


def write_login(workspace: Path, kind: AgencyKind, login: DeskLogin) -> None:
    """Keep a login: 0600."""
    write_atomically(login_path(workspace, kind), msgspec.json.encode(login), 0o600)


class DeskPlayer:
    """`start`, then `close`. The manner counts for hand-offs that come from then on."""

    def __init__(
        self,
        workspace: Path,
        kind: AgencyKind,
        second: Callable[[], float],
        station: Callable[[Spot], Spot | None],
        plays: bool = True,
    ) -> None:
        """`second` reads the drill's time, which stands in a pause; `station` says where the units stand that answer for
        a place. `plays` False: a person sits at the page, and only what the scenario says is said."""
        self.kind, self.manner, self._plays = kind, DeskManner(), plays
        self._workspace, self._second, self._station = workspace, second, station
        self._begun: dict[str, float] = {}
        self._waiting: list[tuple[float, int, str, DeskAct]] = []
        self._numbers = itertools.count()
        self._says: list[str] = []
        self._stopping = threading.Event()
        self._client: httpx.Client | None = None
        self._base, self._csrf, self._told = "", "", ""
        self._thread = threading.Thread(target=self._run, name=f"desk-{kind}-player", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop playing and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(WAIT_S + TRY_AGAIN_S)

    def say(self, text: str) -> None:
        """Say something about the newest hand-off, or about the first that comes."""
        self._says = [*self._says, text][-20:]

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stopping.wait(wait_s):
            wait_s = LOOK_EVERY_S
            try:
                self._look()
                self._told = ""
            except (httpx.HTTPError, ConsoleError, KeyError, ValueError, OSError) as error:
                self._tell(error)
                self._leave()
                wait_s = TRY_AGAIN_S
        self._leave()

    def _tell(self, error: Exception) -> None:
        """Log a trouble once for as long as it lasts."""
        why = error.sentence("en") if isinstance(error, ConsoleError) else type(error).__name__
        if why != self._told:
            log.warning("the %s desk is not played for the moment: %s", self.kind, why)
        self._told = why

    def _look(self) -> None:
        """See what came, then do what is due."""
        if self._client is None:
            self._enter()
        known = self._get("/page/handoffs")["handoffs"]
        for summary in reversed(known):
            if summary["id"] not in self._begun:
                self._take(summary["id"])
        while self._says and known:
            self._act(known[0]["id"], DeskAct(0.0, "message", {"text": self._says[0]}))
            self._says = self._says[1:]
        now_s = self._second()
        while self._waiting and self._waiting[0][0] <= now_s and not self._stopping.is_set():
            due_s, _, handoff_id, act = self._waiting[0]
            if act.name != "positions" or now_s - due_s <= LATE_S:
                self._act(handoff_id, act)
            heapq.heappop(self._waiting)

    def _take(self, handoff_id: str) -> None:
        """Plan all that will be done with a hand-off. One that was answered before is another run's."""
        detail = self._get(f"/page/handoffs/{handoff_id}")
        now_s = self._second()
        self._begun[handoff_id] = now_s
        if not self._plays or detail["receipts"]:
            return
        position = detail["notice"]["incident"].get("position")
        scene = Spot(lon_deg=position["lon_deg"], lat_deg=position["lat_deg"]) if position else None
        start = self._station(scene) if scene else None
        manner = follow_up_of(self.manner) if detail["follows"] else self.manner
        for act in acts_of(manner, start, scene):
            if len(self._waiting) < MOST_ACTS:
                heapq.heappush(self._waiting, (now_s + act.at_s, next(self._numbers), handoff_id, act))

    # ---- the page's own HTTP -----------------------------------------------------------------------------------------

    def _enter(self) -> None:
        """Log in where the desk wants it. Raises DeskNotPlayed, httpx.HTTPError."""
        told = read_announcement(self._workspace, f"desk-{self.kind}")
        if told is None:
            raise DeskNotPlayed(desk=self.kind, why="it does not run")
        self._base = told["addresses"]["http"]
        client = httpx.Client(base_url=self._base, trust_env=False, timeout=WAIT_S, headers=_PAGE)
        try:
            session = client.get("/page/session").raise_for_status().json()
            if not session["open"] and not session["user"]:
                session = client.post("/page/login", content=self._login()).raise_for_status().json()
        except BaseException:
            client.close()
            raise
        self._client, self._csrf = client, session["csrf"]

    def _login(self) -> bytes:
        try:
            return login_path(self._workspace, self.kind).read_bytes()
        except OSError as error:
            raise DeskNotPlayed(desk=self.kind, why=f"no login: {error.strerror}") from error

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _get(self, path: str) -> Any:
        assert self._client is not None
        return self._client.get(path).raise_for_status().json()

    def _act(self, handoff_id: str, act: DeskAct) -> None:
        """Do one act. What the desk refuses now it will refuse again: it is logged and let go."""
        assert self._client is not None
        body = msgspec.json.encode({"by": f"훈련 {'112' if self.kind is AgencyKind.POLICE else '119'}"} | act.body)
        headers = {"X-CSRF-Token": self._csrf, "Content-Type": "application/json"}
        answer = self._client.post(f"/page/handoffs/{handoff_id}/{act.name}", content=body, headers=headers)
        if answer.status_code == 401 or answer.status_code >= 500:
            answer.raise_for_status()
        elif answer.status_code >= 400:
            log.info("the %s desk did not take %s of %s: HTTP %d", self.kind, act.name, handoff_id, answer.status_code)
