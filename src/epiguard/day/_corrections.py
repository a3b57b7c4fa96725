"""What came of a row that was corrected: what it owed and raised is over, unless something else owes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from epiguard.crossings import Crossing
from epiguard.days import to_utc
from epiguard.decisions import Decision
from epiguard.duties import Alert, Duty, DutyState
from epiguard.facts import AlertClosed, AlertRaised, CrossingDecided, DutyClosed, DutyOpened, Fact
from epiguard.ledger import Entry, Ledger

__all__ = ["CORRECTED", "Corrections"]

CORRECTED = "the log's row was corrected since: what it says now was recorded instead"
#: What somebody must see whatever the row says now: the rule did fail.
_STAYS = ("rule-fault",)


class Corrections:
    """Collects what rows that no longer hold had owed and raised, and closes it once all rows are taken in.

    Only then is it known what the rows that hold owe as well: what is on record once is not recorded again.

    Args:
        ledger: Open, in a batch.
        by: Who says so.
    """

    def __init__(self, ledger: Ledger, by: str) -> None:
        self._ledger = ledger
        self._by = by
        self._duties: dict[str, None] = {}
        self._alerts: dict[str, None] = {}

    def take_back(self, before: Entry, now: Crossing) -> None:
        """Note what followed from a row as it was.

        Args:
            before: Its entry.
            now: The crossing as the row tells it now. Of the same person at the same instant, what the rules
                say follows stands: they would say it again.
        """
        own = _own(before.fact)
        what: Duty | Alert
        for fact in self._followed(before):
            if isinstance(fact, DutyOpened):
                what, noted = fact.duty, self._duties
            elif isinstance(fact, AlertRaised) and fact.alert.kind not in _STAYS:
                what, noted = fact.alert, self._alerts
            else:
                continue
            if what.id in own or not _still(now, what.subject, before):
                noted[what.id] = None

    def settle(self, standing: Iterable[Decision] = ()) -> None:
        """Close what is still open of it.

        Args:
            standing: The decisions on the rows as they are now: what one of them owes stays.
        """
        owed = {each for decision in standing for each in _ids(decision)}
        state = self._ledger.state
        for duty in self._duties:
            status = state.duties.get(duty)
            if duty not in owed and status is not None and status.state is DutyState.OPEN:
                self._ledger.record(DutyClosed(duty=duty, reason=CORRECTED), by=self._by)
        for alert in self._alerts:
            if alert not in owed and alert in state.alerts and alert not in state.alerts_closed:
                self._ledger.record(AlertClosed(alert=alert, outcome=CORRECTED), by=self._by)
        self._duties.clear()
        self._alerts.clear()

    def _followed(self, before: Entry) -> Iterator[Fact]:
        # What follows from a fact is recorded right behind it, by the ledger itself.
        for entry in self._ledger.facts(after=before.position):
            if entry.by != "ledger":
                return
            yield entry.fact


def _own(fact: Fact) -> set[str]:
    return set(_ids(fact.decision)) if isinstance(fact, CrossingDecided) else set()


def _ids(decision: Decision) -> Iterator[str]:
    yield from (each.id for each in decision.duties)
    yield from (each.id for each in decision.alerts)


def _still(now: Crossing, subject: str, before: Entry) -> bool:
    people = {each.person for each in now.travellers} | {each.household for each in now.travellers}
    same = before.occurred_at is not None and to_utc(before.occurred_at) == to_utc(now.at)
    return same and subject in people
