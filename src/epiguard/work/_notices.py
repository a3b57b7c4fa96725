"""Notices: to whom, by which channels, who has got them, and how the others could be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping, as_instances, as_member, identifier, instance
from epiguard.identifiers import FreeText
from epiguard.messages import as_texts
from epiguard.situation import State
from epiguard.work._recurrence import Recurrence

__all__ = [
    "DOOR",
    "EVERYBODY",
    "LOUDSPEAKER",
    "Notice",
    "NoticeIssued",
    "NoticeReceived",
    "NoticeWithdrawn",
    "Receipt",
    "Unreached",
    "audience_of",
    "hand_notices",
    "notices_of",
    "reachable_by",
    "receipts_of",
    "unreached",
]

#: A channel that people carry: no program delivers by it, somebody goes there.
DOOR = "door"
#: A channel that reaches whoever is near, and of which nobody sends a receipt.
LOUDSPEAKER = "loudspeaker"
#: The channels for which somebody must have a telephone number.
_BY_NUMBER = frozenset({"phone", "sms"})


#: The audience of everybody who lives here: each household once, and whoever belongs to none.
EVERYBODY = "everybody"
#: Under which all notices are found.
_BOARD = "notice-board"


def _audience(values: Iterable[str]) -> tuple[str, ...]:
    named = as_instances(str, values, "Notice.audience")
    if not named:
        raise InvalidValueError(
            "Notice.audience",
            expected="at least one recipient",
            got="an empty list",
            do=f"or [{EVERYBODY!r}]",
        )
    return tuple(dict.fromkeys(named))


def _channels(values: Iterable[str]) -> tuple[str, ...]:
    named = as_instances(str, values, "Notice.channels")
    if not named or len(set(named)) != len(named):
        raise InvalidValueError(
            "Notice.channels",
            expected="channels in the order they are tried, each once",
            got="none" if not named else "one twice",
        )
    for each in named:
        identifier("Notice.channels")(None, None, each)
    return named


def _texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    given = as_texts(texts, "Notice.texts")
    if not any(each.strip() for each in given.values()):
        raise InvalidValueError("Notice.texts", expected="a text in some language", got=kind_of(None))
    return given


@attrs.frozen(kw_only=True)
class Notice:
    """A notice to the community; it names nobody.

    Attributes:
        id: Such as ``"n-2020-02-14"``.
        texts: By language.
        audience: Ids of people and households, or ``["everybody"]``: all households that live here, and
            whoever belongs to none.
        channels: In the order in which they are tried, such as ``["app", "sms", "door"]``.
        slots: When the loudspeaker says it, where it does.
    """

    id: str = attrs.field(validator=identifier("Notice.id"))
    texts: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_texts)
    audience: tuple[str, ...] = attrs.field(default=(EVERYBODY,), converter=_audience)
    channels: tuple[str, ...] = attrs.field(default=("app",), converter=_channels)
    slots: Recurrence | None = attrs.field(
        default=None, validator=instance(Recurrence, "Notice.slots", optional=True)
    )

    def __attrs_post_init__(self) -> None:
        if (LOUDSPEAKER in self.channels) != (self.slots is not None):
            raise InvalidValueError(
                "Notice.slots",
                expected=f"slots where {LOUDSPEAKER!r} is among the channels, and nowhere else",
                got="one without the other",
            )

    def text(self, language: str = "zh") -> str:
        """What it says in a language; another one where it is missing."""
        return self.texts.get(language) or next(each for each in self.texts.values() if each)


@attrs.frozen
class NoticeIssued(Fact):
    """A notice goes out; under the same id again it says something else from then on, to the same people."""

    boards: ClassVar[int] = 1

    notice: Notice = attrs.field(validator=instance(Notice, "NoticeIssued.notice"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The notice, then the board."""
        return (self.notice.id, _BOARD)


def _withdrawn_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "NoticeWithdrawn.reason")


@attrs.frozen(kw_only=True)
class NoticeWithdrawn(Fact):
    """A notice no longer holds: it is delivered to nobody else."""

    boards: ClassVar[int] = 1

    notice: str = attrs.field(validator=identifier("NoticeWithdrawn.notice"))
    reason: FreeText = attrs.field(converter=_withdrawn_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The notice, then the board."""
        return (self.notice, _BOARD)


class Receipt(Enum):
    """What is known of a notice that was sent."""

    DELIVERED = "delivered"
    READ = "read"


def _receipt(value: Receipt | str) -> Receipt:
    return as_member(Receipt, value, "NoticeReceived.receipt")


@attrs.frozen(kw_only=True)
class NoticeReceived(Fact):
    """Somebody has got a notice: their device says so, they opened it, or it was put into their hands.

    Attributes:
        notice: Its id.
        recipient: The household or the person.
        channel: By which it came.
        receipt: Delivered, or read.
        duty: The duty to hand it over, which is done with it, if there was one.
    """

    boards: ClassVar[int] = 1

    shared: ClassVar[bool] = True  # pseudonyms only

    notice: str = attrs.field(validator=identifier("NoticeReceived.notice"))
    recipient: str = attrs.field(validator=identifier("NoticeReceived.recipient"))
    channel: str = attrs.field(validator=identifier("NoticeReceived.channel"))
    receipt: Receipt = attrs.field(default=Receipt.DELIVERED, converter=_receipt)
    duty: str | None = attrs.field(default=None)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The recipient, then the notice."""
        return (self.recipient, self.notice)

    @property
    def discharges(self) -> tuple[str, ...]:
        """The duty to hand it over."""
        return () if self.duty is None else (self.duty,)


def notices_of(state: State) -> dict[str, tuple[Notice, datetime | None]]:
    """The notices that hold, as they were issued last, with when they were first."""
    found: dict[str, tuple[Notice, datetime | None]] = {}
    for fact in state.notes_of.get(_BOARD, ()):
        if isinstance(fact, NoticeIssued):
            notice = fact.notice
            found[notice.id] = (notice, found[notice.id][1] if notice.id in found else fact.at)
        elif isinstance(fact, NoticeWithdrawn):
            found.pop(fact.notice, None)
    return found


def audience_of(state: State, notice: Notice, at: datetime) -> tuple[str, ...]:
    """The recipients as known now: households and people; nobody who left.

    Args:
        state: The sum of the facts.
        notice: To whom.
        at: On whose day households are looked at.
    """
    if notice.audience != (EVERYBODY,):
        return tuple(each for each in notice.audience if each not in state.gone)
    day, covered, found = state.site.day_of(at), set(), []
    for home in state.households.values():
        members = [each for each in home.members_on(day) if each in state.people and each not in state.gone]
        if any(state.people[each].resident for each in members):
            found.append(home.id)
            covered.update(members)
    alone = (
        each.id
        for each in state.people.values()
        if each.resident and each.id not in state.gone and each.id not in covered
    )
    return (*found, *alone)


def receipts_of(state: State, notice: str) -> dict[str, dict[str, Receipt]]:
    """Recipient to channel to the most that is known of it there."""
    found: dict[str, dict[str, Receipt]] = {}
    for fact in state.notes_of.get(notice, ()):
        if isinstance(fact, NoticeReceived) and fact.notice == notice:
            mine = found.setdefault(fact.recipient, {})
            if mine.get(fact.channel) is not Receipt.READ:
                mine[fact.channel] = fact.receipt
    return found


def reachable_by(state: State, recipient: str, channel: str, at: datetime) -> bool:
    """Whether a channel can reach somebody as far as is known.

    By telephone whoever has a number, a household by any member's; at the door whoever has an address. Of
    the host's own channels only the host knows who has them: they are tried.
    """
    people = [state.people[each] for each in _members(state, recipient, at) if each in state.people]
    if channel in _BY_NUMBER:
        return any(each.phones for each in people)
    if channel == DOOR:
        home = state.households.get(recipient)
        return (home is not None and home.residence is not None) or any(each.residence for each in people)
    return True


def _members(state: State, recipient: str, at: datetime) -> tuple[str, ...]:
    home = state.households.get(recipient)
    members = home.members_on(state.site.day_of(at)) if home is not None else (recipient,)
    return tuple(each for each in members if each not in state.gone)


@attrs.frozen(kw_only=True)
class Unreached:
    """Somebody who has not got a notice as far as is known.

    Attributes:
        recipient: The household or the person.
        tried: The channels it was sent by in vain, or without a receipt.
        others: The channels by which they could still be reached, the notice's own first, then the door.
    """

    recipient: str
    tried: tuple[str, ...]
    others: tuple[str, ...]


def unreached(
    state: State, notice: Notice, at: datetime, tried: Mapping[str, Iterable[str]] = FrozenMapping()
) -> Iterator[Unreached]:
    """Who has not been reached, and by which other channel they could be.

    A receipt says that somebody was; that a notice was sent, or said by the loudspeaker, does not.

    Args:
        state: The sum of the facts.
        notice: Which.
        at: As of when.
        tried: Recipient to the channels tried, as :func:`epiguard.work.tried_channels` tells.
    """
    known = receipts_of(state, notice.id)
    for recipient in audience_of(state, notice, at):
        if recipient in known:
            continue
        before = tuple(dict.fromkeys(tried.get(recipient, ())))
        wanted = dict.fromkeys((*notice.channels, "phone", DOOR))
        others = (
            each
            for each in wanted
            if each != LOUDSPEAKER and each not in before and reachable_by(state, recipient, each, at)
        )
        yield Unreached(recipient=recipient, tried=before, others=tuple(others))


def hand_notices(
    notice: Notice, missing: Iterable[Unreached], due: datetime, *, within: timedelta = timedelta(0)
) -> Iterator[Duty]:
    """The duties to put a notice into the hands of whoever it did not reach.

    Args:
        notice: Which.
        missing: As :func:`unreached` gives them.
        due: When they are due.
        within: Added to it.
    """
    for each in missing:
        yield Duty(
            kind="hand-notice",
            subject=each.recipient,
            basis=notice.id,
            route=Route.DOOR,
            due=due + within,
            source="Meilong town newsletter, February 2020, Jindu Road: 发放告知书",
            texts={
                "zh": f"上门发放告知书 {notice.id}",
                "en": f"hand over notice {notice.id} at the door",
            },
        )
