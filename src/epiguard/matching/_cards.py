"""Plates and access cards: look-alike characters, no province, the last ones alone, leading zeros gone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Plate
from epiguard.matching._levels import BLANK, Grade, Kind, Level, heaviest
from epiguard.matching._register import CardText, FieldRule, Follow, Lead, PlateText, Record, Register
from epiguard.matching._slips import deletions, slips_between

__all__ = ["CARD", "PLATE", "card_text", "fold_card", "plate_text"]

SAME_PLATE: Final = Kind("same plate", Level.AGREES, 8500, rare=4)
LOOKS_SAME: Final = Kind("looks the same", Level.NEAR, 500, rare=4)
NO_PROVINCE: Final = Kind("without its province", Level.NEAR, 8500, rare=4)
PLATE_SLIP: Final = Kind("one character", Level.NEAR, 400, rare=4, contradicts=True)
PLATE_END: Final = Kind("its last characters", Level.NEAR, 8500)
FAMILY_PLATE: Final = Kind("of the same household", Level.NEAR, 800, rare=4)
OTHER_PLATE: Final = Kind("another plate", Level.DIFFERS, 800)

SAME_CARD: Final = Kind("same card", Level.AGREES, 8500, rare=4)
ZEROS: Final = Kind("leading zeros apart", Level.NEAR, 500, rare=4)
CARD_SLIP: Final = Kind("one character", Level.NEAR, 400, contradicts=True)
OTHER_CARD: Final = Kind("another card", Level.DIFFERS, 800)

_NOT_ON_A_PLATE: Final = re.compile(r"[^0-9A-Z\u4e00-\u9fff?]+")
_LOOK_ALIKE: Final = str.maketrans("OQDILBZSG", "000118256")
_SHORTEST_END: Final = 4
_SHORTEST_CARD_SLIP: Final = 5


def plate_text(text: str) -> PlateText | None:
    """Prepare a plate for comparing; ``None`` where too little of it is there."""
    plate = _NOT_ON_A_PLATE.sub("", unicodedata.normalize("NFKC", text).upper())
    province = plate[:1] if plate and not plate[0].isascii() else ""
    body = plate[len(province) :].translate(_LOOK_ALIKE)
    return PlateText(plate, province, body) if len(body) >= _SHORTEST_END else None


def _complete(written: PlateText) -> bool:
    try:
        Plate(written.text)
    except InvalidValueError:
        return False
    return True


def _plate_keys(record: Record) -> Iterator[str]:
    for plate in record.plates:
        yield f"plate:{plate.body}"
        yield f"plate-end:{plate.body[-_SHORTEST_END:]}"
        yield from (f"plate-slip:{slip}" for slip in deletions(plate.body))
    yield from (f"family-plate:{plate}" for plate in record.family_plates)


def _plate_leads(written: PlateText) -> Iterator[Lead]:
    yield Lead(f"plate:{written.body}", Follow.ALWAYS)
    yield Lead(f"family-plate:{written.text}", Follow.IF_FEW)
    yield from (Lead(f"plate-slip:{slip}", Follow.IF_FEW) for slip in sorted(deletions(written.body)))
    yield Lead(f"plate-end:{written.body[-_SHORTEST_END:]}", Follow.IF_NEAR)


def _grade_plate(written: PlateText, record: Record, register: Register) -> Grade:
    grades = [_compare_plates(written, plate, register) for plate in record.plates]
    if written.text in record.family_plates:
        grades.append(register.grade(FAMILY_PLATE, f"family-plate:{written.text}", OTHER_PLATE.base))
    return max(grades, key=heaviest, default=BLANK)


def _compare_plates(written: PlateText, plate: PlateText, register: Register) -> Grade:
    kind, key = OTHER_PLATE, f"plate:{plate.body}"
    if written.text == plate.text:
        kind = SAME_PLATE
    elif written.body == plate.body:
        kind = LOOKS_SAME if written.province else NO_PROVINCE
    elif plate.body.endswith(written.body) and not written.province:
        kind, key = PLATE_END, f"plate-end:{plate.body[-_SHORTEST_END:]}"
    elif slips_between(written.body, plate.body, 1) == 1:
        kind = PLATE_SLIP
    return register.grade(kind, key, OTHER_PLATE.base)


def fold_card(text: str) -> str:
    """A card's number in capitals, without separators and leading zeros, which spreadsheets drop."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).upper())
    return folded.lstrip("0") or folded[-1:]


def card_text(text: str) -> CardText | None:
    """Prepare a card's number for comparing; ``None`` where there is none."""
    folded = fold_card(text)
    return CardText(unicodedata.normalize("NFKC", text).strip(), folded) if folded else None


def _card_keys(record: Record) -> Iterator[str]:
    for _, folded in record.cards:
        yield f"card:{folded}"
        if len(folded) >= _SHORTEST_CARD_SLIP:
            yield from (f"card-slip:{slip}" for slip in deletions(folded))


def _card_leads(written: CardText) -> Iterator[Lead]:
    yield Lead(f"card:{written.folded}", Follow.ALWAYS)
    if len(written.folded) >= _SHORTEST_CARD_SLIP:
        yield from (Lead(f"card-slip:{slip}", Follow.IF_FEW) for slip in sorted(deletions(written.folded)))


def _grade_card(written: CardText, record: Record, register: Register) -> Grade:
    return max(
        (_compare_cards(written, card, register) for card in record.cards), key=heaviest, default=BLANK
    )


def _compare_cards(written: CardText, card: CardText, register: Register) -> Grade:
    kind = OTHER_CARD
    if written.folded == card.folded:
        kind = SAME_CARD if written.text == card.text else ZEROS
    elif (
        min(len(written.folded), len(card.folded)) >= _SHORTEST_CARD_SLIP
        and slips_between(written.folded, card.folded, 1) == 1
    ):
        kind = CARD_SLIP
    return register.grade(kind, f"card:{card.folded}", OTHER_CARD.base)


PLATE: Final = FieldRule(
    name="plate",
    read=plate_text,
    keys=_plate_keys,
    leads=_plate_leads,
    grade=_grade_plate,
    worst=OTHER_PLATE.base,
    complete=_complete,
)
CARD: Final = FieldRule(
    name="card",
    read=card_text,
    keys=_card_keys,
    leads=_card_leads,
    grade=_grade_card,
    worst=OTHER_CARD.base,
    complete=bool,
)
