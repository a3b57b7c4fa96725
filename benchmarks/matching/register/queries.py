"""Queries: forms of residents and of strangers, each field written rightly or wrongly."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from register.damage import WRONG, write
from register.people import FIELDS, Register, homes, people

#: Of the queries that are about residents, by share.
CLASSES = {"clean": 0.2, "light": 0.3, "heavy": 0.3, "single": 0.2}
STRANGERS = 0.1
#: Of the strangers, so many give an address of an estate in the register.
NEIGHBOURS = 0.5
#: How often a form carries a field.
CARRIED = {
    "name": 0.95,
    "sex": 0.4,
    "birth_date": 0.2,
    "resident_id": 0.5,
    "phone": 0.8,
    "residence": 0.7,
    "plate": 0.2,
}
#: The field of a query with a single one.
ALONE = {"name": 0.25, "resident_id": 0.25, "phone": 0.25, "residence": 0.15, "plate": 0.1}
#: Half of the single fields are written wrongly.
ALONE_WRONG = 0.5


class QueryRow(NamedTuple):
    """A query: what is written, whose it is (a row; ``None`` of a stranger), and how it was made.

    ``kind`` is one of the classes, or ``neighbour`` or ``stranger``; ``damage`` names what was done to each
    field; ``told`` has the true value of each field, whole or as far as it is written.
    """

    written: dict[str, str]
    row: int | None
    kind: str
    damage: dict[str, str]
    told: dict[str, str]


def make_queries(register: Register, count: int, seed: int) -> list[QueryRow]:
    """Make queries about a register.

    Args:
        register: The register.
        count: How many.
        seed: The same gives the same; it need not be the register's.
    """
    chance = Random(f"queries {seed}")
    strangers = round(STRANGERS * count)
    made = [_of_resident(chance, register) for _ in range(count - strangers)]
    made += _of_strangers(chance, register, strangers)
    chance.shuffle(made)
    return made


def _of_resident(chance: Random, register: Register) -> QueryRow:
    kind = chance.choices(list(CLASSES), weights=list(CLASSES.values()))[0]
    while True:
        row = chance.randrange(len(register))
        known = {field: register.columns[field][row] for field in FIELDS if register.columns[field][row]}
        query = _form(chance, known, kind)
        if query:
            return QueryRow(query.written, row, kind, query.damage, query.told)


def _of_strangers(chance: Random, register: Register, count: int) -> list[QueryRow]:
    elsewhere = [f"远{estate}" for estate in register.estates]
    near = homes(Random(chance.random()), register.estates)
    far = homes(Random(chance.random()), elsewhere)
    columns = people(chance, count, far)
    made = []
    for row in range(count):
        kind = "neighbour" if row < NEIGHBOURS * count else "stranger"
        known = {field: columns[field][row] for field in FIELDS}
        if kind == "neighbour":
            known["residence"] = next(near)
        query = None
        while query is None:
            query = _form(chance, known, chance.choices(list(CLASSES), weights=list(CLASSES.values()))[0])
            if query and kind == "neighbour" and "residence" not in query.written:
                query = None
        made.append(QueryRow(query.written, None, kind, query.damage, {}))
    return made


def _form(chance: Random, known: dict[str, str], kind: str) -> QueryRow | None:
    """Write a form; nothing where what is known does not suffice for one of that kind."""
    if kind == "single":
        (field,) = chance.choices(list(ALONE), weights=list(ALONE.values()))
        fields = [field] if field in known else []
    else:
        fields = [field for field in FIELDS if field in known and chance.random() < CARRIED[field]]
    wrong = {field for field in fields if field in WRONG}
    if len(wrong) < (1 if kind == "single" else 2):
        return None
    if kind == "clean" or (kind == "single" and chance.random() >= ALONE_WRONG):
        wrong = set()
    elif kind == "light":
        wrong = {chance.choice(sorted(wrong))}
    written, damage, told = {}, {}, {}
    for field in fields:
        written[field], damage[field] = write(chance, field, known[field], wrong=field in wrong)
        told[field] = known[field][PARTS[part_kept(damage[field])]]
    return QueryRow(written, None, kind, damage, told)


#: Ways that keep a part of a value, all that the best reader could tell of it; the others keep the whole.
PARTS = {
    "": slice(None),
    "last six": slice(-6, None),
    "last four": slice(-4, None),
    "first fourteen": slice(0, 14),
    "year alone": slice(0, 4),
    "no province": slice(1, None),
}


def part_kept(way: str) -> str:
    """The part of a value that a way of writing keeps: a key of ``PARTS``."""
    return way if way in PARTS else ""
