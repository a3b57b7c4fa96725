"""One call may settle several duties, and each keeps an attempt of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from epiguard import (
    Duty,
    DutyAssigned,
    DutyState,
    InvalidValueError,
    Outcome,
    PersonEnrolled,
    PersonLeft,
    Route,
    ShortageError,
    TakenError,
    UnknownIdError,
)
from epiguard.work import calls_of, one_call
from work.committee import NOON, at, enrolled, ledger_of, person


def tell(tenant: str, **fields: object) -> Duty:
    """A duty to tell a tenant's landlord."""
    given = {"contact": "p-50", "route": Route.PHONE, "due": NOON + timedelta(hours=4), **fields}
    return Duty(kind="tell-landlord", subject=tenant, **given)  # type: ignore[arg-type]  # of several types


TENANTS = [tell("p-1"), tell("p-2", due=NOON + timedelta(hours=1)), tell("p-3", route=Route.DOOR)]


def test_a_landlord_of_three_tenants_is_called_once() -> None:
    """Three duties, one call, the most urgent first; at the door where one needs the door."""
    ledger = ledger_of(enrolled("p-1", "p-2", "p-3", "p-50"))
    ledger.owe([*TENANTS, Duty(kind="tell-returnee", subject="p-1")], by="cadre-3")
    [call, other] = calls_of(ledger.duties())
    assert (call.addressee, call.route) == ("p-50", Route.DOOR)
    assert [each.subject for each in call.duties] == ["p-2", "p-1", "p-3"]
    assert call.due == NOON + timedelta(hours=1)
    assert (other.addressee, other.due, other.route) == ("p-1", None, None)


def test_one_call_settles_what_it_was_about_and_nothing_else() -> None:
    """Each duty has the attempt, under the call's id; what is settled is on no list of calls any more."""
    ledger = ledger_of(enrolled("p-1", "p-2", "p-3", "p-50"))
    ledger.owe(TENANTS, by="cadre-3")
    reached = [TENANTS[0].id, TENANTS[1].id]
    ledger.record_all(one_call(reached, Outcome.REACHED, call="c-1", at=NOON), by="leader-4")
    ledger.record_all(one_call([TENANTS[2].id], "refused", call="c-1", at=NOON), by="leader-4")
    assert [each.subject for each in ledger.duties(state=DutyState.DONE)] == ["p-2", "p-1"]
    [still] = ledger.duties()
    assert still.attempts == ((NOON, Outcome.REFUSED),)
    calls = [each.fact.call for each in ledger.facts() if each.kind == "duty-attempted"]  # type: ignore[attr-defined]  # of that kind
    assert calls == ["c-1"] * 3


def test_a_call_is_recorded_whole_or_not_at_all() -> None:
    """One unknown duty among them, and nobody counts as called."""
    ledger = ledger_of(enrolled("p-1", "p-50"))
    ledger.owe(TENANTS[:1], by="cadre-3")
    with pytest.raises(UnknownIdError, match=r"^DutyAttempted\.duty: expected the id of a duty on record"):
        ledger.record_all(one_call([TENANTS[0].id, "duty-1"], "reached", call="c-1"), by="leader-4")
    assert [each.attempts for each in ledger.duties()] == [()]


@pytest.mark.parametrize(("named", "got"), [([], "none"), (["d-1", "d-1"], "one twice")])
def test_a_call_is_about_something(named: list[str], got: str) -> None:
    """About no duty, or about one twice, is a slip."""
    with pytest.raises(InvalidValueError, match=got):
        one_call(named, Outcome.DONE, call="c-1")


def test_owing_twice_owes_once() -> None:
    """Also where the second comes with another due time."""
    ledger = ledger_of(enrolled("p-1"))
    assert len(ledger.owe(TENANTS, by="cadre-3")) == 3
    position = ledger.position
    assert ledger.owe([*TENANTS, tell("p-1", due=NOON)], by="cadre-4") == []
    assert ledger.position == position


def test_whoever_is_named_last_is_to_do_it() -> None:
    """A duty is given to somebody, to somebody else, and to nobody again; its id stays."""
    ledger = ledger_of(enrolled("p-1"))
    ledger.owe(TENANTS[:1], by="cadre-3")
    duty = TENANTS[0].id
    for helper in ("leader-4", "leader-5"):
        ledger.record(DutyAssigned(duty=duty, assignee=helper), by="cadre-3")
    assert [each.id for each in ledger.duties(assignee="leader-5")] == [duty]
    assert ledger.duties(assignee="leader-4") == []
    ledger.record(DutyAssigned(duty=duty), by="cadre-3")
    assert ledger.duties(assignee="leader-5") == []
    with pytest.raises(UnknownIdError, match=r"^DutyAssigned\.duty: "):
        ledger.record(DutyAssigned(duty="duty-1", assignee="leader-4"), by="cadre-3")


def test_nobody_drops_off_because_a_contact_died() -> None:
    """The landlord's number is called no more; whoever does it visits the tenants' doors, and once each."""
    ledger = ledger_of(enrolled("p-1", "p-2", "p-50"))
    ledger.owe([tell("p-1", assignee="leader-4"), tell("p-2")], by="cadre-3")
    ledger.record(PersonLeft(person="p-50", reason="died", cause="death", at=NOON), by="cadre-3")
    visits = ledger.duties()
    assert sorted((each.kind, each.subject, each.route, each.contact) for each in visits) == [
        ("door-visit", "p-1", Route.DOOR, None),
        ("door-visit", "p-2", Route.DOOR, None),
    ]
    assert [each.subject for each in ledger.duties(assignee="leader-4")] == ["p-1"]
    assert [each.kind for each in ledger.duties(state=DutyState.CLOSED)] == ["tell-landlord"] * 2


def test_the_bereaved_are_visited_by_nobody() -> None:
    """Whoever died is owed no visit either: what was about them is closed, and nothing is opened."""
    ledger = ledger_of(enrolled("p-1", "p-50"))
    ledger.owe([tell("p-1")], by="cadre-3")
    for who in ("p-1", "p-50"):
        ledger.record(PersonLeft(person=who, reason="died", cause="death", at=NOON), by="cadre-3")
    assert ledger.duties() == []


def test_what_is_done_stays_done_when_the_contact_leaves() -> None:
    """A landlord who was told needs no visit in their place."""
    ledger = ledger_of(enrolled("p-1", "p-50"))
    ledger.owe([tell("p-1")], by="cadre-3")
    ledger.record_all(one_call([tell("p-1").id], "reached", call="c-1", at=NOON), by="leader-4")
    ledger.record(PersonLeft(person="p-50", reason="moved", at=at(13)), by="cadre-3")
    assert ledger.duties() == []


def test_errors_of_once_and_of_stock_are_errors_of_the_ledger() -> None:
    """Whoever catches the one catches the others."""
    assert issubclass(TakenError, Exception)
    assert {each.__mro__[1].__name__ for each in (TakenError, ShortageError)} == {"LedgerError"}
    assert PersonEnrolled(person("p-1")).claims == ()
