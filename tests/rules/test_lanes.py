"""Lanes: each gate takes its own traffic, and nobody is left without a way."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Vehicle
from epiguard.decisions import Effect
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic
from epiguard.rules.lanes import Lanes
from rules.gate import SHANGHAI, codes, crossing, resident, review

CAR = Vehicle()
CLOSED_ON = date(2020, 1, 25)
#: Zhonghai Huanyu: from 25 January the west gate takes people, and vehicles in; the east gate vehicles out.
SITE = Site(
    id="zhonghai",
    zone="Asia/Shanghai",
    checkpoints=[
        Checkpoint(
            id="west",
            name="西门",
            lanes=[
                Lane(direction="in", traffic="pedestrian"),
                Lane(direction="out", traffic="pedestrian"),
                Lane(direction="in", traffic="vehicle"),
                Lane(direction="out", traffic="vehicle", until=CLOSED_ON),
            ],
        ),
        Checkpoint(
            id="east",
            name="东门",
            lanes=[
                Lane(direction="in", traffic="pedestrian", until=CLOSED_ON),
                Lane(direction="out", traffic="pedestrian", until=CLOSED_ON),
                Lane(direction="out", traffic="vehicle"),
            ],
        ),
        Checkpoint(id="door-1", name="1号楼", kind=CheckpointKind.DOOR),
    ],
)


@pytest.mark.parametrize(
    ("day", "checkpoint", "direction", "vehicle", "expected"),
    [
        (24, "east", "in", None, []),
        (25, "east", "in", None, ["deny wrong-lane"]),
        (25, "east", "out", None, ["deny wrong-lane"]),
        (25, "east", "out", CAR, []),
        (25, "east", "in", CAR, ["deny wrong-lane"]),
        (24, "west", "out", CAR, []),
        (25, "west", "out", CAR, ["deny wrong-lane"]),
        (25, "west", "in", CAR, []),
        (25, "west", "in", None, []),
        (25, "door-1", "in", None, []),
    ],
)
def test_the_lanes_of_zhonghai_huanyu(
    day: int, checkpoint: str, direction: str, vehicle: Vehicle | None, expected: list[str]
) -> None:
    """The east gate closes to pedestrians on 25 January."""
    asked = crossing(
        direction,
        resident(),
        checkpoint=checkpoint,
        at=datetime(2020, 1, day, 9, tzinfo=SHANGHAI),
        vehicle=vehicle,
    )
    assert codes(Lanes(), asked, site=SITE) == expected


def test_a_refusal_names_the_gate_to_use() -> None:
    """And never a door, which only records who passes."""
    asked = crossing("in", resident(), checkpoint="east")
    [verdict] = review(Lanes(), asked, site=SITE)
    assert verdict.text("zh") == "此处不供行人进入,请走:西门"
    assert verdict.text("en") == "no pedestrian traffic in here; please use: 西门"


def test_the_only_way_is_never_denied() -> None:
    """Where no gate takes somebody, the answer is to open one."""
    only_in = Checkpoint(id="west", lanes=[Lane(direction="in", traffic="pedestrian")])
    site = Site(id="x", zone="Asia/Shanghai", checkpoints=[only_in])
    [verdict] = review(Lanes(), crossing("out", resident(), checkpoint="west"), site=site)
    assert (verdict.effect, verdict.code, verdict.lifted_by) == (Effect.HOLD, "no-lane-open", "open-a-lane")


lanes = st.builds(Lane, direction=st.sampled_from(Direction), traffic=st.sampled_from(Traffic))
gates = st.lists(st.lists(lanes, max_size=4), min_size=1, max_size=3).map(
    lambda all_lanes: [Checkpoint(id=f"g-{i}", lanes=each) for i, each in enumerate(all_lanes)]
)


@given(gates, st.sampled_from(Direction), st.sampled_from([None, CAR]))
def test_some_gate_takes_whoever_is_denied(
    checkpoints: list[Checkpoint], direction: Direction, vehicle: Vehicle | None
) -> None:
    """Following the sign leads through: a gate that a denial names denies nobody."""
    site = Site(id="x", zone="Asia/Shanghai", checkpoints=checkpoints)

    def ask(gate: str) -> Crossing:
        return crossing(direction.value, resident(), checkpoint=gate, vehicle=vehicle)

    answers = {each.id: codes(Lanes(), ask(each.id), site=site) for each in checkpoints}
    assert set(map(tuple, answers.values())) in (
        {()},
        {(), ("deny wrong-lane",)},
        {("hold no-lane-open",)},
    )
