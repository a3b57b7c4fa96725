"""The file of an index, as a ledger cleans it."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from epiguard.errors import IndexFileError, refusal_of
from epiguard.matching._file import remove_left_over
from epiguard.matching._index import ResidentIndex

__all__ = ["ResidentIndexFile"]


class ResidentIndexFile:
    """A file that :meth:`ResidentIndex.save` wrote, to be registered with ``Ledger.register_index``.

    Whom the ledger forgets goes from the file too, before ``erase``, ``retain`` and ``merge`` return. An
    index that somebody has open is not changed by that: open it again.

    Args:
        path: Where it lies.

    Raises:
        IndexFileError: If there is none, or what lies there is no index.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._opened()

    def compact(self, erased: Collection[str]) -> None:
        """Leave nothing of these people in the file, nor beside it where a save was interrupted.

        Args:
            erased: Ids of people; those of nobody in it make no difference.

        Raises:
            IndexFileError: If the file is gone or damaged.
            OSError: If it cannot be written; it is then as it was.
        """
        remove_left_over(self.path)
        index = self._opened()
        if any(each in index for each in erased):
            index = index.without(erased)  # from here on nothing has the old file open, so it can be replaced
            index.save(self.path)

    def _opened(self) -> ResidentIndex:
        try:
            return ResidentIndex.open(self.path)
        except OSError as error:
            raise IndexFileError(
                self.path.name,
                expected="the file of an index",
                got=refusal_of(error),
                do="name the file that ResidentIndex.save wrote",
            ) from None

    def __repr__(self) -> str:
        return f"ResidentIndexFile({self.path.name!r})"
