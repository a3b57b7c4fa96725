"""What kind of file it is, told by its first bytes: names lie."""

from __future__ import annotations

from enum import Enum

from epiguard.errors import IntakeError

__all__ = ["FileKind", "kind_of_file", "misnamed"]

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What else is sent instead of a table, and what to say about it.
_OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "a database",
}
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<?xml")


class FileKind(Enum):
    """The kinds that can be read."""

    TEXT = "a text file"
    XLSX = "an XLSX workbook"
    XLS = "an XLS workbook"


def kind_of_file(file: str, data: bytes) -> FileKind:
    """Tell the kind of a file by its content.

    Args:
        file: The file's name, for messages.
        data: All of it.

    Returns:
        The kind.

    Raises:
        IntakeError: If it is of a kind that is no table, or is encrypted.
    """
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return FileKind.XLSX
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            raise IntakeError(
                file,
                expected="a workbook without a password",
                got="an encrypted one",
                do="open it, remove the password (file, info, protect) and save it again",
            )
        return FileKind.XLS
    for magic, got in _OTHERS.items():
        if data.startswith(magic):
            raise IntakeError(file, expected="a CSV or XLSX file", got=got, do="export the table itself")
    if data[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE):
        raise IntakeError(
            file,
            expected="a CSV or XLSX file",
            got="a web page or XML, whatever its name",
            do="open it in a spreadsheet program and save it as XLSX",
        )
    return FileKind.TEXT


def misnamed(file: str, kind: FileKind) -> str:
    """A note where a file's name tells another kind than its content; else blank.

    Args:
        file: The file's name.
        kind: What it is.
    """
    fits = {
        FileKind.TEXT: (".csv", ".tsv", ".txt"),
        FileKind.XLSX: (".xlsx", ".xlsm"),
        FileKind.XLS: (".xls",),
    }
    return "" if file.lower().endswith(fits[kind]) else f"the content is {kind.value}, whatever the name says"
