"""Whether a form under a known number is that form, typed again, or another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import attrs

from epiguard.days import to_utc
from epiguard.ledger import Entry
from epiguard.places import Site
from epiguard.registrations import Registration

__all__ = ["FormsOnRecord"]


class FormsOnRecord:
    """Finds the id under which a form is on record, or is to be.

    A form keeps the id it was read with. But stacks of paper begin at 1 every morning, or every shift, a file
    may have the same name every day, and a row put in on top moves all the others: another form under a known
    number must not take the place of the first. It gets the day and a number into its id
    (``paper:1@2020-02-11``, ``paper:1@2020-02-11.2``). Of a form that was erased only the instant is left at
    which it was handed in: one of the same instant is that form, and stays erased.

    Args:
        known: The forms on record, by id; read as it grows.
        site: Decides days.
        keyed: Gives the entry under a key, if any; a form's key is ``form:`` and its id.
    """

    def __init__(
        self, known: Mapping[str, Registration], site: Site, keyed: Callable[[str], Entry | None]
    ) -> None:
        self._known = known
        self._site = site
        self._keyed = keyed
        self._ids: dict[tuple[object, ...], str] = {}
        for form in known.values():
            self._ids.setdefault(_content(form), form.id)

    def place(self, form: Registration) -> Registration:
        """The form with the id it has, or gets, on record."""
        same = self._known.get(form.id)
        if same is None or same != form:
            # The very same answers of the same instant, in another row now.
            moved = self._ids.get(_content(form))
            found = moved if moved is not None else next(self._free_or_same(form))
            form = attrs.evolve(form, id=found)
        self._ids.setdefault(_content(form), form.id)
        return form

    def _free_or_same(self, form: Registration) -> Iterator[str]:
        for candidate in self._candidates(form):
            known = self._known.get(candidate)
            if self._is_of_same(known, form) if known is not None else self._is_free(candidate, form):
                yield candidate

    def _is_free(self, candidate: str, form: Registration) -> bool:
        was = self._keyed(f"form:{candidate}")
        return was is None or not was.erased or _instant(was.occurred_at) == _instant(form.submitted_at)

    def _candidates(self, form: Registration) -> Iterator[str]:
        yield form.id
        day = self._day(form)
        with_day = f"{form.id}@{day}" if day else form.id
        if day:
            yield with_day
        number = 1
        while True:
            number += 1
            yield f"{with_day}.{number}"

    def _is_of_same(self, one: Registration, other: Registration) -> bool:
        """Whether two forms of one number are one form: who filled it in is the same (ours).

        A telephone or an ID is enough, and so is the very instant it was handed in; a name and an address may
        be shared, so both are asked for on different days, and one of them on the same day.
        """
        at = one.submitted_at
        if one.written == other.written or (at is not None and at == other.submitted_at):
            return True
        agree = {
            each
            for each in ("resident_id", "phone", "name", "residence")
            if one.written.get(each) is not None and one.written.get(each) == other.written.get(each)
        }
        if agree & {"resident_id", "phone"} or {"name", "residence"} <= agree:
            return True
        return bool(agree) and self._day(one) == self._day(other)

    def _day(self, form: Registration) -> str:
        return self._site.day_of(form.submitted_at).isoformat() if form.submitted_at is not None else ""


def _instant(at: datetime | None) -> datetime | None:
    return to_utc(at) if at is not None else None


def _content(form: Registration) -> tuple[object, ...]:
    # Without its number: its file or series, when it was handed in, and all its answers.
    return form.id.rpartition(":")[0], form.submitted_at, form.written
