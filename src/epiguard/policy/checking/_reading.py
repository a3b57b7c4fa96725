"""What a rule reads: it is shown the very values, and every field that it looks at is noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.fields import FrozenMapping
from epiguard.people import Household, Person
from epiguard.quarantine import Exposure, QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation import PastCrossing, Situation, Standing

__all__ = ["FACTORS", "Reading"]

_DAY, _WHEN, _PERIOD = ("day",), ("day", "time"), ("period", "setting")
#: Field to the factors that make its value; what is not here is not tried, and a check says so.
FACTORS: dict[str, tuple[str, ...]] = {
    "Crossing.checkpoint": ("gate",),
    "Crossing.direction": ("direction",),
    "Crossing.at": _WHEN,
    "Crossing.travellers": ("companion",),
    "Crossing.vehicle": ("vehicle",),
    "Crossing.purpose": ("purpose",),
    "Vehicle.plate": ("vehicle",),
    "Vehicle.trunk_opened": ("trunk",),
    "Vehicle.luggage_found": ("luggage",),
    "Traveller.person": ("who",),
    "Traveller.role": ("role",),
    "Traveller.temperature": ("temperature",),
    "Traveller.retested": ("retested",),
    "Traveller.not_measured": ("not_measured",),
    "Traveller.exit_pass": ("card",),
    "Traveller.asked": ("asked",),
    "Traveller.returning_from": ("returning",),
    "Traveller.returned_on": ("returned_on",),
    "Traveller.registered": ("registered",),
    "Traveller.registration": ("form",),
    "Traveller.health_code": ("health_code",),
    "Traveller.code_not_shown": ("code_not_shown",),
    "Traveller.clinic_journey": ("clinic",),
    "Traveller.host": ("host",),
    "Traveller.host_agreed": ("agreed",),
    "Situation.site": (),
    "Situation.at": _WHEN,
    "Situation.day": _DAY,
    "Situation.standings": ("companion",),
    "Situation.counts": ("counts",),
    "Situation.clock_suspect": ("clock_suspect",),
    "Situation.people": ("who", "host"),
    "Situation.households": ("home",),
    "Situation.relationships": ("relation", "guardian"),
    "Situation.periods": (*_PERIOD, "home"),
    "Situation.registrations": ("form",),
    "Situation.watches": ("watch",),
    "Situation.crossings": ("past",),
    "Situation.notes": ("facts",),
    "Standing.index": (),
    "Standing.traveller": (),
    "Standing.person": ("who",),
    "Standing.household": ("home",),
    "Standing.returning_from": ("returning",),
    "Standing.registrations": ("form",),
    "Standing.periods": _PERIOD,
    "Standing.past_periods": ("period",),
    "Standing.exit_pass": ("card",),
    "Standing.shown_pass": ("card",),
    "Standing.passes": ("card",),
    "Standing.lost_pass": ("card",),
    "Standing.away": ("past",),
    "Standing.leaves": ("leave",),
    "Standing.watches": ("watch",),
    "Standing.crossings": ("past",),
    "Standing.notes": ("facts",),
    "Person.id": (),
    "Person.resident": ("who",),
    "Person.guardian": ("guardian",),
    "Person.registered_region": ("region",),
    "Person.resident_id": ("region_of_id",),
    "Person.birth_date": ("born",),
    "Person.sex": ("sex",),
    "Person.tenancy": ("tenancy",),
    "Person.documents": ("papers",),
    "Person.plates": ("vehicle",),
    "Household.id": (),
    "Household.members": ("home",),
    "Exposure.reason": ("exposure",),
    "PastCrossing.at": ("past",),
}
#: Whatever of these is read, the factors are the same.
_WHOLE = {
    Exposure: ("period",),
    QuarantinePeriod: _PERIOD,
    Registration: ("form",),
    PastCrossing: ("past",),
}
#: Sites are shown as they are: their gates, lanes and dates are boundaries of the world itself.
_SHOWN = (
    *(Crossing, Traveller, Vehicle, Situation, Standing, Person, Household, Exposure, QuarantinePeriod),
    *(Registration, PastCrossing),
)
_get = object.__getattribute__
_set = object.__setattr__


class Reading:
    """Shows a crossing and its situation, and notes what is read of the first traveller."""

    def __init__(self) -> None:
        self._read: dict[str, None] = {}
        self._shown: dict[int, Any] = {}
        self._originals: list[Any] = []
        self._kinds: dict[type[Any], type[Any]] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """What was read since the last showing, in order."""
        return tuple(self._read)

    def show(self, crossing: Crossing, situation: Situation) -> tuple[Crossing, Situation]:
        """The two as a rule is shown them: of the same classes, equal, and noted down."""
        self._read.clear()
        self._shown.clear()
        # Of the others in the party nothing is tried, so nothing is noted.
        self._originals = [*crossing.travellers[1:], *situation.standings[1:]]
        self._shown.update((id(each), each) for each in self._originals)
        return self._wrapped(crossing), self._wrapped(situation)

    def _wrapped(self, value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
        kind = type(value)
        if kind is tuple:
            return tuple(map(self._wrapped, value))
        if kind is FrozenMapping:
            return FrozenMapping({key: self._wrapped(each) for key, each in value.items()})
        if kind not in _SHOWN:
            return value
        shown = self._shown.get(id(value))
        if shown is None:
            shown = object.__new__(self._kinds.get(kind) or self._kind(kind))
            _set(shown, "_original", value)
            self._shown[id(value)] = shown
            self._originals.append(value)
        return shown

    def _kind(self, kind: type[Any]) -> type[Any]:
        read, wrapped = self._read, self._wrapped
        names = {each.name: f"{kind.__name__}.{each.name}" for each in attrs.fields(kind)}

        def look(shown: Any, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
            if name in names:
                read[names[name]] = None
                return wrapped(getattr(_get(shown, "_original"), name))
            return kind if name == "__class__" else _get(shown, name)

        body: dict[str, Any] = {"__slots__": ("_original",), "__getattribute__": look}
        made = self._kinds[kind] = type(kind.__name__, (kind,), body)
        return made

    def factors(self, crossing: Crossing) -> tuple[list[str], list[str]]:
        """The factors behind what was read, in order; and the fields of which nothing is tried."""
        found: dict[str, None] = {}
        untried = []
        for field in self._read:
            factors = _behind(field)
            if factors is None:
                untried.append(field)
            found.update(dict.fromkeys(factors or ()))
        return [each for each in found if each not in ("trunk", "luggage") or crossing.vehicle], untried


def _behind(field: str) -> tuple[str, ...] | None:
    if field in FACTORS:
        return FACTORS[field]
    kinds: Mapping[str, tuple[str, ...]] = {kind.__name__: factors for kind, factors in _WHOLE.items()}
    return kinds.get(field.partition(".")[0])
