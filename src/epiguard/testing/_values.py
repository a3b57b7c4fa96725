"""Hypothesis strategies for every type of the domain, each value by itself; everybody is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller, Vehicle
from epiguard.days import DayCount, DaySpan, TimeSpan
from epiguard.decisions import Claim, Decision, Effect, Override, PassDecision, Restricts, Source, Verdict
from epiguard.duties import Alert, Duty, Route
from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers import Document, ResidentId
from epiguard.passes import ExitPass, PassApplication, PassColour
from epiguard.people import Household, Membership, Person, Relation, Relationship, Tenancy
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic
from epiguard.quarantine import (
    ChangeKind,
    Contact,
    EndCause,
    Exposure,
    PeriodChange,
    QuarantinePeriod,
    QuarantineSetting,
    Return,
)
from epiguard.registrations import FORM_FIELDS, Registration, RegistrationSource
from epiguard.testing._drawing import nobody_twice

__all__ = [
    "DOMAIN",
    "built",
    "dates",
    "ids",
    "instants",
    "maybe_instants",
    "offered",
    "values",
    "words",
]

T = TypeVar("T")
Strategy = st.SearchStrategy[Any]

SHANGHAI = ZoneInfo("Asia/Shanghai")
ids = st.from_regex(r"[a-z]{1,3}-[0-9]{1,5}", fullmatch=True)
dates = st.dates(date(2019, 12, 1), date(2020, 12, 31))
instants = st.datetimes(
    datetime(2019, 12, 1),  # noqa: DTZ001 - the strategy wants the bounds without a zone
    datetime(2020, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([SHANGHAI, ZoneInfo("UTC")]),
)
maybe_instants = st.none() | instants
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
_texts = st.dictionaries(st.sampled_from(["zh", "en"]), words, max_size=2)
_regions = st.sampled_from(["310112", "420106", "420000", "330113"])
_names = st.text(st.sampled_from("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊"), min_size=2, max_size=3)
_phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
_cards = st.from_regex(r"[0-9]{4,8}", fullmatch=True)
_temperatures = st.none() | st.floats(35, 41).map(lambda value: round(value, 1))
_flags = st.sampled_from([None, True, False])
_births = st.dates(date(1930, 1, 1), date(2019, 12, 31))


@st.composite
def _resident_ids(draw: st.DrawFn) -> ResidentId:
    """Valid numbers with their check digit."""
    head = draw(st.sampled_from(["310115", "420106", "830000", "900000"]))
    first17 = f"{head}{draw(_births):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return ResidentId(first17 + ResidentId.check_digit_of(first17))


@st.composite
def _residences(draw: st.DrawFn) -> str:
    """Addresses as people write them."""
    building, unit, floor, door = (draw(st.integers(1, 9)) for _ in range(4))
    compound = draw(st.sampled_from(["", "金都新村", "金都花园"]))
    return f"{compound}{building}号楼{unit}单元{floor}0{door}室"


def _lane(*, days: int | None, **fields: Any) -> Lane:  # noqa: ANN401 - fields of several types
    if days is not None and fields["since"] is not None:
        fields.setdefault("until", fields["since"] + timedelta(days=days))
    return Lane(**fields)


def _day_span(*, start: date, days: int, **fields: Any) -> DaySpan:  # noqa: ANN401 - see above
    return DaySpan(start, fields.get("end", start + timedelta(days=days)))


def _time_span(*, start: datetime, hours: int, **fields: Any) -> TimeSpan:  # noqa: ANN401 - see above
    return TimeSpan(start, fields.get("end", start + timedelta(hours=hours)))


def _period(*, stages: tuple[int, QuarantineSetting | None], **fields: Any) -> QuarantinePeriod:  # noqa: ANN401 - see above
    return QuarantinePeriod(**{"then_days": stages[0], "then_setting": stages[1], **fields})


def _change(*, of_its_kind: Mapping[str, Any], **fields: Any) -> PeriodChange:  # noqa: ANN401 - see above
    return PeriodChange(**{**of_its_kind, **fields})


_changes = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just(ChangeKind.EXTENDED), "days": st.integers(1, 30), "at": maybe_instants}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just(ChangeKind.MOVED_SETTING),
            "setting": st.sampled_from(QuarantineSetting),
            "at": maybe_instants,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just(ChangeKind.ENDED), "cause": st.sampled_from(EndCause), "at": instants}
    ),
)


def _one(kind: type[Any]) -> Strategy:
    return st.deferred(lambda: values(kind))


def _some(
    kind: type[Any], most: int, *, least: int = 0, by: Callable[[Any], object] | None = None
) -> Strategy:
    return st.lists(_one(kind), min_size=least, max_size=most, unique_by=by)


def _maybe(kind: type[Any]) -> Strategy:
    return st.none() | _one(kind)


_measured = {
    "asked": _flags,
    "registered": _flags,
    "temperature": _temperatures,
    "not_measured": st.none() | st.sampled_from(NotMeasured),
}
_answered = {
    "day": dates,
    "effect": st.sampled_from(Effect),
    "verdicts": _some(Verdict, 2),
    "duties": _some(Duty, 1),
    "alerts": _some(Alert, 1),
    "policy_version": ids,
    "override": _maybe(Override),
    "id": ids,
    "at": maybe_instants,
}
#: Of each type: what makes it, and what of.
_RECIPES: dict[type[Any], tuple[Callable[..., Any], Mapping[str, Strategy]]] = {
    Alert: (
        Alert,
        {
            "kind": st.sampled_from(["override", "rule-fault"]),
            "subject": ids,
            "at": maybe_instants,
            "checkpoint": st.none() | ids,
            "basis": st.none() | ids,
            "source": words,
            "texts": _texts,
        },
    ),
    Checkpoint: (
        Checkpoint,
        {
            "id": ids,
            "name": st.just("") | words,
            "kind": st.sampled_from(CheckpointKind),
            "lanes": _some(Lane, 3),
        },
    ),
    Claim: (
        Claim,
        {
            "name": st.just("exit"),
            "subject": ids,
            "days": st.none() | st.integers(1, 3),
            "slot": st.integers(0, 2),
        },
    ),
    Contact: (Contact, {"with_person": st.none() | ids}),
    Crossing: (
        Crossing,
        {
            "checkpoint": st.sampled_from(["north", "south"]),
            "direction": st.sampled_from(Direction),
            "at": instants,
            "travellers": _some(Traveller, 3, least=1, by=nobody_twice),
            "vehicle": _maybe(Vehicle),
            "purpose": st.none() | words,
        },
    ),
    DaySpan: (_day_span, {"start": dates, "days": st.integers(1, 60)}),
    Decision: (Decision, {**_answered, "crossing": _one(Crossing), "follows": st.none() | ids}),
    Document: (
        Document,
        {"kind": st.just("passport"), "country": st.just("NPL"), "number": st.just("A1234567")},
    ),
    Duty: (
        Duty,
        {
            "kind": st.sampled_from(["tell-landlord", "confirm-match"]),
            "subject": ids,
            "contact": st.none() | ids,
            "due": maybe_instants,
            "route": st.none() | st.sampled_from(Route),
            "basis": st.none() | ids,
            "assignee": st.none() | ids,
            "source": words,
            "texts": _texts,
        },
    ),
    ExitPass: (
        ExitPass,
        {"number": ids, "person": ids, "colour": st.sampled_from(PassColour), "valid": _one(DaySpan)},
    ),
    Exposure: (
        Exposure,
        {
            "person": ids,
            "reason": _one(Return) | _one(Contact),
            "last_on": st.none() | dates,
            "last_at": maybe_instants,
            "left_on": st.none() | dates,
            "arrived_on": st.none() | dates,
        },
    ),
    Household: (
        Household,
        {"id": ids, "residence": st.none() | _residences(), "members": _some(Membership, 3)},
    ),
    Lane: (
        _lane,
        {
            "direction": st.sampled_from(Direction),
            "traffic": st.sampled_from(Traffic),
            "since": st.none() | dates,
            "days": st.none() | st.integers(1, 60),
        },
    ),
    Membership: (Membership, {"person": ids, "since": st.none() | dates, "until": st.none()}),
    Override: (Override, {"reason": words, "by": ids}),
    PassApplication: (
        PassApplication,
        {
            "number": ids,
            "person": ids,
            "colour": st.sampled_from(PassColour),
            "valid": _one(DaySpan),
            "at": instants,
            **_measured,
        },
    ),
    PassDecision: (PassDecision, {**_answered, "application": _one(PassApplication)}),
    PeriodChange: (_change, {"of_its_kind": _changes, "reason": words, "by": ids}),
    Person: (
        Person,
        {
            "id": ids,
            "name": st.none() | _names,
            "latin_name": st.none() | st.sampled_from(["Ana Silva", "Sam Example"]),
            "sex": st.sampled_from([None, "M", "F"]),
            "birth_date": st.none() | _births,
            "resident_id": st.none() | _resident_ids(),
            "documents": _some(Document, 1),
            "phones": st.lists(_phones, max_size=2),
            "residence": st.none() | _residences(),
            "registered_region": st.none() | _regions,
            "plates": st.lists(st.sampled_from(["沪A12345", "沪AD12345"]), max_size=1),
            "cards": st.lists(_cards, max_size=2),
            "guardian": st.none() | ids,
            "tenancy": st.none() | st.sampled_from(Tenancy),
            "resident": st.booleans(),
        },
    ),
    QuarantinePeriod: (
        _period,
        {
            "id": ids,
            "person": ids,
            "exposure": _one(Exposure),
            "anchor": instants | dates,
            "days": st.integers(3, 60),
            "zone": st.sampled_from(["Asia/Shanghai", "Pacific/Apia"]),
            "convention": st.sampled_from([DayCount.DAY0_EXCLUDED, DayCount.DAY1_INCLUDED]),
            "setting": st.sampled_from(QuarantineSetting),
            "release_hour": st.none() | st.just(time(8)),
            "anchor_unconfirmed": st.booleans(),
            "policy_version": st.none() | ids,
            "changes": _some(PeriodChange, 3),
            "stages": st.sampled_from([(0, None), (0, None), (2, QuarantineSetting.HEALTH_MONITORING)]),
        },
    ),
    Registration: (
        Registration,
        {
            "id": ids,
            "source": st.sampled_from(RegistrationSource),
            "written": st.dictionaries(st.sampled_from(FORM_FIELDS), words, max_size=4),
            "submitted_at": maybe_instants,
            "returning_from": st.none() | _regions,
            "left_on": st.none() | dates,
            "arrived_on": st.none() | dates,
            "person": st.none() | ids,
        },
    ),
    Relationship: (
        Relationship,
        {"person": ids, "relation": st.sampled_from(Relation), "contact": ids, "span": _maybe(DaySpan)},
    ),
    Return: (Return, {"region": _regions}),
    Site: (
        Site,
        {
            "id": ids,
            "zone": st.sampled_from(["Asia/Shanghai", "Pacific/Apia"]),
            "name": st.just("") | words,
            "region": st.none() | _regions,
            "day_starts": st.sampled_from([time(0), time(3)]),
            "compounds": st.lists(words, max_size=2),
            "checkpoints": _some(Checkpoint, 3, by=lambda each: each.id),
        },
    ),
    Source: (
        Source,
        {
            "entry": ids,
            "rule": ids,
            "distribution": words,
            "notice": words,
            "since": st.none() | dates,
            "until": st.none() | dates,
            "restricts": st.sampled_from(Restricts),
        },
    ),
    TimeSpan: (_time_span, {"start": instants, "hours": st.integers(25, 99)}),
    Traveller: (
        Traveller,
        {
            "person": st.none() | ids,
            "role": st.sampled_from(Role),
            "retested": _temperatures,
            "exit_pass": st.none() | ids,
            "returning_from": st.none() | _regions,
            "returned_on": st.none() | dates,
            "registration": _maybe(Registration),
            "health_code": st.none() | st.sampled_from(CodeColour),
            "code_not_shown": st.none() | st.sampled_from(CodeNotShown),
            "clinic_journey": st.none() | ids,
            "host": st.none() | ids,
            "host_agreed": _flags,
            **_measured,
        },
    ),
    Vehicle: (
        Vehicle,
        {"plate": st.none() | st.just("沪A12345"), "trunk_opened": _flags, "luggage_found": _flags},
    ),
    Verdict: (
        Verdict,
        {
            "effect": st.sampled_from(Effect),
            "code": ids,
            "texts": _texts,
            "traveller": st.none() | st.integers(0, 2),
            "grants": st.booleans(),
            "lifted_by": st.none() | ids,
            "claims": _some(Claim, 2),
            "duties": _some(Duty, 1),
            "alerts": _some(Alert, 1),
            "source": _maybe(Source),
            "waived": st.booleans(),
            "fault": st.none() | words,
        },
    ),
}
#: The types that ``values`` can draw.
DOMAIN: tuple[type[Any], ...] = tuple(_RECIPES)


def values(kind: type[T], /, **fields: Any) -> st.SearchStrategy[T]:  # noqa: ANN401 - fields of several types
    """Values of a type of the domain, each by itself: two of them need not be about the same people.

    For crossings and what is known of who is in them, all about the same few people, there are
    :func:`crossings`, :func:`situations` and :func:`worlds`.

    Args:
        kind: One of ``DOMAIN``, such as ``Person``.
        fields: What is not left open: a value, or a strategy for it.

    Raises:
        InvalidValueError: If it is no such type, or the type has no such field.
    """
    if kind not in _RECIPES:
        raise InvalidValueError(
            "values(kind)",
            expected="a type of the domain, such as Person",
            got=kind_of(kind) if not isinstance(kind, type) else kind.__name__,
            do="epiguard.testing.DOMAIN lists them; for a kind of fact use facts()",
        )
    make, recipe = _RECIPES[kind]
    return built(make, recipe, offered(kind, fields, "values"))


def built(
    make: Callable[..., Any], recipe: Mapping[str, Strategy], given: Mapping[str, Strategy]
) -> Strategy:
    """A strategy that draws by a recipe, and some fields as they are given."""
    return st.builds(make, **{**recipe, **given})


def offered(kind: type[Any], fields: Mapping[str, Any], where: str) -> dict[str, Strategy]:
    """Fields of a type as strategies.

    Args:
        kind: The type.
        fields: Each a strategy or a value.
        where: The function that was called, for messages.

    Raises:
        InvalidValueError: If the type has no such field.
    """
    known = {each.alias for each in attrs.fields(kind) if each.init}
    for name in fields:
        if name not in known:
            raise InvalidValueError(
                f"{where}({name}=)",
                expected=f"a field of {kind.__name__}: {', '.join(sorted(known))}",
                got="another name",
            )
    return {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in fields.items()
    }
