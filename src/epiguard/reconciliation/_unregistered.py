"""Returnees seen at the gate of whom there is no matched form (漏登)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from epiguard.crossings import Crossing, Traveller
from epiguard.places import Direction
from epiguard.reconciliation._lists import (
    FORM_NOT_FOUND,
    FormMatch,
    FormNotInRegister,
    FormToConfirm,
    Unregistered,
)
from epiguard.reconciliation._ticked import Sighting, left_without
from epiguard.registrations import Registration

__all__ = ["unregistered"]

Place = FormMatch | FormToConfirm | FormNotInRegister


def unregistered(
    crossings: Iterable[Crossing],
    places: Mapping[str, Place],
    place: Callable[[Registration], Place],
    same_as: Mapping[str, str],
) -> tuple[Unregistered, ...]:
    """List every returnee seen going in who has no matched form.

    Somebody whom the gate knew is listed once, where they were first seen; somebody unknown at each crossing,
    for nobody can tell whether it was the same person. Where the guard says that somebody unknown has a form,
    each takes one that may be theirs and is nobody's whom the gate knew; see :func:`left_without`.

    Args:
        crossings: What the gates saw.
        places: Form id to the list it is in.
        place: Puts a form that only the gate has into a list.
        same_as: Later form of a stranger to the first one.

    Returns:
        Sorted by time, checkpoint and place in the party.
    """
    with_form = {each.person_id for each in places.values() if isinstance(each, FormMatch)}
    with_form |= {
        each.registration.person for each in places.values() if each.registration.person is not None
    }
    known: dict[str, Unregistered] = {}
    unknown: list[Unregistered] = []
    ticked: list[Sighting] = []
    seen = list(_returnees(crossings))
    for _, _, traveller in seen:
        with_form.update(_told_by_form(traveller, places, place))
    may_be: defaultdict[str, list[str]] = defaultdict(list)
    for form_id in sorted(places):
        at = places[form_id]
        if isinstance(at, FormToConfirm):
            for candidate in at.answer.candidates:
                may_be[candidate.person_id].append(form_id)
    for crossing, number, traveller in seen:
        person_id = traveller.person
        if person_id is not None:
            if person_id not in with_form and person_id not in known:
                known[person_id] = Unregistered(crossing, number, person_id, tuple(may_be[person_id]))
        elif traveller.registration is None and traveller.registered is True:
            ticked.append((crossing, number, traveller))
        elif traveller.registration is None or not _is_settled(traveller.registration, places, place):
            forms = (traveller.registration.id,) if traveller.registration is not None else ()
            unknown.append(Unregistered(crossing, number, None, forms))
    recognised = {traveller.person for _, _, traveller in seen if traveller.person is not None}
    unknown += (
        Unregistered(crossing, number, None, reason=FORM_NOT_FOUND)
        for crossing, number in left_without(ticked, _free(places, recognised, same_as))
    )
    return tuple(sorted([*known.values(), *unknown], key=_when))


def _returnees(crossings: Iterable[Crossing]) -> Iterator[tuple[Crossing, int, Traveller]]:
    """Everybody seen going in who comes back from elsewhere, in an order of their own."""
    seen = [
        (crossing, number, traveller)
        for crossing in crossings
        if crossing.direction is Direction.IN
        for number, traveller in enumerate(crossing.travellers)
        if traveller.returning_from is not None
    ]
    return iter(
        sorted(seen, key=lambda each: (each[0].at, each[0].checkpoint, each[2].person or "", each[1]))
    )


def _told_by_form(
    traveller: Traveller, places: Mapping[str, Place], place: Callable[[Registration], Place]
) -> Iterator[str]:
    """Who a traveller is known to be by the form filled in at the gate, and who the gate says it was."""
    form = traveller.registration
    if form is None:
        return
    at = places.get(form.id) or place(form)
    if isinstance(at, FormMatch):
        yield at.person_id
        if traveller.person is not None:
            yield traveller.person
    if form.person is not None:
        yield form.person


def _is_settled(
    form: Registration, places: Mapping[str, Place], place: Callable[[Registration], Place]
) -> bool:
    """Whether a form filled in at the gate needs nobody to be asked whose it is."""
    return form.person is not None or not isinstance(places.get(form.id) or place(form), FormToConfirm)


def _free(
    places: Mapping[str, Place], recognised: Collection[str], same_as: Mapping[str, str]
) -> Iterator[list[Registration]]:
    """The forms that are nobody's whom the gate knew, those of one person together."""
    free: defaultdict[str, list[Registration]] = defaultdict(list)
    for form_id in sorted(places):
        at = places[form_id]
        form = at.registration
        if form.person in recognised or (isinstance(at, FormMatch) and at.person_id in recognised):
            continue
        whose = at.person_id if isinstance(at, FormMatch) else f"form:{same_as.get(form_id, form_id)}"
        free[whose].append(form)
    yield from free.values()


def _when(each: Unregistered) -> tuple[object, ...]:
    return each.crossing.at, each.crossing.checkpoint, each.person_id or "", each.traveller_index
