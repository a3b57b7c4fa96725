"""The ``[intake]`` section of a site's file: which files of a day's folder hold what."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Final, Self

import attrs

from epiguard.errors import IntakeError, kind_of

__all__ = ["IntakePlan", "SourcePlan"]

_PARTS: Final = ("residents", "paper_forms", "questionnaire", "gate_log", "door_log")
_KEYS: Final = ("file", "encoding", "sheet", "columns")
#: In a series: the name of the file.
_FILE: Final = "{file}"
#: Parts whose records are numbered from 1 in each source.
_WITH_SERIES: Final = frozenset(_PARTS[1:])
_FORMS: Final = frozenset({"paper_forms", "questionnaire"})


@attrs.frozen(kw_only=True)
class SourcePlan:
    """One part of the intake.

    Attributes:
        files: Patterns of file names relative to the folder, such as ``"gate-*.csv"``.
        encoding: Of CSV files, where it cannot be recognised.
        sheet: Of workbooks.
        columns: Field to heading, where the headings are not the usual ones.
        series: What tells the numbers of these records from another source's; ``{file}`` in it is each file's
            own name without its ending.
        returnees_only: That all forms in the files are returnees', so that no column says where they come
            from.
    """

    files: tuple[str, ...]
    encoding: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    series: str | None = None
    returnees_only: bool = False

    @property
    def per_file(self) -> bool:
        """Whether the series, where one is set, is each file's own."""
        return self.series is None or _FILE in self.series

    def series_of(self, path: PurePath) -> str | None:
        """The series of one of the files."""
        return None if self.series is None else self.series.replace(_FILE, path.stem)


@attrs.frozen(kw_only=True)
class IntakePlan:
    """Which files of a folder hold what; a part that is missing is not read."""

    residents: SourcePlan | None = None
    paper_forms: SourcePlan | None = None
    questionnaire: SourcePlan | None = None
    gate_log: SourcePlan | None = None
    door_log: SourcePlan | None = None

    @classmethod
    def of(cls, mapping: Mapping[str, object], where: str = "intake") -> Self:
        """Read the ``[intake]`` section.

        Args:
            mapping: The section, as a TOML reader gives it.
            where: The file for messages, such as ``"site.toml"``; or the section, ``"site.toml: intake"``.

        Returns:
            The plan.

        Raises:
            IntakeError: If a key is unknown or a value is not of its kind; it names file and key.
        """
        if where.rpartition(": ")[2] != "intake":
            where = f"{where}: intake"
        section = _table(mapping, where)
        _check_keys(section, _PARTS, where)
        if not section:
            raise IntakeError(where, expected="at least one of " + ", ".join(_PARTS), got="an empty section")
        return cls(**{part: _source(part, value, f"{where}.{part}") for part, value in section.items()})


def _source(part: str, value: object, place: str) -> SourcePlan:
    table = _table(value, place)
    series = ("series",) if part in _WITH_SERIES else ()
    _check_keys(table, (*_KEYS, *series, *(("returnees_only",) if part in _FORMS else ())), place)
    columns = _table(table.get("columns", {}), f"{place}.columns")
    return SourcePlan(
        files=_files(table.get("file"), f"{place}.file"),
        encoding=_text(table, "encoding", place),
        sheet=_text(table, "sheet", place),
        columns={field: _required(heading, f"{place}.columns.{field}") for field, heading in columns.items()},
        series=_series(table, place),
        returnees_only=_flag(table, "returnees_only", place),
    )


def _flag(table: Mapping[str, object], key: str, place: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise IntakeError(f"{place}.{key}", expected="true or false", got=kind_of(value))
    return value


def _series(table: Mapping[str, object], place: str) -> str | None:
    text = _text(table, "series", place)
    if text is not None and set("{}") & set(text.replace(_FILE, "")):
        raise IntakeError(
            f"{place}.series",
            expected=f"text, with {_FILE} where the name of each file is to stand",
            got="other brackets",
            do="leave them out",
        )
    return text


def _files(value: object, place: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise IntakeError(
            place,
            expected="the name of a file or a list of names",
            got=kind_of(value),
            do='write it in quotes: file = "gate-log.csv"',
        )
    for name in names:
        text = _required(name, place)
        path = PurePosixPath(text)
        # One notation on every system; a folder above would let a site's file read whatever it names.
        outside = "\\" in text or path.is_absolute() or PureWindowsPath(text).drive or ".." in path.parts
        if outside:
            raise IntakeError(
                place,
                expected="names inside the day's folder, with / between folders",
                got="a name that leads elsewhere",
                do="put the file into the folder",
            )
        # ** stands for folders and for nothing else; "." is the folder itself.
        broken = any("**" in part and part != "**" for part in path.parts) or "\0" in text
        if broken or not path.parts:
            raise IntakeError(
                place,
                expected="the name of a file, or a pattern such as gate-*.csv",
                got="something else",
                do="correct the name",
            )
    return tuple(names)


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise IntakeError(place, expected="a table of keys", got=kind_of(value))
    return value


def _check_keys(table: Mapping[str, object], known: Collection[str], place: str) -> None:
    for key in table:
        if key not in known:
            alike = difflib.get_close_matches(str(key), known, n=1)
            raise IntakeError(
                f"{place}.{key}",
                expected="one of the keys " + ", ".join(known),
                got="an unknown key",
                do=f"did you mean {alike[0]!r}?" if alike else "correct or remove it",
            )


def _text(table: Mapping[str, object], key: str, place: str) -> str | None:
    return None if key not in table else _required(table[key], f"{place}.{key}")


def _required(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise IntakeError(place, expected="some text", got=kind_of(value))
    return value
