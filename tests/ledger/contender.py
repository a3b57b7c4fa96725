"""One process of several that ask for the same exits at the same time; started by a test.

    python contender.py FILE WRITER PEOPLE

Waits for a line, asks once for each person, and prints how many it let through, person by person.
"""

from __future__ import annotations

import json
import sys

from epiguard.decisions import Effect
from epiguard.ledger import Ledger
from ledger.community import OnceADay, out, policy


def main(path: str, writer: str, people: int) -> None:
    """Ask for everybody."""
    with Ledger.open(path, policy=policy(OnceADay), writer=writer) as ledger:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        sys.stdin.readline()
        effects = [ledger.admit(out(f"p-{number}"), by=writer).effect for number in range(people)]
    print(json.dumps([each is Effect.ALLOW for each in effects]))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
