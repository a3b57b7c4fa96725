"""The command line: a site's day, checks and replays of its rules, and the care of its record."""

from __future__ import annotations

from epiguard.cli._main import main

__all__ = ["main"]
