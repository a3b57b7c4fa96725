"""Who is looked at more closely: everybody whom any one field brings up."""

from __future__ import annotations

from collections import Counter
from typing import Final

from epiguard.matching._fields import RULES, Reading
from epiguard.matching._levels import Level
from epiguard.matching._register import Follow, Register

__all__ = ["FEW", "FEW_TO_CHECK", "bring_up"]

#: A key that is not an exact agreement is followed where no more than so many stand under it. Whoever stands
#: under two longer ones, of different fields, is brought up too. So nobody is missed whose evidence is worth
#: more than log2(population / FEW) bits and the sex, in a register of up to some ten thousand.
FEW: Final = 64
#: The same where the field is compared first, and only those are brought up who are near after all.
FEW_TO_CHECK: Final = 1024


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
            elif len(rows) > (FEW if follow is Follow.IF_FEW else FEW_TO_CHECK):
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
