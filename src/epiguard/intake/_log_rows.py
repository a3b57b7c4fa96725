"""What the rows of both logs have in common: when, where, which way, and the key of a crossing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import PurePath
from typing import Final

import attrs

from epiguard.identifiers import RegionCode, find_region
from epiguard.intake import cells, words
from epiguard.intake._keys import in_key
from epiguard.intake.grid import Cell
from epiguard.intake.moments import instant
from epiguard.intake.records import Record
from epiguard.places import Checkpoint, CheckpointKind, Direction, Site

__all__ = ["ANOTHER_PROVINCE", "Passage", "identified", "key_of", "passage", "person_id", "returning_from"]

#: Where somebody came from who said "another province" and not which, or whose answer cannot be read.
#: No province has this code, so that every comparison with a site's own province tells that it is another.
ANOTHER_PROVINCE: Final = RegionCode("000000")

_NOWHERE: Final = frozenset({"无", "否", "没有", "不是"})


@attrs.frozen
class Passage:
    """When, where and which way."""

    at: datetime
    checkpoint: Checkpoint
    direction: Direction


def key_of(record: Record, kind: str, series: str | None) -> str:
    """The key of a crossing: by its number in the log, else by the file and the row.

    Args:
        record: The row; a number that cannot be a key becomes a problem.
        kind: ``"gate"`` or ``"door"``.
        series: What tells this log's numbers from another's.
    """
    number = record.read("number", lambda cell: cells.identifier(cell, "number"))
    if number is not None:
        key = f"{kind}:{in_key(series)}:{number}" if series else f"{kind}:{number}"
        if len(key) > cells.LONGEST_IDENTIFIER:
            record.problem(
                "number",
                expected=f"at most {cells.LONGEST_IDENTIFIER} characters, with {kind!r} and the series",
                got=f"{len(key)} characters",
                do="shorten the number or the series",
            )
        return key
    stem = series or PurePath(record.findings.file).stem
    return f"{kind}:{in_key(stem)}:row-{record.row.number}"


def identified(what: str) -> Callable[[Cell], str | None]:
    """A reader of the numbers of passes and journeys for :meth:`Record.read`."""
    return lambda cell: cells.identifier(cell, what)


def person_id(what: str) -> Callable[[Cell], str | None]:
    """A reader of the ids of persons for :meth:`Record.read`."""
    return lambda cell: cells.identifier(cell, what, chinese=False)


def passage(record: Record, site: Site, *, door: bool) -> Passage | None:
    """Read when, where and which way.

    Args:
        record: The row.
        site: The site with its checkpoints and its zone.
        door: Whether the checkpoint must be a door; a door that has lanes in one direction only tells it.

    Returns:
        The passage, or None where something is missing or wrong, which becomes a problem.
    """
    at = record.require("at", lambda cell: instant(cell, site.zone, clock=True), "a date and time")
    if isinstance(record.cell("at"), date) and not isinstance(record.cell("at"), datetime):
        record.warn("at", "midnight exactly: a date without a time looks the same in a spreadsheet")
    name = record.require("checkpoint", lambda cell: cells.digits(cell, "checkpoint"), "a checkpoint")
    checkpoint = None if name is None else _checkpoint(record, site, name, door=door)
    if door and record.cell("direction") is None:
        direction = _only_direction(checkpoint)
        if checkpoint is not None and direction is None:
            record.problem(
                "direction",
                expected="进 or 出 (in, out)",
                got="nothing",
                do="fill in the cell, or give the door lanes in one direction only in the site file",
            )
    else:
        direction = record.require("direction", words.direction, "进 or 出 (in, out)")
    if at is None or checkpoint is None or direction is None:
        return None
    return Passage(at, checkpoint, direction)


def _checkpoint(record: Record, site: Site, name: str, *, door: bool) -> Checkpoint | None:
    found = [each for each in site.checkpoints if each.id == name]
    found = found or [each for each in site.checkpoints if each.name == name]
    if len(found) != 1:
        of_kind = [each for each in site.checkpoints if not door or each.kind is CheckpointKind.DOOR]
        record.problem(
            "checkpoint",
            expected=f"the id or the name of one of the site's {'doors' if door else 'checkpoints'}: "
            + ", ".join(f"{each.id} ({each.name})" if each.name else each.id for each in of_kind),
            got="another" if not found else "a name that two of them have",
            do="add the checkpoint to the site's file, or correct the cell",
        )
        return None
    if door and found[0].kind is not CheckpointKind.DOOR:
        record.problem(
            "checkpoint",
            expected="a checkpoint of kind door",
            got="a gate",
            do="its crossings are the gate's log",
        )
        return None
    return found[0]


def _only_direction(checkpoint: Checkpoint | None) -> Direction | None:
    directions = {lane.direction for lane in checkpoint.lanes} if checkpoint else set()
    return directions.pop() if len(directions) == 1 else None


def returning_from(record: Record, site: Site) -> RegionCode | None:
    """Read where somebody came back from; whoever said "from another province" stays a returnee.

    Args:
        record: The row, with 外省返程 (yes or no) and 返程地.
        site: The site; a region in its own province is no answer to "from which other one".

    Returns:
        The region; :data:`ANOTHER_PROVINCE` where the answer was yes and the place is missing, unreadable or
        in the site's own province; None where nobody said they came from another province.
    """
    returnee = record.read("returnee", words.yes_or_no)
    text = record.read("returning_from", lambda cell: cells.digits(cell, "region"))
    if text is not None and cells.folded(text) in _NOWHERE:
        text = None
    region = None if text is None else find_region(text)
    at_home = region is not None and _same_province(region, site)
    if at_home and not returnee:
        return None  # where they came from is no other province
    if returnee is False:
        if text is not None:
            record.problem(
                "returning_from",
                expected="nothing where 外省返程 is no",
                got="a place",
                do="correct one of the two",
            )
        return None
    if text is not None and region is None:
        record.warn("returning_from", "the region is not recognised; taken as another province")
        return ANOTHER_PROVINCE
    if not returnee:
        return region
    if region is None:
        record.warn("returning_from", "no region beside 外省返程; taken as another province")
    elif at_home:
        record.warn("returning_from", "the site's own province beside 外省返程; taken as another province")
    else:
        return region
    return ANOTHER_PROVINCE


def _same_province(region: RegionCode, site: Site) -> bool:
    return site.region is not None and region.province == RegionCode.of(site.region).province
