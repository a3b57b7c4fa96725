"""Shops of a street: which trades are open again, and from when; the rest stay shut, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from epiguard import Crossing, Direction, Situation, Verdict
from epiguard.rules import Rule, hookimpl

__all__ = ["PREFIX", "PermittedTrades", "Shop"]

#: What a crossing's purpose begins with where somebody goes to a shop: ``"shop:s-07"``.
PREFIX = "shop:"


@attrs.frozen(kw_only=True)
class Shop:
    """One shop of the business register on some day."""

    id: str
    trade: str
    open: bool
    since: date | None
    """When its trade is permitted again, if that is known."""


def _shops(_: object, __: object, shops: Mapping[str, str]) -> None:
    if not shops:
        raise ValueError("add [rules.shops] with at least one shop and its trade")


def _permitted(rule: PermittedTrades, _: object, permitted: Mapping[str, date]) -> None:
    unknown = sorted(set(permitted) - set(rule.shops.values()))
    if unknown:
        raise ValueError(f"no shop has the trade {unknown[0]!r}; correct it in permitted or in shops")


@attrs.frozen
class PermittedTrades(Rule):
    """Lets people go to the shops whose trade is open on the day, and refuses the way to the others.

    The street itself is everybody's: whoever names no shop is not this rule's business, and whoever is in it
    may leave (ours). The trades and the days are the site file's; the newsletter counts 8 of 40 shops.

    Attributes:
        shops: The business register: a shop's id to its trade.
        permitted: A trade to the first day on which it may open.
        names: A trade to its Chinese name, for the Chinese texts.
    """

    source = (
        "Meilong town newsletter, February 2020, grid centre: "
        "40家商铺中,业态符合疫情管控要求的8家商铺陆续恢复营业,其他店铺均属于歇业状态"
    )

    shops: Mapping[str, str] = attrs.field(validator=_shops)
    permitted: Mapping[str, date] = attrs.field(validator=_permitted)
    names: Mapping[str, str]

    def register(self, day: date) -> tuple[Shop, ...]:
        """The business register as it stands on a day.

        Args:
            day: The site's day.
        """
        return tuple(self._shop(each, trade, day) for each, trade in self.shops.items())

    @staticmethod
    def _opens(since: date | None, day: date) -> bool:
        return since is not None and since <= day

    def _shop(self, name: str, trade: str, day: date) -> Shop:
        since = self.permitted.get(trade)
        return Shop(id=name, trade=trade, open=self._opens(since, day), since=since)

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Answer for the shop that the party names, if any."""
        purpose = crossing.purpose or ""
        if crossing.direction is not Direction.IN or not purpose.startswith(PREFIX):
            return
        trade = self.shops.get(purpose.removeprefix(PREFIX).strip())
        if trade is None:
            yield self.hold("unknown-shop", lifted_by="name-the-shop")
            return
        since = self.permitted.get(trade)
        named = {"zh": self.names.get(trade, trade), "en": trade}
        if since is None:
            yield self.deny("trade-not-permitted", trade=named)
        elif situation.day < since:
            yield self.deny("trade-not-yet", trade=named, since=since.isoformat())
        else:
            for standing in situation.standings:
                yield self.allow("shop-open", about=standing, trade=named)
