"""The table of characters that look alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import glyphs
import numpy as np
import unihan as source

#: So many neighbours of each picture are compared by their codes, and all of its phonetic class.
POOL = 60
#: So many of each character's neighbours are kept, and only if they score so much.
KEPT, LEAST = 8, 0.62
#: The weights of the codes beside the picture. They were chosen while looking at pairs such as those in
#: tests/matching/test_shape.py.
CANGJIE, CORNER, STROKE, PHONETIC = 0.35, 0.10, 0.02, 0.15
#: A larger phonetic class says little about the looks.
LARGEST_CLASS = 60
#: A character is taken for one with a component more if it is not a mere radical, and half of the whole.
LEAST_STROKES, LEAST_SHARE = 4, 0.5


class Codes:
    """What Unihan says about the build of each character."""

    def __init__(self, unihan: dict[str, dict[str, str]], characters: list[str]) -> None:
        self.cangjie = [unihan["kCangjie"].get(each, "") for each in characters]
        self.corners = [unihan["kFourCornerCode"].get(each, "").split(" ")[0][:4] for each in characters]
        self.strokes = [int(unihan["kTotalStrokes"][each].split()[0]) for each in characters]
        self.sounds = [source.toneless(unihan["kMandarin"][each].split()[0]) for each in characters]
        self.by_code: defaultdict[str, list[int]] = defaultdict(list)
        self.by_class: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(characters):
            self.by_code[self.cangjie[number]].append(number)
            for group in {group.rstrip("*x") for group in unihan["kPhonetic"].get(each, "").split()}:
                self.by_class[group].append(number)
        self.relatives: list[set[int]] = [set() for _ in characters]
        for members in self.by_class.values():
            if len(members) <= LARGEST_CLASS:
                for number in members:
                    self.relatives[number].update(members)

    def bonus(self, one: int, other: int) -> float:
        """What the codes add to the likeness of the pictures."""
        mine, theirs = self.corners[one], self.corners[other]
        same = sum(x == y for x, y in zip(mine, theirs, strict=True)) / 4 if mine and theirs else 0.0
        apart = min(abs(self.strokes[one] - self.strokes[other]), 6)
        return (
            CANGJIE * _in_common(self.cangjie[one], self.cangjie[other])
            + CORNER * same
            + PHONETIC * (other in self.relatives[one])
            - STROKE * apart
        )


def build(unihan: dict[str, dict[str, str]], fonts: list[Path], reviewed: dict[str, str]) -> str:
    """Make the table: a character and those of a greater code point that look like it."""
    characters = list(source.standard(unihan))
    codes = Codes(unihan, characters)
    pairs = {*_rendered(characters, codes, fonts), *_components(codes)}
    place = {character: number for number, character in enumerate(characters)}
    unknown = set("".join([*reviewed, *reviewed.values()])) - set(place)
    if unknown:
        raise SystemExit(
            f"the reviewed list names characters that are not standard: {''.join(sorted(unknown))}"
        )
    pairs |= {(place[one], place[other]) for one, others in reviewed.items() for other in others}
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        first, second = sorted((characters[one], characters[other]))
        alike[first].add(second)
    return "".join(f"{one}\t{''.join(sorted(others))}\n" for one, others in sorted(alike.items()))


def _rendered(characters: list[str], codes: Codes, fonts: list[Path]) -> Iterator[tuple[int, int]]:
    vector = glyphs.vectors(characters, fonts)
    for start in range(0, len(characters), 512):
        stop = min(len(characters), start + 512)
        likeness = glyphs.likeness(vector, start, stop)
        likeness[np.arange(stop - start), np.arange(start, stop)] = -9
        nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :POOL]
        for row, one in enumerate(range(start, stop)):
            others = {*nearest[row].tolist(), *codes.relatives[one]} - {one}
            scored = [
                (-round(float(likeness[row, other]) + codes.bonus(one, other), 4), other) for other in others
            ]
            for score, other in sorted(scored)[:KEPT]:
                if -score >= LEAST:
                    yield one, other


def _components(codes: Codes) -> Iterator[tuple[int, int]]:
    """Pairs of which one is the other with a component more: 胡 and 湖, 呈 and 程.

    Either it is the simplest of its phonetic class, from which the others are made; or the Cangjie code of
    one begins or ends with that of the other, and they sound alike or are of one class.
    """
    for members in codes.by_class.values():
        simplest = min(members, key=lambda each: codes.strokes[each])
        yield from ((simplest, each) for each in members if _holds(codes, simplest, each))
    for number, code in enumerate(codes.cangjie):
        parts = {part for cut in range(1, len(code)) for part in (code[:cut], code[cut:]) if len(part) >= 2}
        for other in {other for part in parts for other in codes.by_code.get(part, ())}:
            related = codes.sounds[other] == codes.sounds[number] or other in codes.relatives[number]
            if related and _holds(codes, other, number):
                yield other, number


def _holds(codes: Codes, part: int, whole: int) -> bool:
    few, many = codes.strokes[part], codes.strokes[whole]
    return LEAST_STROKES <= few < many and few >= LEAST_SHARE * many


def _in_common(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    row = [0] * (len(other) + 1)
    for x in one:
        before = 0
        for place, y in enumerate(other, 1):
            kept = row[place]
            row[place] = before + 1 if x == y else max(row[place], row[place - 1])
            before = kept
    return 2 * row[-1] / (len(one) + len(other))


def read_reviewed(path: Path) -> dict[str, str]:
    """Read the reviewed list: characters that look alike, some a line, each with every other of its line."""
    found: defaultdict[str, str] = defaultdict(str)
    for line in path.read_text(encoding="utf-8").splitlines():
        for group in line.partition("#")[0].split():
            for place, one in enumerate(group):
                found[one] += group[place + 1 :]
    return dict(found)
