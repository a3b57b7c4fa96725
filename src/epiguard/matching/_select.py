"""Chooses between the compiled functions and their Python twins: the one module that imports the extension.

The choice is made once, at import.
``EPIGUARD_MATCHING=c`` or ``EPIGUARD_MATCHING=python`` in the environment forces it;
unset, the compiled functions are used where they were built.
Both give the same answers, so this changes speed and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import ModuleType

from epiguard.errors import MatchingError
from epiguard.matching import _reference_distance, _reference_slips

__all__ = ["compiled", "implementation", "osa_distance", "slip_rows"]

_NATIVE = "epiguard.matching._native"
_VARIABLE = "EPIGUARD_MATCHING"


def _native() -> ModuleType | None:
    """Import the extension, or return nothing if it was not built; a broken one raises."""
    try:
        import epiguard.matching._native as native  # noqa: PLC0415 - not touched where Python is asked for
    except ModuleNotFoundError as error:
        if error.name != _NATIVE:
            raise
        return None
    return native


def _chosen(wish: str | None) -> ModuleType | None:
    """Return the extension if it is to be used, or nothing for Python."""
    if wish not in {None, "c", "python"}:
        raise MatchingError(
            f"environment variable {_VARIABLE}",
            expected="'c', 'python' or no such variable",
            got=repr(wish),
            do="correct it or unset it",
        )
    if wish == "python":
        return None
    native = _native()
    if wish == "c" and native is None:
        raise MatchingError(
            f"environment variable {_VARIABLE}",
            expected="the compiled extension, because it asks for 'c'",
            got="an installation without it",
            do="install a C compiler and python3-dev and reinstall epiguard, or unset the variable",
        )
    return native


#: The compiled functions, or nothing where their Python twins run.
compiled: ModuleType | None = _chosen(os.environ.get(_VARIABLE))
_functions: ModuleType = compiled or _reference_distance

osa_distance: Callable[[str, str, int], int] = _functions.osa_distance
slip_rows: Callable[..., list[int]] = (compiled or _reference_slips).slip_rows


def implementation() -> str:
    """Say which functions run: ``"c"`` for the compiled ones, ``"python"`` for their twins."""
    return "python" if _functions is _reference_distance else "c"
