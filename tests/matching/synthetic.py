"""An invented register of some six thousand, drawn by chance: families that share doors and telephones.

It is made without any of epiguard's own ideas of how people write; only the check digit is the standard's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from epiguard.people import Person

__all__ = ["chance_person", "number_of", "register"]

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余"
WEIGHTS = [round(1000 / (place + 1) ** 0.8) for place in range(len(SURNAMES))]
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华文玲建国海燕志红春梅玉宇欣怡子涵浩然雨轩梓晨思诗琪俊嘉"
)
REGIONS = ("310112", "340121", "320925", "420106", "360121", "410182", "330281", "341226")
COMPOUNDS = ("榆树里", "望春里", "听雨花园")
FAMILIES = 2150
CHECK = "10X98765432"


def number_of(chance: random.Random, born: date, sex: str) -> str:
    """A resident ID in the usual shape, with its check digit (GB 11643)."""
    sequence = chance.randrange(1, 499) * 2 + (sex == "M")
    first17 = f"{chance.choice(REGIONS)}{born:%Y%m%d}{sequence:03d}"
    return first17 + CHECK[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first17)) % 11]


def mobile(chance: random.Random) -> str:
    """A telephone number in the usual shape."""
    prefix = chance.choice(("138", "139", "136", "137", "150", "158", "186", "189"))
    return f"{prefix}{chance.randrange(10**8):08d}"


def given_name(chance: random.Random) -> str:
    """One or two characters, the front of the list more often."""
    count = 1 if chance.random() < 0.3 else 2
    return "".join(GIVEN[min(int(chance.expovariate(0.05)), len(GIVEN) - 1)] for _ in range(count))


def chance_person(
    chance: random.Random, person_id: str, home: str, phone: str | None, surname: str
) -> Person:
    """Somebody at a door; the register has gaps."""
    sex = chance.choice("MF")
    born = date(1935, 1, 1) + timedelta(days=chance.randrange(365 * 83))
    return Person(
        id=person_id,
        name=surname + given_name(chance),
        sex=sex,
        birth_date=born,
        resident_id=number_of(chance, born, sex) if chance.random() > 0.05 else None,
        phones=[phone or mobile(chance)] if chance.random() > 0.08 else [],
        residence=home,
        plates=[f"沪A{chance.randrange(10**5):05d}"] if chance.random() < 0.2 else [],
        cards=[f"{chance.randrange(10**8):08d}"] if chance.random() < 0.6 else [],
    )


def families(chance: random.Random) -> Iterator[list[Person]]:
    """Families at doors of their own; half of their members bear one surname, a third share a telephone."""
    doors = [
        f"{compound}{building}号楼{unit}单元{floor}0{room}室"
        for compound in COMPOUNDS
        for building in range(1, 16)
        for unit in (1, 2, 3)
        for floor in range(1, 9)
        for room in (1, 2, 3)
    ]
    chance.shuffle(doors)
    number = 0
    for home in doors[:FAMILIES]:
        surname = chance.choices(SURNAMES, WEIGHTS)[0]
        shared = mobile(chance)
        family = []
        for _ in range(chance.choice((1, 2, 2, 3, 3, 4, 5))):
            mine = surname if chance.random() < 0.6 else chance.choices(SURNAMES, WEIGHTS)[0]
            phone = shared if chance.random() < 0.3 else None
            family.append(chance_person(chance, f"s-{number:05d}", home, phone, mine))
            number += 1
        yield family


def register(seed: int) -> list[Person]:
    """All families' members."""
    return [person for family in families(random.Random(seed)) for person in family]
