"""The hooks a rule can implement, and the markers for them.

Version of the hooks: 1. Hooks and arguments are only ever added, never removed or renamed; the version counts
what a rule written for an earlier one could not live with, so that an added hook leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias, TypeVar, overload

import attrs
import pluggy

import epiguard.work  # noqa: F401 - loads none of its modules; their facts are known by name from here on
from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import Fact
from epiguard.fields import as_member
from epiguard.passes import PassApplication
from epiguard.places import Direction, Traffic
from epiguard.situation import Situation

if TYPE_CHECKING:  # a gate that decides delivers nothing
    from epiguard.work import Delivery, DeliveryOutcome

__all__ = [
    "CONDITION",
    "HOOKS_VERSION",
    "PROJECT",
    "Condition",
    "DeliverResult",
    "FollowUpResult",
    "ReviewResult",
    "RuleHooks",
    "hookimpl",
]

F = TypeVar("F", bound=Callable[..., object])

HOOKS_VERSION = 1
PROJECT = "epiguard"

ReviewResult = Verdict | Iterable[Verdict] | None
DeliverResult: TypeAlias = "DeliveryOutcome | None"
FollowUpResult = Duty | Alert | Iterable[Duty | Alert] | None

_hookspec = pluggy.HookspecMarker(PROJECT)
_hookimpl = pluggy.HookimplMarker(PROJECT)


#: Where a hook's function keeps what it is asked about.
CONDITION = "epiguard_condition"


def _direction(value: Direction | str | None) -> Direction | None:
    return None if value is None else as_member(Direction, value, "hookimpl(direction=)")


def _traffic(value: Traffic | str | None) -> Traffic | None:
    return None if value is None else as_member(Traffic, value, "hookimpl(traffic=)")


@attrs.frozen(kw_only=True)
class Condition:
    """Which crossings a ``review_crossing`` is asked about; nothing means all."""

    direction: Direction | None = attrs.field(default=None, converter=_direction)
    traffic: Traffic | None = attrs.field(default=None, converter=_traffic)


@overload
def hookimpl(function: F, /) -> F: ...
@overload
def hookimpl(
    *, direction: Direction | str | None = None, traffic: Traffic | str | None = None
) -> Callable[[F], F]: ...
def hookimpl(
    function: F | None = None,
    /,
    *,
    direction: Direction | str | None = None,
    traffic: Traffic | str | None = None,
) -> F | Callable[[F], F]:
    """Mark a method of a rule as the implementation of the hook of its name.

    Args:
        function: The method, where the mark stands without brackets.
        direction: ``review_crossing`` is only called for crossings of this direction.
        traffic: ``review_crossing`` is only called for parties on foot, or in a vehicle.
    """
    condition = Condition(direction=direction, traffic=traffic)

    def mark(method: F) -> F:
        setattr(method, CONDITION, condition)
        return _hookimpl(method)

    return mark(function) if function is not None else mark


class RuleHooks:
    """What a rule may implement; each takes only the arguments it needs, by name, without defaults."""

    @_hookspec
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """May they pass? Called once per crossing while the rule is in force and applies to somebody.

        Args:
            crossing: What is asked, in the site's zone.
            situation: The frozen slice; ``situation.standings`` holds only those the entry applies to.

        Returns:
            A verdict, several, or nothing where the rule has nothing to say.
        """

    @_hookspec
    def review_pass(self, application: PassApplication, situation: Situation) -> ReviewResult:
        """May this exit pass be handed out? Called once per application while the rule is in force.

        Args:
            application: What is asked for, at an instant in the site's zone.
            situation: The frozen slice; ``situation.standings`` holds one, of whoever asks.

        Returns:
            A verdict, several, or nothing where the rule has nothing to say. Leave waives none of them. None
            may claim anything, which is a fault: a pass is had once because its number is, and no cancel
            would free what it claimed. The ledger's lock is held meanwhile.
        """

    @_hookspec
    def follow_up(self, fact: Fact, situation: Situation) -> FollowUpResult:
        """This fact happened: which duties and alerts follow? Called once per recorded fact.

        Args:
            fact: What happened; ``fact.at`` is never missing here.
            situation: The frozen slice about the fact's subjects, the fact included.

        Returns:
            A duty or an alert, several, or nothing.
        """

    @_hookspec
    def deliver(self, delivery: Delivery, situation: Situation) -> DeliverResult:
        """Hand this over to a channel of the host's own. Called by ``Ledger.deliver``, after commit.

        Args:
            delivery: What, to whom, by which channel.
            situation: The frozen slice about the recipient.

        Returns:
            ``DeliveryOutcome.SENT`` where it is on its way for good, ``FAILED`` where it is certain that it
            is not, or nothing where the channel is not this rule's. Whoever raises has failed. This hook
            alone may touch the world outside; no lock is held meanwhile.
        """
