"""Checking a policy: a small world that its rules span, and what goes wrong in it.

Its factors, which a rule's ``boundaries()`` may add values to, are the keys of ``WELL``.
"""

from __future__ import annotations

from epiguard.policy.checking._check import Check, Covered, Difference, check
from epiguard.policy.checking._factors import WELL
from epiguard.policy.checking._world import Policed

__all__ = ["WELL", "Check", "Covered", "Difference", "Policed", "check"]
