"""Names: the same, of the same sound, with a look-alike, with a slip, and parts of long ones."""

from __future__ import annotations

from typing import Final

from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference._view import Grade, View
from epiguard.matching._texts import name_parts_of, one_slip

__all__ = ["compare_name"]

#: A slip could have made so many names. Where somebody bears the very one that is written, it hardly was one.
#: Ours: a reading has some eight common characters, a look-alike as many, and a slip can be any character.
#: What is lost is one of the few that were there.
_SOUNDS_MADE: Final = 8
_LOOKS_MADE: Final = 8
_SLIPS_MADE: Final = 128
_LOSSES_MADE: Final = 4


def compare_name(reading: Reading, record: Record, view: View) -> Grade:
    """The best of a resident's names."""
    best = (K.ABSENT, 0)
    for place, name in enumerate(record.names):
        grade = _compare(reading, name, view)
        if place == 0 or grade[1] > best[1]:
            best = grade
    return best


def _compare(  # noqa: PLR0911 - one way out per way of differing
    reading: Reading, name: str, view: View
) -> Grade:
    written = reading.name
    if written == name:
        return view.grade(K.SAME_NAME, view.count(Family.NAME, name))
    if len(written) == len(name) > 1 and name in (written[-1] + written[:-1], written[1:] + written[0]):
        return view.grade(K.NAME_ORDER, view.count(Family.NAME, name))
    if reading.sounds:
        sounds = [view.characters.sounds(character) for character in name]
        for spelt in reading.sounds:
            if len(spelt) == len(name) and all(
                ord(code) in each for code, each in zip(spelt, sounds, strict=True)
            ):
                return view.grade(K.NAME_PINYIN, view.count(Family.SOUND, spelt))
    alike = _alike(written, name, view)
    if alike is not None:
        return alike
    shared = one_slip(written, name)
    if shared is not None and shared:
        family = Family.NAME if shared == name else Family.NAME_SLIP
        kind = K.NAME_SLIP if len(written) == len(name) else K.NAME_LENGTH
        made = _LOSSES_MADE if len(written) < len(name) else _SLIPS_MADE
        return _slipped(kind, written, view.count(family, shared), made, view)
    parts = set(name_parts_of(written)) & set(name_parts_of(name))
    if parts and (" " in name or "·" in name or " " in written or "·" in written):
        sharing = min(max(1, view.count(Family.NAME_PART, part)) for part in parts)
        return view.grade(K.NAME_PART, sharing)
    return view.plain(K.OTHER_NAME)


def _alike(written: str, name: str, view: View) -> Grade | None:
    """Whether each character is the same, or sounds or looks the same."""
    if len(written) != len(name):
        return None
    first, looks = -1, False
    for place, (mine, theirs) in enumerate(zip(written, name, strict=True)):
        if mine == theirs:
            continue
        if first < 0:
            first = place
        if view.characters.sounds(mine) & view.characters.sounds(theirs):
            continue
        if theirs not in view.characters.looks(mine) and mine not in view.characters.looks(theirs):
            return None
        looks = True
    if not looks:
        reading = view.characters.readings(name, 1)
        return _slipped(
            K.NAME_SOUND, written, view.count(Family.SOUND, reading[0]) if reading else 1, _SOUNDS_MADE, view
        )
    left = name[:first] + name[first + 1 :]
    sharing = view.count(Family.NAME_SLIP, left) if left else view.population
    return _slipped(K.NAME_LOOK, written, sharing, _LOOKS_MADE, view)


def _slipped(kind: K, written: str, sharing: int, made: int, view: View) -> Grade:
    return view.grade(kind, max(sharing, view.count(Family.NAME, written) * made))
