"""Whether a form under a known number is that form, typed again, or another one."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from epiguard.errors import IntakeError
from epiguard.places import Site
from epiguard.registrations import Registration

__all__ = ["of_its_day"]

#: Whose form it is: one of these in common, where the dates do not tell, makes it the same form (ours).
_WHOSE = ("name", "resident_id", "phone", "residence")


def of_its_day(form: Registration, known: Mapping[str, Registration], site: Site) -> Registration:
    """The form as it is to be recorded.

    Stacks of paper begin at 1 every morning, and a file may have the same name every day. A form of another
    day is another form, unless all it says is the same and the date alone was corrected: it gets the day into
    its id, so that it does not take the place of the first.

    Args:
        form: As read.
        known: The forms on record, by id.
        site: Decides days.

    Raises:
        IntakeError: If a form of that number is on record, one of the two has no date, and they have nothing
            in common: which of two people would be lost is not for us to choose.
    """
    before = known.get(form.id)
    if before is None or before == form or before.written == form.written:
        return form
    if before.submitted_at is not None and form.submitted_at is not None:
        day = site.day_of(form.submitted_at)
        if site.day_of(before.submitted_at) == day:
            return form
        return attrs.evolve(form, id=f"{form.id}@{day.isoformat()}")
    if any(before.written.get(each) == form.written.get(each) is not None for each in _WHOSE):
        return form
    raise IntakeError(
        f"form {form.id}",
        expected="a number of its own, or a date on every form",
        got="the number of another form of an earlier run, with nothing in common",
        do="give each day's file a name of its own, such as paper-0211.csv",
    )
