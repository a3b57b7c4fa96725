"""Combining verdicts: deny beats hold beats allow, whatever the order of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from epiguard.decisions import Effect, Restricts, Verdict
from epiguard.messages import Catalogue
from epiguard.policy._words import said

__all__ = ["UNRECORDED", "Answer", "Answers", "claim_taken", "combine", "combine_for_pass", "waive"]


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
    counted = [verdict for verdict in verdicts if not verdict.waived]
    granted = {verdict.traveller for verdict in counted if verdict.grants}
    missing = () if None in granted else tuple(i for i in range(party) if i not in granted)
    unreviewed = tuple(_ask_the_committee("unreviewed", words, traveller=index) for index in missing)
    added = (*unreviewed, *_claimed_twice(counted, words))
    effect = Effect.worst(verdict.effect for verdict in (*counted, *added))
    return effect, (*verdicts, *added)


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


#: What only a ledger puts into a decision.
UNRECORDED: Mapping[str, Any] = {"id": "", "follows": None, "at": None}


@attrs.frozen(kw_only=True)
class Answer:
    """What came of some verdicts.

    Attributes:
        effect: For the whole party.
        verdicts: With the holds for the unreviewed.
        fields: Of the decision, where the verdicts owe and raise nothing and nobody overrides them.
    """

    effect: Effect
    verdicts: tuple[Verdict, ...]
    fields: Mapping[str, Any] | None = attrs.field(default=None, repr=False)


class Answers:
    """Combines verdicts, and remembers what came of those that are given again and again.

    Args:
        keeps: Whether all of some verdicts will be the same objects when they are given again.
        version: Of the policy.
        words: The site's own, where it has some.
    """

    #: Most sites give some dozens of different answers.
    MOST = 4096

    def __init__(
        self, keeps: Callable[[Sequence[Verdict]], bool], version: str, words: Catalogue | None
    ) -> None:
        self._keeps = keeps
        self._version = version
        self._words = words
        self._known: dict[tuple[int, ...], Answer] = {}

    def of(self, verdicts: Sequence[Verdict], party: int) -> Answer:
        """What comes of verdicts of which none is waived.

        Args:
            verdicts: With their sources.
            party: How many travellers there are.
        """
        # An answer holds its verdicts, so that no other verdict has the identity of one of them.
        known = self._known.get((party, *map(id, verdicts)))
        return known if known is not None else self._combined(verdicts, party)

    def _combined(self, verdicts: Sequence[Verdict], party: int) -> Answer:
        effect, combined = combine(verdicts, party, self._words)
        fields = None
        if not any(each.duties or each.alerts or each.fault is not None for each in combined):
            fields = {
                "effect": effect,
                "verdicts": combined,
                "duties": (),
                "alerts": (),
                "policy_version": self._version,
                "override": None,
                **UNRECORDED,
            }
        answer = Answer(effect=effect, verdicts=combined, fields=fields)
        if self._keeps(verdicts):
            if len(self._known) >= self.MOST:
                self._known.clear()
            self._known[party, *map(id, verdicts)] = answer
        return answer
