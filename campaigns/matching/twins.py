"""Both engines give the same candidates, order, weights and odds, for damaged forms of an invented register.

python campaigns/matching/twins.py [--pairs 5000] [--residents 2000] [--seed 1]

A pair is a form and a resident. Of each form the whole answers are compared, byte for byte, and then what
is said of residents one by one: the candidates and others by chance. For half of the forms a part of the
register came or went since the index was built.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "matching"))

from register import Register, make_queries, make_register
from verdict import Verdict

from epiguard.matching import MProbabilities, Query, ResidentIndex, implementation
from epiguard.matching import _raw as raw
from epiguard.matching._engine import Engine, Opened
from epiguard.matching._index import _reading
from epiguard.matching._reading import Reading
from epiguard.matching._select import compiled
from epiguard.matching._table import people_of_table

#: Residents that each form is compared with, one by one.
EACH = 50
#: The share of the register that came or went since the index was built.
CHANGED = 0.05
#: As a control, one kind of slip weighs some thousandths of a bit more in one of the twins.
OFF = MProbabilities({"phone": {"one digit": 0.0602}})


def main() -> int:
    """Compare, and end with 0 where the twins agree and the control does not."""
    options = argparse.ArgumentParser()
    options.add_argument("--pairs", type=int, default=5000)
    options.add_argument("--residents", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(f"{chosen.pairs} pairs of a register of {chosen.residents}, seed {chosen.seed}", flush=True)
    if implementation() != "c":
        print("the compiled engine is not built: there is nothing to compare")
        return 2
    register = make_register(chosen.residents, chosen.seed)
    forms = list(itertools.islice(readings(register, chosen.seed), -(-chosen.pairs // EACH)))
    built, changed = (opened_of(register, changed=each) for each in (False, True))
    verdict, start, chance = Verdict(), time.monotonic(), Random(chosen.seed)
    halves = (built, forms[::2]), (changed, forms[1::2])
    different = [
        place
        for opened, some in halves
        for place, form in enumerate(some)
        if not agree(opened.engine_of(compiled), opened.engine_of(None), form, chance, len(opened))
    ]
    took = time.monotonic() - start
    figures = f"{EACH * len(forms)} pairs, {len(different)} forms answered differently, {took:.0f} s"
    verdict.promise("the twins agree to the bit", kept=not different, figures=figures)
    off = opened_of(register, changed=False, m_probabilities=OFF)
    told = sum(
        not agree(built.engine_of(compiled), off.engine_of(None), form, chance, len(built)) for form in forms
    )
    verdict.control(
        "a twin that weighs one slip a little more",
        found=told > 0,
        figures=f"{told} of {len(forms)} forms tell",
    )
    return verdict.end()


def readings(register: Register, seed: int) -> Iterator[Reading]:
    """Forms, without end."""
    for batch in itertools.count():
        for each in make_queries(register, 1000, seed * 1_000_003 + batch):
            yield _reading(Query(**each.written))


def opened_of(register: Register, *, changed: bool, m_probabilities: MProbabilities | None = None) -> Opened:
    """An index of the register; or one of a part of it and of some who left, brought up to date."""
    if not changed:
        return ResidentIndex.from_table(register.columns, m_probabilities=m_probabilities)._opened
    people = [person for person, _ in people_of_table(register.columns, {})]
    some = round(CHANGED * len(people))
    gone = [type(each)(id=f"gone-{each.id}", name=each.name, phones=each.phones) for each in people[:some]]
    index = ResidentIndex.build([*gone, *people[some:]])
    index.remove(each.id for each in gone)
    index.update(people[:some])
    return index._opened


def agree(one: Engine, other: Engine, form: Reading, chance: Random, residents: int) -> bool:
    """Whether two engines say the same of a form, and of residents one by one."""
    answer = one.find(form, EACH, ())
    if answer != other.find(form, EACH, ()):
        return False
    rows = [each.row for each in raw.unpacked(answer).found][: EACH // 2]
    rows += [chance.randrange(residents) for _ in range(EACH - len(rows))]
    return all(one.grades(form, row) == other.grades(form, row) for row in rows)


if __name__ == "__main__":
    sys.exit(main())
