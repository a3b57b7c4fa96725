"""Forms of one and the same stranger: the same name with the same telephone or the same resident ID."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PersonName, Phone, ResidentId, read_phone, read_resident_id
from epiguard.reconciliation._lists import FormNotInRegister
from epiguard.registrations import Registration

__all__ = ["same_strangers"]

T = TypeVar("T")


def same_strangers(forms: Sequence[FormNotInRegister]) -> tuple[FormNotInRegister, ...]:
    """Say of each later form of a stranger which is the first.

    Args:
        forms: Sorted by id.

    Returns:
        The forms in the same order, with ``same_as``.
    """
    first = list(range(len(forms)))  # each form's first, found by following it down

    def root(place: int) -> int:
        while first[place] != place:
            place = first[place]
        return place

    seen: dict[tuple[str, str], int] = {}
    for place, form in enumerate(forms):
        for mark in _marks(form.registration):
            earlier, later = sorted((root(seen.setdefault(mark, place)), root(place)))
            first[later] = earlier
    return tuple(
        attrs.evolve(form, same_as=None if root(place) == place else forms[root(place)].registration.id)
        for place, form in enumerate(forms)
    )


def _marks(form: Registration) -> Iterator[tuple[str, str]]:
    name, phone, number = (form.written.get(field) for field in ("name", "phone", "resident_id"))
    try:
        folded = PersonName(name.value).value.casefold() if name is not None else ""
    except InvalidValueError:
        return
    if not folded:
        return
    if phone is not None:
        telephone = _read(read_phone, phone.value)
        if isinstance(telephone, Phone):
            yield folded, f"phone:{telephone.value}"
    if number is not None:
        read = _read(read_resident_id, number.value)
        if isinstance(read, ResidentId):
            yield folded, f"id:{read.value}"


def _read(reader: Callable[[str], T], text: str) -> T | None:
    try:
        return reader(text)
    except InvalidValueError:
        return None
