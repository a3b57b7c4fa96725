"""What is derived from a ledger's personal data and kept outside of it, such as the file of a match index."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol, runtime_checkable

from epiguard.errors import InvalidValueError, LedgerError, kind_of

__all__ = ["IndexFile", "Indexes"]


@runtime_checkable
class IndexFile(Protocol):
    """Something derived from the personal data of a ledger that must forget whom the ledger forgets.

    Register it with ``Ledger.register_index``, in every process that erases.
    """

    def compact(self, erased: Collection[str]) -> None:
        """Leave nothing of these people, neither in what is found nor in any byte of any file.

        It returns when that has reached the disk. It is called again with the same people where an erasure
        is repeated, and must take that, and ids it never knew.

        Args:
            erased: The pseudonymous ids of people, forms and households.
        """


class Indexes:
    """Those that are registered with a ledger."""

    def __init__(self) -> None:
        self._registered: list[IndexFile] = []

    def register(self, index: IndexFile, forgotten: Callable[[], Collection[str]]) -> None:
        """Register one, and let it forget whom the ledger forgot before.

        Raises:
            InvalidValueError: If it cannot forget.
            LedgerError: If it failed to.
        """
        if not isinstance(index, IndexFile) or not callable(index.compact):
            raise InvalidValueError(
                "Ledger.register_index(index)",
                expected="an object with a method compact(erased)",
                got=kind_of(index),
            )
        erased = forgotten()
        if erased:
            _compact(index, erased)
        if not any(each is index for each in self._registered):
            self._registered.append(index)

    def catch_up(self, forgotten: Callable[[], Collection[str]]) -> None:
        """Let all of them forget whom the ledger has forgotten; else as :meth:`compact`."""
        if self._registered:
            self.compact(forgotten())

    def compact(self, erased: Collection[str]) -> None:
        """Let all of them forget; one that fails keeps no other from it.

        Raises:
            LedgerError: If one failed.
        """
        problem: LedgerError | None = None
        for each in self._registered if erased else ():
            try:
                _compact(each, erased)
            except LedgerError as error:
                problem = problem or error
        if problem is not None:
            raise problem


def _compact(index: IndexFile, erased: Collection[str]) -> None:
    name = None
    try:
        index.compact(frozenset(erased))
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may repeat a value
        name = type(error).__name__
    if name is None:
        return
    raise LedgerError(
        f"index {type(index).__name__}",
        expected="a match index that forgets who was erased",
        got=name,
        do="it is gone from the ledger, but not from the index: mend that, then do the same again",
    )
