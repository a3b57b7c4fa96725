"""Print the one shell command that stands under a heading of README.md, so that CI runs the very same.

Usage: python readme_command.py README.md "Test it"
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FENCE = re.compile(r"^(`{3,}|~{3,})")


class NoCommandError(Exception):
    """There is not exactly one command where one is expected."""


def command_under(heading: str, text: str) -> str:
    """Return the only line of the first code block under ``## heading``.

    Args:
        heading: The words of the heading.
        text: A Markdown document.

    Raises:
        NoCommandError: If there is no such heading or more than one, no block in its section,
            or anything but one line in the first block.
    """
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.rstrip() == f"## {heading}"]
    if len(starts) != 1:
        raise NoCommandError(f"expected one heading '## {heading}', found {len(starts)}")
    section = lines[starts[0] + 1 :]
    fences = [number for number, line in enumerate(section) if FENCE.match(line)]
    headings = [number for number, line in enumerate(section) if re.match(r"#{1,2} ", line)]
    if len(fences) < 2 or (headings and headings[0] < fences[0]):
        raise NoCommandError(f"expected a code block under '## {heading}', found none")
    block = section[fences[0] + 1 : fences[1]]
    if len(block) != 1 or not block[0].strip() or block[0].endswith("\\"):
        raise NoCommandError(f"expected one line in the code block under '## {heading}', found {len(block)}")
    return block[0].strip()


def main(arguments: list[str]) -> int:
    """Print the command; on a problem, say so on standard error and return 2."""
    if len(arguments) != 2:
        print('usage: readme_command.py README.md "HEADING"', file=sys.stderr)
        return 2
    file, heading = arguments
    try:
        print(command_under(heading, Path(file).read_text(encoding="utf-8")))
    except (NoCommandError, OSError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
