"""One row of the register as the access-control system exports it: read strictly, for it must be right."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.identifiers import (
    CardNumber,
    Document,
    PersonName,
    Phone,
    Plate,
    RegionCode,
    Residence,
    ResidentId,
    find_region,
)
from epiguard.intake import cells, words
from epiguard.intake._lost_digits import is_rounded
from epiguard.intake.grid import Cell
from epiguard.intake.moments import day
from epiguard.intake.records import Record
from epiguard.people import Person, Tenancy

__all__ = ["LANDLORD_OF", "ResidentRow", "read_row"]

_RESIDENT_ID_WORDS: Final = frozenset(
    {"身份证", "居民身份证", "二代身份证", "户口本", "户口簿", "residentid"}
)
_NO_DOCUMENT: Final = frozenset({"", "无", "没有", "none"})
# Text that is in the name of a document, and the document it is; the first that fits counts.
_DOCUMENTS: Final = (
    ("外国人永久居留", "residence-permit"),
    ("居住证", "residence-permit"),
    ("居留", "residence-permit"),
    ("护照", "passport"),
    ("台", "taiwan-permit"),
    ("港澳", "hk-macau-permit"),
    ("回乡证", "hk-macau-permit"),
    ("军官", "military-id"),
    ("士兵", "military-id"),
    ("出生", "birth-certificate"),
    ("旅行证", "travel-document"),
    ("其他", "other"),
    ("其它", "other"),
)
# What stands in a register where there is nothing to enter: nobody is called 无, and no landlord 自有.
_NOBODY: Final = frozenset({"无", "没有", "不详", "未知", "无车", "自有", "自住", "业主自住", "本人"})
#: How the id of a landlord begins who is not in the register: the tenant's follows.
LANDLORD_OF: Final = "landlord-of-"
#: How ids begin that are given by us. The first: see Registration.subject.
_OURS: Final = {
    "form:": "people of whom only a form is known",
    LANDLORD_OF: "landlords who are not in the register",
}
_UNKNOWN_COUNTRY: Final = "XXX"  # ICAO Doc 9303: a person of unspecified nationality
_CHINA: Final = frozenset({"中国", "中华人民共和国", "中国籍", "chn"})
_CHINESE_DOCUMENTS: Final = frozenset(
    {"hk-macau-permit", "taiwan-permit", "military-id", "birth-certificate"}
)
_LETTERS: Final = re.compile(r"[A-Za-z]{3}")


@attrs.frozen(kw_only=True)
class ResidentRow:
    """A person of the register and what the row says about others."""

    person: Person
    file: str
    place: str
    """Where its number stands: ``"row 7, column A (人员编号)"``."""
    number: int
    household: str | None
    landlord_name: PersonName | None
    landlord_phones: tuple[Phone, ...]


class _Masked(Protocol):
    @property
    def value(self) -> str: ...


V = TypeVar("V", bound=_Masked)


def read_row(record: Record, compounds: Sequence[str]) -> ResidentRow | None:
    """Read a row; every bad cell becomes a problem of the file.

    Args:
        record: The row.
        compounds: The site's compounds; where there is one, it is the compound of rows that name none.

    Returns:
        The person, or None where a problem was found.
    """
    before = len(record.findings.problems)
    person_id = record.require("person_id", _identifier("person id"), "the number of the person")
    for beginning, whose in _OURS.items():
        if person_id is not None and person_id.startswith(beginning):
            record.problem(
                "person_id",
                expected=f"a number that does not begin with {beginning}",
                got="one that does",
                do=f"those are given to {whose}; give the person another number",
            )
    resident_id, documents = _documents(record)
    name = record.read("name", _value(PersonName.of, "name"))
    sex, birth_date = record.read("sex", words.sex), record.read("birth_date", day)
    latin_name = record.read("latin_name", _value(PersonName.of, "latin name"))
    phones = _several(record, "phone", Phone.of)
    residence, region = _residence(record, compounds), _region(record)
    plates, cards = _several(record, "plate", Plate.of), _several(record, "card", CardNumber.of)
    tenancy = _tenancy(record)
    household = record.read("household", _identifier("household"))
    landlord_name = record.read("landlord_name", _value(PersonName.of, "landlord's name"))
    landlord_phones = _several(record, "landlord_phone", Phone.of)
    if len(record.findings.problems) > before or person_id is None:
        return None
    _compare_with_id(record, resident_id, sex, birth_date)
    try:
        person = Person(
            id=person_id,
            name=name,
            latin_name=latin_name,
            sex=sex,
            birth_date=birth_date,
            resident_id=resident_id,
            documents=documents,
            phones=phones,
            residence=residence,
            registered_region=region,
            plates=plates,
            cards=cards,
            tenancy=tenancy,
        )
    except InvalidValueError as error:
        record.findings.problems.add_error(record.place, error)
        return None
    return ResidentRow(
        person=person,
        file=record.findings.file,
        place=record.where("person_id"),
        number=record.row.number,
        household=household,
        landlord_name=landlord_name,
        landlord_phones=landlord_phones,
    )


def _identifier(what: str) -> Callable[[Cell], str | None]:
    return lambda cell: cells.identifier(cell, what, chinese=False)


def _value(of: Callable[[str], V], what: str) -> Callable[[Cell], V | None]:
    def read(cell: Cell) -> V | None:
        text = cells.text(cell, what)
        return None if text is None or text in _NOBODY else of(text)

    return read


def _several(record: Record, field: str, of: Callable[[str], V]) -> tuple[V, ...]:
    """Read phones, plates or cards: one, or several in one cell."""

    def read(cell: Cell) -> tuple[V, ...] | None:
        text = cells.digits(cell, field)
        if text is None or text in _NOBODY:
            return None
        if field == "card" and not isinstance(cell, str):
            record.tally(field, "the card number is a number in the spreadsheet: leading zeros would be lost")
        found = [value for part in cells.several(text) for value in _spaced(part, of)]
        return tuple(dict.fromkeys(found))

    return record.read(field, read) or ()


def _spaced(part: str, of: Callable[[str], V]) -> list[V]:
    """Read one value with spaces inside (138 0013 8000), or several with spaces between."""
    pieces = part.split()
    try:
        # A card's number may hold spaces, but two cards beside each other are what happens.
        if of is not CardNumber.of or len(pieces) < 2:
            return [of(part)]
    except InvalidValueError:
        if len(pieces) < 2:
            raise
    return [of(piece) for piece in pieces]


def _documents(record: Record) -> tuple[ResidentId | None, tuple[Document, ...]]:
    """Read the number as what the kind of document says; without one it is a resident ID."""
    before = len(record.findings.problems)
    kind = record.read("document_kind", _kind)
    country = _country(record)
    if len(record.findings.problems) > before:
        return None, ()  # what the number should be like is not known
    if kind is not None and kind != "":
        number = record.read("resident_id", _document_number(kind))
        if number is None:
            return None, ()
        if kind == "residence-permit":
            # Those of Hong Kong, Macau, Taiwan and, since 2023, foreign residents are numbered like IDs.
            with contextlib.suppress(InvalidValueError):
                return ResidentId(number), ()
        if country is None:
            country = "CHN" if kind in _CHINESE_DOCUMENTS else _UNKNOWN_COUNTRY
        issuer = country
        document = record.read("resident_id", lambda _: Document(kind, issuer, number))
        return None, (document,) if document else ()
    return record.read("resident_id", _resident_id), ()


def _document_number(kind: str) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        if kind == "residence-permit":
            _refuse_rounded(cell)
        return cells.text(cell, "document number")

    return read


def _kind(cell: Cell) -> str | None:
    """The document, ``""`` for a resident ID."""
    text = cells.text(cell, "document kind")
    word = cells.folded(text) if text is not None else ""
    if word in _NO_DOCUMENT:
        return None
    if word in _RESIDENT_ID_WORDS:
        return ""
    for part, kind in _DOCUMENTS:
        if part in word or kind == word:
            return kind
    if "身份证" in word or "户口" in word:
        return ""  # 临时身份证, 居民户口簿
    raise cells.refuse(
        "document kind", "身份证, 护照, 港澳通行证, 台胞证, 居留证 or 其他", cell, "write 其他 for others"
    )


def _country(record: Record) -> str | None:
    text = record.read("country", lambda cell: cells.text(cell, "country"))
    if text is None:
        return None
    if cells.folded(text) in _CHINA:
        return "CHN"
    if _LETTERS.fullmatch(text):
        return text.upper()
    record.warn("country", "no code of three letters (such as NPL); taken as unknown")
    return None


def _resident_id(cell: Cell) -> ResidentId | None:
    _refuse_rounded(cell)
    text = cells.text(cell, "resident ID")
    return None if text is None else ResidentId.of(text)


def _refuse_rounded(cell: Cell) -> None:
    """Whether or not its check digit happens to agree: nine of a hundred damaged ones do."""
    if not is_rounded(cell):
        return
    if not isinstance(cell, str):
        raise cells.refuse(
            "resident ID",
            "text",
            cell,
            "a spreadsheet keeps 15 digits of a number: format the column as text and enter the IDs again",
        )
    raise InvalidValueError(
        "resident ID",
        expected="a resident ID that no spreadsheet has turned into a number",
        got="a number in scientific notation"
        if "E" in cell.upper()
        else "15 digits and three zeros, as such a number is written",
        do="format the column as text and enter the IDs again; one that truly ends in 000 is written"
        ' ="..." in a CSV file, or as a text cell of a workbook',
    )


def _residence(record: Record, compounds: Sequence[str]) -> Residence | None:
    compound = record.read("compound", lambda cell: cells.text(cell, "compound"))
    if compound is None and len(compounds) == 1:
        compound = compounds[0]
    unit = record.read("unit", lambda cell: cells.digits(cell, "unit"))
    room = record.read("room", lambda cell: cells.digits(cell, "room"))

    def from_parts(cell: Cell) -> Residence | None:
        building = cells.digits(cell, "building")
        if building is None:
            return None
        try:
            return Residence.of_parts(building, room=room, unit=unit, compound=compound)
        except InvalidValueError as error:
            # What was refused is put together of several cells; this one is told by its own kind.
            raise cells.refuse("building", error.expected, cell, error.do) from None

    def from_text(cell: Cell) -> Residence | None:
        text = cells.text(cell, "residence")
        return None if text is None else Residence(text, compound=compound)

    if record.cell("building") is not None:
        return record.read("building", from_parts)
    if record.cell("residence") is not None:
        return record.read("residence", from_text)
    if room is not None:
        record.problem(
            "room",
            expected="a building beside the room",
            got="a room alone",
            do="fill in the building, or write the whole address in a column 住址",
        )
    return None


def _tenancy(record: Record) -> Tenancy | None:
    try:
        return words.tenancy(record.cell("kind"))
    except InvalidValueError:
        # Systems have kinds of their own: staff, children, long-term guests.
        record.tally("kind", "neither owner (业主), family (家属) nor tenant (租户); left out")
        return None


def _region(record: Record) -> RegionCode | None:
    text = record.read("registered_region", lambda cell: cells.digits(cell, "registered region"))
    if text is None:
        return None
    region = find_region(text)
    if region is None:
        record.warn("registered_region", "the region is not recognised and left out")
    return region


def _compare_with_id(
    record: Record, number: ResidentId | None, sex: str | None, birth_date: date | None
) -> None:
    if number is None:
        return
    if sex is not None and sex != number.sex:
        record.warn("sex", "differs from the resident ID")
    if birth_date is not None and birth_date != number.birth_date:
        record.warn("birth_date", "differs from the resident ID")
