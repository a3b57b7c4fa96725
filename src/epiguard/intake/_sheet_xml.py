"""The XML of workbooks, read event by event: what is counted here never stands in memory as a whole."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from epiguard.intake.grid import MOST_CELLS

__all__ = ["DamagedXmlError", "SheetMeasure", "elements", "shared_texts"]

#: How many elements a sheet may have (ours): cells that are only coloured are elements too.
MOST_ELEMENTS = 10_000_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class DamagedXmlError(Exception):
    """The XML is not what a workbook has."""


class _EnoughError(Exception):
    """The sheet is too large already; what follows only makes it larger."""


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def _refuse_doctype(*_: object) -> None:
    raise DamagedXmlError  # no workbook has one, and entities are the way to make a little text large


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """All elements of a small document: local name and attributes.

    Args:
        data: The document, or nothing.

    Raises:
        DamagedXmlError: If it has a document type.
        xml.parsers.expat.ExpatError: If it is not well-formed.
    """
    found: list[tuple[str, dict[str, str]]] = []
    if data:
        _parser(lambda name, attributes: found.append((_local(name), attributes))).Parse(data, True)
    return found


def shared_texts(data: bytes) -> list[int]:
    """The length of each text that the cells of a workbook share.

    Args:
        data: The document.

    Raises:
        DamagedXmlError: If it has a document type, or more texts than a workbook may have cells.
        xml.parsers.expat.ExpatError: If it is not well-formed.
    """
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si" or _local(name) == "si":
            lengths.append(0)
            if len(lengths) > MOST_CELLS:
                raise DamagedXmlError

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    parser = _parser(start)
    parser.CharacterDataHandler = characters
    parser.Parse(data, True)
    return lengths


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = -1
    for letter in letters:
        column = (column + 1) * 26 + ord(letter) - ord("A")
    return column


class SheetMeasure:
    """The corners of a sheet, its errors, and how much text its cells hold.

    A cell counts once anything stands in it, as it does for the reader; one that is only coloured does not.

    Args:
        texts: The length of each shared text.
    """

    def __init__(self, texts: list[int]) -> None:
        self.texts = texts
        self.rows = self.columns = self.characters = 0
        self.errors: list[tuple[int, int]] = []
        self._row = self._column = self._elements = 0
        self._inside = self._filled = self._in_value = False
        self._kind: str | None = None
        self._text: list[str] = []

    def read(self, data: bytes) -> None:
        """Measure a sheet.

        Args:
            data: Its document.

        Raises:
            DamagedXmlError: If it is not what a sheet has.
            xml.parsers.expat.ExpatError: If it is not well-formed.
            ValueError: If a number in it is none.
        """
        parser = _parser(self._start)
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with contextlib.suppress(_EnoughError):
            parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise DamagedXmlError
        name = _local(name)
        if name == "c":
            self._place(attributes.get("r"))
            self._inside, self._filled, self._kind = True, False, attributes.get("t")
            self._text.clear()
        elif name == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
        elif self._inside:
            self._filled = True
            self._in_value = name in ("v", "t")

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise DamagedXmlError
        self._column, self._row = _column(match[1]), int(match[2])

    def _characters(self, text: str) -> None:
        if self._in_value:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = _local(name)
        if name in ("v", "t"):
            self._in_value = False
        elif name == "c" and self._inside:
            self._inside = False
            if self._filled:
                self._count("".join(self._text))

    def _count(self, text: str) -> None:
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column + 1)
        if self.rows * self.columns > MOST_CELLS:
            raise _EnoughError
        if self._kind == "s" and text.strip():
            index = int(text)
            if not 0 <= index < len(self.texts):
                raise DamagedXmlError
            self.characters += self.texts[index]
        else:
            self.characters += len(text)
        if self._kind == "e":
            self.errors.append((self._row, self._column))
