"""The index as one block of bytes: a header, a table of sections, and the sections.

All numbers are little-endian. Nothing in it depends on where it lies in memory, so that a file is mapped and
shared by processes. Opening checks the header, the table and the small sections, on which every answer rests;
:func:`verify` reads everything.

    0   8 bytes  EPGMATCH
    8   u32      version of this layout
    12  u32      number of sections
    16  u64      size of the whole
    24  u64      number of residents
    32  u32      CRC-32 of the 32 bytes before and of the table
    64  table    per section: u32 id, u32 CRC-32, u64 offset, u64 size
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final

from epiguard.errors import IndexFileError
from epiguard.matching._keys import Family

__all__ = ["FAMILIES_FROM", "Section", "assemble", "check_small", "sections_of", "verify"]

MAGIC: Final = b"EPGMATCH"
VERSION: Final = 2
_HEADER: Final = struct.Struct("<8sIIQQI28x")
_ENTRY: Final = struct.Struct("<IIQQ")
_CHECKED: Final = 32
_ALIGN: Final = 8
#: Sections of a family are its buckets, its fingerprints and its rows, three numbers from here on.
FAMILIES_FROM: Final = 100


class Section(IntEnum):
    """What a section holds, besides the families' tables."""

    META = 1
    POWERS = 2
    WEIGHTS = 3
    CHARACTERS = 4
    COMPOUND_OFFSETS = 5
    COMPOUNDS = 6
    COUNTS = 7
    RECORD_OFFSETS = 8
    RECORDS = 9


def assemble(residents: int, sections: Mapping[int, bytes]) -> bytes:
    """Lay sections out, in the order of their ids."""
    at = _HEADER.size + _ENTRY.size * len(sections)
    table, parts = [], []
    for number, content in sorted(sections.items()):
        gap = -at % _ALIGN
        parts += [b"\0" * gap, content]
        at += gap
        table.append(_ENTRY.pack(number, zlib.crc32(content), at, len(content)))
        at += len(content)
    entries = b"".join(table)
    head = _HEADER.pack(MAGIC, VERSION, len(sections), at, residents, 0)[:_CHECKED]
    header = head + struct.pack("<I28x", zlib.crc32(entries, zlib.crc32(head)))
    return b"".join((header, entries, *parts))


def sections_of(image: memoryview, name: str = "index") -> tuple[int, dict[int, memoryview]]:
    """Check the header and the table, and find the sections.

    Args:
        image: The whole.
        name: What to call it in a message.

    Returns:
        The number of residents, and each section by its id.

    Raises:
        IndexFileError: If it is no index, of another version, cut short, or its table is damaged.
    """
    if len(image) < _HEADER.size or bytes(image[:8]) != MAGIC:
        raise _refused(name, "the file of an index, which begins with EPGMATCH", "something else")
    _, version, count, size, residents, checksum = _HEADER.unpack(image[: _HEADER.size])
    if version != VERSION:
        raise _refused(name, f"layout version {VERSION}", f"version {version}")
    end = _HEADER.size + count * _ENTRY.size
    if size != len(image) or end > size:
        raise _refused(name, "as many bytes as its header says", f"{len(image)} bytes")
    table = image[_HEADER.size : end]
    if zlib.crc32(table, zlib.crc32(image[:_CHECKED])) != checksum:
        raise _refused(name, "a header and a table that agree with their checksum", "a damaged one")
    found = {}
    for number, _, offset, length in _ENTRY.iter_unpack(table):
        if offset % _ALIGN or offset < end or offset + length > size:
            raise _refused(name, "sections inside the file", "one outside it")
        found[number] = image[offset : offset + length]
    wanted = {*Section, *(FAMILIES_FROM + each for each in range(3 * len(Family)))}
    if not wanted <= set(found):
        raise _refused(name, "all sections of the layout", "some of them")
    return residents, found


#: What does not grow with the register, or hardly.
_SMALL: Final = frozenset(Section) - {Section.RECORDS, Section.RECORD_OFFSETS}


def check_small(image: memoryview, name: str = "index") -> None:
    """Compare the small sections with their checksums: weights, characters, counts, compounds.

    Raises:
        IndexFileError: If any of them is damaged; the message says which.
    """
    _check(image, name, lambda number: number in _SMALL)


def verify(image: memoryview, name: str = "index") -> None:
    """Read everything and compare it with its checksums.

    Raises:
        IndexFileError: If anything is damaged; the message says which section.
    """
    sections_of(image, name)
    _check(image, name, lambda _: True)


def _check(image: memoryview, name: str, chosen: Callable[[int], bool]) -> None:
    count = _HEADER.unpack(image[: _HEADER.size])[2]
    table = image[_HEADER.size : _HEADER.size + count * _ENTRY.size]
    for number, checksum, offset, length in _ENTRY.iter_unpack(table):
        if chosen(number) and zlib.crc32(image[offset : offset + length]) != checksum:
            known = number in set(Section)
            section = Section(number).name.lower() if known else f"{number}"
            raise _refused(
                f"{name}, section {section}", "content that agrees with its checksum", "damaged bytes"
            )


def _refused(where: str, expected: str, got: str) -> IndexFileError:
    return IndexFileError(where, expected=expected, got=got, do="build the index again from the register")
