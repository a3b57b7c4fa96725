"""An invented register for the tests of the matcher: a few people to look for, and their neighbours."""

from __future__ import annotations

import itertools
from datetime import date

from epiguard.identifiers import ResidentId
from epiguard.people import Person

__all__ = ["ID", "REGISTER", "WANTED"]


def number(first17: str) -> str:
    """A resident ID of nobody with its check digit."""
    return first17 + ResidentId.check_digit_of(first17)


ID = number("34010119880312452")
WANTED = Person(
    id="w-1",
    name="欧阳静雯",
    sex="F",
    birth_date=date(1988, 3, 12),
    resident_id=ID,
    phones=["13812340567"],
    residence="榆树里3号楼2单元502室",
    plates=["沪A08B15"],
    cards=["0012345"],
)
_SPECIAL = [
    WANTED,
    Person(id="w-2", name="李伟", phones=["13900000001"], residence="榆树里5号楼1单元101室"),
    Person(id="w-3", name="李玮", phones=["13900000001"], residence="榆树里5号楼1单元101室"),
    Person(id="w-4", name="王建国", phones=["13900000002"], residence="榆树里6号楼1单元201室"),
    Person(id="w-5", name="王建国", residence="榆树里6号楼1单元201室"),
    Person(id="w-6", latin_name="Ana Silva", residence="榆树里7号楼1单元301室"),
]
_NEIGHBOURS = [
    Person(
        id=f"n-{place:03d}",
        name=surname + given,
        sex="M" if place % 2 else "F",
        phones=[f"137{place * 7919 % 10**8:08d}"],
        residence=f"榆树里{building}号楼{unit}单元{floor}0{place % 4 + 1}室",
    )
    for place, (surname, given, building, unit, floor) in enumerate(
        itertools.product(
            "赵钱孙周吴郑冯陈", ("安", "博文", "春生", "得胜", "晓晨"), (8, 9), (1, 2), (1, 2, 3)
        )
    )
]
REGISTER = [*_SPECIAL, *_NEIGHBOURS]
