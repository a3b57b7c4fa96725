"""Instants on the command line."""

from __future__ import annotations

import argparse
from datetime import datetime

__all__ = ["instant"]


def instant(text: str) -> datetime:
    """An instant with an offset, as an argument.

    Raises:
        argparse.ArgumentTypeError: If it is something else.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise argparse.ArgumentTypeError(
            "expected an instant with an offset, such as 2020-02-13T23:59:00+08:00"
        )
    return moment
