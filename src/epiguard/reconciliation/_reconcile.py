"""Each form to one list, then what follows from the lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from epiguard.crossings import Crossing
from epiguard.errors import MatchingError, kind_of
from epiguard.matching import MatchDecision, Query, ResidentIndex
from epiguard.reconciliation._lists import (
    Contradiction,
    FormMatch,
    FormNotInRegister,
    FormToConfirm,
    Reconciliation,
)
from epiguard.reconciliation._strangers import same_strangers
from epiguard.reconciliation._unregistered import unregistered
from epiguard.registrations import Registration

__all__ = ["reconcile"]

Place = FormMatch | FormToConfirm | FormNotInRegister


def reconcile(
    registrations: Iterable[Registration],
    index: ResidentIndex,
    *,
    crossings: Iterable[Crossing] = (),
    rejected: Iterable[tuple[str, str]] = (),
    confirmed: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Compare forms with the register and with the gate's log.

    Args:
        registrations: The forms, of paper and questionnaire, in any order.
        index: The register.
        crossings: What the gates saw.
        rejected: Pairs of form id and person id that a human ruled out.
        confirmed: Form id to person id, as humans confirmed it; this wins over everything else.

    Returns:
        The lists, each sorted by the forms' ids: the order of the arguments makes no difference.

    Raises:
        MatchingError: If something is no form, or two forms have one id.
    """
    sorter = _Sorter(index, rejected, confirmed or {})
    places: dict[str, Place] = {}
    for row, form in enumerate(registrations, start=1):
        if not isinstance(form, Registration):
            raise MatchingError(f"registrations, {row}", expected="a Registration", got=kind_of(form))
        if form.id in places:
            raise MatchingError(
                f"registrations, {row}", expected="forms with different ids", got="the id of an earlier form"
            )
        places[form.id] = sorter.place(form)
    ordered = [places[form_id] for form_id in sorted(places)]
    matched = [each for each in ordered if isinstance(each, FormMatch)]
    unsure = [each for each in ordered if isinstance(each, FormToConfirm)]
    strangers = [each for each in ordered if isinstance(each, FormNotInRegister)]
    listed = same_strangers(strangers)
    same_as = {each.registration.id: each.same_as for each in listed if each.same_as is not None}
    return Reconciliation(
        matched=tuple(matched),
        to_confirm=tuple(unsure),
        not_in_register=listed,
        unregistered=unregistered(crossings, places, sorter.place, same_as),
        contradictory=_contradictory(ordered, index),
        persons=_persons(matched),
    )


class _Sorter:
    """Decides which list a form belongs to."""

    def __init__(
        self, index: ResidentIndex, rejected: Iterable[tuple[str, str]], confirmed: Mapping[str, str]
    ) -> None:
        self._index = index
        self._confirmed = confirmed
        self._rejected: defaultdict[str, set[str]] = defaultdict(set)
        for form_id, person_id in rejected:
            self._rejected[form_id].add(person_id)

    def place(self, form: Registration) -> Place:
        rejected = self._rejected.get(form.id, set())
        answer = self._index.find(Query.of(form), rejected=rejected)
        if form.id in self._confirmed:
            return FormMatch(form, self._confirmed[form.id], answer)
        if form.person is not None and form.person in self._index and form.person not in rejected:
            return FormMatch(form, form.person, answer)
        if answer.decision is MatchDecision.MATCH:
            return FormMatch(form, answer.candidates[0].person_id, answer)
        if answer.decision is MatchDecision.ASK:
            return FormToConfirm(form, answer)
        return FormNotInRegister(form, answer)


def _contradictory(places: Iterable[Place], index: ResidentIndex) -> tuple[Contradiction, ...]:
    found = []
    for place in places:
        form = place.registration
        person_id = place.person_id if isinstance(place, FormMatch) else form.person
        fields = index.contradictions(Query.of(form), person_id) if person_id is not None else ()
        if person_id is not None and fields:
            found.append(Contradiction(form, person_id, fields))
    return tuple(found)


def _persons(matched: Iterable[FormMatch]) -> dict[str, tuple[Registration, ...]]:
    forms: defaultdict[str, list[Registration]] = defaultdict(list)
    for match in matched:
        forms[match.person_id].append(match.registration)
    return {person_id: tuple(forms[person_id]) for person_id in sorted(forms)}
