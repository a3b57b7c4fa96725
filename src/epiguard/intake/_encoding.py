"""Which encoding a text file is in: recognised where it can be known, asked for where it cannot.

Two Chinese characters in UTF-8 are, 97 times of 100, also valid GB18030 (and read as other characters); the
reverse holds 3 times of 100. So strict UTF-8 comes first, a few characters prove nothing, and GB18030 is
believed only where UTF-8 is impossible.
"""

from __future__ import annotations

import codecs
import re

from epiguard.errors import IntakeError

__all__ = ["readings"]

#: So many non-ASCII characters that are valid UTF-8 settle it: by chance it happens once in a million files.
SETTLES = 12

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# GBK and GB2312 are read as GB18030, which contains them: rare characters of names are missing in GBK.
_DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16-le",  # without a byte order mark it is what Windows writes
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
_SHOWN = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "gb18030": "GB18030",
    "big5": "Big5",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
}
_BROKEN_RUN = re.compile("\ufffd+")


def readings(file: str, data: bytes, declared: str | None) -> list[tuple[str, list[str]]]:
    """Decode a text file.

    Args:
        file: Its name, for messages.
        data: All of it.
        declared: The encoding that somebody declared, or None.

    Returns:
        The text and notes on it; two of these where the file is too small to tell UTF-8 from GB18030.

    Raises:
        IntakeError: If the declared encoding is unknown or does not fit, or none fits.
    """
    bom = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if declared is not None:
        return [_as_declared(file, data, declared, bom)]
    if bom is not None:
        return [(_decode(file, data, bom), [f"encoding: {_SHOWN[bom]}", "byte order mark"])]
    if b"\0" in data:
        raise IntakeError(
            file,
            expected="a text file",
            got="binary data with NUL bytes",
            do="export it as CSV or XLSX; for UTF-16 without a byte order mark, declare utf-16-le",
        )
    if data.isascii():
        return [(data.decode("ascii"), ["encoding: ASCII"])]
    return _guess(file, data)


def _guess(file: str, data: bytes) -> list[tuple[str, list[str]]]:
    unicode, chinese = _try(data, "utf-8"), _try(data, "gb18030")
    if unicode is not None:
        found = (unicode, ["encoding: UTF-8"])
        beyond_ascii = sum(not character.isascii() for character in unicode)
        if chinese is None or beyond_ascii >= SETTLES:
            return [found]
        return [found, (chinese, ["encoding: GB18030"])]
    if _nearly_unicode(data):
        _decode(file, data, "utf-8")  # says in which line
    if chinese is None:
        raise IntakeError(
            file,
            expected="text in UTF-8 or GB18030",
            got="neither",
            do="declare the encoding, or save the file again as CSV UTF-8 or XLSX",
        )
    return [(chinese, ["encoding: GB18030"])]


def _nearly_unicode(data: bytes) -> bool:
    """Whether most of it is UTF-8, so that it is damaged and not in another encoding."""
    loose = data.decode("utf-8", errors="replace")
    broken = len(_BROKEN_RUN.findall(loose))
    good = sum(not character.isascii() for character in loose) - loose.count("\ufffd")
    return good >= SETTLES and good > 9 * broken


def _as_declared(file: str, data: bytes, declared: str, bom: str | None) -> tuple[str, list[str]]:
    name = _DECLARED.get(declared.strip().lower().replace("_", "-")) if isinstance(declared, str) else None
    if name is None:
        raise IntakeError(
            file,
            expected="an encoding: utf-8, gb18030, gbk, gb2312, big5, utf-16, utf-16-le or utf-16-be",
            got="another declared",
            do="correct the declared encoding, or leave it out",
        )
    if bom is not None:
        family = _SHOWN[bom]
        if not _SHOWN[name].startswith(family):
            raise IntakeError(
                file,
                expected=f"{_SHOWN[name]}, as declared",
                got=f"a file with the byte order mark of {family}",
                do="correct the declared encoding, or leave it out",
            )
        name = bom
    return _decode(file, data, name), [f"encoding: {_SHOWN[name]}, declared"]


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _decode(file: str, data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    raise IntakeError(
        file,
        expected=f"text in {_SHOWN[name]}",
        got=f"bytes in line {line} that are not",
        do="declare another encoding, or export the file again: it may be damaged or cut off",
    )
