"""Counts by name, frozen."""

from __future__ import annotations

from collections.abc import Mapping

from epiguard.fields import FrozenMapping

__all__ = ["NO_COUNTS", "frozen"]

NO_COUNTS: Mapping[str, int] = FrozenMapping()


def frozen(counts: Mapping[str, int]) -> Mapping[str, int]:
    """A converter to counts that cannot be changed."""
    return FrozenMapping(counts)
