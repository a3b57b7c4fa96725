"""Which field to ask about on the telephone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from epiguard.matching._records import Record

__all__ = ["MOST_CANDIDATES", "question"]

# In the order in which people are readier to answer: where two fields settle as much, the first is asked.
_ASKED: Final[Mapping[str, Callable[[Record], object]]] = {
    "name": lambda record: tuple(sorted(record.names)),
    "birth_date": lambda record: record.birth,
    "residence": lambda record: record.home if record.building else None,
    "resident_id": lambda record: (
        (record.resident_id, record.documents) if record.resident_id else record.documents
    ),
    "phone": lambda record: tuple(sorted(record.phones)),
    "plate": lambda record: tuple(sorted(record.plates)),
    "card": lambda record: tuple(sorted(record.cards)),
}
#: Differences of information below this, in bits, are none.
_STEP: Final = 1e-6
#: Of so many candidates the answers are looked at.
MOST_CANDIDATES: Final = 20


def question(
    records: Sequence[Record],
    probabilities: Sequence[float],
    stranger: float,
    agrees: Callable[[str], bool],
    custom: Sequence[str] = (),
) -> str | None:
    """The field whose answer is expected to settle it best.

    That is the field with the highest expected information: the entropy of the groups into which the answer
    divides candidates and strangers. Somebody of whom the register does not know the field stays with the
    strangers. What the best candidate agrees in already is not asked again.

    Args:
        records: The candidates, best first.
        probabilities: Of each.
        stranger: That it is nobody in the register.
        agrees: Whether the best candidate agrees in a field.
        custom: The names of the custom fields.

    Returns:
        The field, or ``None`` where there is no candidate or the register knows nothing more.
    """
    asked = dict(_ASKED)
    for number, name in enumerate(custom):
        asked[name] = partial(_custom, number)
    chosen, most = None, _STEP
    for field, value in asked.items() if records else ():
        if agrees(field):
            continue
        groups: defaultdict[object, float] = defaultdict(float, {None: stranger})
        for record, probability in zip(records[:MOST_CANDIDATES], probabilities, strict=False):
            groups[value(record) or None] += probability
        information = _entropy(list(groups.values()))
        if information > most + _STEP:
            chosen, most = field, information
    return chosen


def _custom(number: int, record: Record) -> object:
    return tuple(sorted(text for field, text in record.custom if field == number))


def _entropy(shares: Sequence[float]) -> float:
    total = math.fsum(shares)
    if total <= 0:
        return 0.0
    return -math.fsum(share / total * math.log2(share / total) for share in shares if share > 0)
