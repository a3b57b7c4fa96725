"""Instants as entries hold them: in UTC, as text of one width."""

from __future__ import annotations

from datetime import UTC, datetime

from epiguard.fields import instant

__all__ = ["aware", "to_text"]


def to_text(moment: datetime) -> str:
    """An instant in UTC as text of one width, which sorts as the instants do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def aware(value: datetime, where: str) -> datetime:
    """The instant in UTC.

    Raises:
        InvalidValueError: If it is no datetime with a zone.
    """
    instant(where)(None, None, value)
    return value.astimezone(UTC)
