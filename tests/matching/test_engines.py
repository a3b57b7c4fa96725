"""The two engines give the same candidates, order, weights and odds; the compiled one bears damage."""

from __future__ import annotations

import random
import re
import struct
import threading
from functools import lru_cache
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import IndexFileError
from epiguard.matching import Query, ResidentIndex, _select
from epiguard.matching._compiled_engine import CompiledEngine
from epiguard.matching._engine import Opened, build_image
from epiguard.matching._index import _reading
from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._levels import Level
from epiguard.matching._people import records_of
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.registrations import FORM_FIELDS
from matching.damage import DAMAGE, written
from matching.drawn import META, READINGS, RECORDS, REGISTERS
from matching.sanitizers import KERNEL
from matching.synthetic import register

pytestmark = pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")


@given(st.lists(RECORDS, max_size=40, unique_by=lambda record: record.person_id))
def test_twins_build_the_same_bytes(records: list[Record]) -> None:
    """Of any register, in any order."""
    image = build_image(records, meta=META)
    assert image == build_image(records, meta=META, functions=None)
    assert image == build_image(records[::-1], meta=META)


def test_twins_build_the_same_register_of_thousands() -> None:
    """Where tables have many buckets and keys many residents."""
    records = list(records_of(register(7)))
    assert build_image(records, meta=META) == build_image(records, meta=META, functions=None)


@pytest.mark.parametrize("functions", [None, _select.compiled])
def test_one_person_twice_is_refused(functions: ModuleType | None) -> None:
    """By both twins."""
    with pytest.raises(ValueError, match="two records of one person"):
        build_image([Record("p-1"), Record("p-2"), Record("p-1")], meta=META, functions=functions)


@given(REGISTERS, st.lists(READINGS, min_size=1, max_size=4), st.data())
def test_twins_agree(records: list[Record], readings: list[Reading], data: st.DataObject) -> None:
    """Of any register and any form: the packed answers are the same bytes, and so is the rest."""
    opened = Opened(memoryview(build_image(records, meta=META)))
    python, compiled = opened.engine_of(None), opened.engine_of(_select.compiled)
    ids = [record.person_id for record in records]
    for reading in readings:
        rejected = data.draw(st.sets(st.sampled_from([*ids, "nobody"]), max_size=2))
        limit = data.draw(st.sampled_from([1, 5, 100, 10**30]))
        assert compiled.find(reading, limit, rejected) == python.find(reading, limit, rejected)
        for row in range(len(records)):
            assert compiled.grades(reading, row) == python.grades(reading, row)
    for row in range(len(records)):
        assert compiled.household(row) == python.household(row)
        assert compiled.record(row) == python.record(row)
        assert compiled.person_id(row) == python.person_id(row)
    for person_id in [*ids, "", "nobody", "\ud800"]:
        assert compiled.row_of(person_id) == python.row_of(person_id)


@lru_cache(maxsize=1)
def six_thousand() -> tuple[Opened, list[Reading]]:
    """An invented register, and forms of its people with two fields damaged, or a single field left."""
    people = register(7)
    chance = random.Random(11)
    forms = []
    for person in chance.sample(people, 250):
        form = written(person)
        for field in chance.sample(sorted(form), min(2, len(form))):
            ways = DAMAGE.get(field)
            if ways:
                form[field] = chance.choice(list(ways.values()))(chance, form[field])
        if chance.random() < 0.4:
            field = chance.choice(sorted(form))
            form = {field: form[field]}
        forms.append(_reading(Query(**{field: form[field] for field in FORM_FIELDS if field in form})))
    return ResidentIndex.build(people)._opened, forms


def test_twins_agree_on_a_register_of_thousands() -> None:
    """Where lists are long, doors are shared and slips are many."""
    opened, forms = six_thousand()
    python, compiled = opened.engine_of(None), opened.engine_of(_select.compiled)
    for form in forms:
        assert compiled.find(form, 5, ()) == python.find(form, 5, ())


def test_threads_share_an_index() -> None:
    """The search holds no state and no lock: four threads find what one finds."""
    opened, forms = six_thousand()
    compiled = opened.engine_of(_select.compiled)
    expected = [compiled.find(form, 5, ()) for form in forms[:60]]
    found: list[list[bytes]] = [[], [], [], []]

    def search(mine: list[bytes]) -> None:
        mine.extend(compiled.find(form, 5, ()) for form in forms[:60])

    threads = [threading.Thread(target=search, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_numbers_are_the_same_in_both_languages() -> None:
    """Kinds, families, fields and levels are numbered in _csrc/kinds.h as in Python."""
    text = (KERNEL / "kinds.h").read_text(encoding="ascii")
    assert re.findall(r"\bK_(\w+) = (\d+)", text) == [(kind.name, str(kind.value)) for kind in K]
    assert re.findall(r"\bF_(\w+) = (\d+)", text) == [(family.name, str(family.value)) for family in Family]
    assert (
        f"{{ {', '.join(level.name for level in (Level.AGREES, Level.NEAR, Level.DIFFERS, Level.ABSENT))} }}"
        in text
    )
    assert "{ NAME, SEX, BIRTH, IDENTITY, PHONE, HOME, PLATE, CARD, CUSTOM }" in text
    assert len(FORM_FIELDS) == 8


@pytest.mark.parametrize("packed", [b"\1", b"\1\5\0ab", b"\4\1\0x", b"\x63\0\0", b"\x11\1\0\1", b"\2\1\0a"])
def test_what_is_no_reading_is_refused(packed: bytes) -> None:
    """Cut short, of an unknown number, of a custom field that there is not."""
    opened, _ = six_thousand()
    assert _select.compiled is not None
    with pytest.raises(ValueError, match="no reading"):
        _select.compiled.find_many(opened.image, b"", (packed,), 0, 0, b"", 5, ((),))


# --- damage ---


def damaged(chance: random.Random, image: bytes) -> bytes:
    """Bytes changed here and there, or numbers made large; sometimes in the header or the table."""
    made = bytearray(image)
    for _ in range(chance.choice((1, 3, 30, 1000))):
        at = chance.randrange(64 if chance.random() < 0.95 else 0, len(made) - 8)
        if chance.random() < 0.2:
            struct.pack_into("<I", made, at, chance.choice((0, 0xFFFFFFFF, 0x7FFFFFFF, len(made), 1 << 24)))
        else:
            made[at] = chance.randrange(256)
    return bytes(made)


def test_damage_is_an_error_or_an_answer() -> None:
    """Whatever a file says, the compiled engine crashes on none: it answers or raises IndexFileError."""
    opened, forms = six_thousand()
    chance = random.Random(5)
    refused = answered = 0
    for _ in range(120):
        image = memoryview(damaged(chance, bytes(opened.image)))
        assert _select.compiled is not None
        engine = CompiledEngine(_select.compiled, image, len(opened), -12_000, -3_000, (), "index")
        for form in chance.sample(forms, 5):
            try:
                engine.find(form, 5, ("s-00007",))
                engine.household(chance.randrange(len(opened)))
                engine.person_id(chance.randrange(len(opened)))
                answered += 1
            except IndexFileError:
                refused += 1
    assert answered
    assert refused
