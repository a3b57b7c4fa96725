"""The command line: ``epiguard day`` runs a site's day, ``epiguard ledger`` looks after the record."""

from __future__ import annotations

from epiguard.cli._main import main

__all__ = ["main"]
