"""Forms as they come in: filled in right, or as hands, ears and scanners leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hypothesis import strategies as st

from epiguard.errors import InvalidValueError, kind_of
from epiguard.people import Person
from epiguard.registrations import FORM_FIELDS, Registration, RegistrationSource

__all__ = ["damaged_registrations", "written"]

Damage = Callable[[st.DrawFn, str], str]
_OTHERS = "炜婧琳诚鹏凯倩颖晖雯"
_DIGITS = "0123456789"
_FULL_WIDTH = {ord(each): ord(each) + 0xFEE0 for each in _DIGITS + "-"}


def written(person: Person) -> dict[str, str]:
    """A person's form, filled in right; what is not known of them is not on it.

    Args:
        person: Whose.

    Returns:
        Field to what is written there, as :class:`Registration` takes it.
    """
    fields = {
        "name": person.name.value if person.name else "",
        "sex": {"M": "男", "F": "女"}.get(person.sex or "", ""),
        "birth_date": f"{person.birth_date:%Y-%m-%d}" if person.birth_date else "",
        "resident_id": person.resident_id.value if person.resident_id else "",
        "phone": person.phones[0].national if person.phones else "",
        "residence": person.residence.value if person.residence else "",
        "plate": person.plates[0].value if person.plates else "",
        "card": person.cards[0].value if person.cards else "",
    }
    return {field: text for field, text in fields.items() if text}


def damaged_registrations(
    person: Person,
    *,
    fields: Iterable[str] = FORM_FIELDS,
    most: int = 2,
    sources: Iterable[RegistrationSource | str] = tuple(RegistrationSource),
) -> st.SearchStrategy[Registration]:
    """Forms that somebody filled in about themselves, with up to so many fields damaged or left out.

    They shrink to the form that is right. Whose they are is not on them: that is to be found out.

    Args:
        person: Whose.
        fields: Those of ``FORM_FIELDS`` that may be damaged.
        most: How many of them at most.
        sources: Where the form may come from.

    Raises:
        InvalidValueError: If a field is not known, or ``most`` is no number of fields.
    """
    allowed = tuple(fields)
    for field in allowed:
        if field not in FORM_FIELDS:
            raise InvalidValueError(
                "damaged_registrations(fields=)",
                expected=f"fields of a form: {', '.join(FORM_FIELDS)}",
                got="another name",
            )
    if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= len(FORM_FIELDS):
        raise InvalidValueError(
            "damaged_registrations(most=)",
            expected=f"a whole number from 0 to {len(FORM_FIELDS)}",
            got=kind_of(most),
        )
    whence = tuple(RegistrationSource(each) for each in sources)
    right = written(person)
    there = [field for field in allowed if field in right]

    @st.composite
    def forms(draw: st.DrawFn) -> Registration:
        hurt = draw(st.lists(st.sampled_from(there), max_size=most, unique=True)) if there else []
        answers = dict(right)
        for field in hurt:
            _, damage = draw(st.sampled_from(_DAMAGE[field]))
            answers[field] = damage(draw, answers[field])
        answers = {field: text for field, text in answers.items() if text}
        number = draw(st.integers(1, 999))
        return Registration(id=f"r-{number}", source=draw(st.sampled_from(whence)), written=answers)

    return forms()


def _wrong(alphabet: str, first: int = 0) -> Damage:
    def damage(draw: st.DrawFn, text: str) -> str:
        place = draw(st.integers(min(first, len(text) - 1), len(text) - 1))
        other = draw(st.sampled_from([each for each in alphabet if each != text[place]]))
        return text[:place] + other + text[place + 1 :]

    return damage


def _missing(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text) - 1))
    return text[:place] + text[place + 1 :]


def _doubled(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text) - 1))
    return text[: place + 1] + text[place:]


def _swapped(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, max(0, len(text) - 2)))
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def _left_out(_: st.DrawFn, __: str) -> str:
    return ""


def _full_width(_: st.DrawFn, text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _hidden(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, max(0, len(text) - 4)))
    return text[:start] + "*" * min(4, len(text) - start) + text[start + 4 :]


def _tail(_: st.DrawFn, text: str) -> str:
    return text[-6:]


def _spelt(_: st.DrawFn, text: str) -> str:
    return text.replace("号楼", "-").replace("单元", "-").removesuffix("室")


def _day_and_month(_: st.DrawFn, text: str) -> str:
    return f"{text[:4]}-{text[8:]}-{text[5:7]}"


_NUMBER: tuple[tuple[str, Damage], ...] = (
    ("left out", _left_out),
    ("full width", _full_width),
    ("wrong", _wrong(_DIGITS)),
    ("missing", _missing),
    ("doubled", _doubled),
    ("swapped", _swapped),
    ("hidden", _hidden),
    ("tail", _tail),
    ("illegible", _wrong("?")),
)
#: Field to the name of each damage and what it does to what was written.
_DAMAGE: Mapping[str, tuple[tuple[str, Damage], ...]] = {
    "name": (
        ("left out", _left_out),
        ("wrong", _wrong(_OTHERS)),
        ("missing", _missing),
        ("swapped", _swapped),
        ("doubled", _doubled),
    ),
    "sex": (("left out", _left_out), ("wrong", _wrong("男女"))),
    "birth_date": (
        ("left out", _left_out),
        ("day and month exchanged", _day_and_month),
        ("wrong", _wrong(_DIGITS)),
    ),
    "resident_id": _NUMBER,
    "phone": _NUMBER,
    "residence": (
        ("left out", _left_out),
        ("spelt", _spelt),
        ("full width", _full_width),
        ("wrong", _wrong(_DIGITS)),
        ("missing", _missing),
    ),
    "plate": (("left out", _left_out), ("wrong", _wrong(_DIGITS, 1)), ("missing", _missing)),
    "card": _NUMBER,
}
