"""Businesses of a street, and which trades are permitted on which days."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.fields import as_day, identifier, instance, text
from epiguard.situation import State

__all__ = [
    "Business",
    "BusinessRecorded",
    "BusinessStatus",
    "TradeForbidden",
    "TradePermitted",
    "business_register",
]

_BOARD = "businesses"


@attrs.frozen(kw_only=True)
class Business:
    """A shop.

    Attributes:
        id: Of the shop.
        trade: Such as ``"pharmacy"``.
        street: Where, if that matters.
        owner: Pseudonymous id of whoever runs it.
    """

    id: str = attrs.field(validator=identifier("Business.id"))
    trade: str = attrs.field(validator=identifier("Business.trade"))
    street: str = attrs.field(default="", validator=instance(str, "Business.street"))
    owner: str | None = None


@attrs.frozen
class BusinessRecorded(Fact):
    """A shop is known, or was corrected."""

    boards: ClassVar[int] = 1

    business: Business = attrs.field(validator=instance(Business, "BusinessRecorded.business"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The shop, then all shops."""
        return (self.business.id, _BOARD)


def _since(value: date) -> date:
    day = as_day(value, "since")
    if day is None:
        raise InvalidValueError("since", expected="the first day", got="nothing")
    return day


@attrs.frozen(kw_only=True)
class _Trade(Fact):
    boards: ClassVar[int] = 1
    trade: str = attrs.field(validator=identifier("trade"))
    since: date = attrs.field(converter=_since)
    source: str = attrs.field(validator=text("source"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """All shops."""
        return (_BOARD,)


@attrs.frozen(kw_only=True)
class TradePermitted(_Trade):
    """From a day on shops of a trade may open; ``source`` is the notice."""


@attrs.frozen(kw_only=True)
class TradeForbidden(_Trade):
    """From a day on shops of a trade stay shut; ``source`` is the notice."""


@attrs.frozen(kw_only=True)
class BusinessStatus:
    """A shop on a day.

    Attributes:
        business: Which.
        open: Whether its trade is permitted.
        since: The day from which that is so; nothing where no notice ever spoke of the trade.
        source: The notice that says so.
    """

    business: Business
    open: bool
    since: date | None = None
    source: str = ""


def business_register(state: State, day: date) -> tuple[BusinessStatus, ...]:
    """All shops as they stand on a day, by their ids; a trade that no notice permits is shut.

    Of several notices the one that began last holds, and of two that begin on one day the one recorded last.
    """
    shops: dict[str, Business] = {}
    holds: dict[str, _Trade] = {}
    for fact in state.notes_of.get(_BOARD, ()):
        if isinstance(fact, BusinessRecorded):
            shops[fact.business.id] = fact.business
        elif isinstance(fact, _Trade) and fact.since <= day:
            known = holds.get(fact.trade)
            if known is None or known.since <= fact.since:
                holds[fact.trade] = fact
    return tuple(_status(shops[each], holds.get(shops[each].trade)) for each in sorted(shops))


def _status(shop: Business, notice: _Trade | None) -> BusinessStatus:
    if notice is None:
        return BusinessStatus(business=shop, open=False)
    return BusinessStatus(
        business=shop,
        open=isinstance(notice, TradePermitted),
        since=notice.since,
        source=notice.source,
    )
