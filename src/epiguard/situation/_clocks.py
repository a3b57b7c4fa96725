"""Whether the clocks of the gates can be believed, from what was decided there and when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from epiguard.days import to_utc
from epiguard.duties import Alert

__all__ = ["CLOCK_SUSPECT", "Clocks"]

#: The kind of the alert.
CLOCK_SUSPECT = "clock-suspect"


class Clocks:
    """The clocks of a site's gates: of each, the latest instant that was believed, and whether it is suspect.

    A clock agrees where it tells no earlier instant than it did before and none far from when the decision
    was recorded; either way it may be off by the bound, because two lanes of a gate ask at one moment and
    whoever was held is asked again. One that does not is suspect until it agrees again, or until somebody
    looked at it. What was told by a clock that did not agree is not what later ones are measured by.

    Args:
        minutes: How far they may be off; nothing means that nobody watches.
    """

    def __init__(self, minutes: int | None) -> None:
        self.bound = None if minutes is None else timedelta(minutes=minutes)
        #: Gate to the latest instant that was believed, in UTC.
        self.latest: dict[str, datetime] = {}
        self.suspect: set[str] = set()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Clocks):
            return NotImplemented
        return (self.bound, self.latest, self.suspect) == (other.bound, other.latest, other.suspect)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def agrees(self, checkpoint: str, at: datetime, recorded_at: datetime | None) -> bool:
        """Whether a gate's clock can be believed at an instant that it tells.

        Args:
            checkpoint: The gate.
            at: What its clock tells.
            recorded_at: What the record's clock told at that moment, if that is known.
        """
        if self.bound is None:
            return True
        moment, before = to_utc(at), self.latest.get(checkpoint)
        backwards = before is not None and moment < before - self.bound
        return not backwards and (recorded_at is None or abs(moment - to_utc(recorded_at)) <= self.bound)

    def suspects(self, checkpoint: str, at: datetime, recorded_at: datetime | None) -> bool:
        """Whether a crossing that is asked about now has an instant that cannot be believed.

        Where nobody says when it is recorded, a clock that was suspect still is.
        """
        still = recorded_at is None and checkpoint in self.suspect
        return still or not self.agrees(checkpoint, at, recorded_at)

    def tell(self, checkpoint: str, at: datetime, recorded_at: datetime | None) -> Alert | None:
        """Take in a decision at a gate.

        Returns:
            The alert, where its clock is suspect from now on.
        """
        if self.bound is None:
            return None
        if self.agrees(checkpoint, at, recorded_at):
            self.latest[checkpoint] = max(to_utc(at), self.latest.get(checkpoint, to_utc(at)))
            self.suspect.discard(checkpoint)
            return None
        if checkpoint in self.suspect:
            return None
        self.suspect.add(checkpoint)
        return Alert(
            kind=CLOCK_SUSPECT,
            subject=checkpoint,
            at=at,
            checkpoint=checkpoint,
            source="epiguard: the gates' clocks",
            texts={
                "zh": f"卡口 {checkpoint} 的时钟倒走或偏差过大,请校准后关闭本报警",
                "en": f"the clock of gate {checkpoint} ran backwards or is far off; set it, then close this",
            },
        )

    def close(self, alert: Alert | None) -> None:
        """Take in that somebody looked at what an alert was about: the clock is measured afresh."""
        if alert is not None and alert.kind == CLOCK_SUSPECT:
            self.latest.pop(alert.subject, None)
            self.suspect.discard(alert.subject)

    def to_plain(self) -> list[list[str]]:
        """As plain data, for a snapshot: each gate, its latest instant, and a mark where it is suspect."""
        return [
            [each, self.latest[each].isoformat() if each in self.latest else "", "?" * (each in self.suspect)]
            for each in dict.fromkeys((*self.latest, *sorted(self.suspect)))
        ]

    def fill(self, rows: list[list[str]]) -> None:
        """Take in what :meth:`to_plain` gave."""
        said: Mapping[str, tuple[str, str]] = {gate: (at, mark) for gate, at, mark in rows}
        self.latest.update((gate, datetime.fromisoformat(at)) for gate, (at, _) in said.items() if at)
        self.suspect.update(gate for gate, (_, mark) in said.items() if mark)
