"""An index in a file: written whole or not at all, and mapped so that processes share it."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from epiguard.errors import IndexFileError

__all__ = ["mapped", "remove_left_over", "write"]


def write(path: Path, image: memoryview) -> None:
    """Write a new file beside the old one, and put it in its place once it is on the disk.

    Only the owner may read it: it holds personal data.

    Args:
        path: Where.
        image: The index.

    Raises:
        OSError: If it cannot be written; what was there before is still there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_beside(path))
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, no path
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def remove_left_over(path: Path) -> None:
    """Remove what :func:`write` left beside a file where its process was killed.

    One that is at work at this moment fails: what it writes may hold whoever is to be forgotten.
    """
    for each in path.parent.iterdir():
        if each.name.startswith(_beside(path)):
            each.unlink(missing_ok=True)


def _beside(path: Path) -> str:
    return f".{path.name}.new-"


def mapped(path: Path) -> memoryview:
    """Map a file: nothing of it is read before it is asked for.

    Args:
        path: Which.

    Raises:
        IndexFileError: If it is empty.
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise IndexFileError(
                path.name, expected="the file of an index", got="an empty file", do="build it again"
            )
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
