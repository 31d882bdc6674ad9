"""What each protocol of the intake gives the fuzzer: valid frames, a strategy, a receiver without network, an oracle.

A protocol is added by a class with `Target`'s members and a line in `TARGETS`.
"""

from __future__ import annotations

import logging
import random
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from siadc09 import message as oracle

from benchmarks.intake_fuzz_documents import CapTarget, FrigateTarget, LinkedTarget, ReportTarget
from smartcity_console.clock import SystemClock
from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.dc09 import (
    Frame,
    FrameError,
    StreamFramer,
    encode_frame,
    open_frame,
    parse_frame,
    seal_frame,
)
from smartcity_console.intake.dc09.alerts import POLLS
from smartcity_console.intake.dc09.cid import cid_data, parse_cid
from smartcity_console.intake.dc09.counters import Counters
from smartcity_console.intake.dc09.frame import wrap
from smartcity_console.intake.dc09.handler import Dc09Handler, Limits
from smartcity_console.intake.dc09.siadcs import parse_siadcs, sia_data
from smartcity_console.model.events import AlertReceived, encode_payload

logging.getLogger("siadc09").setLevel(logging.CRITICAL)
for _name in ("siadc09.message", "siadc09.siadcs"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Target(Protocol):
    """One protocol under the fuzzer."""

    resum: Callable[[bytes], bytes] | None

    def valid(self, chance: random.Random) -> bytes:
        """Return a frame as a good sender makes it."""
        ...

    def drawn(self, count: int, number: int) -> list[bytes]:
        """Return frames drawn by hypothesis."""
        ...

    def take(self, raw: bytes) -> bool:
        """Do with a frame what the receiver does; return whether it was understood. Raises what the receiver must not."""
        ...

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        """Return whether an oracle that understands the frame understands it otherwise; `strictly` for a valid one."""
        ...

    def figures(self) -> Mapping[str, object]: ...


class _NoInbox:
    """Takes what an inbox takes and answers at once; every alert is encoded as the journal would."""

    def __init__(self) -> None:
        self.stored = 0

    def is_stored(self, _digest: str) -> bool:
        return False

    def offer_alerts(
        self, _account: str, _digest: str, arrivals: Sequence[Arrival], done: Callable[[None], None]
    ) -> None:
        for arrival in arrivals:
            encode_payload(AlertReceived(alert=arrival.alert))
        self.stored += 1
        done(None)

    def offer_poll(self, _account: str, done: Callable[[None], None], _interval_s: float = 0.0) -> None:
        self.stored += 1
        done(None)

    def put_refusal(self, *_told: str) -> None:
        return


_KEYS = {"2702": bytes(range(16)), "2703": bytes(range(24)), "2704": bytes(range(32))}
_CODES = ("BA", "PA", "FA", "BR", "RP", "CL", "GA", "HA", "TA")
_TEXTS = ("", "뒷문 열선감지", "Rear door", "계산대", "a" * 60)


class Dc09Target:
    """SIA DC-09, clear and encrypted, through framer and handler."""

    resum: Callable[[bytes], bytes] | None

    def __init__(self) -> None:
        self.resum = lambda raw: wrap(raw[9:-1].replace(b"\r", b" ").replace(b"\n", b" "))
        self._clock = SystemClock()
        self._inbox: Any = _NoInbox()
        self._handler = Dc09Handler(
            self._inbox, _KEYS.get, lambda _account, _address: True, self._clock, Limits(1e9, 1e9), Counters()
        )
        self._addresses = 0
        self._compared = 0

    def valid(self, chance: random.Random) -> bytes:
        account = chance.choice(("1701", "2702", "2703", "2704", "ABCDEF0123456789", "003"))
        name = chance.choice(("SIA-DCS", "SIA-DCS", "ADM-CID", "NULL", "XNM"))
        frame = Frame(
            id=name,
            sequence=f"{chance.randrange(10_000):04d}",
            account=account,
            receiver=chance.choice((None, "1F")),
            line=chance.choice((None, "0", "ABCDEF")),
            data=self._data(chance, name, account),
            xdata=chance.choice(((), (b"X126E58.680", b"Y37N33.960", b"Vhttps://firm.example/1"), (b"CDP2", b"TS"))),
            timestamp=self._clock.now() + timedelta(seconds=chance.randint(-30, 15)),
        )
        key = _KEYS.get(account)
        return seal_frame(frame, key) if key else encode_frame(frame)

    def drawn(self, count: int, number: int) -> list[bytes]:
        return _draw(_FRAMES, count, number)

    def take(self, raw: bytes) -> bool:
        """Through the framer in two pieces, then the handler; every frame must have exactly one answer."""
        framer = StreamFramer(4096)
        before, middle = self._inbox.stored, len(raw) // 2
        self._addresses += 1
        try:
            for piece in (raw[:middle], raw[middle:]):
                for frame in framer.feed(piece):
                    answers: list[bytes] = []
                    self._handler.handle(frame, f"10.{self._addresses % 200}.0.1", answers.append)
                    if len(answers) != 1:
                        raise AssertionError("not one answer")
        except FrameError:
            return False  # too long: the connection would be closed
        return bool(self._inbox.stored > before)

    def differs(self, raw: bytes, *, strictly: bool) -> bool:
        """Compare what both understand. Of damaged data only the head is compared: each guesses as it will."""
        try:
            ours = parse_frame(raw)
            if ours.encrypted:
                ours = open_frame(ours, _KEYS[ours.account])
        except (FrameError, KeyError):
            return False
        theirs = _oracle(raw)
        if theirs is None or ours.id not in (*POLLS, "SIA-DCS", "ADM-CID"):
            return strictly
        self._compared += 1
        same = (ours.id, int(ours.sequence), int(ours.account or "0", 16)) == (
            theirs.idtoken,
            theirs.seq,
            theirs.account.acct,
        )
        return (
            not same or ours.timestamp != theirs.timestamp or (strictly and _events_of(ours) != _their_events(theirs))
        )

    def figures(self) -> Mapping[str, object]:
        return {"compared": self._compared}

    @staticmethod
    def _data(chance: random.Random, name: str, account: str) -> bytes:
        if name == "ADM-CID":
            return cid_data(
                account, chance.choice("136") + chance.choice(("130", "110", "602")), str(chance.randrange(999))
            )
        if name != "SIA-DCS":
            return b""
        data = sia_data(account, chance.choice(_CODES), str(chance.randrange(99)), area="1", text=chance.choice(_TEXTS))
        return data.replace(b"|A", b"/PA9|A") if chance.random() < 0.3 else data


def _oracle(raw: bytes) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            account = parse_frame(raw).account
            return oracle.parse_frame(raw, keys=_KEYS.get(account))
    except Exception:  # what the oracle refuses, in whatever way, it does not understand
        return None


def _events_of(ours: Frame) -> list[tuple[str, int]]:
    signals = {"SIA-DCS": parse_siadcs, "ADM-CID": parse_cid}.get(ours.id, lambda _data: [])(ours.data)
    return [(signal.code, int(signal.number or "0", 16)) for signal in signals]


def _their_events(theirs: Any) -> list[tuple[str, int]]:
    if theirs.idtoken == "ADM-CID":
        event = theirs.data.event
        return [(event.qualifier + event.code, event.addr)]
    blocks = getattr(theirs.data, "blocks", ())
    return [(event.code, event.addr or 0) for block in blocks for event in getattr(block, "events", ())]


def _draw(strategy: st.SearchStrategy[bytes], count: int, number: int) -> list[bytes]:
    """Return so many examples of a strategy, the same for the same number."""
    found: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(raw: bytes) -> None:
        found.append(raw)

    collect()
    return found


_HEX = st.text("0123456789ABCDEF", min_size=1, max_size=8)
_HEADS = st.builds(
    lambda star, name, sequence, receiver, line, account: (
        f'"{star}{name}"{sequence}{receiver}{line}{account}['.encode()
    ),
    st.sampled_from(("", "", "*")),
    st.sampled_from(("SIA-DCS", "ADM-CID", "NULL", "XNM", "ACK", "DUH", "RSP", "SIA-S2K", "")),
    st.from_regex(r"[0-9]{3,5}", fullmatch=True),
    st.one_of(st.just(""), _HEX.map(lambda digits: "R" + digits)),
    st.one_of(st.just(""), _HEX.map(lambda digits: "L" + digits)),
    st.one_of(st.sampled_from(("#1701", "#2702", "A0", "#", "#001701")), _HEX.map(lambda digits: "#" + digits)),
)
_DATA = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=40).map(lambda text: ("#1701|NBA3|A" + text).encode("utf-8", "replace")),
    st.from_regex(
        rb"#[0-9A-F]{3,8}\|[NO]((ri|id|ti|pi|da|ai|ph)[0-9:]{1,8})*[A-Z]{2}[0-9]{0,4}(/[A-Z]{2}[0-9]{0,3})*",
        fullmatch=True,
    ),
    st.from_regex(rb"#[0-9A-F]{4}\|[1369][0-9A-F]{3} [0-9A-F]{2} [0-9A-F]{3}", fullmatch=True),
)
_EXTRA = st.lists(
    st.one_of(
        st.binary(max_size=30).map(lambda raw: b"[" + raw + b"]"),
        st.from_regex(rb"\[[A-Z][0-9NSEWM.:,-]{0,20}\]", fullmatch=True),
    ),
    max_size=4,
).map(b"".join)
_STAMPS = st.one_of(
    st.just(b""), st.from_regex(rb"_[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{2}-[0-9]{2}-[0-9]{4}", fullmatch=True)
)
_FRAMES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda *parts: wrap(b"".join(parts)), _HEADS, _DATA, st.just(b"]"), _EXTRA, _STAMPS),
)

TARGETS: dict[str, Callable[[], Target]] = {
    "dc09": Dc09Target,
    "linked": lambda: LinkedTarget(_draw),
    "report": lambda: ReportTarget(_draw),
    "frigate": lambda: FrigateTarget(_draw),
    "cap": lambda: CapTarget(_draw),
}
"""The protocols under the fuzzer, by name."""
