"""Who is this? One agreeing field brings the right person up; what contradicts keeps the wrong one out."""

from __future__ import annotations

import random
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError, MatchingError
from epiguard.matching import Answer, Level, MatchDecision, Query, ResidentIndex
from epiguard.people import Person
from epiguard.registrations import FORM_FIELDS
from matching.residents import ID, REGISTER, WANTED

INDEX = ResidentIndex.build(REGISTER)
CLEAN = {
    "name": "欧阳静雯",
    "resident_id": ID,
    "phone": "13812340567",
    "residence": "榆树里3号楼2单元502室",
    "plate": "沪A08B15",
    "card": "0012345",
}
DAMAGED = {
    "name": ["欧阳静文", "欧阳静", "欧阳雯静", "欧阳静雯雯"],
    "resident_id": [
        ID[-6:], ID[:14], ID[:6] + ID[6:14], ID[:15] + "???", ID[:10] + "9" + ID[11:], ID[:9] + ID[10:],
    ],
    "phone": [
        "1381234056", "13812340576", "138123405677", "138 12?4 0567", "138****0567", "13812340568",
        "12340567",
    ],
    "residence": ["三号楼二单元五零二", "3-2-502", "３号楼502", "榆树里3栋502", "0012345"],
    "plate": ["A08B15", "沪AO8B15", "沪A08815"],
    "card": ["12345"],
}  # fmt: skip


@pytest.mark.parametrize("field", CLEAN)
def test_one_agreeing_field_is_enough(field: str) -> None:
    """Any field alone, written right, brings the right person up first."""
    answer = INDEX.find(Query(**{field: CLEAN[field]}))
    assert answer.candidates[0].person_id == "w-1"
    assert answer.decision is not MatchDecision.NO_MATCH


@pytest.mark.parametrize(
    ("field", "written"), [(field, each) for field, forms in DAMAGED.items() for each in forms]
)
def test_a_damaged_field_alone_keeps_the_right_person_among_the_first_five(field: str, written: str) -> None:
    """Whatever a hand, a scanner or a spreadsheet did to the one field that was filled in."""
    answer = INDEX.find(Query(**{field: written}))
    assert "w-1" in [each.person_id for each in answer.candidates[:5]]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_one_damaged_field_among_right_ones_is_a_match(damaged: str) -> None:
    """Two other fields settle it, and the damage is evidence, not a contradiction."""
    others = {field: CLEAN[field] for field in ("name", "phone", "resident_id") if field != damaged}
    for written in DAMAGED[damaged]:
        answer = INDEX.find(Query(**{**others, damaged: written}))
        assert (answer.decision, answer.candidates[0].person_id) == (MatchDecision.MATCH, "w-1")


def test_two_similar_names_at_one_door_are_asked_about() -> None:
    """李伟 and 李玮 share door and telephone: a form with these says nothing about which of them it is."""
    answer = INDEX.find(Query(name="李伟", phone="13900000001", residence="榆树里5号楼1单元101室"))
    assert answer.decision is MatchDecision.ASK
    assert {each.person_id for each in answer.candidates[:2]} == {"w-2", "w-3"}
    # All that the register knows of the two was written already: there is nothing left in it to ask about.
    assert answer.question is None


def test_the_question_is_the_field_that_tells_the_candidates_apart() -> None:
    """Two share a name; the register has their doors, so the door is asked about."""
    people = [*REGISTER, Person(id="w-9", name="欧阳静雯", residence="榆树里9号楼2单元404室")]
    answer = ResidentIndex.build(people).find(Query(name="欧阳静雯"))
    assert (answer.decision, answer.question) == (MatchDecision.ASK, "residence")


def test_two_of_one_name_at_one_door_are_asked_about() -> None:
    """A name and a door that two people share is a question, and their family's telephone is no answer."""
    form = Query(name="王建国", residence="榆树里6号楼1单元201室")
    assert INDEX.find(form).decision is MatchDecision.ASK
    answer = INDEX.find(attrs.evolve(form, phone="13900000002"))
    assert (answer.decision, answer.candidates[0].person_id) == (MatchDecision.ASK, "w-4")


def test_a_stranger_at_a_known_door_is_nobody_in_the_register() -> None:
    """Another name, another telephone, another valid ID: the door alone makes nobody a resident."""
    from epiguard.identifiers import ResidentId

    other = "33010119900101123"
    answer = INDEX.find(
        Query(
            name="司马长风",
            phone="15900001111",
            resident_id=other + ResidentId.check_digit_of(other),
            residence="榆树里3号楼2单元502室",
        )
    )
    assert answer.decision is MatchDecision.NO_MATCH
    assert answer.probability_not_in_register > 0.9


def test_another_valid_id_is_never_a_match() -> None:
    """Everything else may agree: somebody else's number has to be asked about."""
    from epiguard.identifiers import ResidentId

    other = "33010119900101123"
    answer = INDEX.find(Query(**{**CLEAN, "resident_id": other + ResidentId.check_digit_of(other)}))
    assert answer.decision is not MatchDecision.MATCH


def test_a_foreign_name_is_found() -> None:
    """Somebody without a Chinese name, an ID or a telephone is found by what they have."""
    answer = INDEX.find(Query(name="ana silva", residence="7号楼1单元301"))
    assert (answer.decision, answer.candidates[0].person_id) == (MatchDecision.MATCH, "w-6")


@pytest.mark.parametrize("query", [Query(), Query(name=" ", phone="", residence=None)])
def test_blank_never_matches_blank(query: Query) -> None:
    """A form without anything brings nobody up, though many residents lack a field."""
    answer = INDEX.find(query)
    assert (answer.decision, answer.candidates) == (MatchDecision.NO_MATCH, ())


FIELDS = st.dictionaries(st.sampled_from(list(CLEAN)), st.just(""), min_size=1).map(list)
QUERIES = FIELDS.flatmap(
    lambda fields: st.fixed_dictionaries(
        {field: st.sampled_from([CLEAN[field], *DAMAGED[field]]) for field in fields}
    )
).map(lambda written: Query(**written))


@given(QUERIES, st.randoms(use_true_random=False))
def test_the_order_of_the_register_makes_no_difference(query: Query, shuffle: random.Random) -> None:
    """Any order gives the same answer to the bit, and asking twice does too."""
    people = list(REGISTER)
    shuffle.shuffle(people)
    assert ResidentIndex.build(people).find(query) == INDEX.find(query) == INDEX.find(query)


@given(QUERIES)
def test_candidate_generation_loses_nobody_who_counts(query: Query) -> None:
    """The oracle compares with everybody: whoever it ranks clearly first is among the candidates."""
    answer = INDEX.find(query)
    found = {each.person_id for each in answer.candidates}
    weights = {
        person.id: sum(each.weight for each in INDEX.compare(query, person.id) or ()) for person in REGISTER
    }
    best = max(weights.values())
    assert all(each.weight - each.prior == weights[each.person_id] for each in answer.candidates)
    likely = [person for person, weight in weights.items() if weight == best and weight > 5000]
    assert len(likely) > 5 or set(likely) <= found


@given(QUERIES, st.sampled_from(list(CLEAN)))
def test_an_agreeing_field_never_lowers_the_right_person(query: Query, field: str) -> None:
    """Writing one more field right, where it was blank, raises the weight or leaves it."""
    if getattr(query, field) is not None:
        return
    before = INDEX.compare(query, "w-1") or ()
    after = INDEX.compare(attrs.evolve(query, **{field: CLEAN[field]}), "w-1") or ()
    assert sum(each.weight for each in after) >= sum(each.weight for each in before)


@given(QUERIES)
def test_answers_are_well_formed(query: Query) -> None:
    """Whole-number weights that add up, probabilities that do, best first, a question only to ask."""
    answer = INDEX.find(query)
    assert all(type(each.weight) is int for candidate in answer.candidates for each in candidate.evidence)
    assert [each.field for each in answer.candidates[0].evidence] == list(FORM_FIELDS)
    total = sum(each.probability for each in answer.candidates) + answer.probability_not_in_register
    assert 0 < total <= 1 + 1e-9
    ranks = [(-each.weight, each.person_id) for each in answer.candidates]
    assert ranks == sorted(ranks)
    assert all(one.probability >= other.probability for one, other in pairwise(answer.candidates))
    assert answer.question is None or answer.decision is MatchDecision.ASK


@given(QUERIES)
def test_a_rejected_person_is_never_returned(query: Query) -> None:
    """What a human ruled out stays out, passed with the query or kept with the index."""
    assert "w-1" not in [each.person_id for each in INDEX.find(query, rejected={"w-1"}).candidates]
    remembering = ResidentIndex.build(REGISTER, rejected=[("form-7", "w-1")])
    again = remembering.find(attrs.evolve(query, key="form-7"))
    assert "w-1" not in [each.person_id for each in again.candidates]


def test_a_rare_name_says_more_than_a_common_one() -> None:
    """Agreeing on a name that many bear weighs less than on one that nobody else has."""

    def weight(name: str, person: str) -> int:
        evidence = INDEX.compare(Query(name=name), person) or ()
        return next(each.weight for each in evidence if each.field == "name")

    assert weight("欧阳静雯", "w-1") > weight("王建国", "w-4") > weight("赵博文", "n-012")


def test_the_household_is_part_of_the_answer() -> None:
    """Whoever is found comes with those at the same door."""
    assert INDEX.find(Query(name="李伟")).candidates[0].household == ("w-2", "w-3")


def test_an_answer_has_no_truth_value() -> None:
    """To ask is neither yes nor no."""
    answer = INDEX.find(Query(name="李伟"))
    for value in (answer, answer.candidates[0]):
        with pytest.raises(MatchingError, match="used as true or false"):
            bool(value)


def test_a_query_and_an_answer_show_nobody() -> None:
    """Neither what was written nor what was found stands in their repr."""
    answer: Answer = INDEX.find(Query(**CLEAN))
    shown = f"{Query(**CLEAN)!r} {answer!r} {INDEX!r}"
    assert [each for each in (*CLEAN.values(), "12340567", "502") if each in shown] == []


def test_bad_registers_and_queries_say_what_was_expected() -> None:
    """One clear error each, without the value."""
    with pytest.raises(MatchingError, match="id"):
        ResidentIndex.build([WANTED, WANTED])
    with pytest.raises(InvalidValueError, match="expected a Query"):
        INDEX.find("欧阳静雯")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(InvalidValueError, match="whole number, 1 or more"):
        INDEX.find(Query(), limit=0)
    with pytest.raises(InvalidValueError, match="share between 0 and 1"):
        ResidentIndex.build(REGISTER, expected_in_register=1.0)


def test_a_table_gives_the_same_index() -> None:
    """Columns of text, under the table's own names, are read like people."""
    table = {
        "no": ["w-1", "w-2"],
        "name": ["欧阳静雯", "李伟"],
        "id_number": [ID, None],
        "phone": ["13812340567", ""],
        "address": ["榆树里3号楼2单元502室", "榆树里5号楼1单元101室"],
    }
    columns = {"no": "person_id", "id_number": "resident_id", "address": "residence"}
    index = ResidentIndex.from_table(table, columns=columns)
    answer = index.find(Query(name="欧阳静雯", phone="13812340567"))
    assert (len(index), answer.candidates[0].person_id) == (2, "w-1")
    with pytest.raises(MatchingError, match="row 2") as caught:
        ResidentIndex.from_table({**table, "id_number": [ID, "340101198803124521"]}, columns=columns)
    assert "340101" not in str(caught.value)


def test_absent_is_neither_for_nor_against() -> None:
    """A field that either side lacks weighs nothing."""
    evidence = {each.field: each for each in INDEX.compare(Query(name="李伟", plate="沪A08B15"), "w-2") or ()}
    assert (evidence["plate"].level, evidence["plate"].weight) == (Level.ABSENT, 0)
