"""What the answers are worth: recall, precision, strangers, calibration, and the ceilings of ambiguity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import sqrt

from found import Found
from register import CLASSES, QueryRow, Register
from register.queries import PARTS, part_kept

#: Of the queries, the first so many tune the peers' thresholds; everybody is judged by the others.
TUNING = 0.2
#: Beside the decision of whoever gives a probability, accepting by that alone is judged, from this on.
LIKELY = 0.9

Taken = Callable[[Found], int | None]


@dataclass
class Judged:
    """The shares of one contestant; ``classes`` has recall at 1 and 5 by class, ``kinds`` at 5 by damage."""

    asked: int
    first: float
    five: float
    household: float
    right: float
    precision: float
    strangers: float
    classes: dict[str, tuple[float, float]]
    kinds: dict[str, tuple[int, float]] = field(default_factory=dict)
    calibration: list[tuple[int, float, float]] = field(default_factory=list)


def ceilings(register: Register, queries: Sequence[QueryRow]) -> tuple[float, float, dict[str, float]]:
    """What nobody can beat, for want of telling people apart by the fields that the queries carry.

    Everything a query says is taken as if it had been read rightly.

    Returns:
        The expected recall at 1, the share of queries that fit one resident alone, and the first by class.
    """
    wanted: defaultdict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
    for query in queries:
        for name, told in query.told.items():
            if name != "sex":
                wanted[name, part_kept(query.damage[name])].setdefault(told, [])
    for (name, part), rows in wanted.items():
        cut = PARTS[part]
        for row, value in enumerate(register.columns[name]):
            known = rows.get(value[cut]) if value else None
            if known is not None:
                known.append(row)
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for query in queries:
        if query.row is None:
            continue
        fitting = [
            wanted[name, part_kept(query.damage[name])][told]
            for name, told in query.told.items()
            if name != "sex"
        ]
        fitting.sort(key=len)
        rest = set(fitting[0]).intersection(*fitting[1:])
        if "sex" in query.told:
            rest = {row for row in rest if register.columns["sex"][row] in ("", query.told["sex"])}
        shares[query.kind].append(1 / len(rest))
    every = [share for each in shares.values() for share in each]
    return (
        _mean(every),
        _mean([share == 1 for share in every]),
        {name: _mean(each) for name, each in shares.items()},
    )


def judge(
    register: Register,
    queries: Sequence[QueryRow],
    found: Sequence[Found],
    *,
    decides: bool,
    says: Taken | None = None,
) -> Judged:
    """Judge the answers to the first of the queries.

    Args:
        register: The register.
        queries: The queries.
        found: The answers to the first of them.
        decides: Whether it says itself which match it takes, and how sure it is; else a threshold is tuned.
        says: Which match is taken, in place of the one that it takes itself.
    """
    asked = list(zip(queries, found, strict=False))
    cut = int(TUNING * len(asked))
    taken = says or (_says if decides else _threshold(asked[:cut]))
    judged = asked[cut:]
    mine = [(query, each) for query, each in judged if query.row is not None]
    others = [each for query, each in judged if query.row is None]
    accepted = [(query, row) for query, each in judged if (row := taken(each)) is not None]
    right = sum(row == query.row for query, row in accepted)
    doors = register.columns["residence"]
    return Judged(
        asked=len(judged),
        first=_mean([each.rows[:1] == [query.row] for query, each in mine]),
        five=_mean([query.row in each.rows[:5] for query, each in mine]),
        household=_mean(
            [
                bool(each.rows)
                and (each.rows[0] == query.row or doors[each.rows[0]] == doors[query.row] != "")
                for query, each in mine
                if query.row is not None
            ]
        ),
        right=right / max(1, len(mine)),
        precision=right / len(accepted) if accepted else float("nan"),
        strangers=_mean([taken(each) is not None for each in others]),
        classes={
            name: _recall([(query, each) for query, each in mine if query.kind == name]) for name in CLASSES
        },
        kinds=_by_kind(mine),
        calibration=_calibration(judged) if decides and says is None else [],
    )


def _recall(some: list[tuple[QueryRow, Found]]) -> tuple[float, float]:
    return (
        _mean([each.rows[:1] == [query.row] for query, each in some]),
        _mean([query.row in each.rows[:5] for query, each in some]),
    )


def _by_kind(mine: list[tuple[QueryRow, Found]]) -> dict[str, tuple[int, float]]:
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    for query, each in mine:
        if query.kind == "single":
            ((name, way),) = query.damage.items()
            kinds[f"{name}: {way}"].append(query.row in each.rows[:5])
    return {name: (len(hits), _mean(hits)) for name, hits in sorted(kinds.items())}


def _calibration(judged: list[tuple[QueryRow, Found]]) -> list[tuple[int, float, float]]:
    """For each decile of the best candidate's probability: how many, mean predicted, share observed."""
    deciles: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for query, each in judged:
        if each.rows:
            deciles[min(9, int(10 * each.worth[0]))].append((each.worth[0], each.rows[0] == query.row))
    return [
        (len(each), _mean([predicted for predicted, _ in each]), _mean([hit for _, hit in each]))
        for each in deciles
    ]


def allowed(count: int, predicted: float) -> float:
    """How far observed may lie from predicted: two points and two standard errors."""
    return 0.02 + 2 * sqrt(max(predicted * (1 - predicted), 1e-9) / max(1, count))


def likely(found: Found) -> int | None:
    """The best, whoever the decision takes, where they are as probable as a match has to be."""
    return found.rows[0] if found.rows and found.worth[0] >= LIKELY else None


def _says(found: Found) -> int | None:
    return found.taken


def _threshold(tuning: list[tuple[QueryRow, Found]]) -> Taken:
    """The threshold and the lead over the second that are worth most by F0.5."""
    rated = [(query.row, each.rows[0], each.worth[0], _lead(each)) for query, each in tuning if each.rows]
    residents = sum(query.row is not None for query, _ in tuning)
    best = (-1.0, 0.0, 0.0)
    for least in range(-10, 61):
        for lead in (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0):
            accepted = [
                (wanted, row) for wanted, row, worth, ahead in rated if worth >= least and ahead >= lead
            ]
            right = sum(wanted == row for wanted, row in accepted)
            if right:
                precision, recall = right / len(accepted), right / residents
                best = max(
                    best, (1.25 * precision * recall / (0.25 * precision + recall), float(least), lead)
                )
    _, least_worth, least_lead = best

    def take(found: Found) -> int | None:
        if not found.rows or found.worth[0] < least_worth or _lead(found) < least_lead:
            return None
        return found.rows[0]

    return take


def _lead(found: Found) -> float:
    return found.worth[0] - found.worth[1] if len(found.worth) > 1 else 99.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
