"""The records of several files as those of one part: what two files give word for word counts once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs

from epiguard.intake.problems import Problems

__all__ = ["Found", "Merged", "Merging"]

R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Found(Generic[R]):
    """One record, and where it stands.

    Attributes:
        file: The file.
        place: The place in it: ``"row 7, column A (编号)"``.
        record: The record.
        content: What must be the same for two records of one number to be the same record.
    """

    file: str
    place: str
    record: R = attrs.field(repr=False)
    content: object = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Merged:
    """What became of the records of one file.

    Attributes:
        new: The keys of those that no earlier file has.
        repeated: The keys of those that an earlier file has given, word for word.
        problems: Numbers with another record in an earlier file: which of two would be lost is not for us to
            choose.
        copy_of: The file of which this one is a copy under another name, whole or corrected.
    """

    new: tuple[str, ...]
    repeated: tuple[str, ...]
    problems: Problems
    copy_of: str | None = None


class Merging(Generic[R]):
    """The records of one part, of all files so far.

    Args:
        part: Of the plan, for messages: ``"gate_log"``.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        self._by_key: dict[str, Found[R]] = {}
        self._by_file: list[Mapping[str, Found[R]]] = []

    @property
    def records(self) -> tuple[R, ...]:
        """All records, each once, in the order of the files."""
        return tuple(found.record for found in self._by_key.values())

    def add(self, file: str, prefix: str | None, records: Mapping[str, Found[R]]) -> Merged:
        """Add the records of one file.

        Args:
            file: The file.
            prefix: How those of its keys begin that hold the file's own name, so that no other file has them;
                None where its series is that of other files too.
            records: Key to record.

        Returns:
            What became of them.
        """
        numbers = {key: key.removeprefix(prefix) for key in records if prefix and key.startswith(prefix)}
        own = {number: records[key] for key, number in numbers.items()}
        original = self._original(own) or {}
        problems, new, repeated = Problems(file), [], []
        for key, found in records.items():
            copied = original.get(numbers[key]) if key in numbers else None
            other = self._by_key.get(key) or copied
            if other is None:
                new.append(key)
            elif other.content == found.content:
                repeated.append(key)
            else:
                self._clash(problems, found, other, copied=other is copied)
        self._by_key |= {key: records[key] for key in new}
        self._by_file.append(own)
        copy_of = next((found.file for found in original.values()), None)
        return Merged(new=tuple(new), repeated=tuple(repeated), problems=problems, copy_of=copy_of)

    def _original(self, own: Mapping[str, Found[R]]) -> Mapping[str, Found[R]] | None:
        """The earlier file with most of the same records under the same numbers, if this is a copy of it.

        Two stacks of forms that both begin with 1 have no form in common, word for word; a copy, or a copy
        with corrections, has most of them.
        """
        for earlier in self._by_file:
            same = sum(
                number in earlier and earlier[number].content == found.content
                for number, found in own.items()
            )
            if same and 2 * same >= min(len(own), len(earlier)):
                return earlier
        return None

    def _clash(self, problems: Problems, found: Found[R], other: Found[R], *, copied: bool) -> None:
        if copied:
            expected = "a file that is no copy of another, or all of it the same"
            do = "keep the corrected file alone"
        elif other.file == found.file:
            expected, do = "files with different names", "rename one of them"
        else:
            expected = "a number that no other file has, or the same record under it"
            do = (
                f'where each file counts from 1, set intake.{self._part}.series = "{{file}}"; '
                "of a file and its correction keep the correction alone"
            )
        problems.add(
            found.place, expected=expected, got=f"another record than {other.file}, {other.place}", do=do
        )
