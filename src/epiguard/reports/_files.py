"""Files appear whole or not at all: written beside their place, then moved into it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from epiguard.errors import ExportError, refusal_of

__all__ = ["write_whole"]


def write_whole(path: str | Path, data: bytes, *, private: bool) -> Path:
    """Write a file so that nobody ever sees half of it.

    Args:
        path: Where; the folder must exist.
        data: All of it.
        private: Whether only the owner may read it, as with lists of personal data; else the process's
            umask decides.

    Returns:
        The path.

    Raises:
        ExportError: If it cannot be written; what stood there before is untouched.
    """
    path = Path(path)
    # In the same folder: a move within one file system is atomic, between two it is a copy.
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        # The mode is given at creation: no moment in which others could open it.
        with os.fdopen(os.open(beside, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise ExportError(
            path.name or "the export",
            expected="a file that can be written",
            got=refusal_of(error),
            do="check that the folder exists, may be written to and has room",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return path
