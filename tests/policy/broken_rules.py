"""Rules as somebody may write them by mistake; none of them may load."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import attrs
import pluggy

from epiguard.rules import Rule, hookimpl


@attrs.frozen
class MisspeltHook(Rule):
    """One letter is missing."""

    @hookimpl
    def review_crosing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class UnmarkedHook(Rule):
    """The marker is missing."""

    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class DefaultArgument(Rule):
    """The argument would silently never be passed."""

    @hookimpl
    def review_crossing(self, crossing: Any, situation: Any = None) -> None:
        """Called without a situation."""


@attrs.frozen
class UnknownArgument(Rule):
    """There is no clock."""

    @hookimpl
    def review_crossing(self, crossing: Any, clock: Any) -> None:
        """Cannot be called."""


@attrs.frozen
class AnyArguments(Rule):
    """Takes whatever comes."""

    @hookimpl
    def follow_up(self, **everything: Any) -> None:
        """Would be given nothing."""


@attrs.frozen
class WrapperHook(Rule):
    """Wants to see the others' verdicts."""

    @pluggy.HookimplMarker("epiguard")(wrapper=True)
    def review_crossing(self) -> Any:
        """Would change what others say."""
        return (yield)


@attrs.frozen
class EarlyHook(Rule):
    """Wants to come first."""

    @pluggy.HookimplMarker("epiguard")(tryfirst=True)
    def review_crossing(self, crossing: Any) -> None:
        """The order never matters."""


@attrs.frozen
class NoHooks(Rule):
    """Does nothing."""


class NotAttrs(Rule):
    """The decorator is missing, so that the setting would never be read."""

    limit: int = 3

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class AlmostAHook(Rule):
    """One hook is as it should be, the other misspelt and unmarked."""

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Says nothing."""

    def folow_up(self, fact: Any) -> None:
        """Never called."""


@attrs.frozen
class AsyncHook(Rule):
    """Would give a coroutine, which is no verdict."""

    @hookimpl
    async def review_crossing(self, crossing: Any) -> None:
        """Never awaited."""


@attrs.frozen
class ReservedSetting(Rule):
    """The policy's entry has a since of its own."""

    since: date = date(2020, 2, 9)

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class LaterHooks(Rule):
    """Written for a later release."""

    hooks_version: ClassVar[int] = 2

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class HooksVersionOfText(Rule):
    """A version that cannot be compared."""

    hooks_version: ClassVar[Any] = "1"

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class RestrictsAWord(Rule):
    """Which of the two it restricts stands as text."""

    restricts: ClassVar[Any] = "health"

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class KeywordArgument(Rule):
    """The hook's arguments are given by position."""

    @hookimpl
    def review_crossing(self, *, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class NeedsSetting(Rule):
    """Has a setting without a default."""

    closes: int

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Says nothing."""


@attrs.frozen
class ReservedAlias(Rule):
    """A private field is set under its name without the line before it."""

    _since: date = date(2020, 2, 9)

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class OtherName(Rule):
    """The name says one hook, the marker another."""

    @pluggy.HookimplMarker("epiguard")(specname="review_pass")
    def review_crossing(self, crossing: Any) -> None:
        """Never called."""


@attrs.frozen
class NoSelf(Rule):
    """Would be given the rule for the crossing."""

    @hookimpl
    def review_crossing(crossing: Any) -> None:  # noqa: N805 - that is what is wrong
        """Never called."""


BROKEN: tuple[type[Rule], ...] = (
    MisspeltHook, UnmarkedHook, DefaultArgument, UnknownArgument, AnyArguments, WrapperHook,
    EarlyHook, NoHooks, NotAttrs, AlmostAHook, AsyncHook, ReservedSetting, LaterHooks, HooksVersionOfText,
    RestrictsAWord, KeywordArgument, NeedsSetting, ReservedAlias, OtherName, NoSelf,
)  # fmt: skip
