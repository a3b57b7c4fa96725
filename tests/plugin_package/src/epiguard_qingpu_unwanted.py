"""A rule that no site names; importing it would be noticed."""

from __future__ import annotations

from typing import Any

import attrs

from epiguard.rules import Rule, hookimpl

__all__ = ["Unwanted"]


@attrs.frozen
class Unwanted(Rule):
    """Says nothing."""

    @hookimpl
    def review_crossing(self, crossing: Any) -> None:
        """Say nothing."""
