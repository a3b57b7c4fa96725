"""A flat that is let in parts: a form that leaves the part out finds whoever lives in it."""

from __future__ import annotations

import pytest

from epiguard import Person
from epiguard.matching import Query, ResidentIndex

PEOPLE = [
    Person(id="p-1", name="王小明", residence="12号楼1202-1室"),
    Person(id="p-2", name="李静", residence="12号楼1202-2室"),
    Person(id="p-3", name="赵一凡", residence="12号楼1203室"),
    *(Person(id=f"q-{n}", name=f"陈安{chr(0x4E00 + n)}", residence=f"3号楼{100 + n}室") for n in range(40)),
]


@pytest.mark.parametrize("written", ["12号楼1202", "12号楼1202-2", "12号1202－2室", "12-1202"])
def test_a_form_with_or_without_the_part(written: str) -> None:
    """The flat is compared, and the name tells which of those who share it."""
    index = ResidentIndex.build(PEOPLE)
    answer = index.find(Query(name="李静", residence=written))
    best = answer.candidates[0]
    assert best.person_id == "p-2"
    [home] = [each for each in best.evidence if each.field == "residence"]
    assert home.level.value == "agrees"
