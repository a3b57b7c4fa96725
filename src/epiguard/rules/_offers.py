"""What installed packages offer: rules, and messages in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

__all__ = ["offered_messages", "offered_rules"]


def offered_rules() -> EntryPoints:
    """The entry points of all rules that are installed."""
    return _offered("epiguard.rules")


def offered_messages() -> EntryPoints:
    """The entry points of all messages that are installed."""
    return _offered("epiguard.messages")


def _offered(group: str) -> EntryPoints:
    # It loads half of the standard library's e-mail package, and only a policy that is read asks.
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    return entry_points(group=group)
