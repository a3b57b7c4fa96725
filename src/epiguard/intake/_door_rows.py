"""Rows of the doors' log: a card or a face passed a door."""

from __future__ import annotations

import attrs

from epiguard.crossings import Crossing
from epiguard.doors import CardHolders
from epiguard.errors import InvalidValueError
from epiguard.identifiers import CardNumber
from epiguard.intake import cells, words
from epiguard.intake._log_rows import key_of, passage, person_id
from epiguard.intake.grid import Cell
from epiguard.intake.records import Record
from epiguard.places import Site

__all__ = ["DoorRow", "door_crossing"]


@attrs.frozen(kw_only=True)
class DoorRow:
    """One row that was read without a problem."""

    key: str
    crossing: Crossing
    passed: bool | None
    card: CardNumber | None


def door_crossing(record: Record, site: Site, cards: CardHolders, series: str | None) -> DoorRow | None:
    """Read one row; every bad cell becomes a problem, and None is returned."""
    before = len(record.findings.problems)
    found, key = passage(record, site, door=True), key_of(record, "door", series)
    person, card = record.read("person", person_id("person id")), record.read("card", _card)
    passed = record.read("passed", words.passed)
    if found is None or len(record.findings.problems) > before:
        return None
    _warn(record, person, card, cards)
    try:
        traveller = cards.traveller(card, person=person)
        crossing = Crossing(
            checkpoint=found.checkpoint.id, direction=found.direction, at=found.at, travellers=[traveller]
        )
    except InvalidValueError as error:
        record.findings.problems.add_error(record.place, error)
        return None
    return DoorRow(key=key, crossing=crossing, passed=passed, card=card)


def _card(cell: Cell) -> CardNumber | None:
    text = cells.digits(cell, "card number")
    return None if text is None else CardNumber.of(text)


def _warn(record: Record, person: str | None, card: CardNumber | None, cards: CardHolders) -> None:
    holder = None if card is None else cards.persons.get(card)
    if person is None and holder is None and (card is None or card not in cards.households):
        what = "nobody is known to hold this card" if card else "neither a person nor a card"
        record.warn("card", f"{what}; kept without a person")
    if person is not None and holder is not None and holder != person:
        record.warn("card", "the card belongs to somebody else than the row names")
