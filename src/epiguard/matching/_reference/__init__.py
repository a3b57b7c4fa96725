"""The readable specification of the matching engine, in plain Python."""

from __future__ import annotations

from epiguard.matching._reference._build import build, count_keys
from epiguard.matching._reference._engine import Engine

__all__ = ["Engine", "build", "count_keys"]
