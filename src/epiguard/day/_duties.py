"""What the morning's lists oblige the committee to do: nobody on them is without a duty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone, read_phone, read_residence
from epiguard.people import Person
from epiguard.reconciliation import FormToConfirm, Reconciliation
from epiguard.registrations import Registration

__all__ = ["follow_reconciliation"]

#: Whoever is not found the same day is looked for at the door the next (ours).
DUE_AFTER = timedelta(hours=12)
#: From this probability of the best candidate on, candidates are phoned before a door is visited (ours).
LIKELY = 0.5
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
        yield Duty(
            kind="confirm-match",
            subject=form.registration.subject,
            basis=form.registration.id,
            route=_route_to_confirm(form, person),
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
            basis=":".join(
                (missing.crossing.checkpoint, missing.crossing.at.isoformat(), str(missing.traveller_index))
            ),
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


def _route_to_confirm(form: FormToConfirm, person: Callable[[str], Person | None]) -> Route:
    """The number on the form, or a likely candidate's; else the door before an unlikely one's number."""
    if _has_phone(form.registration):
        return Route.PHONE
    candidates = form.answer.candidates[:5]
    known = [found for each in candidates if (found := person(each.person_id)) is not None and found.phones]
    likely = bool(candidates) and candidates[0].probability >= LIKELY
    written = form.registration.written.get("residence")
    door = written is not None and read_residence(written.value) is not None
    return Route.PHONE if known and (likely or not door) else Route.DOOR


def _has_phone(form: Registration) -> bool:
    written = form.written.get("phone")
    if written is None:
        return False
    try:
        return isinstance(read_phone(written.value), Phone)
    except InvalidValueError:
        return False
