"""Gatherings are seen from counts: a camera counts heads, and too many raise an alert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs

from epiguard import Alert, Duty, Fact, InvalidValueError, Situation
from epiguard.fields import pseudonym
from epiguard.rules import Rule, hookimpl

__all__ = ["CountObserved", "Gatherings"]


def _whole(_: object, __: object, count: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise InvalidValueError(
            "CountObserved.count", expected="a whole number of people, 0 or more", got=type(count).__name__
        )


@attrs.frozen(kw_only=True)
class CountObserved(Fact):
    """So many people were counted at a place; nobody in particular.

    Attributes:
        place: Pseudonymous id of the place: a stretch of street, a shop, a camera. It is shown and logged, so
            that no name, address or number of anybody is taken.
        count: How many.
    """

    place: str = attrs.field(validator=pseudonym("CountObserved.place"))
    count: int = attrs.field(validator=_whole)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The place."""
        return (self.place,)


@attrs.frozen
class Gatherings(Rule):
    """Raises an alert where more people than a limit are counted at one place, and sends somebody to look.

    It counts heads and knows nobody. Nobody is refused for it: whoever goes there asks people to keep apart.

    Attributes:
        limit: From more than so many on it is a gathering; 10 is ours, the newsletter names no number.
        within_minutes: When somebody is to have looked; 15 is ours.
    """

    source = "Meilong town newsletter, February 2020, grid centre: 疫情管控期间,并无人员聚集等危险行为发生"

    limit: int = attrs.field(default=10, validator=[attrs.validators.ge(1), attrs.validators.le(10_000)])
    within_minutes: int = attrs.field(
        default=15, validator=[attrs.validators.ge(1), attrs.validators.le(1440)]
    )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Alert | Duty]:
        """Compare a count with the limit."""
        if not isinstance(fact, CountObserved) or fact.count <= self.limit:
            return
        at = fact.at or situation.at
        yield Alert(
            kind="gathering",
            subject=fact.place,
            at=at,
            basis=str(fact.count),
            source=self.source,
            texts=self.words("alert-gathering", count=fact.count, limit=self.limit),
        )
        yield Duty(
            kind="look-at-gathering",
            subject=fact.place,
            due=at + timedelta(minutes=self.within_minutes),
            basis=at.isoformat(),
            source=self.source,
            texts=self.words("duty-look-at-gathering", count=fact.count),
        )
