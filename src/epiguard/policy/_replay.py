"""Two policies side by side: which decisions would differ, counted by rule and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from threading import Lock

import attrs

from epiguard.decisions import Decision, Effect, Verdict

__all__ = ["Change", "Replay", "Tally"]

#: So many crossings are named for each change (ours): enough to look one up, few enough to be read out.
EXAMPLES = 5
Key = tuple[Effect, Effect, str, str]


@attrs.frozen(kw_only=True)
class Change:
    """Decisions that would differ for one reason.

    Attributes:
        before: What was decided.
        after: What would be decided.
        rule: The entry whose verdict makes the difference: one that objects now, or objects no more; empty
            for a hold of the policy itself.
        code: Its verdict's code.
        count: Of how many decisions it is a reason; a decision may differ for several.
        examples: When the first few of them were, each with the decision's id where a ledger gave one.
        text: What the verdict says, in Chinese; nothing personal.
    """

    before: Effect
    after: Effect
    rule: str
    code: str
    count: int
    examples: tuple[tuple[datetime, str], ...] = ()
    text: str = ""


@attrs.frozen(kw_only=True)
class Replay:
    """What another policy would have decided.

    Attributes:
        decided: How many crossings were looked at.
        differing: How many of them would have been answered otherwise.
        changes: Why, the most frequent first.
        failures: How often the other policy failed, by the kind of the error; only beside a gate.
    """

    decided: int
    differing: int
    changes: tuple[Change, ...]
    failures: tuple[tuple[str, int], ...] = ()


class Tally:
    """Adds differences up. It keeps counts and a few examples, so that a record of any length fits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._decided = self._differing = 0
        self._counts: Counter[Key] = Counter()
        self._texts: dict[Key, str] = {}
        self._examples: dict[Key, list[tuple[datetime, str]]] = {}
        self._failures: Counter[str] = Counter()

    def add(self, before: Decision, after: Decision) -> None:
        """Compare two decisions about one crossing."""
        if before.effect is after.effect:
            with self._lock:
                self._decided += 1
            return
        with self._lock:
            self._decided += 1
            self._differing += 1
            for verdict in {(each.rule, each.code): each for each in _made_it(before, after)}.values():
                key = (before.effect, after.effect, verdict.rule, verdict.code)
                self._counts[key] += 1
                self._texts.setdefault(key, verdict.text("zh"))
                examples = self._examples.setdefault(key, [])
                if len(examples) < EXAMPLES:
                    examples.append((before.crossing.at, before.id))

    def failed(self, kind: str) -> None:
        """The other policy could not decide."""
        with self._lock:
            self._decided += 1
            self._failures[kind] += 1

    def result(self) -> Replay:
        """What was added up so far."""
        with self._lock:
            changes = [
                Change(
                    before=key[0],
                    after=key[1],
                    rule=key[2],
                    code=key[3],
                    count=count,
                    examples=tuple(self._examples[key]),
                    text=self._texts[key],
                )
                for key, count in self._counts.items()
            ]
            return Replay(
                decided=self._decided,
                differing=self._differing,
                changes=tuple(sorted(changes, key=_by_count)),
                failures=tuple(sorted(self._failures.items())),
            )


def _by_count(change: Change) -> tuple[int, str, str, str]:
    return (-change.count, change.rule, change.code, change.before.value)


def _made_it(before: Decision, after: Decision) -> Iterator[Verdict]:
    """The verdicts that make the difference: the new ones where it gets stricter, else those that go."""
    stricter = after.effect.rank > before.effect.rank
    there, missing = (after, before) if stricter else (before, after)
    known = {(each.rule, each.code, each.traveller, each.waived) for each in missing.verdicts}
    found = [
        each for each in there.reasons if (each.rule, each.code, each.traveller, each.waived) not in known
    ]
    yield from found or there.reasons
