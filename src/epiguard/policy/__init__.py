"""A site's dated rules: what decides at the gate, and what follows from facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from epiguard.policy._dispatch import FollowUp, LoadedRule
from epiguard.policy._policy import Policy, ShadowedPolicy
from epiguard.policy._replay import Change, DayChange, Replay
from epiguard.policy._site_file import Entry, QuarantineOrder
from epiguard.policy.findings import Finding, FindingKind, Severity

if TYPE_CHECKING:
    from epiguard.policy._explain import Explanation


def __getattr__(name: str) -> object:
    # Loaded when it is first asked for: most gates only decide.
    if name == "Explanation":
        from epiguard.policy._explain import Explanation  # noqa: PLC0415 - see above

        return Explanation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Change",
    "DayChange",
    "Entry",
    "Explanation",
    "Finding",
    "FindingKind",
    "FollowUp",
    "LoadedRule",
    "Policy",
    "QuarantineOrder",
    "Replay",
    "Severity",
    "ShadowedPolicy",
]
