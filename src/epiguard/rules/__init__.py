"""Rules: the hooks, the verdicts they return, and one file per built-in rule.

A built-in rule is written exactly like one of a plug-in package, entry point and all, and is imported
only when a policy names it.
"""

from __future__ import annotations

from epiguard.decisions import Restricts, once
from epiguard.rules._pins import Pin
from epiguard.rules._rule import Rule, allow, deny, each_traveller, hold, no_objection
from epiguard.rules.hookspecs import HOOKS_VERSION, FollowUpResult, ReviewResult, hookimpl

__all__ = [
    "HOOKS_VERSION",
    "FollowUpResult",
    "Pin",
    "Restricts",
    "ReviewResult",
    "Rule",
    "allow",
    "deny",
    "each_traveller",
    "hold",
    "hookimpl",
    "no_objection",
    "once",
]
