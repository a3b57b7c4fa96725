"""Plain personal values for working lists, asked for by name: the only module that lays them bare."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from epiguard.identifiers import Phone, Residence, read_residence
from epiguard.people import Person
from epiguard.places import Site
from epiguard.registrations import Registration
from epiguard.situation import State

__all__ = [
    "as_written",
    "building_of",
    "home_of",
    "iso",
    "joined",
    "local_time",
    "name_of",
    "person_called",
    "phones_of",
]


def name_of(person: Person | None) -> str:
    """A person's name, Latin where there is no Chinese one; blank where there is none."""
    name = (person.name or person.latin_name) if person is not None else None
    return name.value if name is not None else ""


def phones_of(person: Person | None) -> str:
    """A person's numbers as they are dialled: a mainland mobile without its country code."""
    return "; ".join(_dialled(phone) for phone in person.phones) if person is not None else ""


def _dialled(phone: Phone) -> str:
    return phone.national if phone.country == "86" and phone.is_mobile else phone.value


def home_of(person: Person | None, state: State, day: date) -> Residence | None:
    """Where a person lives on a day: their own residence, else their household's."""
    if person is None:
        return None
    if person.residence is not None:
        return person.residence
    household = state.household_on(person.id, day)
    return household.residence if household is not None else None


def person_called(person_id: str | None, state: State) -> Person | None:
    """A person on record by id, if there is one."""
    return state.people.get(person_id) if person_id is not None else None


def as_written(form: Registration, field: str) -> str:
    """A field of a form exactly as somebody wrote it; blank where nothing was."""
    text = form.written.get(field)
    return text.value if text is not None else ""


def building_of(residence: Residence | str | None) -> tuple[str, int, str, int, str]:
    """A key that sorts addresses door by door, buildings by number; what cannot be read comes last."""
    home = read_residence(residence) if isinstance(residence, str) else residence
    if home is None:
        return ("\uffff", 0, residence if isinstance(residence, str) else "", 0, "")
    room = home.room or ""
    return (home.compound or "", _number(home.building), home.building, _number(room), room)


def _number(text: str) -> int:
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    return int(digits) if digits else 0


def local_time(at: datetime | None, site: Site) -> str:
    """An instant as the site's clocks show it, to the minute; blank where unknown."""
    return f"{site.local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def iso(day: date | None) -> str:
    """A date, blank where unknown."""
    return day.isoformat() if day is not None else ""


def joined(parts: Iterable[str]) -> str:
    """Parts that are not blank, each once."""
    return "; ".join(dict.fromkeys(part for part in parts if part))
