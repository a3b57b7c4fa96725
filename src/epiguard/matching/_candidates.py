"""Who is looked at more closely: everybody whom any one field brings up."""

from __future__ import annotations

from collections import Counter
from typing import Final

from epiguard.matching._fields import RULES, Reading
from epiguard.matching._levels import Level
from epiguard.matching._register import Follow, Register

__all__ = ["FEW", "bring_up"]

#: A key that is not an exact agreement is followed where no more than so many stand under it. Whoever stands
#: under two longer ones, of different fields, is brought up too. So nobody is missed whose evidence is worth
#: more than log2(population / FEW) bits and the sex, but for two slips of a telephone of which one is a swap
#: across two of its three pieces.
FEW: Final = 64


def bring_up(reading: Reading, register: Register) -> set[int]:
    """The rows of the register's records to compare with a form.

    Args:
        reading: What could be read of the form.
        register: All records.
    """
    found: set[int] = set()
    unsure: list[tuple[int, set[int]]] = []
    many: Counter[int] = Counter()
    for place, rule in enumerate(RULES):
        if rule.name not in reading:
            continue
        crowd: set[int] = set()
        doubtful: set[int] = set()
        for key, follow in rule.leads(reading[rule.name]):
            rows = register.rows(key)
            if follow is Follow.ALWAYS:
                found.update(rows)
            elif len(rows) > FEW:
                crowd.update(rows)
            elif follow is Follow.IF_FEW:
                found.update(rows)
            else:
                doubtful.update(rows)
        many.update(crowd)
        unsure.append((place, doubtful))
    found.update(row for row, times in many.items() if times > 1)
    for place, doubtful in unsure:
        rule = RULES[place]
        for row in doubtful - found:
            grade = rule.grade(reading[rule.name], register.records[row], register)
            if grade.kind.level not in (Level.DIFFERS, Level.ABSENT):
                found.add(row)
    return found
