"""Registers in tables, made records: plain rows by the compiled twin, the others by way of a person.

``_table.py``, ``_people.py`` and ``_records.py`` are the specification of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from epiguard.matching._custom import CustomField, folded_values
from epiguard.matching._people import record_of, records_of, repeated
from epiguard.matching._plain import plain_forms
from epiguard.matching._records import packed_record
from epiguard.matching._table import Columns, columns_of_table, people_of_table, person_of_row
from epiguard.people import Person
from epiguard.registrations import FORM_FIELDS

__all__ = ["packed_register"]


def packed_register(
    functions: ModuleType | None,
    table: Any,  # noqa: ANN401 - see from_table
    columns: Mapping[str, str],
    fields: Sequence[CustomField] = (),
) -> Iterator[bytes]:
    """Make a record of each row of a table, in its portable form.

    Args:
        functions: The compiled functions, or nothing to read all in Python: the records are the same.
        table: A mapping of columns, or a pandas, Polars or Arrow table.
        columns: The table's names to the fields'.
        fields: The custom fields.

    Raises:
        MatchingError: If the table or a value in it cannot be used, or an id comes twice.
    """
    names = [field.name for field in fields]
    by_field = columns_of_table(table, columns, names)
    if functions is not None and not names:
        yield from _read_by_columns(functions, by_field)
        return
    custom: dict[str, Sequence[tuple[int, str]]] = {}

    def people() -> Iterator[Person]:
        for row, (person, values) in enumerate(people_of_table(by_field, names), start=1):
            # Before the person is handed on, who is then looked up in it.
            custom[person.id] = folded_values(fields, values, f"register, row {row}")
            yield person

    yield from map(packed_record, records_of(people(), custom=custom))


def _read_by_columns(functions: ModuleType, by_field: Columns) -> Iterator[bytes]:
    cells = [tuple(by_field[each]) if each in by_field else None for each in ("person_id", *FORM_FIELDS)]
    ids = by_field["person_id"]
    known: set[str] = set()
    for row, plain in enumerate(functions.plain_rows(tuple(cells), plain_forms()), start=1):
        packed, person_id = plain, ids[row - 1]
        if plain is None:
            person = person_of_row(by_field, row)
            packed, person_id = packed_record(record_of(person)), person.id
        if person_id in known:
            raise repeated(row)
        known.add(person_id)
        yield packed
