"""Small ways to spoil a good folder: each changes one thing and leaves the rest as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import TypeVar

from day.plum_court import Cell, Folder

__all__ = [
    "Change",
    "add",
    "cell",
    "data",
    "drop",
    "folder_for",
    "gone",
    "link_for",
    "no_folder",
    "part",
    "rename",
    "site",
    "site_data",
    "widen",
    "zipped",
]

Change = Callable[[Folder], None]
T = TypeVar("T", str, bytes)


def _once(text: T, old: T, new: T) -> T:
    """Replace what stands there exactly once, so that a case cannot silently become the good folder."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def site(old: str, new: str) -> Change:
    """Replace a part of the site file."""

    def change(folder: Folder) -> None:
        assert isinstance(folder.site, str)
        folder.site = _once(folder.site, old, new)

    return change


def site_data(content: str | bytes | None) -> Change:
    """Put something else in the place of the site file; None takes it away."""

    def change(folder: Folder) -> None:
        folder.site = content

    return change


def cell(file: str, row: int, heading: str, value: Cell) -> Change:
    """Put a value into a cell; rows count from the headings, which are row 1."""

    def change(folder: Folder) -> None:
        cells = folder.rows(file)[row - 1]
        at = folder.column(file, heading)
        assert cells[at] != value
        cells[at] = value

    return change


def rename(file: str, old: str, new: str) -> Change:
    """Give a column another heading."""

    def change(folder: Folder) -> None:
        # What stands below is still somebody's, though nobody knows the heading any more.
        folder.remember()
        folder.rows(file)[0][folder.column(file, old)] = new

    return change


def drop(file: str, heading: str) -> Change:
    """Take a column out."""

    def change(folder: Folder) -> None:
        at = folder.column(file, heading)
        for cells in folder.rows(file):
            del cells[at]

    return change


def widen(file: str, heading: str, *values: Cell) -> Change:
    """Put a column behind the others."""

    def change(folder: Folder) -> None:
        for cells, value in zip(folder.rows(file), (heading, *values), strict=True):
            cells.append(value)

    return change


def add(file: str, *cells: Cell, times: int = 1) -> Change:
    """Put rows below the others; a new file begins with its headings."""

    def change(folder: Folder) -> None:
        rows = folder.rows(file) if file in folder.files else folder.files.setdefault(file, [])
        assert not isinstance(rows, bytes)
        rows.extend([*cells] for _ in range(times))

    return change


def data(file: str, content: bytes | Callable[[bytes], bytes], *personal: str) -> Change:
    """Write other bytes, or those that are made of the good ones; ``personal`` is what they newly hold."""

    def change(folder: Folder) -> None:
        folder.remember()
        folder.personal.update(personal)
        folder.files[file] = content if isinstance(content, bytes) else content(folder.bytes_of(file))

    return change


def gone(file: str) -> Change:
    """Take a file away."""

    def change(folder: Folder) -> None:
        del folder.files[file]

    return change


def folder_for(file: str) -> Change:
    """Put a folder where a file should be."""

    def change(folder: Folder) -> None:
        if file == "site.toml":
            folder.site = None
        else:
            del folder.files[file]
        folder.folders.append(file)

    return change


def link_for(file: str, target: str) -> Change:
    """Put a link where a file should be."""

    def change(folder: Folder) -> None:
        del folder.files[file]
        folder.links[file] = target

    return change


def no_folder(folder: Folder) -> None:
    """Take the whole folder away."""
    folder.missing = True


def zipped(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def part(name: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Replace bytes in one part of a workbook; for :func:`data`."""

    def spoil(good: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            parts = {each: archive.read(each) for each in archive.namelist()}
        parts[name] = _once(parts[name], old, new)
        return zipped(parts)

    return spoil
