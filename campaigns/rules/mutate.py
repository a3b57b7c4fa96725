"""One line of a rule is written otherwise: a check and kept examples notice it, and a replay notices some.

python campaigns/rules/mutate.py [--mutations 28] [--crossings 2000] [--examples-only]

Of every slip is shown what each of five ways of looking says: ``check()`` alone (findings that were not
there), the committee's dozen examples, the records of earlier checks that are kept in
``examples/meilong/records`` (the first whose answers it changes, the shortest first), ``check(against=the
rule as it was)``, and a replay of crossings by chance.
A slip is noticed by a check or an example, a kept record being many examples: the rule as it was is not
needed. Lines that were written otherwise and mean the same must not be.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import attrs

sys.path.insert(0, str(Path(__file__).parent))

from everyday import crossings, surprised, village
from mutations import MUTATIONS, SAME, Mutation

from epiguard import Crossing, Decision, Policy, Situation
from epiguard.policy.checking import Check, CheckRecord

MEILONG = Path(__file__).parents[2] / "examples" / "meilong"


@attrs.frozen
class Seen:
    """What was seen of a slip; nothing where nobody looked."""

    examples: int
    record: str
    findings: int | None = None
    differences: int | None = None
    replayed: int | None = None

    @property
    def noticed(self) -> bool:
        """By a check or by an example; a replay needs luck, and the rule as it was is gone in practice."""
        return bool(self.findings or self.examples or self.record)

    @property
    def anywhere(self) -> bool:
        """In any way at all."""
        return bool(self.noticed or self.differences or self.replayed)

    def __str__(self) -> str:
        counts = (self.findings, self.examples, self.differences, self.replayed)
        return " ".join(f"{'-' if each is None else each:>5}" for each in counts) + f" {self.record:<20}"


class Village:
    """A site as it should be, with all that was found out about it once."""

    def __init__(self, rule: str, count: int) -> None:
        self.policy: Policy = village(rule)
        self.surprised = set(surprised(self.policy))
        self.count = count
        self.found: set[str] | None = None
        self.asked: list[tuple[Crossing, Situation, Decision]] = []

    def examples(self, changed: Policy) -> int:
        """How many examples come out otherwise."""
        return len(set(surprised(changed)) ^ self.surprised)

    def look_at(self, changed: Policy) -> tuple[int, int, int]:
        """New findings, kinds of differences, and crossings that come out otherwise."""
        if self.found is None:
            self.found = _ids(self.policy.check())
            self.asked = [
                (asked, situation, self.policy.decide(asked, situation))
                for asked, situation in crossings(self.policy, self.count)
            ]
        checked = changed.check(against=self.policy)
        replayed = self.policy.replay(self.asked, against=changed).differing
        return len(_ids(checked) - self.found), len(checked.differences), replayed


def _ids(check: Check) -> set[str]:
    return {each.id for each in check.findings}


@attrs.frozen
class Kept:
    """A site file, the rules that it uses, and what it answered when it was checked."""

    path: Path
    uses: frozenset[str]
    record: CheckRecord


def kept() -> list[Kept]:
    """What is kept of every site that was checked; the shortest record first."""
    files = {each.stem: each for each in MEILONG.glob("*/*.toml")}
    records = sorted((MEILONG / "records").glob("*.txt"), key=lambda each: each.stat().st_size)
    return [
        Kept(path, frozenset(each.entry.use for each in Policy.load(path).rules), CheckRecord.load(record))
        for record in records
        for path in [files[record.stem]]
    ]


def first_to_notice(mutation: Mutation, records: Iterable[Kept]) -> str:
    """The first site whose kept answers a slip changes; empty where it changes none."""
    changed = mutation.made()
    using = (each for each in records if mutation.rule in each.uses)
    noticing = (each for each in using if Policy.load(each.path, rules=[changed]).compare(each.record))
    return next((each.path.stem for each in noticing), "")


def main() -> int:
    """Look at every slip, print what was seen, and say whether the promise held."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mutations", type=int, default=len(MUTATIONS))
    options.add_argument("--crossings", type=int, default=2000)
    options.add_argument("--examples-only", action="store_true", help="check and replay nothing")
    chosen = options.parse_args()
    some = MUTATIONS[:: max(1, len(MUTATIONS) // chosen.mutations)][: chosen.mutations]
    started, villages, records = time.perf_counter(), dict[str, Village](), kept()
    print(f"{platform.machine()}, Python {platform.python_version()}; {len(some)} slips; by: new findings of")
    print(f"check(), examples, differences from the rule as it was, {chosen.crossings} crossings, a record")

    def seen(mutation: Mutation) -> Seen:
        changed, record = village(mutation.rule, [mutation.made()]), first_to_notice(mutation, records)
        site = villages.setdefault(village(mutation.rule).version, Village(mutation.rule, chosen.crossings))
        looked = site.look_at(changed) if not chosen.examples_only else ()
        return Seen(site.examples(changed), record, *looked)

    slips, same = [], []
    for mutation in some:
        slips.append(seen(mutation))
        print(f"{'noticed' if slips[-1].noticed else 'missed '} {slips[-1]} {mutation}", flush=True)
    for mutation in SAME:
        same.append(seen(mutation))
        print(f"{'noticed' if same[-1].anywhere else 'same   '} {same[-1]} {mutation}", flush=True)
    wrong = sum(not each.noticed for each in slips) + sum(each.anywhere for each in same)
    print(
        f"in all: {len(slips)} slips, {wrong} missed or seen wrongly; "
        f"check() {sum(bool(each.findings) for each in slips)}, "
        f"examples {sum(bool(each.examples) for each in slips)}, "
        f"records {sum(bool(each.record) for each in slips)}, "
        f"all these {sum(each.noticed for each in slips)}; "
        f"the rule as it was {sum(bool(each.differences) for each in slips)}, "
        f"replay {sum(bool(each.replayed) for each in slips)}; {time.perf_counter() - started:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
