"""Looks for whom a form may mean, in stages: each stage only where the stages before have not settled it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from epiguard.matching._keys import PHONE_TAIL, Family
from epiguard.matching._kinds import KINDS, K
from epiguard.matching._levels import Level
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference import _leads
from epiguard.matching._reference._homes import compare_home
from epiguard.matching._reference._marks import compare_card, compare_custom, compare_plate
from epiguard.matching._reference._names import compare_name
from epiguard.matching._reference._numbers import (
    compare_birth,
    compare_identity,
    compare_phone,
    compare_sex,
)
from epiguard.matching._reference._view import Grade, View
from epiguard.matching._slips import slips_between
from epiguard.matching._texts import door_text, plate_body

__all__ = ["FEW", "Search", "household_of"]

NAME, SEX, BIRTH, IDENTITY, PHONE, HOME, PLATE, CARD, CUSTOM = range(9)
#: A list of no more than so many residents is followed: each of them is compared in full.
FEW: Final = 64
#: The same where only those are kept who turn out to be near.
FEW_TO_CHECK: Final = 1024
#: The same where nothing else was found, of those whose telephones end alike.
MOST_OF_A_TAIL: Final = 4096
#: Of one field's lists residents are followed up to this number, what says most first.
FEW_OF_A_FIELD: Final = 128
#: Where a whole list is not followed, those at its head are, so that there is somebody to show.
FIRST_OF_MANY: Final = 16
#: Up to this length lists are joined row by row; longer ones are only asked about rows of other fields.
SHORT: Final = 1024
#: Two lists that are both longer than ``SHORT`` are joined if one is no longer than this.
JOINED: Final = 16_384
#: No more than so many residents are compared in full, those with the smallest ids.
MOST_SCORED: Final = 4096
#: So far ahead of whoever has not been looked at, in milli-bits, the best is settled.
SETTLED: Final = 12_000
#: So many bearers of a telephone or a plate have their households looked at.
_HOLDERS: Final = 16
_LARGEST_HOUSE: Final = 12
_LARGEST_HOME: Final = 64
_MEANT_WHOLE: Final = 9
_SHORTEST_SLIP: Final = 5


class Scored(NamedTuple):
    """A resident with the grade of each field, and the sum of the weights and the prior."""

    row: int
    grades: tuple[Grade, ...]
    weight: int


def lives_with(one: Record, other: Record, view: View) -> bool:
    """Whether two residents are of one household: at one door, or listed together."""
    if set(one.groups) & set(other.groups):
        return True
    if not one.building or one.home != other.home:
        return False
    return (
        bool(one.room) or view.count(Family.DOOR, door_text(one.compound, one.building, "")) <= _LARGEST_HOUSE
    )


def household_of(row: int, view: View) -> list[int]:
    """The rows of a resident's household, their own among them."""
    record = view.record(row)
    rows: dict[int, None] = {row: None}
    if record.building:
        door = view.rows(Family.DOOR, door_text(record.compound, record.building, record.room))
        rows.update(dict.fromkeys(door[:_LARGEST_HOME]))
    for group in record.groups:
        rows.update(dict.fromkeys(view.rows(Family.GROUP, group)[:_LARGEST_HOME]))
    return [each for each in sorted(rows) if each == row or lives_with(record, view.record(each), view)]


class Search:
    """One form's search.

    Args:
        view: The index.
        reading: What was read of the form.
        prior: Of each resident, in milli-bits.
        rejected: Ids of residents that are out.
        exact: For each custom field whether only the very same counts.
    """

    def __init__(
        self, view: View, reading: Reading, prior: int, rejected: Collection[str], exact: Sequence[bool]
    ) -> None:
        self.view = view
        self.reading = reading
        self.prior = prior
        self.rejected = rejected
        self.exact = exact
        self.scored: dict[int, Scored] = {}
        self._family_phone = self._holders(Family.PHONE, reading.phone, "phones")
        self._family_plate = self._holders(Family.PLATE, reading.plate, "plates")
        self._present = [field for field in range(CUSTOM) if reading.present(field)]

    # --- comparing ---

    def grades(self, row: int) -> tuple[Grade, ...]:
        """Compare a resident with the form, field by field.

        Fields that depend on each other are not counted twice: a resident ID says the birth date and the sex
        as well, and an access card is either in its own field or in place of the room.
        """
        reading, view, record = self.reading, self.view, self.view.record(row)
        made: list[Grade] = [(K.ABSENT, 0)] * (CUSTOM + len(self.exact))
        birth_known = False
        for field in self._present:
            if field == IDENTITY:
                kind, weight, birth_known = compare_identity(reading, record, view)
                made[field] = kind, weight
            elif field == PHONE:
                family = self._in_family(self._family_phone, row, record)
                made[field] = compare_phone(reading, record, view, family=family)
            elif field == PLATE:
                family = self._in_family(self._family_plate, row, record)
                made[field] = compare_plate(reading, record, view, family=family)
            else:
                made[field] = _COMPARE[field](reading, record, view)
        for number, text in reading.custom:
            exact = self.exact[number]
            made[CUSTOM + number] = compare_custom(number, text, record, view, exact=exact)
        if birth_known and made[IDENTITY][1] > 0:
            _count_once(made, IDENTITY, (BIRTH, SEX))
        if made[CARD][1] > 0 and made[HOME][0] == K.CARD_FOR_ROOM:
            _count_once(made, CARD, (HOME,))
        return tuple(made)

    def _holders(self, family: Family, written: str, field: str) -> list[tuple[int, Record]]:
        if not written:
            return []
        rows = self.view.rows(family, plate_body(written) if family is Family.PLATE else written)[:_HOLDERS]
        records = [(row, self.view.record(row)) for row in rows]
        return [(row, record) for row, record in records if written in getattr(record, field)]

    def _in_family(self, holders: Sequence[tuple[int, Record]], row: int, record: Record) -> bool:
        return any(other != row and lives_with(holder, record, self.view) for other, holder in holders)

    # --- bringing up ---

    def run(self) -> None:
        """Look until it is settled."""
        self._exact_points()
        if self._settled(points_left=True):
            return
        self._near_points()
        if self._settled(points_left=False):
            return
        self._lists()
        self._two_slips()

    def _add(self, rows: Iterable[int]) -> None:
        for row in sorted(set(rows)):
            if len(self.scored) >= MOST_SCORED:
                return
            if row not in self.scored and self.view.record(row).person_id not in self.rejected:
                grades = self.grades(row)
                self.scored[row] = Scored(row, grades, self.prior + sum(weight for _, weight in grades))

    def _add_few(self, rows: Sequence[int]) -> None:
        self._add(rows if len(rows) <= FEW else rows[:FIRST_OF_MANY])

    def _add_near(self, field: int, rows: Sequence[int], most: int = FEW_TO_CHECK) -> None:
        """Add whoever the field is near of; a list that is too long is left to the other fields."""
        if len(rows) <= most:
            known = [row for row in rows if row in self.scored]
            self._add(row for row in set(rows) - set(known) if self._is_near(field, row))

    def _is_near(self, field: int, row: int) -> bool:
        reading, record, view = self.reading, self.view.record(row), self.view
        if field == IDENTITY:
            kind = compare_identity(reading, record, view)[0]
        elif field == PHONE:
            kind = compare_phone(reading, record, view, family=False)[0]
        elif field == PLATE:
            kind = compare_plate(reading, record, view, family=False)[0]
        else:
            number = field - CUSTOM
            text = dict(reading.custom)[number]
            kind = compare_custom(number, text, record, view, exact=self.exact[number])[0]
        return KINDS[kind].level not in (Level.DIFFERS, Level.ABSENT)

    def _spoken(self, field: int) -> bool:
        """Whether a field speaks for anybody who was found."""
        return any(
            each.grades[field][1] > 0 and each.grades[field][0] not in (K.FAMILY_PHONE, K.FAMILY_PLATE)
            for each in self.scored.values()
        )

    def _settled(self, *, points_left: bool) -> bool:
        """Whether the best is far ahead of the best that can still come."""
        if not self.scored:
            return False
        view, reading = self.view, self.reading
        most = self.prior
        if reading.name:
            same = view.count(Family.NAME, reading.name)
            by_ear = view.grade(K.NAME_PINYIN if reading.sounds else K.NAME_SOUND, 1)[1]
            most += max(by_ear, view.grade(K.SAME_NAME, same)[1] if same else 0)
        if reading.sex:
            most += view.grade(K.SAME_SEX, view.counted(1 if reading.sex == "M" else 2))[1]
        if reading.birth:
            most += view.grade(K.SAME_DAY, max(1, view.count(Family.BIRTH, reading.birth)))[1]
        if reading.building or reading.room:
            most += view.grade(K.SAME_DOOR, 1)[1]
        if points_left:
            for field, kind in (
                (IDENTITY, K.ID_SLIPS),
                (PHONE, K.PHONE_SLIP),
                (PLATE, K.PLATE_SLIP),
                (CARD, K.CARD_SLIP),
            ):
                if field in self._present:
                    most += view.grade(kind, 1)[1]
            most += len(reading.custom) * view.grade(K.CUSTOM_SLIP, 1)[1]
        return max(each.weight for each in self.scored.values()) - most >= SETTLED

    def _exact_points(self) -> None:
        reading, view = self.reading, self.view
        if reading.identity:
            keys, _ = _leads.identity_keys(reading.identity)
            for family, text in keys if len(reading.identity) == 18 and "?" not in reading.identity else ():
                self._add_few(view.rows(family, text))
        if reading.document:
            self._add_few(view.rows(Family.DOCUMENT, reading.document))
        if reading.phone and "?" not in reading.phone:
            self._add_phones((reading.phone,), 0)
        for holder, _ in self._family_phone + self._family_plate:
            self._add(household_of(holder, view))
        if reading.plate:
            self._add_few(view.rows(Family.PLATE, plate_body(reading.plate)))
        for card in dict.fromkeys((reading.card_folded, *reading.home_cards)):
            if card:
                self._add_few(view.rows(Family.CARD, card))
        for number, text in reading.custom:
            self._add_few(view.rows(Family.CUSTOM, f"{number}|{text}"))

    def _near_points(self) -> None:
        reading, view = self.reading, self.view
        if reading.identity and not reading.identity_valid and not self._spoken(IDENTITY):
            self._near_identity()
        if reading.phone and not self._spoken(PHONE):
            self._near_phone()
        if reading.plate and not self._spoken(PLATE):
            body = plate_body(reading.plate)
            self._add(view.near(Family.PLATE, body, _leads.PLATE_CHARACTERS, 0, FEW, FIRST_OF_MANY))
            self._add_near(PLATE, view.rows(Family.PLATE_TAIL, body[-4:]))
        if len(reading.card_folded) >= _SHORTEST_SLIP and not self._spoken(CARD):
            self._slips(Family.CARD, reading.card_folded, 0)
        for number, text in reading.custom:
            if self.exact[number] or self._spoken(CUSTOM + number):
                continue
            front = len(f"{number}|")
            self._slips(Family.CUSTOM, f"{number}|{text}", front)
            if len(text) >= 4:
                self._add_near(CUSTOM + number, view.rows(Family.CUSTOM_TAIL, f"{number}|{text[-4:]}"))

    def _slips(self, family: Family, text: str, start: int) -> None:
        alphabet = _leads.card_alphabet(text[start:])
        self._add(self.view.near(family, text, alphabet, start, FEW, FIRST_OF_MANY))

    def _near_identity(self) -> None:
        reading, view = self.reading, self.view
        keys, births = _leads.identity_keys(reading.identity)
        for family, text in keys:
            self._add_near(IDENTITY, view.rows(family, text))
        for birth in births:
            self._add_near(IDENTITY, view.rows(Family.BIRTH, birth))
        if len(reading.identity) == 18 and "?" not in reading.identity and not self._spoken(IDENTITY):
            self._add_near(IDENTITY, view.rows(Family.BIRTH, reading.identity[6:14]))
            for family, text in (
                (Family.ID_DAY, reading.identity[10:]),
                (
                    Family.ID_YEAR,
                    reading.identity[6:10] + reading.identity[14:],
                ),
            ):
                rows = view.near(family, text, _leads.ID_CHARACTERS, 0, FEW_TO_CHECK, 0)
                self._add(row for row in rows if self._is_near(IDENTITY, row))

    def _near_phone(self) -> None:
        written, view = self.reading.phone, self.view
        if "?" in written or len(written) < _MEANT_WHOLE:
            numbers, tail = _leads.phone_fillings(written)
            self._add_phones(numbers)
            if tail:
                self._add_near(PHONE, view.rows(Family.PHONE_TAIL, tail))
            return
        self._near_phones(1)

    def _two_slips(self) -> None:
        """Telephones two slips away, which strangers have too: only where nothing better was found."""
        written, view = self.reading.phone, self.view
        if "?" in written or len(written) < _MEANT_WHOLE or self._spoken(PHONE):
            return
        best = max((each.weight for each in self.scored.values()), default=self.prior)
        if best - self.prior - view.grade(K.PHONE_TWO_SLIPS, 1)[1] >= SETTLED:
            return
        self._near_phones(2)
        # Two slips of the head: whoever has the tail is compared.
        self._add_near(PHONE, view.rows(Family.PHONE_TAIL, written[-PHONE_TAIL:]), MOST_OF_A_TAIL)

    def _near_phones(self, slips: int) -> None:
        self._add_phones(_leads.near_phones(self.reading.phone, self.view, slips), slips)

    def _add_phones(self, numbers: Iterable[str], slips: int | None = None) -> None:
        """Add who stands under numbers; with `slips` only those with a telephone so many away, or fewer.

        A key is of few telephones, but not of one; whoever was brought up by chance would settle the field.
        """
        found: set[int] = set()
        for number in numbers:
            rows = self.view.rows(Family.PHONE, number)
            found.update(rows if len(rows) <= FEW else rows[:FIRST_OF_MANY])
        self._add(row for row in found if slips is None or self._has_phone(row, slips))

    def _has_phone(self, row: int, slips: int) -> bool:
        written = self.reading.phone
        return any(slips_between(written, each, slips) is not None for each in self.view.record(row).phones)

    def _lists(self) -> None:
        """Names, homes and birth dates: whoever stands in lists of two fields, and whoever is one of few."""
        reading, view = self.reading, self.view
        by_field: dict[int, list[Sequence[int]]] = {}
        near: dict[int, list[Sequence[int]]] = {}
        if reading.name:
            by_field[NAME] = list(_leads.name_lists(reading, view))
        if reading.building:
            by_field[HOME] = list(_leads.home_lists(reading, view))
            near[HOME] = list(_leads.near_doors(reading, view))
        if reading.birth:
            by_field[BIRTH] = list(_leads.birth_lists(reading, view))
            near[BIRTH] = list(_leads.near_births(reading, view))
        both = _in_two({field: [*lists, *near.get(field, ())] for field, lists in by_field.items()})
        self._add(both)
        for lists in by_field.values():
            self._add(_few_of(lists))
        for lists in near.values():
            followed: set[int] = set()
            for rows in lists:
                if len(followed) + len(rows) <= FEW_OF_A_FIELD:
                    followed.update(rows)
            self._add(followed)


def _few_of(lists: Sequence[Sequence[int]]) -> set[int]:
    """Whom to compare of one field: all of its short lists, as far as they go, or the first of a long one."""
    followed: set[int] = set()
    for place, rows in enumerate(lists):
        if len(rows) <= FEW and len(followed) + len(rows) <= FEW_OF_A_FIELD:
            followed.update(rows)
        elif place == 0 or not followed:
            followed.update(rows[:FIRST_OF_MANY])
    return followed


_COMPARE: Final = {
    NAME: compare_name,
    SEX: compare_sex,
    BIRTH: compare_birth,
    HOME: compare_home,
    CARD: compare_card,
}


def _in_two(by_field: dict[int, list[Sequence[int]]]) -> set[int]:
    """The rows that stand in lists of two fields."""
    short = {
        field: {row for rows in lists if len(rows) <= SHORT for row in rows}
        for field, lists in by_field.items()
    }
    long = {field: [set(rows) for rows in lists if len(rows) > SHORT] for field, lists in by_field.items()}
    found: set[int] = set()
    fields = sorted(by_field)
    for one in fields:
        for other in fields:
            if one == other:
                continue
            found |= short[one] & short[other]
            for rows in long[other]:
                found |= short[one] & rows
                for mine in long[one]:
                    if min(len(mine), len(rows)) <= JOINED:
                        found |= mine & rows
    return found


def _count_once(grades: list[Grade], whole: int, parts: Sequence[int]) -> None:
    """Of what says the same twice, let only the heavier side count; what differs counts always."""
    counted = [at for at in parts if grades[at][1] > 0]
    heavier = grades[whole][1] >= sum(grades[at][1] for at in counted)
    for at in counted if heavier else [whole]:
        kind = grades[at][0]
        if KINDS[kind].level is not Level.DIFFERS:
            grades[at] = kind, 0
