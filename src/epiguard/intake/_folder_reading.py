"""What is collected while the files of a folder are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypedDict, TypeVar

import attrs

from epiguard.doors import CardHolders
from epiguard.errors import IntakeError
from epiguard.intake._keys import prefix_of
from epiguard.intake._merging import Found, Merged, Merging
from epiguard.intake._register import build
from epiguard.intake.config import SourcePlan
from epiguard.intake.crossings_log import CrossingsBatch, LoggedCrossing
from epiguard.intake.forms import FormsBatch
from epiguard.intake.problems import Problems
from epiguard.intake.residents import ParsedResidents, ResidentsBatch, batch_of, nobody, parse_residents
from epiguard.people import Person
from epiguard.registrations import Registration

__all__ = ["FolderReading", "RowCount"]

B = TypeVar("B")
T = TypeVar("T", FormsBatch, CrossingsBatch)
R = TypeVar("R")
#: In place of a form's id, where two files' forms are compared.
_ANY: Final = "any"


@attrs.frozen(kw_only=True)
class RowCount:
    """What became of the rows of one file; no row is lost without a word.

    Attributes:
        part: Of the plan: ``"residents"``, ``"gate_log"`` ...
        file: The file's name.
        rows_read: All rows below the header.
        records: How many records were made.
        blank: How many rows were blank.
        merged: How many rows joined the party of an earlier row.
        repeated: How many rows another file had already given, word for word.
    """

    part: str
    file: str
    rows_read: int
    records: int
    blank: int
    merged: int = 0
    repeated: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows_read == self.records + self.blank + self.merged + self.repeated


class _Settings(TypedDict):
    columns: Mapping[str, str]
    encoding: str | None
    sheet: str | None


def _settings(source: SourcePlan) -> _Settings:
    return {"columns": source.columns, "encoding": source.encoding, "sheet": source.sheet}


class FolderReading:
    """The files read so far; errors wait until all files were read.

    Args:
        folder: The folder.
        compounds: The site's compounds.
    """

    def __init__(self, folder: Path, compounds: Sequence[str]) -> None:
        self.folder = folder
        # Also of ".", which has no name of its own.
        self.name = folder.absolute().name
        self.compounds = compounds
        self.errors: list[IntakeError] = []
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.rows: list[RowCount] = []

    def residents(self, source: SourcePlan | None) -> ResidentsBatch | None:
        """Read all files of the register as one."""
        if source is None:
            return None
        parsed: list[ParsedResidents] = []
        for path in self._files("residents", source):
            one = self._guarded(partial(parse_residents, path, compounds=self.compounds, **_settings(source)))
            if one is not None:
                parsed.append(one)
        problems = Problems(parsed[0].table.file if len(parsed) == 1 else "the register")
        register = build([row for each in parsed for row in each.rows], problems)
        for each in parsed:
            self._guarded(each.findings.problems.raise_if_any)
            batch = batch_of([each], (), (), (), ())
            self._said(batch.file, batch.notes, batch.warnings)
            self.rows.append(
                RowCount(
                    part="residents",
                    file=batch.file,
                    rows_read=batch.rows_read,
                    records=len(each.rows),
                    blank=batch.blank_rows,
                )
            )
        self._guarded(problems.raise_if_any)
        if parsed and not any(each.table.rows for each in parsed):
            self.errors.append(nobody(", ".join(each.table.file for each in parsed)))
        self.warnings += register.warnings
        return batch_of(
            parsed, register.people, register.households, register.relationships, register.warnings
        )

    def forms(
        self, part: str, source: SourcePlan | None, read: Callable[..., FormsBatch]
    ) -> tuple[Registration, ...]:
        """Read forms of one kind."""
        merging: Merging[Registration] = Merging(part)
        only = source is not None and source.returnees_only
        for prefix, batch in self._batches(part, source, partial(read, returnees_only=only)):
            records = {
                form.id: Found(
                    file=batch.file,
                    place=_place(row, batch.number_column),
                    record=form,
                    content=attrs.evolve(form, id=_ANY),
                )
                for form, row in zip(batch.registrations, batch.rows, strict=True)
            }
            merged = self._merge(merging, prefix, batch.file, records)
            self.rows.append(
                RowCount(
                    part=part,
                    file=batch.file,
                    rows_read=batch.rows_read,
                    records=len(records) - len(merged.repeated),
                    blank=batch.blank_rows,
                    repeated=len(merged.repeated),
                )
            )
        return merging.records

    def log(
        self, part: str, source: SourcePlan | None, read: Callable[..., CrossingsBatch]
    ) -> tuple[LoggedCrossing, ...]:
        """Read the logs of gates, or of doors."""
        merging: Merging[LoggedCrossing] = Merging(part)
        for prefix, batch in self._batches(part, source, read):
            records = {
                each.key: Found(
                    file=batch.file,
                    place=_place(each.row, batch.number_column),
                    record=each,
                    content=(each.crossing, each.passed, each.card),
                )
                for each in batch.observed
            }
            merged = self._merge(merging, prefix, batch.file, records)
            travellers = {each.key: len(each.crossing.travellers) for each in batch.observed}
            # Of a party that another file gave, every row is a repetition.
            repeated = sum(travellers[key] for key in merged.repeated)
            kept = travellers.keys() - set(merged.repeated)
            self.rows.append(
                RowCount(
                    part=part,
                    file=batch.file,
                    rows_read=batch.rows_read,
                    records=len(kept),
                    blank=batch.blank_rows,
                    merged=sum(travellers[key] - 1 for key in kept),
                    repeated=repeated,
                )
            )
        return merging.records

    def cards(self, register: ResidentsBatch | None) -> CardHolders:
        """Who holds which card; one that several people share tells their household, if anybody."""
        holders = CardHolders.of(
            *(register.people, register.households) if register is not None else ((), ())
        )
        for count, what in (
            (len(holders.households), "of one household and tell the household"),
            (holders.nobodys, "of several households and tell nobody"),
        ):
            if count:
                self.warnings.append(f"{count} access cards are registered for several people {what}")
        return holders

    def warn_of_strangers(self, people: Iterable[Person], logged: Iterable[LoggedCrossing]) -> None:
        """Say how many ids of the logs the register does not have: a slip makes a stranger of a resident."""
        known = {person.id for person in people}
        named = {one.person for each in logged for one in each.crossing.travellers if one.person is not None}
        strangers = len(named - known)
        if strangers:
            self.warnings.append(f"{strangers} person ids of the logs are not in the register")

    def raise_if_any(self) -> None:
        """Refuse the folder if any file was refused, with every problem of every file.

        Raises:
            IntakeError: If there was an error.
        """
        if not self.errors:
            self.errors += [
                IntakeError(count.file, expected="every row accounted for", got="rows that are not")
                for count in self.rows
                if not count.balanced
            ]
        lines = [line for error in self.errors for line in (error.problems or (str(error),))]
        if lines:
            raise IntakeError(
                self.name,
                expected="a folder whose files can all be read",
                got="1 problem" if len(lines) == 1 else f"{len(lines)} problems",
                do="correct the files and run again; nothing was taken over",
                problems=tuple(lines),
            )

    def _batches(
        self, part: str, source: SourcePlan | None, read: Callable[..., T]
    ) -> Iterator[tuple[str | None, T]]:
        """Read the files of a part, each with how its keys begin where they hold its own name."""
        if source is None:
            return
        for path in self._files(part, source):
            series = source.series_of(path)
            batch = self._guarded(partial(read, path, series=series, **_settings(source)))
            if batch is not None:
                self._said(batch.file, batch.notes, batch.warnings)
                yield (prefix_of(part, series, path) if source.per_file else None), batch

    def _files(self, part: str, source: SourcePlan) -> list[Path]:
        """The files of a part, sorted by name; a pattern without any is an error."""
        found: dict[Path, None] = {}
        root = self.folder.resolve()
        for pattern in source.files:
            # Office programs leave lock files (~$...) beside what is open.
            there = [
                path for path in sorted(self.folder.glob(pattern)) if not path.name.startswith((".", "~$"))
            ]
            matching = [path for path in there if path.is_file()]
            if not matching:
                self._missing(
                    pattern,
                    expected=f"a file for {part}",
                    got="a folder" if any(path.is_dir() for path in there) else "nothing of that name",
                    do=f"put the export into the folder, or correct intake.{part}.file",
                )
            for path in matching:
                if root in path.resolve().parents:
                    found[path] = None
                else:
                    self._missing(
                        path.name,
                        expected=f"a file for {part} inside the folder",
                        got="a link that leads out of it",
                        do="put a copy of the file into the folder",
                    )
        return list(found)

    def _missing(self, name: str, *, expected: str, got: str, do: str) -> None:
        self.errors.append(IntakeError(f"{self.name}/{name}", expected=expected, got=got, do=do))

    def _guarded(self, read: Callable[[], B]) -> B | None:
        try:
            return read()
        except IntakeError as error:
            self.errors.append(error)
            return None

    def _said(self, file: str, notes: Iterable[str], warnings: Iterable[str]) -> None:
        self.notes += [f"{file}: {note}" for note in notes]
        self.warnings += warnings

    def _merge(
        self, merging: Merging[R], prefix: str | None, file: str, records: Mapping[str, Found[R]]
    ) -> Merged:
        """Add a file's records to those of the part."""
        merged = merging.add(file, prefix, records)
        self._guarded(merged.problems.raise_if_any)
        if merged.copy_of is not None and merged.repeated:
            self.warnings.append(
                f"{file}: {len(merged.repeated)} of {len(records)} records stand in {merged.copy_of}, "
                "word for word and under the same numbers; they count once"
            )
        return merged


def _place(row: int, column: str) -> str:
    return f"row {row}, {column}" if column else f"row {row}"
