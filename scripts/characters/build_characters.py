"""Build the tables of sounds, shapes and script forms in ``src/epiguard/matching/_data``.

See README.md beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

import script_forms
import shape
import sound
import unihan

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "src/epiguard/matching/_data"
RECORD = "characters.toml"
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")


def main() -> int:
    """Write the tables, or with ``--check`` tell which stored ones are not what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unihan", type=Path, default=Path("/usr/share/unicode"), metavar="FOLDER")
    parser.add_argument(
        "--fonts", type=Path, default=Path("/usr/share/fonts/opentype/noto"), metavar="FOLDER"
    )
    parser.add_argument("--check", action="store_true", help="compare with the stored tables, write nothing")
    arguments = parser.parse_args()
    made = build(arguments.unihan, [arguments.fonts / name for name in FONTS])
    differ = 0
    for name, text in made.items():
        path = TARGET / name
        if arguments.check:
            same = path.read_bytes() == text.encode()
            differ += not same
            sys.stdout.write(f"{name}: {'as stored' if same else 'DIFFERS'}\n")
        else:
            path.write_bytes(text.encode())
            sys.stdout.write(f"{name}: {text.count(chr(10))} lines, {len(text.encode())} bytes\n")
    return int(differ > 0)


def build(folder: Path, fonts: list[Path]) -> dict[str, str]:
    """Make all tables, and the record of what they were made of."""
    properties = unihan.read(folder)
    surnames = sound.read_surnames(HERE / "surname-readings.txt")
    tables = {
        "readings.tsv": sound.build(properties, surnames),
        "surname-readings.tsv": sound.surname_table(surnames),
        "lookalikes.tsv": shape.build(
            properties, fonts, shape.read_reviewed(HERE / "lookalikes-reviewed.txt")
        ),
        "script-forms.tsv": script_forms.build(properties),
    }
    sources = [*unihan.paths(folder), *fonts, sound.pypinyin_file(), *sorted(HERE.glob("*.txt"))]
    return {**tables, RECORD: record(tables, sources)}


def record(tables: dict[str, str], sources: list[Path]) -> str:
    """Write down the checksums of what was made and of what it was made of."""
    made = [f'"{name}" = "{hashlib.sha256(text.encode()).hexdigest()}"' for name, text in tables.items()]
    read = [f'"{path.name}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"' for path in sources]
    tools = [f'{name} = "{version(name)}"' for name in ("numpy", "pillow", "pypinyin")]
    head = "# Written by scripts/characters/build_characters.py: SHA-256 of the tables and of their sources."
    return "\n".join([head, "", "[tables]", *made, "", "[sources]", *read, "", "[tools]", *tools, ""])


if __name__ == "__main__":
    sys.exit(main())
