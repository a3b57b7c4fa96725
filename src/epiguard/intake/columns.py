"""Which column holds what: as declared in the site's file, else by the headings that are usual."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from epiguard.errors import IntakeError
from epiguard.intake.grid import Table
from epiguard.intake.problems import column_letters

__all__ = [
    "Columns",
    "Field",
    "KnownHeadings",
    "column_label",
    "known_headings",
    "listed",
    "match_columns",
    "plain_heading",
]

_NUMBERING = re.compile(r"^(?:Q|第|题)?[0-9]{1,3}题?[、.:)\s]\s*(?=\D)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_LEAD = re.compile(r"^(?:请问|请填写|请输入|请选择|填写|输入|您的|你的|您|你|本人的|本人|真实)+")
#: How many headings a message names that finds none.
_SHOWN = 4
_MARKS = re.compile(r"[\s_*:?!。、,;\u200b\ufeff\"'“”]+")


@attrs.frozen
class Field:
    """One thing that a kind of file may hold.

    Attributes:
        name: Our name for it.
        headings: The usual headings, plain (see :func:`plain_heading`).
        required: Whether the column must be there.
        pattern: For questionnaires, whose headings are sentences: what the whole plain heading matches.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = False
    pattern: str | None = None

    def fits(self, plain: str) -> bool:
        """Whether a plain heading is one of this field."""
        return plain in self.headings or bool(self.pattern and re.fullmatch(self.pattern, plain))


@attrs.frozen(kw_only=True)
class Columns:
    """Which column of a table holds which field, and which columns none."""

    headers: tuple[str, ...]
    index: Mapping[str, int]
    others: tuple[int, ...]

    def __contains__(self, field: object) -> bool:
        return field in self.index

    def label(self, field: str) -> str:
        """The column of a field for a message: ``"column F (手机号码)"``."""
        return self.label_at(self.index[field])

    def label_at(self, index: int) -> str:
        """A column for a message."""
        return column_label(self.headers, index)


def column_label(headers: Sequence[str], index: int) -> str:
    """A column for a message: ``"column F (手机号码)"``."""
    return f"column {column_letters(index)} ({headers[index]})"


def plain_heading(heading: str) -> str:
    """Strip a heading of what surrounds the thing it asks for.

    Args:
        heading: For example ``"3、您的身份证号码（必填）"``.

    Returns:
        For example ``"身份证号码"``, in small letters and without spaces.
    """
    plain = unicodedata.normalize("NFKC", heading).strip().lstrip("*").strip()
    plain = _ASIDE.sub("", _NUMBERING.sub("", plain))
    plain = _MARKS.sub("", plain).lower()
    return _LEAD.sub("", plain) or plain


@attrs.frozen
class KnownHeadings:
    """Whether a heading is one that is looked for, to tell the header from a title.

    Attributes:
        wanted: Some of them, for a message.
    """

    _fields: tuple[Field, ...]
    _named: frozenset[str]
    wanted: tuple[str, ...]

    def __call__(self, heading: str) -> bool:
        """Whether this one is."""
        return heading in self._named or any(field.fits(plain_heading(heading)) for field in self._fields)


def known_headings(fields: Sequence[Field], declared: Mapping[str, str] | None) -> KnownHeadings:
    """Make the test for a kind of file.

    Args:
        fields: What the file may hold.
        declared: Field to heading, as declared.
    """
    declared = declared or {}
    wanted = [field for field in fields if field.required] + [field for field in fields if not field.required]
    return KnownHeadings(
        tuple(fields),
        frozenset(_line(heading) for heading in declared.values()),
        tuple(declared.get(field.name, field.headings[0]) for field in wanted[:_SHOWN]),
    )


def match_columns(
    table: Table, fields: Sequence[Field], declared: Mapping[str, str] | None = None
) -> Columns:
    """Find the column of each field: as declared, else by its usual headings.

    Args:
        table: The table.
        fields: What it may hold.
        declared: Field to heading; a field that is declared is not guessed.

    Returns:
        The columns.

    Raises:
        IntakeError: If a declared field is unknown or its heading is not in the file, a required field has no
            column, or two columns may be one field.
    """
    declared = declared or {}
    _check_declared(table.file, {field.name for field in fields}, declared)
    index = {field: _declared_at(table, field, heading) for field, heading in declared.items()}
    plain = [plain_heading(heading) for heading in table.headers]
    # An exact heading goes before a sentence that asks for the same, and for both all fields are tried.
    for fits in (_is_heading, _fits_pattern):
        taken = set(index.values())
        free = [at for at in range(len(plain)) if at not in taken and plain[at]]
        index.update(_guess(table, [field for field in fields if field.name not in index], free, plain, fits))
    missing = [field for field in fields if field.required and field.name not in index]
    if missing:
        raise IntakeError(
            table.file,
            expected="; ".join(
                f"a column {field.name} ({', '.join(field.headings[:6])})" for field in missing
            ),
            got="headings " + listed(table.headers),
            do="declare the heading of each missing column in the site file, "
            f'columns.{missing[0].name} = "...", or add the column',
        )
    taken = set(index.values())
    others = tuple(at for at, heading in enumerate(table.headers) if heading and at not in taken)
    return Columns(headers=table.headers, index=index, others=others)


def _is_heading(field: Field, plain: str) -> bool:
    return plain in field.headings


def _fits_pattern(field: Field, plain: str) -> bool:
    return field.fits(plain)


def _guess(
    table: Table,
    fields: Iterable[Field],
    free: Sequence[int],
    plain: Sequence[str],
    fits: Callable[[Field, str], bool],
) -> dict[str, int]:
    found: dict[str, int] = {}
    for field in fields:
        columns = [at for at in free if fits(field, plain[at])]
        if len(columns) > 1:
            raise IntakeError(
                table.file,
                expected=f"one column for {field.name}",
                got=" and ".join(column_label(table.headers, at) for at in columns),
                do=f'declare it in the site file: columns.{field.name} = "{table.headers[columns[0]]}"',
            )
        if columns:
            found[field.name] = columns[0]
    _check_unshared(table, found)
    return found


def _check_unshared(table: Table, found: Mapping[str, int]) -> None:
    owners: dict[int, str] = {}
    for field, at in found.items():
        if at in owners:
            raise IntakeError(
                table.file,
                expected="a heading that asks for one thing",
                got=f"{column_label(table.headers, at)}, which may be {owners[at]} or {field}",
                do=f'declare it in the site file: columns.{field} = "{table.headers[at]}"',
            )
        owners[at] = field


def _check_declared(file: str, fields: set[str], declared: Mapping[str, str]) -> None:
    for field, heading in declared.items():
        if field not in fields:
            alike = difflib.get_close_matches(field, fields, n=1)
            raise IntakeError(
                file,
                expected="one of the columns " + ", ".join(sorted(fields)),
                got=f"columns.{field} declared",
                do=f"did you mean columns.{alike[0]}?" if alike else "correct or remove it in the site file",
            )
        if not isinstance(heading, str) or not heading.strip():
            raise IntakeError(
                file,
                expected=f"a heading as text for columns.{field}",
                got="something else",
                do="copy the heading from the file, in quotes",
            )
    owners: dict[str, str] = {}
    for field, heading in declared.items():
        if owners.setdefault(_line(heading), field) != field:
            raise IntakeError(
                file,
                expected="a heading of its own for each declared column",
                got=f"one for columns.{owners[_line(heading)]} and columns.{field}",
                do="correct one of the two in the site file",
            )


def _declared_at(table: Table, field: str, heading: str) -> int:
    wanted = _line(heading)
    if wanted in table.headers:
        return table.headers.index(wanted)
    alike = [
        at for at, each in enumerate(table.headers) if each and plain_heading(each) == plain_heading(wanted)
    ]
    if len(alike) == 1:
        return alike[0]
    raise IntakeError(
        table.file,
        expected=f"a column {wanted!r}, declared for {field}",
        got="headings " + listed(table.headers),
        do=f"correct columns.{field} in the site file",
    )


def _line(heading: str) -> str:
    return " ".join(heading.split())


def listed(headings: Iterable[str]) -> str:
    """Headings for a message, the first thirty of them."""
    written = [heading for heading in headings if heading]
    return ", ".join(written[:30]) + (f" and {len(written) - 30} more" if len(written) > 30 else "")
