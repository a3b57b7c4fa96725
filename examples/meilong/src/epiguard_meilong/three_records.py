"""Three records at every crossing: the vehicle, the people, the temperature (三有)."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard import Crossing, NotMeasured, Situation, Standing, Verdict
from epiguard.rules import Restricts, Rule, hookimpl

__all__ = ["ThreeRecords"]

#: A number that is missing for a reason of the person's own is a record; a broken thermometer is none (ours).
_EXCUSED = (NotMeasured.INFANT, NotMeasured.MEDICAL)


@attrs.frozen
class ThreeRecords(Rule):
    """Holds a crossing in either direction until its three records are complete, naming what is missing.

    A vehicle is recorded by its plate, a person by being known here or by a form, the temperature by a
    number. Where it cannot be taken of an infant or somebody unwell, that is written instead (ours).
    """

    source = (
        "Meilong town newsletter, February 2020, Caozhong village: "
        "做到“三有”,即车辆出入有登记、人员来往有备案、体温检测有数值"
    )
    restricts = Restricts.SAFETY

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Name each record that is missing, and say so where all are there."""
        complete = True
        if crossing.vehicle is not None and crossing.vehicle.plate is None:
            complete = False
            yield self.hold("no-plate", lifted_by="write-down-plate")
        for standing in situation.standings:
            for verdict in self._missing(standing):
                complete = False
                yield verdict
        if complete:
            yield self.no_objection("complete")

    def _missing(self, standing: Standing) -> Iterator[Verdict]:
        if standing.person is None and not standing.registered:
            yield self.hold("not-recorded", lifted_by="record-person", about=standing)
        if standing.temperature is None and standing.traveller.not_measured not in _EXCUSED:
            yield self.hold("no-temperature", lifted_by="measure-temperature", about=standing)
