"""Personal data that leaves: who takes it, what for, and the fact that says so."""

from __future__ import annotations

import attrs

from epiguard.errors import ExportError, kind_of
from epiguard.facts import ExportMade
from epiguard.fields import identifier, instance, whole

__all__ = ["Export", "check_export"]


def _said(_: Export, attribute: attrs.Attribute[str], value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ExportError(
            attribute.name,
            expected="what the personal data is exported for"
            if attribute.name == "purpose"
            else "what is exported",
            got=kind_of(value),
            do="name the purpose, for example 'calls of 14 February'"
            if attribute.name == "purpose"
            else "name the file or the list",
        )


@attrs.frozen(kw_only=True)
class Export:
    """Leave to write personal data in full, given for one purpose to one actor.

    ``Ledger.export`` records it and gives it; a host with a record of its own makes it and records ``fact``.
    Everything here is kept and shown: it is to hold no personal data.

    Attributes:
        what: What leaves, such as the name of the file.
        purpose: What it is needed for.
        by: Pseudonymous id of whoever takes it.
        rows: How many rows of personal data.
        entry: The id of the entry that says so; empty where it is not recorded in a ledger.
    """

    what: str = attrs.field(validator=_said)
    purpose: str = attrs.field(validator=_said)
    by: str = attrs.field(validator=identifier("Export.by"))
    rows: int = attrs.field(default=0, validator=whole("Export.rows", least=0, most=10**9))
    entry: str = attrs.field(default="", validator=instance(str, "Export.entry"))

    @property
    def fact(self) -> ExportMade:
        """What is recorded of it, by ``by``."""
        return ExportMade(purpose=self.purpose, what=self.what, rows=self.rows)


def check_export(export: object) -> Export:
    """An export that may be written.

    Raises:
        ExportError: If it is none.
    """
    if not isinstance(export, Export):
        raise ExportError(
            "export",
            expected="who exports personal data and what for",
            got=kind_of(export),
            do="pass export=ledger.export(what=..., purpose=..., by=...)",
        )
    return export
