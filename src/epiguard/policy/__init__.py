"""A site's dated rules: what decides at the gate, and what follows from facts."""

from __future__ import annotations

from epiguard.policy._dispatch import FollowUp, LoadedRule
from epiguard.policy._policy import Policy
from epiguard.policy._site_file import Entry, QuarantineOrder

__all__ = ["Entry", "FollowUp", "LoadedRule", "Policy", "QuarantineOrder"]
