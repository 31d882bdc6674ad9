"""Frames that nobody meant to send, for every protocol of the intake: no crash, memory flat, valid frames understood.

    python benchmarks/intake_fuzz.py [--frames 1000000] [--protocol dc09] [--seed 1]

One frame in 200 is drawn by hypothesis from the protocol's grammar, and is changed again and again later; a quarter are
valid ones as they are; the rest are valid ones with bytes changed, cut, doubled, put in and swapped. In a part of the
changed ones the sum is made right again, so that the damage reaches the parsers behind it. Each frame goes through all
that a receiver does with it short of the network and the disk.

Prints one JSON line. crashes: anything but a refusal in words. valid_refused: valid frames that were. oracle_differs: valid frames that the oracle (siadc09 for
DC-09) understands otherwise. rss_growth_mib: of the second half of the run, after everything has been seen once.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import psutil

from benchmarks.intake_fuzz_targets import TARGETS, Target
from smartcity_console.clock import SystemClock

CLOCK = SystemClock()
_DRAWN_SHARE = 200  # one frame in so many is drawn anew by hypothesis, which costs a hundred times the mutator


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Fuzz every protocol, or those named; print the figures and return them."""
    options = _arguments(argv)
    names = options.protocol or list(TARGETS)
    each = options.frames // len(names)
    began_s = CLOCK.monotonic_s()
    told = {name: fuzz(TARGETS[name](), each, options.seed) for name in names}
    result: dict[str, object] = {
        "frames": sum(int(str(one["frames"])) for one in told.values()),
        "crashes": sum(int(str(one["crashes"])) for one in told.values()),
        "valid_refused": sum(int(str(one["valid_refused"])) for one in told.values()),
        "oracle_differs": sum(int(str(one["oracle_differs"])) for one in told.values()),
        "rss_growth_mib": max(float(str(one["rss_growth_mib"])) for one in told.values()),
        "seconds": round(CLOCK.monotonic_s() - began_s, 1),
        "protocols": told,
    }
    print(json.dumps(result))
    return result


def fuzz(target: Target, frames: int, seed: int) -> dict[str, object]:
    """Put so many frames through one protocol; return what came of them."""
    chance = random.Random(seed)
    drawn = target.drawn(max(50, frames // _DRAWN_SHARE), chance.getrandbits(32))
    told, process, middle_mib = Told(), psutil.Process(), 0.0
    for number in range(frames):
        if number == frames // 2:
            middle_mib = _rss_mib(process)
        is_valid = number >= len(drawn) and chance.randrange(4) == 0
        valid = target.valid(chance) if is_valid else b""
        raw = drawn[number] if number < len(drawn) else valid or _changed(chance, target, drawn)
        _judge(target, raw, is_valid, told)
    told.frames, told.rss_growth_mib = frames, round(_rss_mib(process) - middle_mib, 1)
    return {**msgspec.to_builtins(told), **target.figures()}


class Told(msgspec.Struct):
    """What came of a protocol's frames."""

    frames: int = 0
    crashes: int = 0
    valid: int = 0
    valid_refused: int = 0
    understood: int = 0
    oracle_differs: int = 0
    rss_growth_mib: float = 0.0
    first_trouble: str = ""


def _judge(target: Target, raw: bytes, is_valid: bool, told: Told) -> None:
    try:
        understood = target.take(raw)
        told.understood += understood
        told.valid += is_valid
        refused, differs = is_valid and not understood, target.differs(raw, strictly=is_valid)
        told.valid_refused += refused
        told.oracle_differs += differs
        if refused or differs:
            told.first_trouble = told.first_trouble or f"{'refused' if refused else 'differs'}: {raw[:200]!r}"
    except Exception as error:
        told.crashes += 1
        told.first_trouble = told.first_trouble or f"{type(error).__name__} {error}: {raw[:200]!r}"


def _changed(chance: random.Random, target: Target, drawn: list[bytes]) -> bytes:
    """Return a frame with changes: of a valid one, every third time of a drawn one."""
    seed = chance.choice(drawn) if chance.randrange(3) == 0 else target.valid(chance)
    return mutated(chance, seed, target.resum)


def mutated(chance: random.Random, raw: bytes, resum: object) -> bytes:
    """Return a frame with one to four changes; now and then its sum is made right again."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        _CHANGES[chance.randrange(len(_CHANGES))](chance, data)
    return resum(bytes(data)) if callable(resum) and chance.random() < 0.6 else bytes(data)


def _flip(chance: random.Random, data: bytearray) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _set(chance: random.Random, data: bytearray) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice(b'[]|#"\r\n/^*_\x00\xff0A')


def _cut(chance: random.Random, data: bytearray) -> None:
    begin = chance.randrange(len(data) + 1)
    del data[begin : begin + chance.randint(1, 12)]


def _double(chance: random.Random, data: bytearray) -> None:
    begin = chance.randrange(len(data) + 1)
    data[begin:begin] = data[begin : begin + chance.randint(1, 24)]


def _insert(chance: random.Random, data: bytearray) -> None:
    begin = chance.randrange(len(data) + 1)
    data[begin:begin] = chance.randbytes(chance.randint(1, 8))


def _swap(chance: random.Random, data: bytearray) -> None:
    if len(data) > 4:
        one, other = sorted(chance.sample(range(len(data)), 2))
        data[:] = data[:one] + data[other:] + data[one:other]


_CHANGES = (_flip, _set, _cut, _double, _insert, _swap)


def _rss_mib(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--protocol", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
