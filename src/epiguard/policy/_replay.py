"""Two policies side by side: which decisions would differ, counted by rule and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from threading import Lock

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, Verdict
from epiguard.fields import FrozenMapping
from epiguard.places import Site
from epiguard.policy._combine import Answer
from epiguard.situation import Situation

__all__ = ["Change", "DayChange", "Past", "Replay", "Tally", "replayed"]

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
        texts: What the verdict says, by language; nothing personal. Empty where it did not say the same of
            all of them.
    """

    before: Effect
    after: Effect
    rule: str
    code: str
    count: int
    examples: tuple[tuple[datetime, str], ...] = ()
    texts: Mapping[str, str] = FrozenMapping()

    @property
    def text(self) -> str:
        """What the verdict says, in Chinese where it speaks it; else its code."""
        return self.texts.get("zh") or next(iter(self.texts.values()), self.code)

    @property
    def stricter(self) -> bool:
        """Whether whoever passed would be held, or whoever was not refused would be."""
        return self.after.rank > self.before.rank


@attrs.frozen(kw_only=True)
class DayChange:
    """What would have been otherwise on one of the site's days.

    Attributes:
        day: Which.
        decided: How many crossings were looked at.
        stricter: How many of them would have been answered more strictly.
        milder: How many less.
    """

    day: date
    decided: int
    stricter: int
    milder: int


@attrs.frozen(kw_only=True)
class Replay:
    """What another policy would have decided.

    Attributes:
        decided: How many crossings were looked at.
        differing: How many of them would have been answered otherwise.
        changes: Why, the most frequent first.
        days: Day by day.
        failures: How often the other policy failed: by the id of a rule of its that failed, and beside a
            gate, where nothing may stop it, by the kind of an error.
    """

    decided: int
    differing: int
    changes: tuple[Change, ...]
    days: tuple[DayChange, ...] = ()
    failures: tuple[tuple[str, int], ...] = ()


class Tally:
    """Adds differences up. It keeps counts and a few examples, so that a record of any length fits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._decided = self._differing = 0
        self._counts: Counter[Key] = Counter()
        self._texts: dict[Key, Mapping[str, str]] = {}
        self._examples: dict[Key, list[tuple[datetime, str]]] = {}
        self._failures: Counter[str] = Counter()
        #: How many were looked at, were stricter, were milder.
        self._days: dict[date, list[int]] = {}

    def add(self, before: Decision, after: Decision) -> None:
        """Compare two decisions about one crossing."""
        with self._lock:
            if before.effect is after.effect:
                self._same(before.day, 1)
            else:
                self._other(before, after)
            for each in after.verdicts:
                if each.fault is not None:
                    self._failures[each.rule] += 1

    def same(self, day: date, count: int) -> None:
        """So many crossings of a day on which two policies say the same, and no rule failed."""
        with self._lock:
            self._same(day, count)

    def _same(self, day: date, count: int) -> None:
        self._decided += count
        self._days.setdefault(day, [0, 0, 0])[0] += count

    def _other(self, before: Decision, after: Decision) -> None:
        self._same(before.day, 1)
        self._differing += 1
        self._days[before.day][1 if after.effect.rank > before.effect.rank else 2] += 1
        for verdict in {(each.rule, each.code): each for each in _made_it(before, after)}.values():
            self._note((before.effect, after.effect, verdict.rule, verdict.code), verdict, before)

    def _note(self, key: Key, verdict: Verdict, before: Decision) -> None:
        self._counts[key] += 1
        said = self._texts.setdefault(key, verdict.texts)
        if said and said is not verdict.texts and said != verdict.texts:
            self._texts[key] = {}
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
                    texts=FrozenMapping(self._texts[key]),
                )
                for key, count in self._counts.items()
            ]
            return Replay(
                decided=self._decided,
                differing=self._differing,
                changes=tuple(sorted(changes, key=_by_count)),
                days=tuple(
                    DayChange(day=day, decided=decided, stricter=stricter, milder=milder)
                    for day, (decided, stricter, milder) in sorted(self._days.items())
                ),
                failures=tuple(sorted(self._failures.items())),
            )


_ALLOW = Effect.ALLOW


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


Ask = Callable[[Crossing, Situation], Answer]
Decide = Callable[..., Decision]
Past = tuple[Crossing, Situation, Decision]


def replayed(
    history: Iterable[Past], site: Site, ask: Ask, decide: Decide, taken: Callable[[Decision], Decision]
) -> Replay:
    """Decide recorded crossings once more, and add up what differs.

    Args:
        history: Each crossing with what was known and what was decided then.
        site: Of the policy that is tried: its lanes hold, and its days.
        ask: What its rules say of a crossing at the site's local time, in a situation.
        decide: Its decision on a crossing in a situation, and an override.
        taken: What becomes of its decision where a claim is taken.
    """
    tally, known, fits = Tally(), None, True
    day, count, zone = date.min, 0, site.zone
    # Most answers are the same, and of most sites there is one: the rest of the loop is seldom gone through.
    # An answer that comes with its decision's fields is of rules that all said something, and of no leave.
    for crossing, situation, before in history:
        if situation.site is not known:
            known = situation.site
            fits = known == site
        shown = situation if fits else _seen_from(site, crossing, situation)
        asked = crossing if crossing.at.tzinfo is zone else attrs.evolve(crossing, at=site.local(crossing.at))
        answer = ask(asked, shown)
        if answer.effect is before.effect and answer.fields is not None and before.override is None:
            if before.day != day:
                if count:
                    tally.same(day, count)
                day, count = before.day, 0
            count += 1
        else:
            after = decide(crossing, shown, override=before.override)
            tally.add(before, _as_it_was(before, after, taken))
    if count:
        tally.same(day, count)
    return tally.result()


def _seen_from(site: Site, crossing: Crossing, situation: Situation) -> Situation:
    at = site.local(crossing.at)
    return attrs.evolve(situation, site=site, at=at, day=site.day_of(at))


def _as_it_was(before: Decision, after: Decision, taken: Callable[[Decision], Decision]) -> Decision:
    """What the other policy would have answered where a store found a claim taken."""
    if before.effect is not Effect.HOLD or after.effect is not _ALLOW or after.override is not None:
        return after
    if not any(not each.rule and each.code == "claim-taken" for each in before.reasons):
        return after
    wanted = {
        key
        for each in before.verdicts
        if not each.waived
        for claim in each.claims
        for key in claim.keys(before.day)
    }
    return taken(after) if wanted.intersection(after.claim_keys) else after
