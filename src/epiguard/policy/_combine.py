"""Combining verdicts: deny beats hold beats allow, whatever the order of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import attrs

from epiguard.decisions import Effect, Restricts, Verdict
from epiguard.duties import Alert, Duty
from epiguard.messages import Catalogue
from epiguard.policy._words import said

__all__ = [
    "Answer",
    "Answers",
    "alerts_of",
    "claim_taken",
    "combine",
    "combine_for_pass",
    "decision_fields",
    "duties_of",
    "first_of_each",
    "rules_alerts",
    "waive",
]

T = TypeVar("T", Duty, Alert)


_ALLOW = Effect.ALLOW


def waive(verdicts: Iterable[Verdict], on_leave: frozenset[int], party: int) -> list[Verdict]:
    """Mark what leave waives: movement rules' objections and claims, never safety and never a grant.

    Args:
        verdicts: With their sources.
        on_leave: Indexes of travellers with leave in force.
        party: How many travellers there are.

    Returns:
        The verdicts; the waived ones are still listed.
    """
    if not on_leave:
        return list(verdicts)
    everybody = len(on_leave) == party
    result = []
    for verdict in verdicts:
        waivable = verdict.source is not None and verdict.source.restricts is Restricts.MOVEMENT
        theirs = verdict.traveller in on_leave if verdict.traveller is not None else everybody
        if waivable and theirs and verdict.fault is None:
            if verdict.grants:
                result.append(attrs.evolve(verdict, claims=()))
                continue
            result.append(attrs.evolve(verdict, waived=True, claims=(), duties=(), alerts=()))
            continue
        result.append(verdict)
    return result


def combine(
    verdicts: Sequence[Verdict], party: int, words: Catalogue | None = None
) -> tuple[Effect, tuple[Verdict, ...]]:
    """The effect for the whole party.

    A traveller for whom no rule allows the crossing is held as ``unreviewed``: silence never allows. So is,
    as ``claim-taken``, whoever claims what another of the party claims.

    Args:
        verdicts: With their sources, waived ones marked.
        party: How many travellers there are.
        words: The site's own, where it has some.

    Returns:
        The effect, and the verdicts with the holds for the unreviewed.
    """
    effects, granted = [], set()
    for each in verdicts:
        if not each.waived:
            effects.append(each.effect)
            if each.grants:
                granted.add(each.traveller)
    added: list[Verdict] = []
    if None not in granted and len(granted) < party:
        missing = (index for index in range(party) if index not in granted)
        added += [_ask_the_committee("unreviewed", words, traveller=index) for index in missing]
    if party > 1:
        added += _claimed_twice([each for each in verdicts if not each.waived], words)
    if added:
        effects += [each.effect for each in added]
    return Effect.worst(effects), (*verdicts, *added)


def claim_taken(words: Catalogue | None, traveller: int | None = None) -> Verdict:
    """The hold where the rules allow but what the crossing would use up is used up.

    Args:
        words: The site's own, where it has some.
        traveller: Whose claim it is; nothing where it is the party's.
    """
    return _ask_the_committee("claim-taken", words, traveller=traveller)


def _ask_the_committee(
    code: str, words: Catalogue | None, *, entry: str | None = None, traveller: int | None = None
) -> Verdict:
    return Verdict(
        effect=Effect.HOLD,
        code=code,
        texts=said(words, entry or code),
        traveller=traveller,
        lifted_by="ask-the-committee",
    )


def _claimed_twice(verdicts: Iterable[Verdict], words: Catalogue | None) -> tuple[Verdict, ...]:
    """Holds for travellers who would use up what another of their party uses up: once is once."""
    claimed = {
        (claim.name, claim.subject, claim.slot, each.traveller)
        for each in verdicts
        if each.traveller is not None
        for claim in each.claims
    }
    first: dict[tuple[str, str, int], int] = {}
    late = set()
    for name, subject, slot, traveller in sorted(claimed):
        if first.setdefault((name, subject, slot), traveller) != traveller:
            late.add(traveller)
    return tuple(claim_taken(words, traveller) for traveller in sorted(late))


def combine_for_pass(
    verdicts: Sequence[Verdict], words: Catalogue | None = None
) -> tuple[Effect, tuple[Verdict, ...]]:
    """The effect for an application for a pass, which nothing waives; silence never hands one out."""
    objected = any(verdict.effect is not Effect.ALLOW for verdict in verdicts)
    if not objected and not any(verdict.grants for verdict in verdicts):
        verdicts = (*verdicts, _ask_the_committee("unreviewed", words, entry="unreviewed-pass"))
    return Effect.worst(verdict.effect for verdict in verdicts), tuple(verdicts)


@attrs.define(eq=False)  # frozen, it would take longer to make than to combine the verdicts
class Answer:
    """What comes of some verdicts, if nobody overrides them; nobody changes it.

    Attributes:
        given: The rules' verdicts.
        verdicts: With the holds for the unreviewed.
        effect: For the whole party.
        fields: Of the decision, the crossing and the day left out; nothing where a rule failed, because the
            alert about that names the crossing, or where leave waives something.
    """

    given: tuple[Verdict, ...]
    verdicts: tuple[Verdict, ...]
    effect: Effect
    fields: dict[str, Any] | None = attrs.field(repr=False)


class Answers:
    """Combines verdicts, and remembers what came of those that are given again and again.

    Args:
        kept: The identities of verdicts that will be the same objects when they are given again.
        version: Of the policy.
        words: The site's own, where it has some.
    """

    #: Most sites give some dozens of different answers.
    MOST = 4096

    def __init__(self, kept: set[int], version: str, words: Catalogue | None) -> None:
        self._kept = kept
        self._version = version
        self._words = words
        self._known: dict[tuple[int, ...], Answer] = {}

    def of(self, given: Sequence[Verdict], party: int) -> Answer:
        """What comes of verdicts of which none is waived.

        Args:
            given: With their sources.
            party: How many travellers there are.
        """
        kept = self._kept
        for each in given:
            if id(each) not in kept:
                return self._combined(given, party)
        key = tuple(map(id, given))
        # An answer holds its verdicts, so that no other verdict has the identity of one of them.
        known = self._known.get((party, *key))
        if known is None:
            if len(self._known) >= self.MOST:
                self._known.clear()
            known = self._known[party, *key] = self._combined(given, party)
        return known

    def _combined(self, given: Sequence[Verdict], party: int) -> Answer:
        effect, verdicts = combine(given, party, self._words)
        fields = None
        for each in verdicts:
            if each.fault is not None:
                break
        else:
            alerts = alerts_of(verdicts)
            fields = decision_fields(effect, verdicts, duties_of(verdicts, effect), alerts, self._version)
        return Answer(tuple(given), verdicts, effect, fields)


def decision_fields(
    effect: Effect,
    verdicts: tuple[Verdict, ...],
    duties: tuple[Duty, ...],
    alerts: tuple[Alert, ...],
    version: str,
) -> dict[str, Any]:
    """The fields of a decision that no ledger has recorded, but for the crossing and the day."""
    return {
        "crossing": None,
        "day": None,
        "effect": effect,
        "verdicts": verdicts,
        "duties": duties,
        "alerts": alerts,
        "policy_version": version,
        "override": None,
        "id": "",
        "follows": None,
        "at": None,
    }


def duties_of(verdicts: Iterable[Verdict], effect: Effect) -> tuple[Duty, ...]:
    """What is owed where the rules' effect is this one.

    What an allowing verdict asks for (strike the pass) is owed only if the rules allow the crossing.
    """
    passed = effect is _ALLOW
    owing = [
        each for each in verdicts if each.duties and not each.waived and (passed or each.effect is not _ALLOW)
    ]
    if not owing:
        return ()
    if len(owing) == 1 and len(owing[0].duties) == 1:
        return owing[0].duties
    owed = [(each.rule, duty) for each in owing for duty in each.duties]
    found = first_of_each(owed)
    return tuple(found[each] for each in sorted(found))


def alerts_of(verdicts: Iterable[Verdict]) -> tuple[Alert, ...]:
    """What the rules' verdicts want looked at, each once."""
    raising = [each for each in verdicts if each.alerts and not each.waived]
    if not raising:
        return ()
    if len(raising) == 1 and len(raising[0].alerts) == 1:
        return raising[0].alerts
    return tuple(first_of_each(rules_alerts(raising)).values())


def rules_alerts(verdicts: Iterable[Verdict]) -> list[tuple[str, Alert]]:
    """What the rules' verdicts want looked at, with the ids of the entries they are from."""
    return [
        (each.rule, alert) for each in verdicts if each.alerts and not each.waived for alert in each.alerts
    ]


def first_of_each(given: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Of duties, or alerts, that are one by their id the one that stands, whatever the order of the entries.

    It is that of the entry whose id comes first in the alphabet, and of several of one entry its first; the
    policy's own come before them. The ids keep the order in which they are given.

    Args:
        given: The id of the entry each is from; empty for the policy.
    """
    found: dict[str, tuple[str, T]] = {}
    for entry, item in given:
        known = found.get(item.id)
        if known is None or entry < known[0]:
            found[item.id] = (entry, item)
    return {name: item for name, (_, item) in found.items()}
