"""Who came, changed or went is found, or found no more, at once, and after compacting and saving."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from epiguard.errors import InvalidValueError, MatchingError, UnknownIdError
from epiguard.matching import Answer, MatchDecision, Query, ResidentIndex
from epiguard.people import Household, Membership, Person
from matching.residents import REGISTER, WANTED

NEWCOMER = Person(
    id="m-1", name="司马长风", sex="M", phones=["13511112222"], residence="榆树里3号楼2单元502室"
)


def shown(answer: Answer) -> object:
    """An answer as plain values."""
    return answer.decision, answer.candidates, answer.question, answer.probability_not_in_register


@pytest.fixture
def index() -> ResidentIndex:
    """An index of the invented register."""
    return ResidentIndex.build(REGISTER)


def test_a_newcomer_is_found_at_once(index: ResidentIndex) -> None:
    """With who lives at the same door, and by a damaged telephone."""
    index.update([NEWCOMER])
    answer = index.find(Query(name="司马长风", phone="1351111222"))
    assert (answer.decision, answer.candidates[0].person_id) == (MatchDecision.MATCH, "m-1")
    assert answer.candidates[0].household == ("m-1", "w-1")
    assert (len(index), "m-1" in index) == (len(REGISTER) + 1, True)
    assert shown(answer) == shown(
        ResidentIndex.build([*REGISTER, NEWCOMER]).find(Query(name="司马长风", phone="1351111222"))
    )


def test_who_changed_is_found_as_they_are_now(index: ResidentIndex) -> None:
    """Under the new telephone and no more under the old one."""
    index.update([Person(id="w-1", name="欧阳静雯", phones=["13511112222"])])
    assert index.find(Query(phone="13511112222")).candidates[0].person_id == "w-1"
    assert index.find(Query(phone="13812340567")).candidates == ()
    assert len(index) == len(REGISTER)


def test_who_was_removed_never_answers(index: ResidentIndex, tmp_path: Path) -> None:
    """To no query, as no relative, and in no byte of the file that is saved; others answer as before."""
    form = Query(name="欧阳静雯", phone="13812340567", card="0012345", plate="沪A08B15")
    index.update([NEWCOMER])
    index.remove(["w-1"])
    assert index.find(form).candidates == ()
    assert index.find(Query(residence="榆树里3号楼2单元502室")).candidates[0].household == ("m-1",)
    assert index.compare(form, "w-1") is None
    assert index.contradictions(form, "w-1") == ()
    assert "w-1" not in index
    index.save(tmp_path / "residents.index")
    whole = (tmp_path / "residents.index").read_bytes()
    name = WANTED.name
    assert name is not None
    assert name.value.encode() not in whole
    assert bytes.fromhex("13812340567f") not in whole
    assert b"0012345" not in whole
    assert "司马长风".encode() in whole
    again = ResidentIndex.open(tmp_path / "residents.index")
    queries = [Query(name="李伟"), Query(phone="13900000001"), form, Query(name="司马长风")]
    assert [shown(each) for each in again.find_many(queries)] == [
        shown(each) for each in index.find_many(queries)
    ]


def test_an_opened_file_can_change_and_stays_as_it_is(index: ResidentIndex, tmp_path: Path) -> None:
    """What changed is in memory until it is saved."""
    path = tmp_path / "residents.index"
    index.save(path)
    opened = ResidentIndex.open(path)
    opened.remove(["w-1"])
    assert len(opened) == len(REGISTER) - 1
    assert len(ResidentIndex.open(path)) == len(REGISTER)
    opened.save(path)
    assert len(ResidentIndex.open(path)) == len(REGISTER) - 1


def test_whoever_is_changed_stays_in_the_household() -> None:
    """Unless it is said who lives together; then it is as said."""
    home = [Household(id="h-1", members=[Membership(person="w-2"), Membership(person="w-6")])]
    together = ResidentIndex.build(REGISTER, households=home)
    moved = Person(id="w-6", latin_name="Ana Silva", phones=["13511113333"])
    together.update([moved])
    assert together.find(Query(phone="13511113333")).candidates[0].household == ("w-2", "w-6")
    together.update([moved], households=[])
    assert together.find(Query(phone="13511113333")).candidates[0].household == ("w-6",)


def test_a_change_that_is_refused_changes_nothing(index: ResidentIndex) -> None:
    """An id twice, a thing that is no person, an id that is not there."""
    with pytest.raises(MatchingError, match=r"^register, row 2, person_id"):
        index.update([NEWCOMER, NEWCOMER])
    with pytest.raises(MatchingError, match=r"^register, row 2: expected a Person"):
        index.update([NEWCOMER, "w-1"])  # type: ignore[list-item]  # on purpose
    with pytest.raises(UnknownIdError, match="'m-1'"):
        index.remove(["w-1", "m-1"])
    with pytest.raises(InvalidValueError, match=r"^remove: expected several ids"):
        index.remove("w-1")
    assert (len(index), "w-1" in index, "m-1" in index) == (len(REGISTER), True, False)


def test_searches_go_on_while_others_change_it(index: ResidentIndex) -> None:
    """Every answer is one of before or after a change: nobody is half there."""
    failed: list[str] = []
    form, wanted = Query(name="司马长风", phone="13511112222"), {("m-1",), ()}

    def search() -> None:
        for _ in range(60):
            found = tuple(each.person_id for each in index.find(form).candidates if each.person_id == "m-1")
            if found not in wanted:
                failed.append(repr(found))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(12):
        index.update([NEWCOMER])
        if turn % 3 == 0:
            index.compact()
        index.remove(["m-1"])
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(index) == len(REGISTER)
