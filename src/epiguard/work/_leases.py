"""Leases that are extended by calendar months: 31 January and a month is the end of February."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

import attrs
from dateutil.relativedelta import relativedelta

from epiguard.days import DaySpan
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.fields import as_day, identifier, instance, whole
from epiguard.identifiers import FreeText
from epiguard.situation import State

__all__ = ["Lease", "LeaseExtended", "LeaseRecorded", "LeaseStatus", "extend_leases", "leases_of"]

_BOARD = "leases"


def _last_day(value: date) -> date:
    day = as_day(value, "Lease.last_day")
    if day is None:
        raise InvalidValueError("Lease.last_day", expected="the last day of the contract", got="nothing")
    return day


@attrs.frozen(kw_only=True)
class Lease:
    """A contract of a tenant.

    Attributes:
        id: Of the contract.
        tenant: Who.
        place: The stall or the shop.
        last_day: The last day by the contract itself.
    """

    id: str = attrs.field(validator=identifier("Lease.id"))
    tenant: str = attrs.field(validator=identifier("Lease.tenant"))
    place: str = attrs.field(validator=identifier("Lease.place"))
    last_day: date = attrs.field(converter=_last_day)

    def extended(self, months: int) -> date:
        """The last day after so many months more: counted from the contract's, so that no day gets lost.

        31 January and one month is 29 February 2020, and two are 31 March.
        """
        return self.last_day + relativedelta(months=months)


@attrs.frozen
class LeaseRecorded(Fact):
    """A contract is known, or was corrected."""

    boards: ClassVar[int] = 1

    lease: Lease = attrs.field(validator=instance(Lease, "LeaseRecorded.lease"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The tenant, then all leases."""
        return (self.lease.tenant, _BOARD)


def _extended_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "LeaseExtended.reason")


@attrs.frozen(kw_only=True)
class LeaseExtended(Fact):
    """A contract goes on by whole months (合同到期,延期一个月): under one measure once.

    Attributes:
        lease: The contract's id.
        tenant: Whose it is.
        months: By how many.
        measure: The notice it is extended under.
        reason: Why.
    """

    boards: ClassVar[int] = 1

    shared: ClassVar[bool] = True  # pseudonyms only

    lease: str = attrs.field(validator=identifier("LeaseExtended.lease"))
    tenant: str = attrs.field(validator=identifier("LeaseExtended.tenant"))
    months: int = attrs.field(default=1, validator=whole("LeaseExtended.months", least=1, most=120))
    measure: str = attrs.field(validator=identifier("LeaseExtended.measure"))
    reason: FreeText = attrs.field(default=FreeText("epidemic"), converter=_extended_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The tenant, then all leases."""
        return (self.tenant, _BOARD)

    @property
    def claims(self) -> tuple[str, ...]:
        """The contract's extension under the measure."""
        return (f"lease|{self.measure}|{self.lease}",)


@attrs.frozen(kw_only=True)
class LeaseStatus:
    """A contract with its extensions."""

    lease: Lease
    extensions: tuple[LeaseExtended, ...] = ()

    @property
    def last_day(self) -> date:
        """The last day, extensions included."""
        return self.lease.extended(sum(each.months for each in self.extensions))

    def holds_on(self, day: date) -> bool:
        """Whether the contract still runs on a day."""
        return day <= self.last_day


def leases_of(state: State) -> Mapping[str, LeaseStatus]:
    """All contracts by their id, as they stand."""
    found: dict[str, LeaseStatus] = {}
    for fact in state.notes_of.get(_BOARD, ()):
        if isinstance(fact, LeaseRecorded):
            known = found.get(fact.lease.id)
            found[fact.lease.id] = LeaseStatus(
                lease=fact.lease, extensions=known.extensions if known is not None else ()
            )
        elif isinstance(fact, LeaseExtended) and fact.lease in found:
            known = found[fact.lease]
            found[fact.lease] = attrs.evolve(known, extensions=(*known.extensions, fact))
    return found


def extend_leases(state: State, ending: DaySpan, *, measure: str, months: int = 1) -> Iterator[LeaseExtended]:
    """The extensions of all contracts that end in a span, under one measure, but for those that have it.

    Args:
        state: The sum of the facts.
        ending: The days on which they end.
        measure: The notice.
        months: By how many months.
    """
    for status in leases_of(state).values():
        done = any(each.measure == measure for each in status.extensions)
        if status.last_day in ending and not done and status.lease.tenant not in state.gone:
            yield LeaseExtended(
                lease=status.lease.id, tenant=status.lease.tenant, months=months, measure=measure
            )
