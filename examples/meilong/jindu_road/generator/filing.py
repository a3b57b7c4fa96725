"""All the forms: filled in, damaged as far as one field still agrees, and numbered."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.damage import FIELD_OF, damage_field
from examples.meilong.jindu_road.generator.forms import Form, forms_of
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.residents import namesakes
from examples.meilong.jindu_road.generator.returnees import Returnee

__all__ = ["IDENTIFYING", "forms", "number_forms"]

IDENTIFYING = ("name", "document", "phone", "residence", "plate", "card")
_NIGHT, _EVENING, _DAY = 0.58, 0.36, 0.21
_ONLINE = 0.8
_MOST_CANDIDATES = 5


class _Register:
    """Who bears a value, field by field."""

    def __init__(self, everybody: Iterable[Resident]) -> None:
        self._bearers: dict[tuple[str, str], set[str]] = {}
        for person in everybody:
            for field in IDENTIFYING:
                if value := person.registered(field):
                    self._bearers.setdefault((field, value), set()).add(person.number)

    def bearers(self, person: Resident, fields: Iterable[str]) -> set[str]:
        """The people who bear all of these values of a person."""
        return set.intersection(*(self._bearers[field, person.registered(field)] for field in fields))


def forms(seed: int, everybody: list[Resident], returned: list[Returnee]) -> list[tuple[Returnee, Form]]:
    """Make all forms of returnees, with their damage."""
    chance = Chance(seed, "forms")
    register = _Register(everybody)
    twins = {person for pair in namesakes(everybody) for person in pair}
    found = []
    for each in returned:
        for whole in forms_of(chance, each):
            form = whole
            if form.person in twins and chance.maybe(0.35):
                _name_and_address_only(form)
            elif chance.maybe(_likelihood(form)):
                form = _spoilt(chance, form, register)
            elif chance.maybe(0.02):
                _new_phone(chance, form)
            form.agreeing = _agreeing(form)
            found.append((each, form))
    return found


def _likelihood(form: Form) -> float:
    rate = _NIGHT if form.by_night else _EVENING if form.at.hour >= 18 else _DAY
    return rate * (1 if form.source == "paper" else _ONLINE)


def _name_and_address_only(form: Form) -> None:
    for field, name in (("phone", "phone-blank"), ("document", "id-blank")):
        form.text[field] = ""
        form.damage.append(name)
    form.text["plate"] = ""


def _new_phone(chance: Chance, form: Form) -> None:
    """Write a number that the register does not know yet: right, and yet it contradicts."""
    form.text["phone"] = f"1{chance.pick('3578')}{chance.digits(9)}"
    form.damage.append("phone-new")


def _spoilt(chance: Chance, form: Form, register: _Register) -> Form:
    """Damage a form in one field or several, in fewer where it could not be found otherwise."""
    for most in chance.weighted(((1,), (2, 1), (3, 2, 1), (4, 3, 2, 1)), (56, 27, 12, 5)):
        for _ in range(6):
            attempt = evolve(form, text=dict(form.text), damage=[])
            spoilt: set[str] = set()
            for _ in range(40):
                if len(spoilt) < most and (field := damage_field(chance, attempt, spoilt)):
                    spoilt.add(field)
            if _can_be_found(attempt, register):
                return attempt
    return form


def _agreeing(form: Form) -> list[str]:
    """The fields that still agree with the register to the last character."""
    person = form.person
    spoilt = {FIELD_OF[name.split("-")[0]] for name in form.damage}
    fields = [
        field
        for field in ("name", "document", "phone", "residence")
        if field not in spoilt and form.text[field] and person.registered(field)
    ]
    plate = person.registered("plate")
    if plate and "plate" not in spoilt and form.text["plate"].replace("·", "").upper() == plate:
        fields.append("plate")
    if "residence-card" in form.damage and person.registered("card"):
        fields.append("card")
    return fields


def _can_be_found(form: Form, register: _Register) -> bool:
    """Whether one field agrees, and no more people than can be asked bear it.

    A name that thirty people bear, and not a digit more, finds nobody, however good the search.
    """
    person = form.person
    if not person.number:
        # Nobody in the register: a telephone or a door is the only way to them.
        spoilt = {FIELD_OF[name.split("-")[0]] for name in form.damage}
        return bool({"phone", "residence"} - spoilt)
    fields = _agreeing(form)
    if not fields:
        return False
    if len(register.bearers(person, fields)) <= _MOST_CANDIDATES:
        return True
    near = {FIELD_OF[name.split("-")[0]] for name in form.damage if not name.endswith(("blank", "short"))}
    return any(person.registered(field) for field in near & set(IDENTIFYING))


def number_forms(found: list[Form]) -> None:
    """Give each form its number: paper by day, online in one row."""
    online = 0
    by_day: dict[str, int] = {}
    for form in sorted(found, key=lambda each: each.at):
        if form.source == "online":
            online += 1
            form.id = f"online:{online}"
        else:
            day = f"{form.at:%m%d}"
            by_day[day] = by_day.get(day, 0) + 1
            form.id = f"paper:{form.file}:{day}-{by_day[day]:03d}"
