"""Many queries at once: what single calls give, in their order, whatever the number of threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import IndexFileError, InvalidValueError
from epiguard.matching import Query, ResidentIndex, _many
from epiguard.matching._engine import Opened
from epiguard.matching._reading import Reading
from matching.residents import ID, REGISTER

INDEX = ResidentIndex.build(REGISTER, rejected=[("r-1", "w-4")])
FORMS = [
    Query(name="李伟"),
    Query(),
    Query(phone="13812340567"),
    Query(name="王建国", key="r-1"),
    Query(resident_id=ID[-6:], residence="榆树里3号楼"),
    Query(name="wang jianguo"),
]


@given(st.lists(st.sampled_from(FORMS), max_size=7), st.integers(1, 3), st.integers(1, 3))
def test_many_answers_are_the_single_ones_in_order(queries: list[Query], threads: int, portion: int) -> None:
    """However many threads there are and however many queries go in one portion."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_many, "_PORTION", portion)
        found = list(INDEX.find_many(queries, limit=2, threads=threads))
    assert found == [INDEX.find(each, limit=2) for each in queries]


@pytest.mark.parametrize("threads", [None, 1, 2])
def test_a_thing_that_is_no_query_is_named_by_its_number(threads: int | None) -> None:
    """All before it are answered; what was given in its place is not shown."""
    answers = INDEX.find_many([*FORMS * 30, "王建国"], threads=threads)  # type: ignore[list-item]  # on purpose
    for query in FORMS * 30:
        assert next(answers) == INDEX.find(query)
    with pytest.raises(
        InvalidValueError, match=r"^find_many, query 181, find: expected a Query, got"
    ) as caught:
        next(answers)
    assert "王建国" not in str(caught.value)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_query_that_meets_damage_is_named_by_its_number(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All before it are answered, also those that were searched in one go with it."""
    engine = INDEX._opened.engine
    known = {INDEX._asked(each)[0]: engine.find(INDEX._asked(each)[0], 5, ()) for each in FORMS}
    bad = INDEX._asked(FORMS[4])[0]
    expected = [INDEX.find(each) for each in FORMS[:3]]

    def single(reading: Reading, *_: object) -> bytes:
        if reading == bad:
            raise IndexFileError("index", expected="rows", got="damaged bytes")
        return known[reading]

    def many(readings: list[Reading], *_: object) -> list[bytes]:
        return [single(each) for each in readings]

    monkeypatch.setattr(engine, "find", single)
    monkeypatch.setattr(engine, "find_many", many)
    answers = INDEX.find_many([*FORMS[:3], FORMS[5], FORMS[4]], threads=threads)
    assert [next(answers) for _ in range(3)] == expected
    next(answers)
    with pytest.raises(IndexFileError, match=r"^find_many, query 5, index: "):
        next(answers)


@pytest.mark.parametrize("threads", [1, 2])
def test_queries_without_end_are_answered_as_they_come(threads: int) -> None:
    """No more than some hundreds are taken ahead, so that memory does not grow with their number."""
    taken = 0

    def endless() -> Iterator[Query]:
        nonlocal taken
        while True:
            taken += 1
            yield Query(phone="13812340567")

    answers = INDEX.find_many(endless(), threads=threads)
    for told in range(1, 600):
        assert next(answers).candidates[0].person_id == "w-1"
        assert taken - told <= 64 * (2 * threads + 1)
    answers.close()  # type: ignore[attr-defined]  # a generator


def test_nothing_is_searched_before_the_limits_are_right() -> None:
    """A limit or a number of threads that makes no sense is refused at once, not at the first answer."""
    with pytest.raises(InvalidValueError, match="find_many, limit"):
        INDEX.find_many([], limit=0)
    with pytest.raises(InvalidValueError, match="find_many, threads"):
        INDEX.find_many([], threads=0)


def test_every_thread_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads are inside a search at the same time: neither waits for the other's to end."""
    import threading

    together = threading.Barrier(2, timeout=60)
    search = _many._search

    def meeting(opened: Opened, limit: int, portion: _many._Portion) -> _many._Found:
        together.wait()
        return search(opened, limit, portion)

    monkeypatch.setattr(_many, "_search", meeting)
    assert len(list(INDEX.find_many([FORMS[0]] * 4 * 64, threads=2))) == 4 * 64
