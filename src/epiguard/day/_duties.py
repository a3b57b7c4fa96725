"""What the morning's lists oblige the committee to do: nobody on them is without a duty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone, read_phone
from epiguard.people import Person
from epiguard.reconciliation import Reconciliation
from epiguard.registrations import Registration

__all__ = ["follow_reconciliation"]

#: Whoever is not found the same day is looked for at the door the next (ours).
DUE_AFTER = timedelta(hours=12)
_SOURCE = "与“人脸识别”系统数据作对比,电话确认后再填报一日动态数据"


def follow_reconciliation(
    lists: Reconciliation, person: Callable[[str], Person | None], now: datetime
) -> Iterator[Duty]:
    """The duties that follow from the morning's lists.

    Args:
        lists: Forms against register and gate log.
        person: Looks a resident up.
        now: As of when; everything is due within ``DUE_AFTER``.
    """
    due = now + DUE_AFTER
    for form in lists.to_confirm:
        reachable = _has_phone(form.registration) or any(
            found is not None and found.phones
            for found in (person(each.person_id) for each in form.answer.candidates[:5])
        )
        yield Duty(
            kind="confirm-match",
            subject=form.registration.subject,
            basis=form.registration.id,
            route=Route.PHONE if reachable else Route.DOOR,
            due=due,
            source=_SOURCE,
            texts={"zh": "电话确认登记表属于哪一位候选人", "en": "confirm by phone whose form this is"},
        )
    for stranger in lists.not_in_register:
        if stranger.same_as is not None:
            continue
        yield Duty(
            kind="register-newcomer",
            subject=stranger.registration.subject,
            basis=stranger.registration.id,
            route=Route.PHONE if _has_phone(stranger.registration) else Route.DOOR,
            due=due,
            source=_SOURCE,
            texts={
                "zh": "登记人不在人员信息库中:核实住址,补录或转交",
                "en": "not in the register: find out where they live, add them or pass the form on",
            },
        )
    for missing in lists.unregistered:
        known = person(missing.person_id) if missing.person_id is not None else None
        yield Duty(
            kind="fetch-form" if missing.person_id is not None else "identify-returnee",
            subject=missing.person_id or missing.crossing.checkpoint,
            basis=f"{missing.crossing.checkpoint}:{missing.crossing.at.isoformat()}:{missing.traveller_index}",
            route=Route.PHONE if known is not None and known.phones else Route.DOOR,
            due=due,
            source="确保不错登、漏登",
            texts={
                "zh": "返程人员未见登记表(漏登):补登记",
                "en": "returnee seen at the gate without a form: have it filled in",
            },
        )
    for wrong in lists.contradictory:
        known = person(wrong.person_id)
        yield Duty(
            kind="correct-form",
            subject=wrong.person_id,
            basis=wrong.registration.id,
            route=Route.PHONE if known is not None and known.phones else Route.DOOR,
            due=due,
            source="确保不错登、漏登",
            texts={
                "zh": "登记与信息库不符(错登):核实并更正",
                "en": "the form contradicts the register: ask and correct",
            },
        )


def _has_phone(form: Registration) -> bool:
    written = form.written.get("phone")
    if written is None:
        return False
    try:
        return isinstance(read_phone(written.value), Phone)
    except InvalidValueError:
        return False
