"""Which field to ask about on the telephone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from epiguard.matching._decision import Scored
from epiguard.matching._levels import Level
from epiguard.matching._register import Record

__all__ = ["question"]

# In the order in which people are readier to answer: where two fields settle as much, the first is asked.
_ASKED: Final[Mapping[str, Callable[[Record], object]]] = {
    "name": lambda record: tuple(sorted(name.text for name in record.names)),
    "birth_date": lambda record: record.birth,
    "residence": lambda record: record.home.door if record.home is not None else None,
    "resident_id": lambda record: (
        (record.resident_id, record.documents) if record.resident_id else record.documents
    ),
    "phone": lambda record: tuple(sorted(record.phones)),
    "plate": lambda record: tuple(sorted(plate.text for plate in record.plates)),
    "card": lambda record: tuple(sorted(card.text for card in record.cards)),
}
#: Differences of information below this, in bits, are none.
_STEP: Final = 1e-6
_MOST_CANDIDATES: Final = 20


def question(scored: Sequence[Scored], probabilities: Sequence[float], stranger: float) -> str | None:
    """The field whose answer is expected to settle it best.

    That is the field with the highest expected information: the entropy of the groups into which the answer
    divides candidates and strangers. Somebody of whom the register does not know the field stays with the
    strangers. What the best candidate agrees in already is not asked again.

    Args:
        scored: The candidates, best first.
        probabilities: Of each.
        stranger: That it is nobody in the register.

    Returns:
        The field, or ``None`` where there is no candidate or the register knows nothing more.
    """
    if not scored:
        return None
    chosen, most = None, _STEP
    for field, value in _ASKED.items():
        if scored[0].level(field) is Level.AGREES:
            continue
        groups: defaultdict[object, float] = defaultdict(float, {None: stranger})
        for each, probability in zip(scored[:_MOST_CANDIDATES], probabilities, strict=False):
            groups[value(each.record) or None] += probability
        information = _entropy(list(groups.values()))
        if information > most + _STEP:
            chosen, most = field, information
    return chosen


def _entropy(shares: Sequence[float]) -> float:
    total = math.fsum(shares)
    return -math.fsum(share / total * math.log2(share / total) for share in shares if share > 0)
