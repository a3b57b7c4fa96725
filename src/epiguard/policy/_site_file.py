"""Reading a site file: TOML with the site, its quarantine orders and its dated rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

import attrs

from epiguard.days import DayCount
from epiguard.errors import EpiguardError, PolicyError, refusal_of
from epiguard.fields import FrozenMapping, frozen_mapping
from epiguard.places import Checkpoint, CheckpointKind, Lane, Site
from epiguard.policy.findings import refuse_unknown
from epiguard.quarantine import Anchor, QuarantineSetting
from epiguard.rules import Pin
from epiguard.settings import SettingsTable

__all__ = ["Entry", "QuarantineOrder", "SiteFile", "read_site_file"]

T = TypeVar("T")

#: Kinds of traveller an entry can apply to: the roles, and ``returnee`` (see ``Standing.kinds``).
KINDS = ("resident", "visitor", "courier", "staff", "emergency", "returnee")
#: Sections other parts of the library read: the policy keeps them as they are.
OTHER_SECTIONS = ("calls", "check", "intake", "report", "retention")


@attrs.frozen(kw_only=True)
class Entry:
    """One ``[[rules]]`` entry: which rule, with which settings, for whom, from when to when."""

    id: str
    use: str
    where: str
    since: date | None = None
    until: date | None = None
    applies_to: frozenset[str] | None = None
    source: str | None = None
    settings: Mapping[str, Any] = attrs.field(factory=FrozenMapping, converter=frozen_mapping)

    def in_force(self, day: date) -> bool:
        """Whether the entry holds on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class QuarantineOrder:
    """How long a returnee stays in, where, and how the days are counted, from a date on.

    ``days`` are those of the first stage; where there is a second one, ``then_days`` more follow.
    """

    days: int
    convention: DayCount = DayCount.DAY0_EXCLUDED
    setting: QuarantineSetting = QuarantineSetting.HOME_OBSERVATION
    then_days: int = 0
    then_setting: QuarantineSetting | None = None
    anchors: tuple[Anchor, ...] = (Anchor.ARRIVED, Anchor.LEFT)
    release_hour: time | None = None
    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the order holds on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class SiteFile:
    """A site file as read, rules not yet loaded."""

    name: str
    site: Site
    entries: tuple[Entry, ...]
    orders: tuple[QuarantineOrder, ...]
    sections: Mapping[str, Mapping[str, Any]]
    messages: tuple[str, ...] = ()
    plugins: Mapping[str, Pin] | None = None


def read_site_file(source: str | Path, *, text: str | None = None) -> SiteFile:
    """Read a site file.

    Args:
        source: Its path; only named in messages where ``text`` is given.
        text: Its text.

    Raises:
        PolicyError: If it cannot be read, is not TOML, or holds what was not expected.
    """
    name = Path(source).name
    table = SettingsTable(_parse(Path(source), name, text), name)
    site = _site(SettingsTable(table.take("site", dict), f"{name}: site"))
    orders = tuple(_order(each) for each in table.tables("quarantine"))
    _refuse_overlap(orders, name)
    entries = tuple(_entry(each) for each in table.tables("rules"))
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.id in seen:
            raise PolicyError(
                f"{entry.where}.id",
                expected="an id of its own",
                got=f"{entry.id!r}, which {seen[entry.id].rpartition(': ')[2]} has",
                do="give one of the two an id",
            )
        seen[entry.id] = entry.where
    sections = {key: table.take(key, dict, {}) for key in OTHER_SECTIONS}
    refuse_unknown(sections["check"], seen, f"{name}: check")
    messages = table.take("messages", tuple[str, ...], ())
    plugins = table.take("plugins", dict[str, Pin], None)
    table.finish()
    return SiteFile(
        name=name,
        site=site,
        entries=entries,
        orders=orders,
        sections=sections,
        messages=messages,
        plugins=plugins,
    )


def _parse(path: Path, name: str, text: str | None) -> dict[str, Any]:
    if text is None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise PolicyError(name, expected="a site file", got="no such file", do="check the path") from None
        except IsADirectoryError:
            raise PolicyError(
                name, expected="a site file", got="a folder", do="name the file in it, such as site.toml"
            ) from None
        except OSError as error:
            raise PolicyError(
                name,
                expected="a site file that can be read",
                got=refusal_of(error),
                do="check the path and its permissions",
            ) from None
        except UnicodeDecodeError as error:
            raise PolicyError(
                name,
                expected="text in UTF-8",
                got=f"bytes in line {error.object[: error.start].count(10) + 1} that are not",
                do="save it as UTF-8",
            ) from None
    import tomllib  # noqa: PLC0415 - a policy of rules made in Python reads none

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The parser's message names line and column and may quote one character, no value.
        raise PolicyError(name, expected="TOML", got=str(error), do="correct the line") from None
    except RecursionError:
        raise PolicyError(
            name,
            expected="TOML",
            got="brackets inside brackets without end",
            do="look for a bracket that is not closed",
        ) from None


def _dates(table: SettingsTable) -> tuple[date | None, date | None]:
    since, until = table.take("since", date, None), table.take("until", date, None)
    if since is not None and until is not None and until <= since:
        raise PolicyError(
            table.at("until"),
            expected=f"a date after since, {since.isoformat()} (until is the first day it no longer holds)",
            got=until.isoformat(),
            do="correct one of the two dates",
        )
    return since, until


def _site(table: SettingsTable) -> Site:
    checkpoints = []
    for each in table.tables("checkpoints"):
        lanes = []
        for lane in each.tables("lanes"):
            since, until = _dates(lane)
            values = {key: lane.take(key, str) for key in ("direction", "traffic")}
            lane.finish()
            lanes.append(_make(Lane, lane.where, since=since, until=until, **values))
        identity, label = each.take("id", str), each.take("name", str, "")
        each.finish()
        checkpoints.append(_make(Checkpoint, each.where, id=identity, name=label, lanes=tuple(lanes)))
    doors = table.take("doors", dict[str, str], {})
    checkpoints += [
        _make(Checkpoint, table.at(f"doors.{key}"), id=key, name=label, kind=CheckpointKind.DOOR)
        for key, label in doors.items()
    ]
    values = {
        "id": table.take("id", str),
        "zone": table.take("zone", str),
        "name": table.take("name", str, ""),
        "region": table.take("region", str, None),
        "day_starts": table.take("day_starts", time, time(0)),
        "clock_bound_minutes": table.take("clock_bound_minutes", int, None),
        "compounds": table.take("compounds", tuple[str, ...], ()),
    }
    table.finish()
    return _make(Site, table.where, checkpoints=tuple(checkpoints), **values)


def _make(cls: type[T], where: str, **values: Any) -> T:  # noqa: ANN401 - any field of an attrs class
    try:
        return cls(**values)
    except EpiguardError as error:
        key = error.where.rpartition(".")[2]
        raise PolicyError(f"{where}.{key}", expected=error.expected, got=error.got, do=error.do) from None


def _order(table: SettingsTable) -> QuarantineOrder:
    since, until = _dates(table)
    days = table.take("days", int)
    if not 1 <= days <= 366:
        raise PolicyError(table.at("days"), expected="whole days from 1 to 366", got=str(days))
    order = QuarantineOrder(
        days=days,
        convention=table.take("convention", DayCount, DayCount.DAY0_EXCLUDED),
        setting=table.take("setting", QuarantineSetting, QuarantineSetting.HOME_OBSERVATION),
        then_days=table.take("then_days", int, 0),
        then_setting=table.take("then_setting", QuarantineSetting, None),
        anchors=table.take("anchors", tuple[Anchor, ...], (Anchor.ARRIVED, Anchor.LEFT)),
        release_hour=table.take("release_hour", time, None),
        since=since,
        until=until,
    )
    if not 0 <= order.then_days <= 366 - days:
        raise PolicyError(
            table.at("then_days"),
            expected="whole days, with days together up to 366",
            got=str(order.then_days),
        )
    if (order.then_days > 0) != (order.then_setting is not None):
        raise PolicyError(
            table.at("then_days" if order.then_days == 0 else "then_setting"),
            expected="both then_days and then_setting, or neither",
            got="one of them",
            do='for example days = 7, then_days = 3, then_setting = "home-observation"',
        )
    if order.convention is DayCount.ELAPSED_24H:
        raise PolicyError(
            table.at("convention"),
            expected="day0-excluded or day1-included: forms give dates without a time",
            got="'elapsed-24h'",
            do="order such periods one by one",
        )
    table.finish()
    return order


def _refuse_overlap(orders: tuple[QuarantineOrder, ...], name: str) -> None:
    for i, first in enumerate(orders):
        for second in orders[i + 1 :]:
            starts = max(first.since or date.min, second.since or date.min)
            if starts < min(first.until or date.max, second.until or date.max):
                raise PolicyError(
                    f"{name}: quarantine",
                    expected="one order on every day",
                    got=f"two in force from {starts.isoformat()}",
                    do="end the earlier one with until",
                )


def _entry(table: SettingsTable) -> Entry:
    use = table.take("use", str)
    since, until = _dates(table)
    kinds = table.take("applies_to", tuple[str, ...], None)
    if kinds is not None and not kinds:
        raise PolicyError(
            table.at("applies_to"),
            expected="at least one kind of traveller",
            got="an empty list",
            do="remove the key to apply the rule to everybody",
        )
    for kind in kinds or ():
        if kind not in KINDS:
            raise PolicyError(
                table.at("applies_to"),
                expected="kinds of traveller among " + ", ".join(KINDS),
                got="another word",
            )
    return Entry(
        id=table.take("id", str, use),
        use=use,
        where=table.where,
        since=since,
        until=until,
        applies_to=frozenset(kinds) if kinds is not None else None,
        source=table.take("source", str, None),
        settings=table.rest(),
    )
