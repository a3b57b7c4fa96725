"""What a returnee, the family and the landlord say differently is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard.duties import Alert
from epiguard.facts import Fact
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from epiguard.work import StatementTaken, contradictions

__all__ = ["ContradictingStatements"]


@attrs.frozen
class ContradictingStatements(Rule):
    """Raises an alert for each field of which they say different things; it says which, not what."""

    source = "epiguard: what the returnee, the family and the landlord say is compared"

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Alert]:
        """Compare what was said now with what the others said."""
        if not isinstance(fact, StatementTaken):
            return
        for found in contradictions(situation.notes_about(fact.person).get(StatementTaken.kind, ())):
            if found.field in fact.says:
                yield Alert(
                    kind="contradicting-statements",
                    subject=fact.person,
                    at=fact.at,
                    basis=found.field,
                    source=self.source,
                    texts=self.words("alert-contradicting-statements", field=found.field),
                )
