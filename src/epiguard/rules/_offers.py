"""What installed packages offer: rules, and messages in other languages."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

__all__ = ["Offers"]


class Offers:
    """The entry points of what is installed, looked up when first asked for and once for a whole policy."""

    @cached_property
    def rules(self) -> EntryPoints:
        """Of all rules."""
        return _offered("epiguard.rules")

    @cached_property
    def messages(self) -> EntryPoints:
        """Of all messages."""
        return _offered("epiguard.messages")


def _offered(group: str) -> EntryPoints:
    # It loads half of the standard library's e-mail package, and only a policy that is read asks.
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    return entry_points(group=group)
