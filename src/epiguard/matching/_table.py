"""Tables of residents: columns of text to people, strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from epiguard.errors import EpiguardError, MatchingError, kind_of
from epiguard.people import Person
from epiguard.registrations import FORM_FIELDS

__all__ = ["Columns", "columns_of_table", "people_of_table", "person_of_row", "values_of_row"]

#: The columns of a table by the fields that they hold.
Columns = Mapping[str, Sequence[Any]]

_FIELDS: Final = ("person_id", *FORM_FIELDS)
#: Several telephones, plates or cards in one cell.
_BETWEEN: Final = re.compile(r"[;,、/|\n；，]+")
_DATE: Final = re.compile(
    r"([0-9]{4})\s*[-/.年]?\s*([0-9]{1,2})\s*[-/.月]?\s*([0-9]{1,2})\s*日?(?:[ T]00:00(?::00)?)?"
)
_SEXES: Final = {
    **dict.fromkeys(("M", "m", "男", "male"), "M"),
    **dict.fromkeys(("F", "f", "女", "female"), "F"),
}


def columns_of_table(
    table: Any,  # noqa: ANN401 - see from_table
    columns: Mapping[str, str],
    custom: Sequence[str] = (),
) -> Columns:
    """The columns of a table that hold fields, of one length.

    Args:
        table: A mapping of columns, or a pandas, Polars or Arrow table.
        columns: The table's names to the fields'.
        custom: The names of custom fields.

    Raises:
        MatchingError: If the table cannot be used.
    """
    return _by_field(_plain(table), columns, (*_FIELDS, *custom))


def people_of_table(
    by_field: Columns, custom: Sequence[str] = ()
) -> Iterator[tuple[Person, dict[str, list[str]]]]:
    """Read people from a table.

    Args:
        by_field: What :func:`columns_of_table` returned.
        custom: The names of custom fields.

    Yields:
        One person per row, and what stands in the row's custom fields.

    Raises:
        MatchingError: If a value cannot be used.
    """
    for row in range(1, len(by_field["person_id"]) + 1):
        yield person_of_row(by_field, row), values_of_row(by_field, row, custom)


def person_of_row(by_field: Columns, row: int) -> Person:
    """The person of a row, from 1.

    Raises:
        MatchingError: If a value cannot be used.
    """
    person_id = by_field["person_id"][row - 1]
    values: dict[str, Any] = {"id": _converted(row, "person_id", person_id, _required_id)}
    for field, column in by_field.items():
        name, convert = _READ.get(field, ("", _text))
        value = column[row - 1]
        if name and not _is_blank(value):
            values[name] = _converted(row, field, value, convert)
    return _person(row, values)


def values_of_row(by_field: Columns, row: int, custom: Sequence[str]) -> dict[str, list[str]]:
    """What stands in custom fields of a row, from 1.

    Raises:
        MatchingError: If a value cannot be used.
    """
    return {
        name: _converted(row, name, by_field[name][row - 1], _several)
        for name in custom
        if name in by_field and not _is_blank(by_field[name][row - 1])
    }


def _plain(table: Any) -> Mapping[str, Any]:  # noqa: ANN401 - see from_table
    if isinstance(table, Mapping):
        return table
    if hasattr(table, "to_pydict"):  # Arrow
        return dict(table.to_pydict())
    if hasattr(table, "to_dict"):
        try:
            return dict(table.to_dict(as_series=False))  # Polars
        except TypeError:
            return dict(table.to_dict(orient="list"))  # pandas
    raise MatchingError(
        "register", expected="a mapping of columns, or a pandas, Polars or Arrow table", got=kind_of(table)
    )


def _by_field(
    table: Mapping[str, Any], columns: Mapping[str, str], fields: Sequence[str]
) -> dict[str, Sequence[Any]]:
    made: dict[str, Sequence[Any]] = {}
    for name, field in {
        **{each: each for each in fields if each in table and each not in columns},
        **columns,
    }.items():
        if field not in fields:
            raise MatchingError(
                f"columns, {name!r}", expected=f"one of {', '.join(fields)}", got="another field"
            )
        if name not in table:
            raise MatchingError(f"register, column {name!r}", expected="a column of that name", got="none")
        if field in made:
            raise MatchingError(
                f"columns, {name!r}", expected="one column for each field", got=f"two for {field}"
            )
        made[field] = table[name]
    if "person_id" not in made:
        raise MatchingError("register", expected="a column person_id", got="none", do="name it in columns")
    for field, column in made.items():
        if isinstance(column, str) or not hasattr(column, "__getitem__"):
            raise MatchingError(f"register, {field}", expected="a list of values", got=kind_of(column))
        if len(column) != len(made["person_id"]):
            raise MatchingError(
                f"register, {field}",
                expected=f"{len(made['person_id'])} values, as person_id has",
                got=f"{len(column)}",
            )
    return made


def _is_blank(value: object) -> bool:
    # A number that is not equal to itself is NaN, which pandas puts where a cell was empty.
    return value is None or value != value or (isinstance(value, str) and not value.strip())  # noqa: PLR0124 - NaN, as said above


def _converted(row: int, field: str, value: object, convert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - whatever it is converted to
    try:
        return convert(value)
    except (EpiguardError, ValueError) as error:
        expected = error.expected if isinstance(error, EpiguardError) else str(error)
        raise MatchingError(
            f"register, row {row}, {field}",
            expected=expected,
            got=kind_of(value),
            do="correct it or leave it blank",
        ) from None


def _person(row: int, values: Mapping[str, Any]) -> Person:
    try:
        return Person(**values)
    except EpiguardError:
        for field, value in values.items():
            if field != "id":  # found out one by one, so that the message names the field
                _converted(row, _SHOWN[field], value, partial(_with, field))
        raise


def _with(field: str, value: Any) -> Person:  # noqa: ANN401 - Person checks it
    return Person(**{"id": "p", field: value})


def _required_id(value: object) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return Person(id=text).id


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")  # noqa: TRY004 - becomes a MatchingError
    return value


def _several(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [_text(each) for each in value]
    return [part for part in _BETWEEN.split(_text(value)) if part.strip()]


def _sex(value: object) -> str:
    if not isinstance(value, str) or value.strip() not in _SEXES:
        raise ValueError("M, F, 男 or 女")
    return _SEXES[value.strip()]


def _birth_date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise ValueError("a date such as 1985-03-12")


_READ: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "name": ("name", _text),
    "sex": ("sex", _sex),
    "birth_date": ("birth_date", _birth_date),
    "resident_id": ("resident_id", _text),
    "phone": ("phones", _several),
    "residence": ("residence", _text),
    "plate": ("plates", _several),
    "card": ("cards", _several),
}
_SHOWN: Final = {person: field for field, (person, _) in _READ.items()}
