"""People whom the gate did not recognise and whose form the guard says there is: is there one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from epiguard.crossings import Crossing, Traveller
from epiguard.identifiers import RegionCode
from epiguard.registrations import Registration

__all__ = ["Sighting", "left_without"]

#: A crossing, the place in the party, and who stands there.
Sighting = tuple[Crossing, int, Traveller]
#: How many days apart a form and a crossing can be to be of one return (ours).
APART = 2
#: "Another province, not said which".
_ANY = RegionCode("000000")


def left_without(
    sightings: Iterable[Sighting], free: Iterable[Sequence[Registration]]
) -> Iterator[tuple[Crossing, int]]:
    """The sightings that no form may belong to.

    Nobody can tell whose form is whose here, but they can be counted: each sighting takes the nearest of the
    forms that are left, of about that day and of no other province. Whoever gets none is without a form,
    whatever the guard ticked.

    Args:
        sightings: In an order of their own.
        free: The forms of each person whom the gate did not recognise.
    """
    left = dict(enumerate(free))
    for crossing, place, traveller in sightings:
        fitting = [
            (apart, number)
            for number, forms in left.items()
            for form in forms
            if (apart := _apart(form, crossing.at.date())) <= APART and _may_be(form, traveller)
        ]
        if fitting:
            del left[min(fitting)[1]]
        else:
            yield crossing, place


def _apart(form: Registration, day: date) -> int:
    days = [form.arrived_on, form.submitted_at.date() if form.submitted_at is not None else None]
    # A form without any date may be of any day.
    return min((abs((each - day).days) for each in days if each is not None), default=APART)


def _may_be(form: Registration, traveller: Traveller) -> bool:
    one, other = form.returning_from, traveller.returning_from
    return one is None or other is None or _ANY in (one, other) or one.province == other.province
