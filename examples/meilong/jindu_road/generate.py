"""Make the files of this example anew.

Run ``python examples/meilong/jindu_road/generate.py [--seed 20200213] [--out FOLDER]``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# The script runs from anywhere, and its modules are found by the same name in tests and by type checkers.
sys.path.insert(0, str(_HERE.parents[2]))

from examples.meilong.jindu_road.generator import make_world, write_world  # noqa: E402 - needs the path above

__all__ = ["DEFAULT_SEED", "generate"]

DEFAULT_SEED = 20200213


def generate(folder: Path, seed: int) -> None:
    """Write the register, the forms, the logs and the truth of one seed into a folder.

    Args:
        folder: Where to; it is made where it does not exist.
        seed: Any whole number; the same one gives the same files.
    """
    write_world(make_world(seed), folder)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Make the invented files of the Jindu Road example.")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="a whole number (default: %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=_HERE, help="the folder to write into (default: the example)"
    )
    arguments = parser.parse_args()
    generate(arguments.out, arguments.seed)


if __name__ == "__main__":
    main()
