"""The morning's lists: every form ends in one of three, every returnee without a form is listed."""

from __future__ import annotations

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import Reconciliation, reconcile
from epiguard.crossings import Crossing, Traveller
from epiguard.matching import ResidentIndex
from epiguard.reconciliation import FORM_NOT_FOUND, NO_FORM
from epiguard.registrations import Registration
from matching.residents import ID, REGISTER

INDEX = ResidentIndex.build(REGISTER)
EVENING = datetime(2020, 2, 12, 21, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def form(number: str, source: str = "paper", **written: str) -> Registration:
    """A form with these answers."""
    return Registration(id=number, source=source, written=written, returning_from="340000")


MATCHED = form("f-1", name="欧阳静雯", phone="13812340567")
ONLINE = form("f-2", "questionnaire", name="欧阳静雯", resident_id=ID)
UNSURE = form("f-3", name="李伟", phone="13900000001", residence="榆树里5号楼1单元101室")
STRANGER = form("f-4", name="司马长风", phone="15900001111", residence="望春里1号楼101室")
AGAIN = form("f-5", "questionnaire", name="司马长风", phone="15900001111")
WRONG_ROOM = form("f-6", name="Ana Silva", phone="15900002222", residence="7号楼1单元303", card="x")
FORMS = [MATCHED, ONLINE, UNSURE, STRANGER, AGAIN]


def arrival(person: str | None, **options: object) -> Crossing:
    """A returnee at the gate."""
    traveller = Traveller(person=person, returning_from="340000", **options)  # type: ignore[arg-type]  # options of several types
    return Crossing(checkpoint="north", direction="in", at=EVENING, travellers=[traveller])


def test_each_form_ends_where_it_belongs() -> None:
    """Matched, to confirm, not in the register; paper and questionnaire of one person are one."""
    lists = reconcile(FORMS, INDEX)
    assert [(each.registration.id, each.person_id) for each in lists.matched] == [
        ("f-1", "w-1"),
        ("f-2", "w-1"),
    ]
    assert [each.registration.id for each in lists.to_confirm] == ["f-3"]
    assert {each.person_id for each in lists.to_confirm[0].answer.candidates[:2]} == {"w-2", "w-3"}
    assert [(each.registration.id, each.same_as) for each in lists.not_in_register] == [
        ("f-4", None),
        ("f-5", "f-4"),
    ]
    assert {person: [each.id for each in forms] for person, forms in lists.persons.items()} == {
        "w-1": ["f-1", "f-2"]
    }


def test_a_returnee_without_a_form_is_listed_once() -> None:
    """Seen twice at the gate and no form: one entry; with a form matched: none."""
    lists = reconcile(FORMS, INDEX, crossings=[arrival("w-4"), arrival("w-1"), arrival("w-4")])
    assert [each.person_id for each in lists.unregistered] == ["w-4"]


def test_a_returnee_whose_form_is_not_confirmed_is_listed_with_it() -> None:
    """The form to be confirmed that may be theirs stands beside them."""
    lists = reconcile(FORMS, INDEX, crossings=[arrival("w-2")])
    assert [(each.person_id, each.possible_forms) for each in lists.unregistered] == [("w-2", ("f-3",))]


def test_a_returnee_nobody_recognised_is_listed_by_the_crossing() -> None:
    """Without a form and without an identity there is still the place and the time."""
    crossing = arrival(None)
    lists = reconcile(FORMS, INDEX, crossings=[crossing])
    assert [(each.crossing, each.person_id) for each in lists.unregistered] == [(crossing, None)]


def ticked(minute: int, region: str = "340000", day: int = 12) -> Crossing:
    """A returnee whom the gate does not know, and who has a form, says the guard."""
    traveller = Traveller(returning_from=region, registered=True)
    at = EVENING.replace(day=day, hour=18, minute=minute)
    return Crossing(checkpoint="north", direction="in", at=at, travellers=[traveller])


def minutes(lists: Reconciliation) -> list[int]:
    """When those were seen of whom the guard's form was not found."""
    assert {each.reason for each in lists.unregistered} <= {FORM_NOT_FOUND}
    return [each.crossing.at.minute for each in lists.unregistered]


def test_a_form_that_the_guard_speaks_of_is_looked_for() -> None:
    """Nobody recognised them, and there is no form anywhere: they are listed, with what the guard says."""
    (missing,) = reconcile([], INDEX, crossings=[ticked(1)]).unregistered
    assert (missing.person_id, missing.reason) == (None, FORM_NOT_FOUND)
    (plain,) = reconcile([], INDEX, crossings=[arrival("w-4")]).unregistered
    assert plain.reason == NO_FORM


def test_as_many_are_explained_as_there_are_forms() -> None:
    """Three such people and the forms of two strangers, one of them on paper and online: one is listed."""
    other = form("f-8", name="慕容远", phone="15900004444")
    lists = reconcile([STRANGER, AGAIN, other], INDEX, crossings=[ticked(1), ticked(2), ticked(3)])
    assert minutes(lists) == [3]


def test_a_form_explains_only_whose_it_may_be() -> None:
    """Not somebody from another province, not of another week, not whoever the gate knew anyway."""
    dated = attrs.evolve(STRANGER, submitted_at=EVENING)
    assert minutes(reconcile([dated], INDEX, crossings=[ticked(1)])) == []
    assert minutes(reconcile([dated], INDEX, crossings=[ticked(1, region="320000")])) == [1]
    assert minutes(reconcile([dated], INDEX, crossings=[ticked(1, day=19)])) == [1]
    assert minutes(reconcile([MATCHED], INDEX, crossings=[arrival("w-1"), ticked(1)])) == [1]
    assert minutes(reconcile([MATCHED], INDEX, crossings=[ticked(1)])) == []


def test_who_goes_out_or_comes_from_nowhere_is_no_returnee() -> None:
    """Only people who come in from another place are looked for among the forms."""
    plain = Crossing(checkpoint="north", direction="in", at=EVENING, travellers=[Traveller(person="w-4")])
    leaving = Crossing(
        checkpoint="north",
        direction="out",
        at=EVENING,
        travellers=[Traveller(person="w-5", returning_from="340000")],
    )
    assert reconcile([], INDEX, crossings=[plain, leaving]).unregistered == ()


def test_a_human_wins() -> None:
    """A confirmed form is that person's, whatever the matcher says; a rejected pair is never proposed."""
    lists = reconcile([UNSURE], INDEX, confirmed={"f-3": "w-3"})
    assert [each.person_id for each in lists.matched] == ["w-3"]
    lists = reconcile([UNSURE], INDEX, rejected={("f-3", "w-2")})
    answers = [
        *(each.answer for each in lists.matched),
        *(each.answer for each in lists.to_confirm),
        *(each.answer for each in lists.not_in_register),
    ]
    assert all("w-2" not in [each.person_id for each in answer.candidates] for answer in answers)


def test_a_form_that_contradicts_the_register_is_listed_with_its_fields() -> None:
    """Another valid telephone and another room: matched by the rest, and to be corrected."""
    wrong = form("f-7", name="欧阳静雯", resident_id=ID, phone="15900003333", residence="3号楼2单元502")
    lists = reconcile([wrong], INDEX)
    assert [(each.registration.id, each.person_id, each.fields) for each in lists.contradictory] == [
        ("f-7", "w-1", ("phone",))
    ]


@given(st.lists(st.sampled_from([*FORMS, WRONG_ROOM]), unique_by=lambda each: each.id), st.randoms())
def test_every_form_is_in_exactly_one_list_in_any_order(
    forms: list[Registration], order: random.Random
) -> None:
    """The three lists part the forms, and the order they came in makes no difference."""
    lists: Reconciliation = reconcile(forms, INDEX)
    ids = [
        each.registration.id
        for listed in (lists.matched, lists.to_confirm, lists.not_in_register)
        for each in listed
    ]
    assert sorted(ids) == sorted(each.id for each in forms)
    shuffled = list(forms)
    order.shuffle(shuffled)
    assert reconcile(shuffled, INDEX) == lists


@pytest.mark.parametrize("crossings", [[], [arrival("w-4")]])
def test_no_forms_no_lists(crossings: list[Crossing]) -> None:
    """Nothing in, nothing out, but for who was seen."""
    lists = reconcile([], INDEX, crossings=crossings)
    assert (lists.matched, lists.to_confirm, lists.not_in_register) == ((), (), ())
    assert len(lists.unregistered) == len(crossings)
