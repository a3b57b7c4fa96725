"""Checking a policy: a small world that its rules span, and what goes wrong in it.

Its factors, which a rule's ``boundaries()`` may add values to, are the keys of ``WELL``.
"""

from __future__ import annotations

from epiguard.policy.checking._check import Check, Covered, Difference, check, differences_from
from epiguard.policy.checking._factors import WELL
from epiguard.policy.checking._record import CheckRecord
from epiguard.policy.checking._world import Policed

__all__ = ["WELL", "Check", "CheckRecord", "Covered", "Difference", "Policed", "check", "differences_from"]
