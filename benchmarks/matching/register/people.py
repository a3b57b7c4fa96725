"""Residents: families at their doors, with telephones, plates and resident IDs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from register.names import MEN, SURNAME, SURNAMES, WOMEN, draw, given_names, words

FIELDS = ("name", "sex", "birth_date", "resident_id", "phone", "residence", "plate")
#: Each field of each resident is blank so often.
ABSENT = 0.03
#: People at one door, by share: 1, 2 ... 6.
AT_A_DOOR = (0.15, 0.25, 0.28, 0.16, 0.10, 0.06)
#: So many of a family give the first one's telephone instead of one of their own.
FAMILY_PHONE = 0.25
#: So many of a family bear the first one's surname.
FAMILY_NAME = 0.5
#: So many homes an estate has.
HOMES = 900
#: So many residents are registered where the register is kept.
LOCAL = 0.4
_HEADS = "130 131 132 133 135 136 137 138 139 150 151 152 155 156 157 158 159 176 177 180 181 182 185 186 187 188 189"
_HERE = "310112"
_TODAY = date(2020, 2, 1)
_OLDEST = 95 * 365
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Register:
    """Columns of text, one row per resident; blank where a field is absent. And its estates, by name."""

    columns: dict[str, list[str]]
    estates: list[str]

    def __len__(self) -> int:
        return len(self.columns["person_id"])


def make_register(residents: int, seed: int) -> Register:
    """Make a register.

    Args:
        residents: How many.
        seed: The same gives the same.
    """
    chance = Random(f"register {seed}")
    estates = estate_names(Random(f"estates {seed}"), max(2, residents // (3 * HOMES)))
    columns = people(chance, residents, homes(chance, estates))
    for name in FIELDS:
        column = columns[name]
        for row in range(residents):
            if chance.random() < ABSENT:
                column[row] = ""
    columns["person_id"] = [f"r{row:08d}" for row in range(residents)]
    return Register(columns, estates)


def estate_names(chance: Random, count: int) -> list[str]:
    """Names of estates, all different."""
    made = words("estates.txt")
    heads = [each for each in made if len(each) == 1][:60]
    tails = made[60:]
    every = [one + other + tail for one in heads for other in heads if one != other for tail in tails]
    return chance.sample(every, count)


def homes(chance: Random, estates: list[str]) -> Iterator[str]:
    """Doors, without end: of this estate and that, each once while there are any."""
    while True:
        doors = [door for estate in estates for door in _doors(chance, estate)]
        chance.shuffle(doors)
        yield from doors


def _doors(chance: Random, estate: str) -> Iterator[str]:
    units, floors, across = chance.choice((0, 2, 3)), chance.choice((6, 11, 18)), chance.choice((2, 3, 4))
    buildings = max(2, HOMES // (max(1, units) * floors * across))
    for building in range(1, buildings + 1):
        for unit in range(1, max(1, units) + 1):
            middle = f"{unit}单元" if units else ""
            for floor in range(1, floors + 1):
                for door in range(1, across + 1):
                    yield f"{estate}{building}号楼{middle}{floor}{door:02d}室"


def people(chance: Random, count: int, doors: Iterator[str]) -> dict[str, list[str]]:
    """Columns of people in families; no field is absent."""
    sizes = chance.choices(range(1, 7), weights=AT_A_DOOR, k=count)
    first: list[int] = []
    residence: list[str] = []
    for size in sizes:
        if len(first) >= count:
            break
        residence += [next(doors)] * size
        first += [len(first)] * size
    del first[count:], residence[count:]
    surnames = draw(chance, SURNAMES, SURNAME, count)
    sexes = chance.choices("MF", k=count)
    men, women = given_names(chance, MEN, count), given_names(chance, WOMEN, count)
    own = phones(chance, count)
    name, phone = [], []
    for row, head in enumerate(first):
        same = row != head and chance.random() < FAMILY_NAME
        name.append(surnames[head if same else row] + (men if sexes[row] == "M" else women)[row])
        phone.append(own[head if row != head and chance.random() < FAMILY_PHONE else row])
    births = [_TODAY - timedelta(days=int(_OLDEST * chance.triangular(0, 1, 0.4))) for _ in range(count)]
    return {
        "name": name,
        "sex": sexes,
        "birth_date": [each.isoformat() for each in births],
        "resident_id": resident_ids(chance, births, sexes),
        "phone": phone,
        "residence": residence,
        "plate": plates(chance, count),
    }


def phones(chance: Random, count: int) -> list[str]:
    """Mobile numbers of nobody in particular."""
    heads = chance.choices(_HEADS.split(), k=count)
    return [f"{head}{chance.randrange(10**8):08d}" for head in heads]


def resident_ids(chance: Random, births: list[date], sexes: list[str]) -> list[str]:
    """Numbers with their check digits, for birth dates and sexes."""
    away = [
        f"{province}{city:02d}{county:02d}"
        for province in (32, 33, 34, 36, 37, 41, 42, 43, 50, 51, 52, 61)
        for city in range(1, 13)
        for county in (2, 11, 22, 24, 25, 81)
    ]
    regions = [
        _HERE if each < LOCAL else place
        for each, place in zip(
            [chance.random() for _ in births], chance.choices(away, k=len(births)), strict=True
        )
    ]
    made = []
    for region, born, sex in zip(regions, births, sexes, strict=True):
        number = 2 * chance.randrange(500) + (sex == "M")
        made.append(with_check_digit(f"{region}{born:%Y%m%d}{number:03d}"))
    return made


def with_check_digit(number: str) -> str:
    """Add the check digit of ISO 7064 MOD 11-2 to 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True))
    return number + _CHECK[total % 11]


def plates(chance: Random, count: int) -> list[str]:
    """Number plates, mostly of the place, one each."""
    provinces = chance.choices("沪苏浙皖豫赣鲁", weights=(60, 14, 10, 8, 4, 2, 2), k=count)
    letters = chance.choices("ABCDEFGH", k=count)
    signs = [chance.choices(_PLATE_LETTERS + "0123456789" * 3, k=5) for _ in range(count)]
    return [f"{one}{two}{''.join(five)}" for one, two, five in zip(provinces, letters, signs, strict=True)]
