"""What stays of a crossing when it is over: who passed where and when, and the forms that came in with it.

A ledger holds more decisions than anything else, and the situation needs little of each. So what it needs is
read from the plain data as it is, without making every verdict again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, Restricts, claim_keys
from epiguard.identifiers import RegionCode
from epiguard.places import Direction
from epiguard.plain import instant_in, structure
from epiguard.registrations import Registration

__all__ = ["Passage", "passage_in"]

#: The keys that were claimed for somebody, and those of them that leave of theirs frees.
Claimed = tuple[tuple[str, ...], tuple[str, ...]]
_DIRECTIONS = {each.value: each for each in Direction}
_EFFECTS = {each.value: each for each in Effect}
# Bound once: on Python 3.11 to look a member up in its enumeration takes longer than all else here.
_ALLOW, _MOVEMENT, _MOVEMENT_TEXT = Effect.ALLOW, Restricts.MOVEMENT, Restricts.MOVEMENT.value


@attrs.frozen
class Passage:
    """A crossing as the situation remembers it.

    Attributes:
        at: When.
        direction: Which way.
        checkpoint: Where.
        persons: Everybody in the party who is known, with the region they said that they came back from, and
            the day on which.
        forms: What was filled in at the gate, each with whose it is where that is known.
        decision: The id of the decision, if any.
        effect: What was decided, if anything was.
        overridden: Whether it was let through by a named person.
        to_clinic: Those of the party on an arranged journey to a fever clinic.
        claims: Of those in the party for whom something was claimed: the unique keys, and which of them leave
            of theirs frees. What is claimed for a party of several together no leave of one of them frees.
        again: Whether somebody was asked about again who had been decided about before.
    """

    at: datetime
    direction: Direction
    checkpoint: str
    persons: tuple[tuple[str, RegionCode | None, date | None], ...]
    forms: tuple[tuple[Registration, str | None], ...]
    decision: str | None = None
    effect: Effect | None = None
    overridden: bool = False
    claims: Mapping[str, Claimed] = {}
    to_clinic: frozenset[str] = frozenset()
    again: bool = False

    @classmethod
    def observed(cls, crossing: Crossing, decision: str | None) -> Passage:
        """Of a crossing that was seen to happen."""
        return cls(**_party(crossing), decision=decision)

    @classmethod
    def decided(cls, decision: Decision) -> Passage:
        """Of a crossing that was decided."""
        return cls(
            **_party(decision.crossing),
            decision=decision.id or None,
            effect=decision.effect,
            overridden=decision.override is not None,
            claims=_claims(decision),
            again=decision.follows is not None,
        )


def _claims(decision: Decision) -> dict[str, Claimed]:
    if decision.effect is not _ALLOW or decision.override is not None:
        return {}
    said = [
        (
            each.traveller,
            each.source is not None and each.source.restricts is _MOVEMENT,
            [key for claim in each.claims for key in claim.keys(decision.day)],
        )
        for each in decision.verdicts
        if each.claims and not each.waived
    ]
    return _shared_out(said, [each.person for each in decision.crossing.travellers]) if said else {}


def _shared_out(
    said: Iterable[tuple[int | None, bool, Sequence[str]]], persons: list[str | None]
) -> dict[str, Claimed]:
    """Whose the claims are.

    Args:
        said: Of each verdict with claims: whom it is about, whether it restricts movement, and the keys.
        persons: Those of the party, where they are known.
    """
    found: dict[str, tuple[list[str], list[str]]] = {}
    for traveller, movement, keys in said:
        alone = traveller is not None or len(persons) == 1
        for person in persons if traveller is None else persons[traveller : traveller + 1]:
            if person is not None:
                claims, freed = found.setdefault(person, ([], []))
                claims += keys
                if movement and alone:
                    freed += keys
    return {person: (_once(claims), _once(freed)) for person, (claims, freed) in found.items()}


def _once(keys: list[str]) -> tuple[str, ...]:
    return tuple(keys) if len(keys) < 2 else tuple(dict.fromkeys(keys))


def _party(crossing: Crossing) -> dict[str, Any]:
    persons, forms, ill = [], [], []
    for each in crossing.travellers:
        person, form = each.person, each.registration
        if person is not None:
            persons.append((person, each.returning_from, each.returned_on))
            if each.clinic_journey is not None:
                ill.append(person)
        if form is not None:
            forms.append((form, form.person or person))
    return {
        "at": crossing.at,
        "direction": crossing.direction,
        "checkpoint": crossing.checkpoint,
        "persons": tuple(persons),
        "forms": tuple(forms),
        "to_clinic": frozenset(ill),
    }


def passage_in(
    decision: Mapping[str, Any],
    travellers: Iterable[Mapping[str, Any]],
    verdicts: Iterable[Mapping[str, Any]],
    only: str | None = None,
) -> Passage:
    """What :meth:`Passage.decided` gives, from plain data.

    Args:
        decision: As it was recorded: it is not checked again. Its travellers and verdicts are not looked at.
        travellers: Those of the party.
        verdicts: Of the rules, where the entry claimed something; else none.
        only: The one key that was claimed, where a rule of movement claimed it for the only traveller and
            verdicts need not say so.

    Raises:
        Exception: If it is something else; of any kind, so whoever calls this reads the fact itself then.
    """
    crossing = decision["crossing"]
    persons, forms, party, ill = [], [], [], set()
    for each in travellers:
        person, region, form = each["person"], each["returning_from"], each["registration"]
        party.append(person)
        if person is not None:
            if each["clinic_journey"] is not None:
                ill.add(person)
            day = each["returned_on"]
            persons.append(
                (
                    person,
                    None if region is None else RegionCode(region),
                    None if day is None else date.fromisoformat(day),
                )
            )
        if form is not None:
            registration = structure(form, Registration, "registration")
            forms.append((registration, registration.person or person))
    if only is None:
        claims = _claims_in(verdicts, date.fromisoformat(decision["day"]), party) if verdicts else {}
    else:
        [alone] = party
        claims = {alone: ((only,), (only,))} if alone is not None else {}
    return Passage(
        instant_in(crossing["at"]),
        _DIRECTIONS[crossing["direction"]],
        crossing["checkpoint"],
        tuple(persons),
        tuple(forms),
        decision["id"] or None,
        _EFFECTS[decision["effect"]],
        decision["override"] is not None,
        claims,
        frozenset(ill),
        decision["follows"] is not None,
    )


def _claims_in(
    verdicts: Iterable[Mapping[str, Any]], day: date, persons: list[str | None]
) -> dict[str, Claimed]:
    said = []
    for each in verdicts:
        if each["claims"] and not each["waived"]:
            keys: list[str] = []
            for claim in each["claims"]:
                keys += claim_keys(day, **claim)
            source = each["source"]
            movement = source is not None and source["restricts"] == _MOVEMENT_TEXT
            said.append((each["traveller"], movement, keys))
    return _shared_out(said, persons) if said else {}
