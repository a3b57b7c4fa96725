"""Personal data leaves in full only for a purpose and by somebody, and that it did is on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from epiguard.errors import ExportError, InvalidValueError
from epiguard.exports import Export
from epiguard.facts import ExportMade
from epiguard.ledger import Ledger

Open = Callable[..., Ledger]


def test_an_export_is_a_fact(open_ledger: Open) -> None:
    """It names who, what and what for, and what is written refers to it; with a key it is one export."""
    ledger = open_ledger()
    for _ in range(2):
        export = ledger.export("lists.xlsx", purpose="calls of 14 February", by="cadre-3", rows=40, key="k-1")
        assert export == Export(
            what="lists.xlsx", purpose="calls of 14 February", by="cadre-3", rows=40, entry="main-1"
        )
    [entry] = ledger.facts()
    assert (entry.by, entry.fact) == ("cadre-3", export.fact)
    assert export.fact == ExportMade(purpose="calls of 14 February", what="lists.xlsx", rows=40)


def test_what_is_refused(open_ledger: Open) -> None:
    """No purpose, no name of what leaves, nobody: nothing is recorded, and nothing may be written."""
    ledger = open_ledger()
    with pytest.raises(ExportError, match="purpose: expected what the personal data is exported for"):
        ledger.export("lists.xlsx", purpose=" ", by="cadre-3")
    with pytest.raises(ExportError, match="what: expected what is exported"):
        ledger.export("", purpose="calls", by="cadre-3")
    with pytest.raises(InvalidValueError, match=r"Export\.by"):
        ledger.export("lists.xlsx", purpose="calls", by="")
    assert ledger.position == 0
