"""One line of a rule is written otherwise: a check notices it, and examples and a replay notice some.

python campaigns/rules/mutate.py [--mutations 28] [--crossings 2000]

Of every slip is shown what each of four ways of looking says: ``check()`` alone (a finding that was not
there), the committee's dozen examples, ``check(against=the rule as it was)``, and a replay of crossings by
chance.
A slip is noticed by a check or an example. Lines that were written otherwise and mean the same must not be.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path

import attrs

sys.path.insert(0, str(Path(__file__).parent))

from everyday import crossings, surprised, village
from mutations import MUTATIONS, SAME, Mutation

from epiguard import Policy
from epiguard.policy.checking import Check


@attrs.frozen
class Seen:
    """What was seen of a slip."""

    findings: int
    examples: int
    differences: int
    replayed: int

    @property
    def noticed(self) -> bool:
        """By a check or by an example; a replay needs luck."""
        return bool(self.findings or self.examples or self.differences)


class Village:
    """A site as it should be, with all that was found out about it once."""

    def __init__(self, rule: str, count: int) -> None:
        self.policy: Policy = village(rule)
        self.found: set[str] = _ids(self.policy.check())
        self.surprised = set(surprised(self.policy))
        self.asked = [
            (asked, situation, self.policy.decide(asked, situation))
            for asked, situation in crossings(self.policy, count)
        ]

    def look_at(self, mutation: Mutation) -> Seen:
        """Everything that can be seen of a slip."""
        changed = village(mutation.rule, [mutation.made()])
        checked = changed.check(against=self.policy)
        return Seen(
            findings=len(_ids(checked) - self.found),
            examples=len(set(surprised(changed)) - self.surprised),
            differences=len(checked.differences),
            replayed=self.policy.replay(self.asked, against=changed).differing,
        )


def _ids(check: Check) -> set[str]:
    return {each.id for each in check.findings}


def main() -> int:
    """Look at every slip, print what was seen, and say whether the promise held."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mutations", type=int, default=len(MUTATIONS))
    options.add_argument("--crossings", type=int, default=2000)
    chosen = options.parse_args()
    some = MUTATIONS[:: max(1, len(MUTATIONS) // chosen.mutations)][: chosen.mutations]
    started, known = time.perf_counter(), dict[str, Village]()
    print(f"{platform.machine()}, Python {platform.python_version()}; {len(some)} slips; by: new findings of")
    print(f"check(), examples, kinds of differences from the rule as it was, {chosen.crossings} crossings")

    def seen(mutation: Mutation) -> Seen:
        site = village(mutation.rule).version
        if site not in known:
            known[site] = Village(mutation.rule, chosen.crossings)
        return known[site].look_at(mutation)

    missed = 0
    by_replay = alone = examples = either = 0
    for mutation in some:
        found = seen(mutation)
        missed += not found.noticed
        by_replay += bool(found.replayed)
        alone += bool(found.findings)
        examples += bool(found.examples)
        either += bool(found.findings or found.examples)
        print(f"{'noticed' if found.noticed else 'missed '} {_row(found)}  {mutation}")
    for mutation in SAME:
        found = seen(mutation)
        wrong = found.noticed or found.replayed
        missed += bool(wrong)
        print(f"{'noticed' if wrong else 'same   '} {_row(found)}  {mutation}")
    print(
        f"in all: {len(some)} slips, {missed} missed or seen wrongly; without the rule as it was, "
        f"check() {alone}, examples {examples}, both {either}; replay {by_replay}; "
        f"{time.perf_counter() - started:.0f} s"
    )
    return 1 if missed else 0


def _row(found: Seen) -> str:
    return f"{found.findings:>3} {found.examples:>3} {found.differences:>3} {found.replayed:>6}"


if __name__ == "__main__":
    sys.exit(main())
