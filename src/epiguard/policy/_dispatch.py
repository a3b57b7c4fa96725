"""The dispatcher: built once from the collected hooks, each rule guarded on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Effect, Restricts, Source, Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import Fact, RuleFailed
from epiguard.messages import Catalogue, Message
from epiguard.passes import PassApplication
from epiguard.policy._site_file import Entry
from epiguard.rules import Rule
from epiguard.situation import Situation

__all__ = ["FollowUp", "LoadedRule", "follow_up", "review", "review_pass"]

T = TypeVar("T", Duty, Alert, Duty | Alert)
#: What can be gone through and is no list of answers: nobody knows what the values of a table would mean.
_NO_LIST = (str, bytes, Mapping)


@attrs.frozen(kw_only=True)
class LoadedRule:
    """An entry with its rule, its source, its hooks as plain callables, and the site's own words for it."""

    entry: Entry
    rule: Rule
    source: Source
    review: Callable[..., Any] | None
    follow: Callable[..., Any] | None
    words: Catalogue | None = None
    passes: Callable[..., Any] | None = None


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


def review(loaded: LoadedRule, crossing: Crossing, situation: Situation) -> list[Verdict]:
    """One rule's verdicts on a crossing; a rule that fails holds, and says so."""
    if loaded.review is None or not loaded.entry.in_force(situation.day):
        return []
    kinds = loaded.entry.applies_to
    if kinds is not None:
        concerned = tuple(each for each in situation.standings if each.kinds & kinds)
        if not concerned:
            return []
        situation = attrs.evolve(situation, standings=concerned)
    try:
        given = loaded.review(crossing, situation)
        verdicts = _verdicts(given, len(crossing.travellers))
        if verdicts is None:
            return [_fault(loaded.source, "returned something that is no verdict")]
        if kinds is not None:
            verdicts = _narrowed(verdicts, situation)
        # Made anew, each verdict is checked once more: it may have been changed since.
        return [_signed(each, loaded) for each in verdicts]
    except Exception as error:  # noqa: BLE001 - whatever a plug-in raises must not hide the others' verdicts
        return [_fault(loaded.source, f"raised {type(error).__name__}")]


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
            return [_fault(loaded.source, "returned something that is no verdict", hook)]
        return [_signed(each, loaded) for each in verdicts]
    except Exception as error:  # noqa: BLE001 - whatever a plug-in raises must not hide the others' verdicts
        return [_fault(loaded.source, f"raised {type(error).__name__}", hook)]


def _signed(verdict: Verdict, loaded: LoadedRule) -> Verdict:
    return attrs.evolve(
        verdict,
        texts=_worded(verdict.texts, loaded),
        source=loaded.source,
        waived=False,
        fault=None,
        duties=_from_notice(verdict.duties, loaded),
        alerts=_from_notice(verdict.alerts, loaded),
    )


def _from_notice(items: Sequence[T], loaded: LoadedRule) -> tuple[T, ...]:
    """Duties or alerts in the site's words, and under the notice that it names in place of the rule's own."""
    if loaded.words is not None:
        items = tuple(attrs.evolve(each, texts=_worded(each.texts, loaded)) for each in items)
    if loaded.entry.source is None:
        return tuple(items)
    own, notice = loaded.rule.source, loaded.entry.source
    return tuple(attrs.evolve(each, source=notice) if each.source == own else each for each in items)


def _worded(texts: Mapping[str, str], loaded: LoadedRule) -> Mapping[str, str]:
    return loaded.words.reworded(texts) if loaded.words is not None and type(texts) is Message else texts


def _verdicts(given: object, party: int) -> list[Verdict] | None:
    if given is None:
        return []
    if type(given) is Verdict:
        given = (given,)
    elif isinstance(given, _NO_LIST) or not isinstance(given, Iterable):
        return None
    verdicts = list(given)
    for each in verdicts:
        if type(each) is not Verdict:
            return None
        if each.grants and each.effect is not Effect.ALLOW:
            return None
        if each.traveller is not None and not (type(each.traveller) is int and 0 <= each.traveller < party):
            return None
    return verdicts


def _narrowed(verdicts: Iterable[Verdict], situation: Situation) -> list[Verdict]:
    # A yes to the whole party, or to a visitor, from an entry for couriers is a yes to its couriers only.
    concerned = [each.index for each in situation.standings]
    narrowed = []
    for verdict in verdicts:
        if verdict.grants and verdict.traveller is None:
            narrowed += [attrs.evolve(verdict, traveller=index) for index in concerned]
        elif not verdict.grants or verdict.traveller in concerned:
            narrowed.append(verdict)
    return narrowed


def _fault(source: Source, what: str, hook: str = "review_crossing") -> Verdict:
    return Verdict(
        effect=Effect.HOLD,
        code="fault",
        texts={
            "zh": f"规则 {source.entry} 出错,暂不放行,请报告居(村)委",
            "en": f"rule {source.entry} failed; hold, and report it to the committee",
        },
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
