"""Every domain value as plain, JSON-able data and back; versioned.

cattrs does the work. It was chosen over methods on each class because the shape then stands in one
place, apart from the meaning. All fields are written, defaults too, so that a default that changes
later does not reinterpret what was recorded.

Plain data holds the plain values: it is what the ledger stores, not something to print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin
from zoneinfo import ZoneInfo

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.days import DaySpan, TimeSpan, zone_of
from epiguard.decisions import Claim, Decision, Override, PassDecision, Source, Verdict
from epiguard.duties import Alert, Duty
from epiguard.errors import EpiguardError, PlainDataError, kind_of
from epiguard.facts import FACT_KINDS, Fact
from epiguard.identifiers import Document, RegionCode
from epiguard.identifiers._masked import Masked
from epiguard.passes import ExitPass, PassApplication
from epiguard.people import Household, Membership, Person, Relationship
from epiguard.places import Checkpoint, Lane, Site
from epiguard.quarantine import Contact, Exposure, PeriodChange, QuarantinePeriod, Return
from epiguard.registrations import Registration

if TYPE_CHECKING:  # a gate that decides needs no plain data, and cattrs takes a while to load
    from cattrs import BaseConverter, Converter

    Hook = Callable[[Any, Any], Any]

__all__ = [
    "PLAIN_VERSION",
    "from_plain",
    "instant_in",
    "instant_out",
    "is_value",
    "structure",
    "to_plain",
    "unstructure",
    "unstructure_hook",
]

T = TypeVar("T")

#: Raised by one whenever the shape of any class below changes.
PLAIN_VERSION = 1

_TYPES: dict[str, type[Any]] = {
    each.__name__: each
    for each in (
        Alert, Checkpoint, Claim, Contact, Crossing, DaySpan, Decision, Document, Duty, ExitPass, Exposure,
        Household, Lane, Membership, Override, PassApplication, PassDecision, PeriodChange, Person,
        QuarantinePeriod, Registration, Relationship, Return, Site, Source, TimeSpan, Traveller, Vehicle,
        Verdict,
    )
}  # fmt: skip


def instant_out(value: datetime) -> str:
    """An instant as text of RFC 9557: the offset says which, the name in brackets in whose zone."""
    zone = value.tzinfo
    return f"{value.isoformat()}[{zone.key}]" if isinstance(zone, ZoneInfo) else value.isoformat()


def instant_in(value: Any, _: object = None) -> datetime:  # noqa: ANN401 - plain data is of any type
    """The instant that :func:`instant_out` was given.

    Raises:
        ValueError: If it is something else.
    """
    text, _bracket, name = str(value).partition("[")
    moment = datetime.fromisoformat(text)
    return moment.astimezone(zone_of(name.removesuffix("]"))) if name else moment


def _anchor_in(value: Any, _: object = None) -> date | datetime:  # noqa: ANN401 - plain data is of any type
    return instant_in(value) if "T" in str(value) else date.fromisoformat(value)


def is_value(kind: Any) -> bool:  # noqa: ANN401 - cattrs asks about any annotation
    """Whether a type's plain data is the one text in ``value``."""
    return isinstance(kind, type) and issubclass(kind, Masked | RegionCode)


def _is_tuple(kind: Any) -> bool:  # noqa: ANN401 - cattrs asks about any annotation
    return get_origin(kind) is tuple


def _reason_out(value: Return | Contact) -> dict[str, Any]:
    return {"type": type(value).__name__, **_converter().unstructure(value, type(value))}


def _reason_in(value: Any, _: object = None) -> Return | Contact:  # noqa: ANN401 - plain data is of any type
    kind = Return if value["type"] == "Return" else Contact
    fields = {key: each for key, each in value.items() if key != "type"}
    return cast("Return | Contact", _converter().structure(fields, kind))


def _exactly(value: Any, kind: type[T]) -> T:  # noqa: ANN401 - plain data is of any type
    # cattrs would make "no" true and 5 a text.
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _number_in(value: Any, _: object = None) -> float:  # noqa: ANN401 - plain data is of any type
    return float(value) if type(value) is int else _exactly(value, float)


def _is_enum(kind: Any) -> bool:  # noqa: ANN401 - cattrs asks about any annotation
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_optional(kind: Any) -> bool:  # noqa: ANN401 - cattrs asks about any annotation
    return isinstance(kind, UnionType) and len(get_args(kind)) == 2 and NoneType in get_args(kind)


# What is read for every entry looks up how to read its parts once, not for every value.


def _tuple_hook(kind: Any, converter: BaseConverter) -> Hook:  # noqa: ANN401 - any annotation
    of = get_args(kind)[0]
    if converter.detailed_validation:  # cattrs notes the place of an element in a list only
        many: Any = list[of]  # type: ignore[valid-type]  # mypy takes it for an annotation
        listed = converter.get_structure_hook(many)
        return lambda value, _: tuple(listed(_listed(value), many))
    each = converter.get_structure_hook(of)
    return lambda value, _: tuple([each(element, of) for element in _listed(value)])


def _listed(value: Any) -> Any:  # noqa: ANN401 - plain data is of any type
    if not isinstance(value, list | tuple):  # a text is no list of its characters
        raise TypeError("list")
    return value


def _optional_hook(kind: Any, converter: BaseConverter) -> Hook:  # noqa: ANN401 - any annotation
    of = next(each for each in get_args(kind) if each is not NoneType)
    inner = converter.get_structure_hook(of)
    return lambda value, _: None if value is None else inner(value, of)


def _enum_hook(kind: Any, _: BaseConverter) -> Hook:  # noqa: ANN401 - any annotation
    members = {each.value: each for each in kind}
    return lambda value, _: members[value]


@cache
def _converter(*, detailed: bool = False) -> Converter:
    from cattrs import Converter  # noqa: PLC0415 - see above

    # Saying where data do not fit takes three times as long, so it is done only where they do not.
    converter = Converter(forbid_extra_keys=True, detailed_validation=detailed)
    for kind in (bool, int, str):
        converter.register_structure_hook(kind, _exactly)
    converter.register_structure_hook(float, _number_in)
    converter.register_structure_hook_factory(_is_optional, _optional_hook)
    converter.register_structure_hook_factory(_is_enum, _enum_hook)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    converter.register_unstructure_hook_func(is_value, lambda value: value.value)
    converter.register_structure_hook_func(is_value, lambda value, kind: kind(value))
    converter.register_unstructure_hook(datetime, instant_out)
    converter.register_structure_hook(datetime, instant_in)
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook(time, lambda value: value.isoformat())
    converter.register_structure_hook(time, lambda value, _: time.fromisoformat(value))
    converter.register_unstructure_hook(ZoneInfo, lambda value: value.key)
    converter.register_structure_hook(ZoneInfo, lambda value, _: zone_of(value))
    converter.register_unstructure_hook_func(
        lambda kind: kind == date | datetime,
        lambda value: instant_out(value) if isinstance(value, datetime) else value.isoformat(),
    )
    converter.register_structure_hook_func(lambda kind: kind == date | datetime, _anchor_in)
    converter.register_unstructure_hook_func(lambda kind: kind == Return | Contact, _reason_out)
    converter.register_structure_hook_func(lambda kind: kind == Return | Contact, _reason_in)
    return converter


def unstructure(value: Any) -> Any:  # noqa: ANN401 - any attrs value in, plain data out
    """The fields of a domain value as plain data, without its type and version."""
    return _converter().unstructure(value)


def unstructure_hook(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - any annotation
    """What makes plain data of a field that is annotated so."""
    return _converter().get_unstructure_hook(kind)


def structure(data: Any, kind: type[T], where: str) -> T:  # noqa: ANN401 - plain data is of any type
    """A value of ``kind`` from the fields :func:`unstructure` gave.

    Raises:
        PlainDataError: If the data do not fit; the message names the path, never a value.
    """
    try:
        return _converter().structure(data, kind)
    except Exception:  # noqa: BLE001 - whatever it is, the slow way below says where
        return _structure_slowly(data, kind, where)


def _structure_slowly(data: Any, kind: type[T], where: str) -> T:  # noqa: ANN401 - plain data is of any type
    from cattrs import transform_error  # noqa: PLC0415 - see above
    from cattrs.errors import BaseValidationError  # noqa: PLC0415 - see above

    try:
        return _converter(detailed=True).structure(data, kind)
    except BaseValidationError as error:
        paths = {line.rpartition("@")[2].strip() for line in transform_error(error)}
        raise PlainDataError(
            f"{where} {', '.join(sorted(paths))}", expected=f"data of a {kind.__name__}", got="something else"
        ) from None
    except (EpiguardError, AttributeError, KeyError, TypeError, ValueError):
        raise PlainDataError(where, expected=f"data of a {kind.__name__}", got=kind_of(data)) from None


def to_plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any domain value
    """A domain value or a fact as JSON-able data that :func:`from_plain` turns back.

    Raises:
        PlainDataError: If the value is not of a domain type.
    """
    if isinstance(value, Fact):
        name = value.kind
    elif _TYPES.get(type(value).__name__) is type(value):
        name = type(value).__name__
    else:
        raise PlainDataError("to_plain", expected="a domain value or a fact", got=kind_of(value))
    return {"type": name, "version": PLAIN_VERSION, "data": unstructure(value)}


def from_plain(data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the type is named in the data
    """The value that :func:`to_plain` was given.

    Raises:
        PlainDataError: If the data are of an unknown type or a later version, or do not fit.
    """
    if not isinstance(data, Mapping) or not {"type", "version", "data"} <= set(data):
        raise PlainDataError("from_plain", expected="a table with type, version and data", got=kind_of(data))
    if data["version"] != PLAIN_VERSION:
        raise PlainDataError(
            "version",
            expected=str(PLAIN_VERSION),
            got=f"version {data['version']!r}"
            if isinstance(data["version"], int)
            else kind_of(data["version"]),
            do="read it with the release of epiguard that wrote it",
        )
    kind = _TYPES.get(str(data["type"])) or FACT_KINDS.get(str(data["type"]))
    if kind is None:
        raise PlainDataError("type", expected="a domain type or a kind of fact", got="another name")
    return structure(data["data"], kind, str(data["type"]))
