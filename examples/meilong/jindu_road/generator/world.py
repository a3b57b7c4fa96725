"""The whole invented world of one seed, in memory."""

from __future__ import annotations

import attrs
from examples.meilong.jindu_road.generator.arrivals import arrivals
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.doors import DoorRow, door_rows
from examples.meilong.jindu_road.generator.everyday import days, everyday
from examples.meilong.jindu_road.generator.filing import forms, number_forms
from examples.meilong.jindu_road.generator.forms import Form
from examples.meilong.jindu_road.generator.gate_rows import GateRow, number_rows
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.outsiders import outsiders
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.residents import residents
from examples.meilong.jindu_road.generator.returnees import Returnee, returnees
from examples.meilong.jindu_road.generator.strangers import strangers

__all__ = ["World", "make_world"]


@attrs.frozen
class World:
    """Everything that is written to files, and everything that is true about it."""

    seed: int
    residents: list[Resident]
    returnees: list[Returnee]
    filed: list[tuple[Returnee, Form]]
    strangers: list[Form]
    gate: list[GateRow]
    doors: list[DoorRow]

    @property
    def forms(self) -> list[Form]:
        """All forms, in the order of time."""
        return sorted([form for _, form in self.filed] + self.strangers, key=lambda form: form.at)


def make_world(seed: int) -> World:
    """Make the world of a seed."""
    numbers = Numbers(Chance(seed, "numbers"))
    everybody = residents(seed, numbers)
    returned = returnees(seed, everybody, numbers)
    filed = forms(seed, everybody, returned)
    lost = strangers(seed, everybody, numbers)
    number_forms([form for _, form in filed] + lost)
    who = days(seed, everybody, returned)
    crossings = (
        arrivals(seed, returned) + everyday(seed, everybody, who) + outsiders(seed, everybody, who, numbers)
    )
    gate = number_rows(crossings)
    return World(seed, everybody, returned, filed, lost, gate, door_rows(seed, everybody, who, gate))
