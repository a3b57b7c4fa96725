"""How often the right person's form shows what: given, counted in pairs, or estimated from forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import Final, NamedTuple

import attrs

from epiguard.errors import InvalidValueError
from epiguard.fields import FrozenMapping
from epiguard.matching._kinds import KINDS, K

__all__ = ["MProbabilities", "Pairing", "by_em", "from_pairs"]

_WHOLE: Final = 10_000
#: How many forms the figures that the library comes with count as: so many of a site's own say as much.
DEFAULTS_WEIGH: Final = 100
#: How often expectations are worked out again at most, and the change of a share that is none.
ROUNDS, STILL = 100, 0.0001
#: Kinds that say how much was written at all: no form of a site tells how often they agree.
_PARTIAL: Final = frozenset(
    {
        K.NAME_PINYIN,
        K.NAME_PART,
        K.DAY_AS_FAR,
        K.ID_AS_FAR,
        K.BIRTH_INSIDE,
        K.OTHER_FRAGMENT,
        K.PHONE_AS_FAR,
        K.OPEN_DOOR,
        K.BUILDING,
        K.ROOM,
        K.NO_PROVINCE,
        K.PLATE_END,
        K.CUSTOM_END,
        K.ABSENT,
    }
)
_BY_NAME: Final = {(kind.field, kind.name): place for place, kind in enumerate(KINDS) if kind.field}
_WHOLE_KINDS: Final = {
    field: [place for place, kind in enumerate(KINDS) if kind.field == field and K(place) not in _PARTIAL]
    for field in dict.fromkeys(kind.field for kind in KINDS if kind.field)
}


def _shares(given: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
    for field, kinds in given.items():
        for name, share in kinds.items():
            where = f"MProbabilities.shares, {field}, {name}"
            if (field, name) not in _BY_NAME:
                raise InvalidValueError(
                    where,
                    expected="a field and a kind of the table in the guide to matching",
                    got="another",
                    do="custom fields go by 'custom'",
                )
            if not 1 / _WHOLE <= share <= 1:
                raise InvalidValueError(where, expected="a share from 0.0001 to 1", got=str(share))
    return FrozenMapping({field: FrozenMapping(kinds) for field, kinds in given.items()})


@attrs.frozen
class MProbabilities:
    """The m probabilities of Fellegi and Sunter: of the right person's forms, how many show which kind.

    What is left out keeps the library's own figure. An index that is built with them has them in its file.

    Attributes:
        shares: Field to kind of comparison (``Evidence.detail``) to share, from 0.0001 to 1. The fields are
            those of a form, and ``"custom"`` for all that an application adds.
    """

    shares: Mapping[str, Mapping[str, float]] = attrs.field(factory=dict, converter=_shares)

    @property
    def usual(self) -> tuple[int, ...]:
        """For each kind, in their order, in how many of 10,000 forms it is."""
        return tuple(
            round(_WHOLE * self.shares.get(kind.field, {}).get(kind.name, kind.usual / _WHOLE))
            for kind in KINDS
        )


class Pairing(NamedTuple):
    """One candidate of a form: its odds, and what each field shows and weighs."""

    odds: float
    kinds: Sequence[int]
    weights: Sequence[int]


def from_pairs(pairs: Iterable[Sequence[int]]) -> MProbabilities:
    """Count the kinds that confirmed pairs show.

    Args:
        pairs: For each of them the kind of each field.
    """
    counts = [0.0] * len(KINDS)
    for kinds in pairs:
        for kind in kinds:
            counts[kind] += 1
    return _smoothed(counts)


def by_em(forms: Iterable[tuple[float, Sequence[Pairing]]], usual: Sequence[float]) -> MProbabilities:
    """Estimate them by expectation-maximisation (Dempster, Laird and Rubin 1977).

    Each candidate of each form counts by the probability that the form is theirs, which is worked out again
    from what was counted, until nothing changes. How rare a value is in the register (u) stays as it is.

    Args:
        forms: For each the odds that it is nobody of the candidates', and the candidates.
        usual: The figures that the odds were made with.
    """
    kept = [(rest, [each for each in found if each.odds > 0]) for rest, found in forms]
    before = [share / _WHOLE for share in usual]
    shares = list(before)
    for _ in range(ROUNDS):
        ratios = [now / then for now, then in zip(shares, before, strict=True)]
        counts = [0.0] * len(KINDS)
        for rest, found in kept:
            odds = [_moved(each, ratios) for each in found]
            total = rest + fsum(odds)
            for each, its in zip(found, odds, strict=True):
                for kind in each.kinds:
                    counts[kind] += its / total
        last, shares = shares, [each / _WHOLE for each in _smoothed(counts).usual]
        if max(abs(now - then) for now, then in zip(shares, last, strict=True)) < STILL:
            break
    return _smoothed(counts) if kept else MProbabilities()


def _moved(pairing: Pairing, ratios: Sequence[float]) -> float:
    odds = pairing.odds
    for kind, weight in zip(pairing.kinds, pairing.weights, strict=True):
        if weight:  # what another field says already is not counted here either
            odds *= ratios[kind]
    return odds


def _smoothed(counts: Sequence[float]) -> MProbabilities:
    shares: dict[str, dict[str, float]] = {}
    for field, kinds in _WHOLE_KINDS.items():
        seen = fsum(counts[kind] for kind in kinds)
        if not seen:
            continue
        usual = sum(KINDS[kind].usual for kind in kinds)
        shares[field] = {
            KINDS[kind].name: max(
                1 / _WHOLE,
                (counts[kind] + DEFAULTS_WEIGH * KINDS[kind].usual / usual) / (seen + DEFAULTS_WEIGH),
            )
            for kind in kinds
        }
    return MProbabilities(shares)
