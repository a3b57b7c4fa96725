"""Channels: whatever a delivery is handed to. Two are here, others are the host's or a plug-in's.

A channel is asked by :meth:`epiguard.Ledger.deliver`, after commit and without a lock.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol, TextIO, runtime_checkable

from epiguard.errors import ExportError, InvalidValueError, kind_of, refusal_of
from epiguard.situation import Situation
from epiguard.work import Delivery, DeliveryOutcome

__all__ = ["Channel", "ConsoleChannel", "FileChannel"]


@runtime_checkable
class Channel(Protocol):
    """Hands deliveries over; a rule with the ``deliver`` hook is one, too."""

    def deliver(self, delivery: Delivery, situation: Situation) -> DeliveryOutcome | None:
        """Hand it over.

        Args:
            delivery: What, to whom, by which channel.
            situation: The slice about the recipient: their telephone numbers are in it.

        Returns:
            Whether it is on its way; nothing where it is not this channel's.
        """


def _names(names: Iterable[str] | None, where: str) -> frozenset[str] | None:
    if names is None:
        return None
    if isinstance(names, str):
        raise InvalidValueError(where, expected="a list of names of channels", got=kind_of(names))
    return frozenset(names)


class ConsoleChannel:
    """Shows deliveries on a stream, one line each, for whoever sits at it: the recipient by their pseudonym.

    Args:
        names: The channels it stands for; nothing means all.
        stream: Where to; default the standard output.
        language: Of the texts.
    """

    def __init__(
        self, names: Collection[str] | None = None, *, stream: TextIO | None = None, language: str = "zh"
    ) -> None:
        self._names = _names(names, "ConsoleChannel(names)")
        self._stream = stream
        self._language = language

    def deliver(self, delivery: Delivery, situation: Situation) -> DeliveryOutcome | None:
        """Write a line."""
        if self._names is not None and delivery.channel not in self._names:
            return None
        stream = self._stream if self._stream is not None else sys.stdout
        text = " ".join(delivery.text(self._language).split())
        at = situation.at.isoformat(timespec="minutes")
        print(f"{at} {delivery.channel} -> {delivery.recipient}: {text}", file=stream, flush=True)
        return DeliveryOutcome.SENT


class FileChannel:
    """Puts each delivery into a file of a folder, for another program to take: one JSON object each.

    A file is there whole or not at all. It is called by the delivery's message, recipient and attempt, so
    that one that was taken before does not come back under another name. It holds pseudonyms and no number:
    whoever takes it knows how to reach them.

    Args:
        folder: Made if missing.
        names: The channels it stands for; nothing means all.
    """

    def __init__(self, folder: str | Path, names: Collection[str] | None = None) -> None:
        self._folder = Path(folder)
        self._names = _names(names, "FileChannel(names)")

    def deliver(self, delivery: Delivery, situation: Situation) -> DeliveryOutcome | None:
        """Write a file.

        Raises:
            ExportError: If it cannot be written.
        """
        if self._names is not None and delivery.channel not in self._names:
            return None
        said = {
            "id": delivery.id,
            "message": delivery.message,
            "kind": delivery.kind.value,
            "recipient": delivery.recipient,
            "channel": delivery.channel,
            "attempt": delivery.attempt,
            "at": situation.at.isoformat(),
            "due": delivery.due.isoformat() if delivery.due is not None else None,
            "texts": dict(delivery.texts),
        }
        text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
        path = self._folder / f"{_file_name(delivery.id)}.{delivery.attempt}.json"
        partial = path.with_suffix(".partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise ExportError(
                str(self._folder),
                expected="a folder that can be written",
                got=refusal_of(error),
                do="name another folder",
            ) from None
        return DeliveryOutcome.SENT


def _file_name(delivery_id: str) -> str:
    # Ids may hold what a file name cannot; what stands for it is different for different ids.
    return "".join(each if each.isalnum() or each in "-_" else f"%{ord(each):x}" for each in delivery_id)
