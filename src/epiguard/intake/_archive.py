"""Guards around a zipped workbook: what is inside is measured before the reader of spreadsheets sees it.

The parts that matter are unpacked here, within limits, and packed again for the reader, so that no trick of
the archive (a size that lies, an entry that stands twice) is read in one way here and in another there.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from epiguard.errors import IntakeError

__all__ = ["parts_of", "repacked"]

#: Limits of an archive (ours). Real exports of 20,000 rows have a dozen entries and unpack to 30 MiB at 1:12.
MOST_ENTRIES = 2_000
MOST_UNPACKED = 160 * 1024 * 1024
#: How many times its packed size an entry may unpack to, where it is larger than ``RATIO_FROM`` bytes.
MOST_RATIO = 200
RATIO_FROM = 1024 * 1024

_LISTED = b"PK\x01\x02"
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK = "xl/workbook.xml"
_NOT_NEEDED = ("xl/theme/", "xl/drawings/", "xl/media/", "xl/charts/", "xl/comments", "xl/printersettings/")


def parts_of(file: str, data: bytes) -> dict[str, bytes]:
    """Unpack the parts of an XLSX workbook that hold data.

    Args:
        file: Its name, for messages.
        data: All of it.

    Returns:
        Name to content: the workbook, its sheets, shared texts, styles and what relates them.

    Raises:
        IntakeError: If it is damaged, encrypted, no XLSX workbook, or beyond the limits.
    """
    # Before the list of entries is read, which a hostile file makes long.
    if data.count(_LISTED) > MOST_ENTRIES:
        raise _refused(file, f"more than {MOST_ENTRIES} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(file, entries)
            # zipfile hands out no more than the declared size and then compares the checksum.
            return {entry.filename: archive.read(entry) for entry in entries if _holds_data(entry.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError):
        raise IntakeError(
            file,
            expected="an XLSX workbook",
            got="a damaged archive",
            do="export or copy it again: it may be cut off",
        ) from None


def repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """Pack parts into a plain archive, without compression.

    Args:
        parts: Name to content.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def _holds_data(name: str) -> bool:
    lower = name.lower()
    if lower.startswith(_NOT_NEEDED):
        return False
    return lower in (_CONTENT_TYPES.lower(), "_rels/.rels") or (
        lower.startswith("xl/") and lower.endswith((".xml", ".rels"))
    )


def _check_entries(file: str, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names):
        raise _refused(file, "an archive with an entry twice")
    if _WORKBOOK not in names or _CONTENT_TYPES not in names:
        raise IntakeError(
            file,
            expected="an XLSX workbook",
            got="a zip archive of something else",
            do="unpack it, or save the table as XLSX (not as ODS, XLSB or Numbers)",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise IntakeError(
            file,
            expected="a workbook without a password",
            got="an encrypted archive",
            do="save it without one",
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _refused(file, "an unusual compression")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _refused(file, f"more than {MOST_UNPACKED // 2**20} MiB when unpacked")
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise _refused(file, f"a part that unpacks to more than {MOST_RATIO} times its size")


def _refused(file: str, got: str) -> IntakeError:
    return IntakeError(
        file,
        expected="a workbook of ordinary size",
        got=got,
        do="save the sheet that is needed alone, without pictures",
    )
