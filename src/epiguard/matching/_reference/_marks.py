"""Plates, access cards and custom fields: look-alikes, no province, the last ones alone, zeros gone."""

from __future__ import annotations

from typing import Final

from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference._view import Grade, View
from epiguard.matching._texts import card_folded, one_slip, plate_body, plate_province

__all__ = ["compare_card", "compare_custom", "compare_plate"]

_TAIL: Final = 4
_SHORTEST_CARD_SLIP: Final = 5


def _better(best: Grade, grade: Grade) -> Grade:
    return grade if best[0] == K.ABSENT or grade[1] > best[1] else best


def compare_plate(reading: Reading, record: Record, view: View, *, family: bool) -> Grade:
    """The best of a resident's plates, or a relative's."""
    best = (K.ABSENT, 0)
    for plate in record.plates:
        best = _better(best, _compare_plate(reading.plate, plate, view))
    if family and reading.plate not in record.plates:
        sharing = view.count(Family.PLATE, plate_body(reading.plate))
        best = _better(best, view.grade(K.FAMILY_PLATE, sharing))
    return best


def _compare_plate(written: str, plate: str, view: View) -> Grade:
    mine, theirs = plate_body(written), plate_body(plate)
    province = plate_province(written)
    if written == plate:
        return view.grade(K.SAME_PLATE, view.count(Family.PLATE, theirs))
    if mine == theirs:
        return view.grade(K.PLATE_LOOKS if province else K.NO_PROVINCE, view.count(Family.PLATE, theirs))
    if theirs.endswith(mine) and not province:
        return view.grade(K.PLATE_END, view.count(Family.PLATE_TAIL, theirs[-_TAIL:]))
    if one_slip(mine, theirs) is not None:
        return view.grade(K.PLATE_SLIP, view.count(Family.PLATE, theirs))
    return view.plain(K.OTHER_PLATE)


def compare_card(reading: Reading, record: Record, view: View) -> Grade:
    """The best of a resident's cards."""
    best = (K.ABSENT, 0)
    for card in record.cards:
        mine, theirs = reading.card_folded, card_folded(card)
        kind = K.OTHER_CARD
        if mine == theirs:
            kind = K.SAME_CARD if reading.card == card else K.ZEROS
        elif min(len(mine), len(theirs)) >= _SHORTEST_CARD_SLIP and one_slip(mine, theirs) is not None:
            kind = K.CARD_SLIP
        best = _better(best, view.grade(kind, view.count(Family.CARD, theirs)))
    return best


def compare_custom(field: int, written: str, record: Record, view: View, *, exact: bool) -> Grade:
    """The best of what a resident has in a custom field.

    Args:
        field: Its number.
        written: The folded text.
        record: The resident.
        view: The index.
        exact: Whether only the very same counts.
    """
    best = (K.ABSENT, 0)
    for number, theirs in record.custom:
        if number != field:
            continue
        kind, sharing = K.OTHER_CUSTOM, 1
        if written == theirs:
            kind, sharing = K.SAME_CUSTOM, view.count(Family.CUSTOM, f"{field}|{theirs}")
        elif not exact and len(written) >= _TAIL and theirs.endswith(written):
            kind, sharing = K.CUSTOM_END, view.count(Family.CUSTOM_TAIL, f"{field}|{theirs[-_TAIL:]}")
        elif not exact and one_slip(written, theirs) is not None:
            kind, sharing = K.CUSTOM_SLIP, view.count(Family.CUSTOM, f"{field}|{theirs}")
        best = _better(best, view.grade(kind, sharing))
    return best
