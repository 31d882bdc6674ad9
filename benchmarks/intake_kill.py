"""Kills the gateway again and again while alarms come in, and looks whether its journal kept every promise.

    python benchmarks/intake_kill.py [--kills 100] [--connections 200] [--rate 800]

Each time the real gateway is killed (SIGKILL) at a random moment under load and started again on the same workspace.
The senders connect again and send what was not acknowledged once more, the same frame, until it is.

Prints one JSON line. acked: frames acknowledged. lost: acknowledged and not in the journal. duplicated: more than once in
it. resent: frames that were sent again. unacked: left without an answer at the end. chain: whether the journal verifies.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import threading
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.intake import CLOCK, make_senders
from benchmarks.intake_gateway import Gateway, stored_alerts
from benchmarks.intake_load import Load, Outcome, Sender
from smartcity_console.journal import SqliteJournal

LIFE_S = (0.3, 2.0)
"""Between these a gateway lives, in seconds, from the moment it hears."""
SETTLE_S = 30.0


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Kill and start again, print the figures and return them."""
    options = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="intake-kill-", dir=options.data) as folder:
        workspace = Path(folder)
        senders = make_senders(workspace, options.connections)
        gateway = Gateway(workspace)
        try:
            outcome, rounds, unacked = _rounds(gateway, senders, options)
        finally:
            gateway.end(signal.SIGKILL)
        result = _figures(workspace, outcome) | {"kills": options.kills, "rounds": rounds, "unacked": unacked}
    print(json.dumps(result))
    return result


def _rounds(gateway: Gateway, senders: list[Sender], options: argparse.Namespace) -> tuple[Outcome, int, int]:
    """Load, kill, start, until there were enough kills; every round's frames have numbers of their own."""
    chance, total, first, kills, rounds, unacked = random.Random(options.seed), Outcome(), 1, 0, 0, 0
    gateway.start()
    while kills < options.kills:
        rounds += 1
        seconds = min(4.0, 0.8 * sum(LIFE_S) * (options.kills - kills))
        load = Load(gateway.address, senders, CLOCK, options.rate, seconds)
        load.prepare(0.2, first)
        first += load.longest
        kills += _one_round(gateway, load, chance, options.kills - kills)
        total.acked += load.outcome.acked
        total.resent += load.outcome.resent
        total.refused += load.outcome.refused
        unacked += load.waiting
        load.close()
    return total, rounds, unacked


def _one_round(gateway: Gateway, load: Load, chance: random.Random, most: int) -> int:
    """Run a load to its end while the gateway is killed now and then; return how often it was."""
    enough, kills = threading.Event(), 0

    def run() -> None:
        while not load.done and not enough.is_set():
            load.run(CLOCK.monotonic_s() + 0.25)
            load.retry_silent()

    sending = threading.Thread(target=run, name="senders")
    sending.start()
    while sending.is_alive() and kills < most:
        sending.join(chance.uniform(*LIFE_S))
        if sending.is_alive():
            gateway.end(signal.SIGKILL)
            kills += 1
            gateway.start()
    sending.join(SETTLE_S)
    enough.set()
    sending.join()
    return kills


def _figures(workspace: Path, outcome: Outcome) -> dict[str, object]:
    stored = stored_alerts(workspace)
    journal = SqliteJournal(workspace / "journal.sqlite", CLOCK, verify=False)
    broken = journal.verify()
    journal.close()
    return {
        "acked": len(outcome.acked),
        "lost": sum(1 for alert in outcome.acked if alert not in stored),
        "duplicated": sum(1 for count in stored.values() if count > 1),
        "stored": len(stored),
        "resent": outcome.resent,
        "refused": outcome.refused,
        "chain": "whole" if broken is None else f"broken at {broken.seq}",
    }


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--rate", type=float, default=800.0, help="alerts a second that the senders offer together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--data", type=Path, default=None, help="where the workspace is made; default: the system's own"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
