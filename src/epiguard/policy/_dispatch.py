"""The dispatcher: built once from the collected hooks, each rule guarded on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from types import GeneratorType
from typing import Any, NamedTuple, TypeVar, cast

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Claim, Effect, Restricts, Source, Verdict, changed
from epiguard.duties import Alert, Duty
from epiguard.facts import Fact, RuleFailed
from epiguard.fields import FrozenMapping
from epiguard.messages import Catalogue, Message
from epiguard.passes import PassApplication
from epiguard.places import Direction, Traffic
from epiguard.policy._combine import Answer, Answers
from epiguard.policy._plans import Ask, Plan, Raised
from epiguard.policy._site_file import Entry
from epiguard.policy._words import said
from epiguard.rules import Rule
from epiguard.rules._rule import as_made, forget
from epiguard.rules.hookspecs import Condition
from epiguard.situation import Situation, Standing

__all__ = ["Dispatcher", "FollowUp", "LoadedRule", "Plans", "follow_up", "review_pass"]

_ALLOW = Effect.ALLOW
T = TypeVar("T", Duty, Alert, Duty | Alert)
#: What can be gone through and is no list of answers: nobody knows what the values of a table would mean.
_NO_LIST = (str, bytes, Mapping)
#: What rules give as a rule; asking whether these can be gone through would take longer than doing it.
_LISTS = (list, tuple, GeneratorType)


@attrs.frozen(kw_only=True)
class LoadedRule:
    """An entry with its rule, its source, its hooks as plain callables, and the site's own words for it."""

    entry: Entry
    rule: Rule
    source: Source
    condition: Condition
    review: Callable[..., Any] | None
    follow: Callable[..., Any] | None
    words: Catalogue | None = None
    passes: Callable[..., Any] | None = None
    delivers: Callable[..., Any] | None = None


@attrs.frozen(kw_only=True)
class FollowUp:
    """What follows from a fact, and which rules failed to say."""

    duties: tuple[Duty, ...] = ()
    alerts: tuple[Alert, ...] = ()
    faults: tuple[RuleFailed, ...] = ()


def source_of(entry: Entry, rule: Rule, distribution: str) -> Source:
    """The source every verdict of an entry carries."""
    return Source(
        entry=entry.id,
        rule=entry.use,
        distribution=distribution,
        notice=entry.source if entry.source is not None else rule.source,
        since=entry.since,
        until=entry.until,
        restricts=rule.restricts,
    )


class Plans(dict[str | None, Ask[Answer]]):
    """The plans of a day for crossings of one direction and traffic, each made when it is first needed.

    There is one for a lone traveller of each role, by the role's value, and under nothing one for parties.
    Each takes a crossing in the site's zone, the slice for it and how many travellers there are, and gives
    what comes of every rule's verdicts; a rule that fails holds, and says so.
    """

    def __init__(self, make: Callable[[str | None], Ask[Answer]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, role: str | None) -> Ask[Answer]:
        made = self[role] = self._make(role)
        return made


@attrs.frozen
class _Day:
    """The plans of one day."""

    day: date
    inward: Plans
    inward_by_car: Plans
    outward: Plans
    outward_by_car: Plans


class Dispatcher:
    """All rules of a policy as one: each guarded on its own, and nothing worked out twice.

    Args:
        rules: In the order of the policy's entries.
        version: Of the policy.
        words: The site's own, where it has some.
    """

    #: A replay goes through the days one after the other.
    DAYS = 64

    def __init__(self, rules: Iterable[LoadedRule], version: str, words: Catalogue | None) -> None:
        kept: set[int] = set()
        self._steps = tuple(_Step(each, each.review, kept) for each in rules if each.review is not None)
        self._answers = Answers(kept, version, words)
        self._days: dict[date, _Day] = {}
        # Rules that hold on no day yet: the first crossing finds its own.
        self.latest = self._plans_on(date.min)

    def on(self, day: date) -> _Day:
        """The plans of a day, which are then the latest."""
        self.latest = self._days.get(day) or self._plans_on(day)
        return self.latest

    def _plans_on(self, day: date) -> _Day:
        if len(self._days) >= self.DAYS:
            self._days.clear()
        in_force = [each for each in self._steps if each.loaded.entry.in_force(day)]
        plans = [
            Plans(partial(self._plan, [each for each in in_force if each.is_asked(direction, traffic)]))
            for direction in (Direction.IN, Direction.OUT)
            for traffic in (Traffic.PEDESTRIAN, Traffic.VEHICLE)
        ]
        made = self._days[day] = _Day(day, *plans)
        return made

    def _plan(self, steps: Sequence[_Step], role: str | None) -> Ask[Answer]:
        if role is None:
            calls = [each.call_for_a_party for each in steps]
        else:
            steps = [each for each in steps if each.roles is None or Role(role) in each.roles]
            calls = [each.call for each in steps]

        def answer(given: tuple[object, ...], party: int) -> tuple[Answer, bool]:
            verdicts: list[Verdict] = []
            lasting = True
            for step, each in zip(steps, given, strict=True):
                if each is not None:
                    known = step.kept.get(id(each))
                    if known is not None and (known.traveller is None or known.traveller < party):
                        verdicts.append(known)
                    else:
                        verdicts += step.signed(each, party)
                        # What is kept is alive, so that nothing else has its identity.
                        lasting = lasting and type(each) is Verdict and id(each) in step.kept
            return self._answers.of(verdicts, party), lasting

        return Plan(calls, answer).ask


class _Step:
    """One rule, which gives verdicts with its source."""

    __slots__ = (
        *("_kept_by_all", "_originals", "_review"),
        *("call", "call_for_a_party", "kept", "kinds", "loaded", "roles"),
    )
    #: More than a rule says of the largest party without values of its own.
    MOST_KEPT = 1000

    def __init__(self, loaded: LoadedRule, review: Callable[..., Any], kept_by_all: set[int]) -> None:
        self.loaded = loaded
        self._kept_by_all = kept_by_all
        self.kinds, self.roles = loaded.entry.applies_to, loaded.condition.roles
        self._review = review
        self.call = review if self.kinds is None else partial(self._narrowed, review)
        # Of a party it is asked where somebody whom it sees has such a role; a lone traveller's plan knows.
        in_party = review if self.roles is None else self._where_the_role_is
        self.call_for_a_party = in_party if self.kinds is None else partial(self._narrowed, in_party)
        self.kept: dict[int, Verdict] = {}
        self._originals: list[Verdict] = []

    def is_asked(self, direction: Direction, traffic: Traffic) -> bool:
        """Whether the rule is asked about such crossings."""
        condition = self.loaded.condition
        return condition.direction in (None, direction) and condition.traffic in (None, traffic)

    def _where_the_role_is(self, crossing: Crossing, situation: Situation) -> object:
        assert self.roles is not None
        concerned = any(each.role in self.roles for each in situation.standings)
        return self._review(crossing, situation) if concerned else None

    def _narrowed(self, review: Callable[..., Any], crossing: Crossing, situation: Situation) -> object:
        # An entry that applies to some kinds of traveller sees them only.
        assert self.kinds is not None
        concerned = tuple(each for each in situation.standings if each.kinds & self.kinds)
        if not concerned:
            return None
        if len(concerned) < len(situation.standings):
            situation = attrs.evolve(situation, standings=concerned)
        given = review(crossing, situation)
        if given is None or (
            type(given) is Verdict and [given.traveller] == [each.index for each in concerned]
        ):
            # Nothing, or about the only one whom it may be about: _to_those would leave it as it is.
            return given
        return _Narrowed(given, concerned)

    def signed(self, given: object, party: int) -> list[Verdict]:
        """What a rule gave, checked and with its source."""
        concerned = None
        if type(given) is _Narrowed:
            given, concerned = given
        elif type(given) is Raised:
            return [_fault(self.loaded, f"raised {given.error}")]
        try:
            verdicts = _verdicts(given, party)
            if verdicts is None:
                return [_fault(self.loaded, "returned something that is no verdict")]
            if concerned is not None:
                verdicts = _to_those(concerned, verdicts)
            return [self.kept.get(id(each)) or self._sign(each) for each in verdicts]
        except Exception as error:  # noqa: BLE001 - a generator runs only now: it must hide no others' verdicts
            return [_fault(self.loaded, f"raised {type(error).__name__}")]

    def _sign(self, verdict: Verdict) -> Verdict:
        signed = _signed(verdict, self.loaded)
        made = as_made(verdict)
        if made is None:
            return signed
        if verdict != made:
            forget(verdict)
            return _fault(self.loaded, "changed a verdict that is frozen and shared")
        if len(self.kept) < self.MOST_KEPT:
            self._originals.append(verdict)
            self.kept[id(verdict)] = signed
            self._kept_by_all.add(id(signed))
        return signed


class _Narrowed(NamedTuple):
    """What an entry's rule gave, and whom the entry applies to."""

    given: object
    concerned: Sequence[Standing]


def review_pass(loaded: LoadedRule, application: PassApplication, situation: Situation) -> list[Verdict]:
    """One rule's verdicts on an application for a pass; a rule that fails holds, and says so."""
    hook, kinds = "review_pass", loaded.entry.applies_to
    if loaded.passes is None or not loaded.entry.in_force(situation.day):
        return []
    if kinds is not None and not any(each.kinds & kinds for each in situation.standings):
        return []
    try:
        verdicts = _verdicts(loaded.passes(application, situation), len(situation.standings))
        if verdicts is None:
            return [_fault(loaded, "returned something that is no verdict", hook)]
        if any(each.claims for each in verdicts):
            # Not passed over in silence: the rule counts on something that nobody would keep.
            return [_fault(loaded, "returned a claim, and at the desk none is taken", hook)]
        return [_signed(each, loaded) for each in verdicts]
    except Exception as error:  # noqa: BLE001 - whatever a plug-in raises must not hide the others' verdicts
        return [_fault(loaded, f"raised {type(error).__name__}", hook)]


def _signed(verdict: Verdict, loaded: LoadedRule) -> Verdict:
    changes: dict[str, Any] = {"source": loaded.source, "waived": False, "fault": None}
    if loaded.words is not None:
        changes["texts"] = _worded(verdict.texts, loaded)
    if verdict.duties:
        changes["duties"] = _from_notice(verdict.duties, loaded)
    if verdict.alerts:
        changes["alerts"] = _from_notice(verdict.alerts, loaded)
    if _is_sound(verdict):
        return changed(verdict, changes)
    # Made anew, every field is checked once more: one was changed since, and the error says which.
    return attrs.evolve(verdict, **changes)


def _is_sound(verdict: Any) -> bool:  # noqa: ANN401 - its fields may be of any type by now
    # The types are what the class made them, whatever a rule did to its verdict afterwards.
    return (
        type(verdict.effect) is Effect
        and type(verdict.code) is str
        and type(verdict.grants) is bool
        and (verdict.lifted_by is None or type(verdict.lifted_by) is str)
        and type(verdict.texts) in (FrozenMapping, Message)
        and type(verdict.claims) is type(verdict.duties) is type(verdict.alerts) is tuple
        and (not verdict.claims or _are(Claim, verdict.claims))
        and (not verdict.duties or _are(Duty, verdict.duties))
        and (not verdict.alerts or _are(Alert, verdict.alerts))
    )


def _are(of: type[object], items: tuple[object, ...]) -> bool:
    return type(items[0]) is of and (len(items) == 1 or all(type(each) is of for each in items))


def _from_notice(items: Sequence[T], loaded: LoadedRule) -> tuple[T, ...]:
    """Duties or alerts in the site's words, and under the notice that it names in place of the rule's own."""
    if loaded.words is not None:
        items = tuple(changed(each, {"texts": _worded(each.texts, loaded)}) for each in items)
    if loaded.entry.source is None:
        return tuple(items)
    own, notice = loaded.rule.source, {"source": loaded.entry.source}
    if len(items) == 1:
        return (changed(items[0], notice),) if items[0].source == own else tuple(items)
    return tuple(changed(each, notice) if each.source == own else each for each in items)


def _worded(texts: Mapping[str, str], loaded: LoadedRule) -> Mapping[str, str]:
    return loaded.words.reworded(texts) if loaded.words is not None and type(texts) is Message else texts


def _verdicts(given: object, party: int) -> list[Verdict] | None:
    if given is None:
        return []
    if type(given) is Verdict:
        return [given] if _is_one(given, party) else None
    if type(given) not in _LISTS and (isinstance(given, _NO_LIST) or not isinstance(given, Iterable)):
        return None
    verdicts: list[Verdict] = list(cast("Iterable[Verdict]", given))
    return verdicts if all(_is_one(each, party) for each in verdicts) else None


def _is_one(given: object, party: int) -> bool:
    if type(given) is not Verdict or (given.grants and given.effect is not _ALLOW):
        return False
    index = given.traveller
    return index is None or (type(index) is int and 0 <= index < party)


def _to_those(standings: Iterable[Standing], verdicts: Iterable[Verdict]) -> list[Verdict]:
    # A yes to the whole party, or to a visitor, from an entry for couriers is a yes to its couriers only.
    concerned = [each.index for each in standings]
    narrowed = []
    for verdict in verdicts:
        if verdict.grants and verdict.traveller is None:
            narrowed += [attrs.evolve(verdict, traveller=index) for index in concerned]
        elif not verdict.grants or verdict.traveller in concerned:
            narrowed.append(verdict)
    return narrowed


def _fault(loaded: LoadedRule, what: str, hook: str = "review_crossing") -> Verdict:
    source = loaded.source
    return Verdict(
        effect=Effect.HOLD,
        code="fault",
        texts=said(loaded.words, "fault-pass" if hook == "review_pass" else "fault", entry=source.entry),
        lifted_by="ask-the-committee",
        source=attrs.evolve(source, restricts=Restricts.SAFETY),
        fault=f"{source.distribution}: rule {source.entry}, hook {hook} {what}",
    )


def follow_up(loaded: Iterable[LoadedRule], fact: Fact, situation: Situation) -> FollowUp:
    """What follows from a fact by all rules in force; one that fails hides no other's."""
    duties: dict[str, Duty] = {}
    alerts: dict[str, Alert] = {}
    faults: list[RuleFailed] = []
    for each in loaded:
        if each.follow is None or not each.entry.in_force(situation.day):
            continue
        try:
            items = _items(each.follow(fact, situation))
        except Exception as error:  # noqa: BLE001 - whatever a plug-in raises must not hide the others' duties
            faults.append(_failed(each.source, f"raised {type(error).__name__}", fact))
            continue
        if items is None:
            faults.append(_failed(each.source, "returned what is neither duty nor alert", fact))
            continue
        for item in _from_notice(items, each):
            if isinstance(item, Duty):
                duties.setdefault(item.id, item)
            else:
                alerts.setdefault(item.id, item)
    return FollowUp(duties=tuple(duties.values()), alerts=tuple(alerts.values()), faults=tuple(faults))


def _items(given: object) -> list[Duty | Alert] | None:
    if given is None:
        return []
    if isinstance(given, Duty | Alert):
        return [given]
    if isinstance(given, _NO_LIST) or not isinstance(given, Iterable):
        return None
    items = list(given)
    if not all(type(each) in (Duty, Alert) for each in items):
        return None
    return cast("list[Duty | Alert]", items)


def _failed(source: Source, what: str, fact: Fact) -> RuleFailed:
    return RuleFailed(
        rule=source.entry,
        distribution=source.distribution,
        hook="follow_up",
        fault=what,
        about=fact.kind,
        at=fact.at,
    )
