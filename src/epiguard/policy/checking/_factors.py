"""The small world's factors: what can be so or otherwise about a crossing, and the values worth trying."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, cast

import attrs

from epiguard.crossings import CodeColour, CodeNotShown, NotMeasured, Role
from epiguard.errors import RuleLoadError, kind_of
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping
from epiguard.people import Relation
from epiguard.places import CheckpointKind, Direction, Site
from epiguard.policy._dispatch import LoadedRule
from epiguard.policy._site_file import QuarantineOrder
from epiguard.quarantine import QuarantineSetting
from epiguard.rules import Rule

__all__ = ["BLANK", "FEVER", "IRRELEVANT", "WELL", "Assignment", "boundary_days", "values_of"]

#: Factor to value; what is missing has the value that is well.
Assignment = Mapping[str, Hashable]

#: A day without anything special (ours), for policies that name no date.
SOME_DAY = date(2020, 2, 14)
NOON = time(12)
#: In degrees Celsius: nobody's limit lies above it, see the rules.
FEVER = 39.5
FAR, NEAR = "420106", "310115"

#: What each factor is where nobody objects to anything.
WELL: dict[str, Hashable] = {
    "direction": Direction.IN,
    "gate": "",
    "vehicle": None,
    "trunk": True,
    "luggage": False,
    "purpose": None,
    "day": SOME_DAY,
    "time": NOON,
    "who": "resident",
    "role": None,
    "temperature": 36.5,
    "retested": None,
    "not_measured": None,
    "card": "valid",
    "asked": True,
    "returning": None,
    "returned_on": None,
    "registered": True,
    "form": None,
    "health_code": CodeColour.GREEN,
    "code_not_shown": None,
    "clinic": None,
    "host": None,
    "agreed": True,
    "period": "none",
    "setting": None,
    "exposure": "return",
    "home": "alone",
    "past": "none",
    "leave": False,
    "watch": False,
    "guardian": False,
    "region": None,
    "region_of_id": None,
    "born": None,
    "sex": None,
    "tenancy": None,
    "papers": None,
    "relation": None,
    "companion": "none",
    "clock_suspect": False,
    "counts": FrozenMapping(),
    "facts": (),
}
#: What a factor is where no rule reads it: examples say nothing of it.
BLANK: dict[str, Hashable] = {
    **WELL,
    "trunk": None,
    "luggage": None,
    "temperature": None,
    "card": "none",
    "asked": None,
    "registered": None,
    "health_code": None,
    "agreed": None,
}
#: A factor says nothing where another one has one of these values; of a chain the first link comes first.
IRRELEVANT: dict[str, tuple[str, tuple[Hashable, ...]]] = {
    **dict.fromkeys(("period", "past", "leave", "watch", "home", "relation"), ("who", ("nobody",))),
    **dict.fromkeys(
        ("guardian", "region", "region_of_id", "born", "sex", "tenancy", "papers"),
        ("who", ("nobody", "unknown")),
    ),
    "trunk": ("vehicle", (None,)),
    "luggage": ("vehicle", (None,)),
    "setting": ("period", ("none",)),
    "exposure": ("period", ("none",)),
    "returned_on": ("returning", (None,)),
}


@attrs.define
class _Found:
    """Boundary values that stand in settings."""

    temperatures: set[float] = attrs.field(factory=set)
    times: set[time] = attrs.field(factory=set)
    days: set[date] = attrs.field(factory=set)
    numbers: set[int] = attrs.field(factory=set)
    regions: set[str] = attrs.field(factory=set)

    def add(self, value: object) -> None:  # noqa: C901, PLR0912 - one case per kind
        """Take what is a boundary in a setting, however deep."""
        if isinstance(value, bool | Enum) or value is None:
            return
        if isinstance(value, float):
            self.temperatures.add(value)
        elif isinstance(value, int):
            self.numbers.add(value)
        elif isinstance(value, time):
            self.times.add(value)
        elif isinstance(value, date) and not isinstance(value, datetime):
            self.days.add(value)
        elif isinstance(value, str):
            if len(value) == 6 and value.isascii() and value.isdigit():
                self.regions.add(value)
        elif isinstance(value, Mapping):
            for each in (*value, *value.values()):
                self.add(each)
        elif isinstance(value, Iterable):
            for each in value:
                self.add(each)
        elif attrs.has(type(value)):
            for field in attrs.fields(cast("Any", type(value))):
                self.add(getattr(value, field.name))


def _settings_of(rules: Iterable[Rule]) -> _Found:
    found = _Found()
    for rule in rules:
        for field in attrs.fields(type(rule)) if attrs.has(type(rule)) else ():
            found.add(getattr(rule, field.name))
    return found


def _added(rules: Iterable[LoadedRule]) -> dict[str, list[Hashable]]:
    """What the rules' own ``boundaries()`` name."""
    added: dict[str, list[Hashable]] = {}
    for loaded in rules:
        where = f"boundaries() of {loaded.entry.use}"
        try:
            given = {name: list(values) for name, values in loaded.rule.boundaries().items()}
        except (AttributeError, TypeError):
            raise RuleLoadError(where, expected="a table of lists", got="something else") from None
        for name, values in given.items():
            if name not in WELL:
                raise RuleLoadError(where, expected="among " + ", ".join(WELL), got="another word")
            added.setdefault(name, []).extend(_hashed(each, name, where) for each in values)
    return added


def _hashed(value: object, name: str, where: str) -> Hashable:
    if name == "counts" and isinstance(value, Mapping):
        return FrozenMapping(value)
    if name == "facts" and isinstance(value, list | tuple) and all(isinstance(each, Fact) for each in value):
        return tuple(value)
    if name in ("counts", "facts"):
        expected = "tables of counts" if name == "counts" else "lists of facts about p-1"
        raise RuleLoadError(where, expected=expected, got=kind_of(value))
    assert isinstance(value, Hashable)
    return value


def boundary_days(
    site: Site, rules: Iterable[LoadedRule], orders: Iterable[QuarantineOrder]
) -> tuple[date, ...]:
    """Every day on which something changes, and the day before it; some day where nothing ever does."""
    several = tuple(rules)
    dated: list[Any] = [each.entry for each in several]
    dated += [*orders, *(lane for each in site.checkpoints for lane in each.lanes)]
    days = {day for each in dated for day in (each.since, each.until) if day is not None}
    days |= _settings_of(each.rule for each in several).days
    days |= {day for day in _added(several).get("day", []) if isinstance(day, date)}
    return tuple(sorted(days | {each - timedelta(days=1) for each in days})) or (SOME_DAY,)


def values_of(
    site: Site, rules: Iterable[LoadedRule], orders: Iterable[QuarantineOrder]
) -> dict[str, tuple[Hashable, ...]]:
    """For each factor its values, the well one first.

    Args:
        site: Its gates and lanes.
        rules: Their settings and dates are boundaries.
        orders: Of quarantine.
    """
    several, ordered = tuple(rules), tuple(orders)
    found, added = _settings_of(each.rule for each in several), _added(several)
    gates = [each.id for each in site.checkpoints if each.kind is CheckpointKind.GATE]
    flags = (True, None, False)
    values: dict[str, Iterable[Hashable]] = {
        "direction": Direction,
        "gate": gates or [each.id for each in site.checkpoints],
        "vehicle": (None, "own", "strange", "no-plate"),
        "trunk": flags,
        "luggage": (False, None, True),
        "purpose": (None,),
        "day": boundary_days(site, several, ordered),
        "time": (NOON, *_times(found, site, ordered)),
        "who": ("resident", "elsewhere", "unknown", "nobody"),
        "role": (None, *Role),
        "temperature": (36.5, None, *_temperatures(found)),
        "retested": (None, 36.5, *_temperatures(found)),
        "not_measured": (None, *NotMeasured),
        "card": (
            *("valid", "not-shown", "none", "yellow", "expired", "not-yet", "last-day"),
            *("revoked", "lost", "anothers", "unknown"),
        ),
        "asked": flags,
        "returning": (None, FAR, NEAR, *sorted(found.regions)),
        "returned_on": (
            None,
            0,
            1,
            20,
            *sorted(n + back for n in found.numbers if n < 60 for back in (-1, 0)),
        ),
        "registered": flags,
        "form": (None, "at-the-gate", "linked", "of-an-arrival"),
        "health_code": (CodeColour.GREEN, None, CodeColour.YELLOW, CodeColour.RED),
        "code_not_shown": (None, *CodeNotShown),
        "clinic": (None, "clinic-3"),
        "host": (None, "resident", "quarantined", "unknown"),
        "agreed": flags,
        "period": ("none", *_periods(found, ordered)),
        "setting": (None, *QuarantineSetting),
        "exposure": ("return", "contact"),
        "home": ("alone", "shared", "quarantined"),
        "past": ("none", "out", "back", "out-yesterday", "out-on-leave", "arrived", *_exits(found)),
        "leave": (False, True),
        "watch": (False, True),
        "guardian": (False, True),
        "region": (None, "310112", FAR, *sorted(found.regions)),
        "region_of_id": (None, "310112", FAR, *sorted(found.regions)),
        "born": (None, date(2015, 3, 12), date(1945, 3, 12)),
        "sex": (None, "F", "M"),
        "tenancy": (None, "owner", "tenant"),
        "papers": (None, "passport"),
        "relation": (None, *(each for each in Relation if each is not Relation.GUARDIAN)),
        "companion": ("none", "resident", "visitor"),
        # Only where the site watches its gates' clocks can one be suspect.
        "clock_suspect": (False,) if site.clock_bound_minutes is None else (False, True),
        "counts": (FrozenMapping(),),
        "facts": ((),),
    }
    return {name: tuple(dict.fromkeys((*each, *added.get(name, ())))) for name, each in values.items()}


def _temperatures(found: _Found) -> Iterator[float]:
    for limit in sorted(each for each in found.temperatures if 35 <= each <= 41) or [37.3]:
        yield from (round(limit - 0.1, 2), limit, round(limit + 0.1, 2))
    yield FEVER


def _times(found: _Found, site: Site, orders: Iterable[QuarantineOrder]) -> Iterator[time]:
    hours = {*found.times, site.day_starts, *(each.release_hour for each in orders if each.release_hour)}
    for each in sorted(hours):
        minute = (each.hour * 60 + each.minute - 1) % (24 * 60)
        yield from (time(*divmod(minute, 60)), each)


def _periods(found: _Found, orders: Iterable[QuarantineOrder]) -> Iterator[str]:
    yield from ("first", "within", "last", "over")
    if any(each.then_days for each in orders):
        yield from ("before-second-stage", "second-stage")
    days = sorted({n + more for n in found.numbers if 1 <= n <= 366 for more in (0, 1)})
    yield from (f"over {each}" for each in days if each > 1)


def _exits(found: _Found) -> Iterator[str]:
    counts = {n + less for n in found.numbers if 1 <= n <= 5 for less in (-1, 0)} | {1}
    yield from (f"exits {each}" for each in sorted(counts) if each > 0)
