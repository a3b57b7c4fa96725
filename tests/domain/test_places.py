"""Sites, checkpoints and lanes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.identifiers import RegionCode
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic

MARCH = date(2020, 3, 1)
FEBRUARY = date(2020, 2, 29)
VEHICLES_IN = Lane(direction="in", traffic="vehicle", until=MARCH)
# What somebody without a type checker may pass.
ANY_CHECKPOINT: Any = Checkpoint
ANY_LANE: Any = Lane


def site(**options: Any) -> Site:
    """A village."""
    return Site(**{"id": "village", "zone": "Asia/Shanghai", **options})


def test_a_checkpoint_without_lanes_takes_everything() -> None:
    """A small gate needs no table of lanes."""
    gate = Checkpoint(id="north")
    assert gate.kind is CheckpointKind.GATE
    assert all(gate.takes(direction, traffic, MARCH) for direction in Direction for traffic in Traffic)


def test_a_checkpoint_with_lanes_takes_what_they_carry_while_they_are_open() -> None:
    """Vehicles enter by the west gate to the end of February, pedestrians from March on."""
    west = Checkpoint(
        id="west", lanes=[VEHICLES_IN, Lane(direction=Direction.IN, traffic="pedestrian", since=MARCH)]
    )
    assert west.takes(Direction.IN, Traffic.VEHICLE, FEBRUARY)
    assert not west.takes(Direction.OUT, Traffic.VEHICLE, FEBRUARY)
    assert not west.takes(Direction.IN, Traffic.PEDESTRIAN, FEBRUARY)
    assert not west.takes(Direction.IN, Traffic.VEHICLE, MARCH)
    assert west.takes(Direction.IN, Traffic.PEDESTRIAN, MARCH)


def test_a_site_knows_its_checkpoints_by_id() -> None:
    """A slip in an id is an error that lists the ids, not a gate without rules."""
    village = site(checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])
    assert village.checkpoint("south") is village.checkpoints[1]
    with pytest.raises(UnknownIdError) as caught:
        village.checkpoint("west")
    assert str(caught.value) == (
        "Crossing.checkpoint: expected one of north, south, got another id; "
        "add the checkpoint to the site 'village', or correct the crossing"
    )
    with pytest.raises(UnknownIdError, match="expected a site with checkpoints, got another id"):
        site().checkpoint("north")


def test_a_sites_day_is_its_own() -> None:
    """It goes by the site's zone and by the hour its day starts."""
    moment = datetime(2020, 2, 13, 18, 30, tzinfo=UTC)
    assert site().local(moment).isoformat() == "2020-02-14T02:30:00+08:00"
    assert site().day_of(moment) == date(2020, 2, 14)
    assert site(day_starts=time(3)).day_of(moment) == date(2020, 2, 13)


def test_an_instant_without_a_zone_has_no_day() -> None:
    """Python would take the machine's zone, and the same record would give other days elsewhere."""
    naive = datetime(2020, 2, 14, 2, 30)  # noqa: DTZ001 - the point
    for ask in (site().day_of, site().local):
        with pytest.raises(InvalidValueError, match="expected a datetime with a time zone"):
            ask(naive)


def test_zone_and_region_are_given_by_name_or_by_value() -> None:
    """The zone is held as a zone, the region as its code."""
    assert site(zone=ZoneInfo("Asia/Shanghai")) == site()
    assert site(region=RegionCode("310112")).region == site(region="３10112").region == "310112"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: site(zone="Asia/Peking"), r"^zone: expected an IANA time zone name"),
        (lambda: site(zone=["Asia/Shanghai"]), r"^zone: .*, got a value of type list"),
        (lambda: site(region="990000"), r"^Site\.region: expected regions of provinces .*, got '990000'"),
        (lambda: site(region="Minhang"), r"^Site\.region: expected six digits .*, got text of 7 characters"),
        (lambda: site(name=None), r"^Site\.name: expected str, got nothing"),
        (lambda: site(day_starts="03:00"), r"^Site\.day_starts: expected a time of day without a zone"),
        (lambda: site(compounds="金都新村"), r"^Site\.compounds: expected a list of str values"),
        (lambda: site(checkpoints=["north"]), r"^Site\.checkpoints: expected Checkpoint values"),
        (
            lambda: site(checkpoints=[Checkpoint(id="north")] * 2),
            r"^Site\.checkpoints: expected checkpoints with different ids, got two of one id$",
        ),
        (lambda: ANY_CHECKPOINT(id="north gate"), r"^Checkpoint\.id: expected an identifier"),
        (
            lambda: ANY_CHECKPOINT(id="north", kind="wall"),
            r"^Checkpoint\.kind: expected one of 'gate', 'door'",
        ),
        (
            lambda: ANY_CHECKPOINT(id="north", lanes=[None]),
            r"^Checkpoint\.lanes: expected Lane values, got nothing",
        ),
        (
            lambda: ANY_LANE(direction="up", traffic="vehicle"),
            r"^Lane\.direction: expected one of 'in', 'out'",
        ),
        (
            lambda: ANY_LANE(direction="in", traffic="horse"),
            r"^Lane\.traffic: expected one of 'pedestrian', 'veh",
        ),
        (
            lambda: ANY_LANE(direction="in", traffic="vehicle", since="March"),
            r"^Lane\.since: expected a date wit",
        ),
        (
            lambda: ANY_LANE(direction="in", traffic="vehicle", since=MARCH, until=FEBRUARY),
            r"^Lane\.until: expected a date after since, got one not after it$",
        ),
    ],
)
def test_bad_places_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Each bad field gets one clear error that names it."""
    with pytest.raises(InvalidValueError, match=message):
        make()
