"""The process that reads one XLS workbook: a request and the file on standard input, the answer on output."""

from __future__ import annotations

import contextlib
import io
import json
import sys

from epiguard.errors import IntakeError
from epiguard.intake._workbook import read_sheet
from epiguard.intake._xls import MOST_MEMORY, answer_of


def main() -> None:
    """Read, and answer with the rows or with why they are refused."""
    _limit()
    request = json.loads(sys.stdin.buffer.readline())
    stream = io.BytesIO(sys.stdin.buffer.read())
    try:
        answer = answer_of(*read_sheet(request["file"], stream, request["sheet"], lambda _: ()))
    except IntakeError as error:
        answer = {"refused": (error.expected, error.got, error.do)}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit() -> None:
    """Fail alone before the machine runs out of memory, and leave no core file with people's data."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MOST_MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # it may already be lower
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
