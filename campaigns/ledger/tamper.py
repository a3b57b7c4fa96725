"""Somebody with access to the file alters, removes or reorders an entry: verify names it, wherever it is.

python campaigns/ledger/tamper.py [--entries 2000] [--trials 100]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs
from gate import MORNING, POLICY, machine
from verdict import Verdict

from epiguard import Ledger, Person, PersonChanged, PersonEnrolled
from epiguard.ledger import ChainFault, Head, Problem, Stored
from epiguard.ledger._chain import first_fault
from epiguard.ledger._rows import ENVELOPE

WRITERS = ("north", "west", "south")

Verify = Callable[[Sequence[Stored], Mapping[str, Head]], ChainFault | None]


def written(entries: int) -> list[Stored]:
    """So many entries of three writers in turn, as they are kept."""
    ledgers = [Ledger.open(":memory:", policy=POLICY, writer=name) for name in WRITERS]
    target = Ledger.open(":memory:", policy=POLICY, writer="server")
    for number, ledger in enumerate(ledgers):
        with ledger.batch():
            for each in range(number, entries, len(WRITERS)):
                person = Person(id=f"p-{each % 500}", name="李静", phones=["13900001111"])
                kind = PersonEnrolled if each < 500 else PersonChanged
                ledger.record(kind(person, at=MORNING), by="register", key=f"k-{each}", recorded_at=MORNING)
        target.merge(ledger)
    return target._journal.store.after(0, entries)


def flip(chance: random.Random, kept: list[Stored], place: int) -> Problem:
    """One character of one column, or one bit of a salt, anywhere in an entry."""
    stored = kept[place]
    name = chance.choice([*ENVELOPE[1:], "text", "salt", "subject", "path"])
    if name in ENVELOPE:
        kept[place] = attrs.evolve(stored, **{name: _other(chance, getattr(stored, name))})
        return Problem.ALTERED
    number = chance.randrange(len(stored.parts))
    part = attrs.evolve(stored.parts[number], **{name: _other(chance, getattr(stored.parts[number], name))})
    kept[place] = attrs.evolve(stored, parts=(*stored.parts[:number], part, *stored.parts[number + 1 :]))
    return Problem.ALTERED


def _other(chance: random.Random, value: object) -> object:
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(16)
    if not isinstance(value, str) or not value:
        return "x"
    place = chance.randrange(len(value))
    return value[:place] + chr(ord(value[place]) ^ 1 << chance.randrange(5)) + value[place + 1 :]


def delete(_: random.Random, kept: list[Stored], place: int) -> Problem:
    """One entry; of the last of a writer only the exported heads tell."""
    writer = kept[place].writer
    del kept[place]
    return Problem.MISSING if any(each.writer == writer for each in kept[place:]) else Problem.CUT_OFF


def reorder(chance: random.Random, kept: list[Stored], place: int) -> Problem:
    """It changes places with a later one of its writer, or with an earlier one where it is the last."""
    mine = [
        number for number, each in enumerate(kept) if each.writer == kept[place].writer and number != place
    ]
    later = [number for number in mine if number > place]
    other = chance.choice(later[:50] or mine[-1:])
    kept[place], kept[other] = kept[other], kept[place]
    return Problem.MISSING


ATTACKS = (flip, delete, reorder)


def in_full(kept: Sequence[Stored], heads: Mapping[str, Head]) -> ChainFault | None:
    """What a host asks."""
    return first_fault(kept, heads)


def without_heads(kept: Sequence[Stored], _: Mapping[str, Head]) -> ChainFault | None:
    """Broken on purpose: nothing was kept elsewhere, and what is cut off at the end does not show."""
    return first_fault(kept)


def each_by_itself(kept: Sequence[Stored], _: Mapping[str, Head]) -> ChainFault | None:
    """Broken on purpose: every entry against its own hash, no chain."""
    for stored in kept:
        # Moved or not, whole entries are whole.
        fault = first_fault([attrs.evolve(stored)], None)
        if fault is not None and fault.problem is Problem.ALTERED:
            return fault
    return None


def located(
    kept: Sequence[Stored], trials: int, attack: Callable[..., Problem], verify: Verify, places: Iterable[int]
) -> tuple[int, list[str]]:
    """How many of the trials were located, and what was said of the others."""
    heads = {each.writer: Head(each.sequence, each.hash) for each in kept}
    right, wrong = 0, []
    for number, place in zip(range(trials), places, strict=False):
        chance = random.Random(f"{attack.__name__}-{number}")
        damaged = list(kept)
        problem = attack(chance, damaged, place)
        damaged = [
            each if each.position == position else attrs.evolve(each, position=position)
            for position, each in enumerate(damaged, start=1)
        ]
        wanted = kept[place]
        if attack is reorder:  # the earlier of the two places is where it shows first
            first = next(old for old, new in zip(kept, damaged, strict=True) if old.hash != new.hash)
            wanted = first
        fault = verify(damaged, heads)
        if fault is not None and (fault.writer, fault.sequence, fault.problem) == (
            wanted.writer,
            wanted.sequence,
            problem,
        ):
            right += 1
        else:
            wrong.append(f"{wanted.writer}-{wanted.sequence} {problem.value}: {fault}")
    return right, wrong


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--trials", type=int, default=100, help="of each attack")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdict()
    print(f"tampering: {machine()}")
    kept = written(options.entries)
    chance = random.Random(options.seed)
    # The first and the last entry, and anywhere between.
    places = [0, len(kept) - 1, *(chance.randrange(len(kept)) for _ in range(options.trials))]
    for attack in ATTACKS:
        began = time.monotonic()
        right, wrong = located(kept, options.trials, attack, in_full, places)
        took = time.monotonic() - began
        for each in wrong[:5]:
            print(f"        {each}", file=sys.stderr)
        verdict.promise(
            f"{attack.__name__}, anywhere in {len(kept):,} entries of {len(WRITERS)} writers",
            kept=right == options.trials,
            figures=f"{right:,} of {options.trials:,} located, {took:,.0f} s",
        )
    small = kept[:300]
    right, _ = located(small, 20, delete, without_heads, [299, 298, 297] * 7)
    verdict.control(
        "no exported heads", found=right < 20, figures=f"{right} of 20 cut off at the end located"
    )
    right, _ = located(small, 20, reorder, each_by_itself, range(20))
    verdict.control("no chain", found=right < 20, figures=f"{right} of 20 reordered located")
    return verdict.end()


if __name__ == "__main__":
    sys.exit(main())
