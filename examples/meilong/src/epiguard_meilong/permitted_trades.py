"""Shops of a street: which trades are open again, and from when; the rest stay shut, with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from epiguard import Crossing, Direction, Situation, Verdict
from epiguard.rules import Rule, hookimpl

__all__ = ["PREFIX", "PermittedTrades", "Shop"]

#: What a crossing's purpose begins with where somebody goes to a shop: ``"shop:s-07"``.
PREFIX = "shop:"
_WORD = PREFIX.rstrip(":")


@attrs.frozen(kw_only=True)
class Shop:
    """One shop of the business register on some day."""

    id: str
    trade: str
    open: bool
    since: date | None
    """When its trade is permitted again, if that is known."""


#: The blank, the dash, and what is not seen at all, by Unicode category.
_AS = {"Cc": " ", "Zs": " ", "Zl": " ", "Zp": " ", "Pd": "-", "Cf": ""}


def _plain(text: str) -> str:
    """A text as it is compared: in one width and case, every dash a hyphen, without what nobody sees."""
    narrow = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(_AS.get(unicodedata.category(each), each) for each in narrow).strip()


def _shops(_: object, __: object, shops: Mapping[str, str]) -> None:
    if not shops:
        raise ValueError("add [rules.shops] with at least one shop and its trade")
    plain = [_plain(each) for each in shops]
    if not all(plain) or len(set(plain)) < len(plain):
        raise ValueError(
            "give each shop an id that differs from the others in more than case, width and blanks"
        )


def _permitted(rule: PermittedTrades, _: object, permitted: Mapping[str, date]) -> None:
    unknown = sorted(set(permitted) - set(rule.shops.values()))
    if unknown:
        raise ValueError(f"no shop has the trade {unknown[0]!r}; correct it in permitted or in shops")


@attrs.frozen
class PermittedTrades(Rule):
    """Lets people go to the shops whose trade is open on the day, and refuses the way to the others.

    The street itself is everybody's: whoever names no shop is not this rule's business, and whoever is in it
    may leave (ours). The trades and the days are the site file's; the newsletter counts 8 of 40 shops.

    A shop is named by its id, however it is written: with a full-width colon, in capitals, with blanks or
    without the word before it. Whoever begins with the word and names no shop of the register, or something
    beside it, is asked which one; where several are named, each has its answer.

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

    def boundaries(self) -> Mapping[str, Iterable[object]]:
        """A shop of each trade, one that is not in the register, and the word alone."""
        shops = {trade: shop for shop, trade in self.shops.items()}
        return {"purpose": [*(f"{_WORD}:{each}" for each in shops.values()), f"{_WORD}:0", _WORD]}

    @staticmethod
    def _opens(since: date | None, day: date) -> bool:
        return since is not None and since <= day

    def _shop(self, name: str, trade: str, day: date) -> Shop:
        since = self.permitted.get(trade)
        return Shop(id=name, trade=trade, open=self._opens(since, day), since=since)

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Answer for the shop that the party names, if any."""
        if crossing.direction is not Direction.IN or crossing.purpose is None:
            return
        named, doubtful = self._named(crossing.purpose.value)
        if doubtful:
            yield self.hold("unknown-shop", lifted_by="name-the-shop")
        for trade in dict.fromkeys(self.shops[each] for each in named):
            yield from self._answer(trade, situation)

    def _named(self, purpose: str) -> tuple[list[str], bool]:
        """The shops that a purpose names, and whether it means to name one and does so badly."""
        text, found = _plain(purpose), []
        for each in sorted(self.shops, key=len, reverse=True):
            # Not as a part of a longer word: s-1 is not in s-10, nor in bus-1.
            text, times = re.subn(rf"(?<![a-z0-9]){re.escape(_plain(each))}(?![a-z0-9])", " ", text)
            found += [each] * (times > 0)
        rest = re.sub(r"[\W_]", "", text)
        return found, rest.startswith(_WORD) and (rest != _WORD or not found)

    def _answer(self, trade: str, situation: Situation) -> Iterator[Verdict]:
        since = self.permitted.get(trade)
        named = {"zh": self.names.get(trade, trade), "en": trade}
        if since is None:
            yield self.deny("trade-not-permitted", trade=named)
        elif situation.day < since:
            yield self.deny("trade-not-yet", trade=named, since=since.isoformat())
        else:
            for standing in situation.standings:
                yield self.allow("shop-open", about=standing, trade=named)
