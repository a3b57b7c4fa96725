"""An index with what changed since answers as if it had been built so; compacted it is the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import _select
from epiguard.matching._current import Current
from epiguard.matching._engine import Opened, build_image
from epiguard.matching._keys import Family, text_slips
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference._build import keys_of
from epiguard.matching._reference._overlaid import Overlaid
from epiguard.matching._reference._view import View
from epiguard.matching._texts import deletions_of
from matching.drawn import META, READINGS, RECORDS, REGISTERS

#: What is done to a register: records that are taken in, and whether everybody drawn goes again.
CHANGES = st.lists(st.tuples(RECORDS, st.booleans()), min_size=1, max_size=8)


def built(records: Sequence[Record]) -> Current:
    """An index of records, which can change."""
    return Current(Opened(memoryview(build_image(records, meta=META))))


def changed(
    records: Sequence[Record], changes: Sequence[tuple[Record, bool]], removed: Sequence[int]
) -> tuple[Current, list[Record]]:
    """An index after changes, and who is in it then."""
    current, now = built(records), {each.person_id: each for each in records}
    for record, stays in changes:
        current.update([record])
        now[record.person_id] = record
        if not stays:
            current.remove([record.person_id])
            del now[record.person_id]
    for place in removed:
        if now:
            person_id = sorted(now)[place % len(now)]
            current.remove([person_id])
            del now[person_id]
    return current, list(now.values())


PLACES = st.lists(st.integers(0, 30), max_size=6)


# --- the law, without the chance of two keys with one fingerprint ---


def _stands_under(view: View, row: int, family: Family, text: str) -> bool:
    if family in (Family.COMPOUND, Family.COMPOUND_SLIP):
        name = view.compounds[row]
        if family is Family.COMPOUND_SLIP:
            return text in (name, *deletions_of(name))
        return name.endswith(text) and (len(text) > 1 or text == name)
    return (family, text) in set(keys_of(view.record(row), view.characters))


@contextmanager
def exact() -> Iterator[None]:
    """Look-ups in plain Python that are never wrong: whoever is found under a key is asked for it.

    Tables hold fingerprints of keys, so that now and then somebody is found, or counted, under another's key;
    under whose depends on the size of the table, which an index and its overlay have differently than a fresh
    one. Whoever is brought up so is compared, and rarely kept.
    """
    find: Callable[..., Sequence[int]] = View._find

    def exact_find(view: View, family: Family, text: str) -> Sequence[int]:
        return [row for row in find(view, family, text) if _stands_under(view, row, family, text)]

    def exact_near(  # noqa: PLR0913, PLR0917 - as that of View
        view: View, family: Family, text: str, alphabet: str, start: int, few: int, first: int
    ) -> Sequence[int]:
        texts = set(text_slips(text, alphabet, start, len(text)))

        def reached(other: str) -> bool:
            return other in texts

        assert view.residents <= few
        rows = (row for row in range(view.residents) if first or few)
        return [
            row
            for row in rows
            if any(
                each is family and reached(key) for each, key in keys_of(view.record(row), view.characters)
            )
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(View, "_find", exact_find)
        patch.setattr(View, "near", exact_near)
        patch.setattr(Overlaid, "near", exact_near)
        yield


@given(REGISTERS, CHANGES, PLACES, st.lists(READINGS, min_size=1, max_size=3))
def test_an_overlay_answers_as_a_fresh_build(
    records: list[Record],
    changes: list[tuple[Record, bool]],
    removed: list[int],
    readings: list[Reading],
) -> None:
    """Rows, candidates, weights, odds, households: the same bytes, whatever came, changed or went."""
    with exact():
        current, now = changed(records, changes, removed)
        overlaid = current.opened.engine_of(None)
        fresh = built(now).opened.engine_of(None)
        assert len(overlaid) == len(fresh) == len(now)
        for reading in readings:
            assert overlaid.find(reading, 100, ()) == fresh.find(reading, 100, ())
        for row in range(len(now)):
            assert overlaid.record(row) == fresh.record(row)
            assert overlaid.household(row) == fresh.household(row)
            assert overlaid.row_of(overlaid.person_id(row)) == row
            assert overlaid.grades(readings[0], row) == fresh.grades(readings[0], row)


# --- the twins, and the file ---


@pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")
@given(REGISTERS, CHANGES, PLACES, st.lists(READINGS, min_size=1, max_size=2), st.data())
def test_twins_agree_on_an_overlay(
    records: list[Record],
    changes: list[tuple[Record, bool]],
    removed: list[int],
    readings: list[Reading],
    data: st.DataObject,
) -> None:
    """The packed answers are the same bytes, and so is the rest."""
    current, now = changed(records, changes, removed)
    opened = current.opened
    python, compiled = opened.engine_of(None), opened.engine_of(_select.compiled)
    ids = [record.person_id for record in now]
    for reading in readings:
        rejected = data.draw(st.sets(st.sampled_from([*ids, "nobody"]), max_size=2))
        limit = data.draw(st.sampled_from([1, 5, 100]))
        assert compiled.find(reading, limit, rejected) == python.find(reading, limit, rejected)
        for row in range(len(now)):
            assert compiled.grades(reading, row) == python.grades(reading, row)
    for row in range(len(now)):
        assert compiled.household(row) == python.household(row)
        assert compiled.record(row) == python.record(row)
        assert compiled.person_id(row) == python.person_id(row)
    for person_id in [*ids, *(record.person_id for record, _ in changes), "", "nobody"]:
        assert compiled.row_of(person_id) == python.row_of(person_id)


@given(REGISTERS, CHANGES, PLACES)
def test_compacted_it_is_what_a_fresh_build_is(
    records: list[Record], changes: list[tuple[Record, bool]], removed: list[int]
) -> None:
    """The same bytes: nothing is left of whoever went, and nothing tells in which order people came."""
    current, now = changed(records, changes, removed)
    current.compact()
    assert current.changes == 0
    assert bytes(current.opened.image) == build_image(now, meta=META)
    assert bytes(built(now[::-1]).opened.image) == build_image(now, meta=META)


@given(REGISTERS, RECORDS, st.lists(READINGS, min_size=1, max_size=2))
def test_add_then_remove_is_as_if_never_added(
    records: list[Record], newcomer: Record, readings: list[Reading]
) -> None:
    """Also where a search came in between, and where somebody was changed and changed back."""
    current = built(records)
    before = [current.opened.engine.find(each, 100, ()) for each in readings]
    known = current.record_of(newcomer.person_id)
    current.update([newcomer])
    assert len(current.opened) == len(records) + (known is None)
    if known is None:
        current.remove([newcomer.person_id])
        assert [current.opened.engine.find(each, 100, ()) for each in readings] == before
    else:
        current.update([known])
    current.compact()
    assert [current.opened.engine.find(each, 100, ()) for each in readings] == before
