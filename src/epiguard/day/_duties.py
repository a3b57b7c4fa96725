"""What the morning's lists oblige the committee to do: nobody on them is without a duty."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import datetime, timedelta

from epiguard.duties import Duty, Route
from epiguard.people import Person
from epiguard.reconciliation import FORM_NOT_FOUND, NO_FORM, FormToConfirm, Reconciliation

__all__ = ["DUE_AFTER", "follow_reconciliation"]

#: Whoever is not found the same day is looked for at the door the next (ours).
DUE_AFTER = timedelta(hours=12)
#: From this probability of the best candidate on, candidates are phoned before a door is visited (ours).
LIKELY = 0.5
_SOURCE = "与“人脸识别”系统数据作对比,电话确认后再填报一日动态数据"


def follow_reconciliation(
    lists: Reconciliation,
    person: Callable[[str], Person | None],
    now: datetime,
    gone: Container[str] = frozenset(),
) -> Iterator[Duty]:
    """The duties that follow from the morning's lists.

    Args:
        lists: Forms against register and gate log.
        person: Looks a resident up.
        now: As of when; everything is due within ``DUE_AFTER``.
        gone: Who died or moved away: nothing is owed about them, and their number is nobody's route.
    """
    due = now + DUE_AFTER
    for form in lists.to_confirm:
        yield Duty(
            kind="confirm-match",
            subject=form.registration.subject,
            basis=form.registration.id,
            route=_route_to_confirm(form, person, gone),
            due=due,
            source=_SOURCE,
            texts=_CONFIRM_OF_THE_GONE if _may_be_gone(form, gone) else _CONFIRM,
        )
    for stranger in lists.not_in_register:
        if stranger.same_as is not None:
            continue
        yield Duty(
            kind="register-newcomer",
            subject=stranger.registration.subject,
            basis=stranger.registration.id,
            route=Route.PHONE if stranger.registration.has_phone else Route.DOOR,
            due=due,
            source=_SOURCE,
            texts={
                "zh": "登记人不在人员信息库中:核实住址,补录或转交",
                "en": "not in the register: find out where they live, add them or pass the form on",
            },
        )
    for missing in lists.unregistered:
        # Whoever passed under the id of somebody who left: the gate has to find out who it was.
        named = missing.person_id if missing.person_id not in gone else None
        known = person(named) if named is not None else None
        yield Duty(
            kind="fetch-form" if named is not None else "identify-returnee",
            subject=named or missing.crossing.checkpoint,
            basis=":".join(
                (missing.crossing.checkpoint, missing.crossing.at.isoformat(), str(missing.traveller_index))
            ),
            route=Route.PHONE if known is not None and known.phones else Route.DOOR,
            due=due,
            source="确保不错登、漏登",
            texts=_UNREGISTERED[missing.reason],
        )
    for wrong in lists.contradictory:
        if wrong.person_id in gone:
            continue
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


def _may_be_gone(form: FormToConfirm, gone: Container[str]) -> bool:
    return any(each.person_id in gone for each in form.likely)


def _route_to_confirm(
    form: FormToConfirm, person: Callable[[str], Person | None], gone: Container[str]
) -> Route | None:
    """The number on the form, or a likely candidate's; else the door before an unlikely one's number.

    Where it may be the form of somebody who died or left, there is no route: a call would find the bereaved.
    """
    if _may_be_gone(form, gone):
        return None
    if form.registration.has_phone:
        return Route.PHONE
    if any(found.phones for each in form.likely if (found := person(each.person_id)) is not None):
        best = form.answer.candidates[0].probability
        if best >= LIKELY or not form.registration.has_door:
            return Route.PHONE
    return Route.DOOR


_CONFIRM = {"zh": "电话确认登记表属于哪一位候选人", "en": "confirm by phone whose form this is"}
_CONFIRM_OF_THE_GONE = {
    "zh": "候选人中有人已去世或迁出:先问楼组长,不要直接打电话",
    "en": "one of the candidates died or moved away: ask the building's leader first, do not phone",
}
_UNREGISTERED = {
    NO_FORM: {
        "zh": "返程人员未见登记表(漏登):补登记",
        "en": "returnee seen at the gate without a form: have it filled in",
    },
    FORM_NOT_FOUND: {
        "zh": "门岗称已登记,但查无登记表(漏登):向门岗核实是谁,找到登记表或补登记",
        "en": "the guard says that there is a form, and none was found: ask the guard who it was, find it or"
        " have it filled in",
    },
}
