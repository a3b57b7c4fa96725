"""What the logs say, row by row: decided, observed, and corrected where a row was."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import attrs

from epiguard.crossings import Crossing
from epiguard.days import to_utc
from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert
from epiguard.errors import EpiguardError, IntakeError
from epiguard.facts import AlertClosed, AlertRaised, CrossingDecided, CrossingObserved
from epiguard.intake import DayFiles, LoggedCrossing
from epiguard.ledger import Ledger
from epiguard.places import Site

__all__ = ["Logs"]

#: Who says what a log says.
GATE_LOG, DOOR_LOG = "gate-log", "door-log"
CORRECTED = "the log's row was corrected since: what it says now was recorded instead"


class Logs:
    """Takes the rows of the logs into the ledger.

    A row keeps its key over all runs. The first thing it said is recorded under the key itself; each time it
    says something else, that is recorded under the key with a number (``gate:17~r2``), after what it said
    before was withdrawn. But many logs begin anew every morning, or every shift: the same number on another
    day, or of other people at another time, is another row, and its key has the day and a number in it
    (``gate:17@2020-02-11``, ``gate:17@2020-02-11.2``).

    Args:
        ledger: Open, in a batch.
        site: Compares instants by its zone.
        files: Name the logs in messages.
    """

    def __init__(self, ledger: Ledger, site: Site, files: DayFiles) -> None:
        self._ledger = ledger
        self._site = site
        self._names = {
            part: [each.file for each in files.rows if each.part == part] for part in ("gate_log", "door_log")
        }
        self.corrected = 0

    def admit(self, logged: LoggedCrossing) -> Decision:
        """Decide a row of the gate's log; the same row again gives the same decision.

        Raises:
            IntakeError: If the ledger does not take it; it names file and row.
        """
        try:
            return self._admit(logged)
        except IntakeError:
            raise
        except EpiguardError as error:
            raise self._refused("gate_log", logged, error) from error

    def observe(self, logged: LoggedCrossing) -> None:
        """Record a row of a door's log.

        A door's row decides nothing, so there is nothing to withdraw where it is corrected: both observations
        stand.

        Raises:
            IntakeError: If the ledger does not take it; it names file and row.
        """
        if logged.passed is False:
            return
        fact = CrossingObserved(logged.crossing, at=logged.crossing.at)
        first = self._own_key(logged)
        before, new = None, first
        for key in _versions(first):
            entry, new = self._ledger.keyed(key), key
            if entry is None:
                break
            before = entry.fact
        if before == fact:
            return
        try:
            self._ledger.record(fact, by=DOOR_LOG, key=new)
        except EpiguardError as error:
            raise self._refused("door_log", logged, error) from error
        if before is not None:
            self.corrected += 1

    def _admit(self, logged: LoggedCrossing) -> Decision:
        key, decision, following = self._latest(self._own_key(logged))
        if decision is not None and not self._says_the_same(logged, key, decision):
            self._withdraw(decision)
            self.corrected += 1
            key, decision = following, None
        if decision is None:
            decision = self._ledger.admit(logged.crossing, key=key, by=GATE_LOG)
        allowed = decision.effect is Effect.ALLOW
        if logged.passed is True and not allowed:
            self._passed_anyway(logged.crossing, decision, key)
        elif logged.passed is False and allowed and not self._ledger.is_cancelled(decision.id):
            self._ledger.cancel(decision.id, by=GATE_LOG, reason="the log says they were not let through")
        return decision

    def _own_key(self, logged: LoggedCrossing) -> str:
        """The key under which this row is on record, or is to be."""
        day = self._site.day_of(logged.crossing.at).isoformat()
        numbered = (f"{logged.key}@{day}.{number}" for number in itertools.count(2))
        for key in itertools.chain((logged.key, f"{logged.key}@{day}"), numbered):
            taken = self._crossing_under(key)
            if taken is None or self._is_row_of(taken, logged.crossing):
                return key
        raise AssertionError  # the numbers do not end

    def _crossing_under(self, first: str) -> Crossing | None:
        """What the row of a key said last."""
        found = None
        for key in _versions(first):
            entry = self._ledger.keyed(key)
            if entry is None:
                return found
            if isinstance(entry.fact, CrossingDecided):
                found = entry.fact.decision.crossing
            elif isinstance(entry.fact, CrossingObserved):
                found = entry.fact.crossing
        return found

    def _is_row_of(self, known: Crossing, row: Crossing) -> bool:
        # On the same day, the same people or the same instant: what differs was corrected (ours).
        if self._site.day_of(known.at) != self._site.day_of(row.at):
            return False
        mine, theirs = ({each.person for each in one.travellers} - {None} for one in (known, row))
        return bool(mine & theirs) or to_utc(known.at) == to_utc(row.at)

    def _latest(self, first: str) -> tuple[str, Decision | None, str]:
        """The key under which the row was recorded last, the decision, and the key after it."""
        found, decision, following = first, None, first
        for key in _versions(first):
            entry, following = self._ledger.keyed(key), key
            if entry is None or not isinstance(entry.fact, CrossingDecided):
                break
            found, decision = key, entry.fact.decision
        return found, decision, following

    def _says_the_same(self, logged: LoggedCrossing, key: str, before: Decision) -> bool:
        if self._local(logged.crossing) != self._local(before.crossing):
            return False
        if logged.passed is False:
            # Allowed, it is cancelled in a moment; but it may have been seen to happen.
            return self._ledger.keyed(_passed(key)) is None
        # What the log itself took back it may give back; what a human cancelled stays cancelled.
        cancelled = self._ledger.cancellation(before.id)
        return logged.passed is None or cancelled is None or cancelled.by != GATE_LOG

    def _local(self, crossing: Crossing) -> Crossing:
        return attrs.evolve(crossing, at=self._site.local(crossing.at))

    def _withdraw(self, before: Decision) -> None:
        state = self._ledger.state
        happened = any(
            past.decision == before.id
            for each in before.crossing.travellers
            for past in state.crossings_of.get(each.person or "", ())
        )
        if (before.effect is Effect.ALLOW or happened) and not self._ledger.is_cancelled(before.id):
            self._ledger.cancel(before.id, by=GATE_LOG, reason=CORRECTED)
        for alert in list(state.alerts.values()):
            if alert.basis == before.id and alert.id not in state.alerts_closed:
                self._ledger.record(AlertClosed(alert=alert.id, outcome=CORRECTED), by=GATE_LOG)

    def _passed_anyway(self, crossing: Crossing, decision: Decision, key: str) -> None:
        self._ledger.record(
            CrossingObserved(crossing, decision=decision.id, at=crossing.at), by=GATE_LOG, key=_passed(key)
        )
        alert = Alert(
            kind="passed-against-the-rules",
            subject=next((each.person for each in crossing.travellers if each.person), crossing.checkpoint),
            at=crossing.at,
            checkpoint=crossing.checkpoint,
            basis=decision.id,
            texts={
                "zh": "按规定不应放行,记录显示已放行:"
                + ";".join(each.text("zh") for each in decision.reasons),
                "en": "let through although the rules say otherwise: "
                + "; ".join(each.text("en") for each in decision.reasons),
            },
        )
        self._ledger.record(AlertRaised(alert, at=crossing.at), by="day-job", key=alert.id)

    def _refused(self, part: str, logged: LoggedCrossing, error: EpiguardError) -> IntakeError:
        names = self._names[part]
        file = names[0] if len(names) == 1 else " or ".join(names)
        return IntakeError(
            f"{file}, row {logged.row}",
            expected="a row that the ledger takes",
            got=f"one that it does not ({error})",
            do="nothing was taken over; correct the row and run again",
        )


def _versions(key: str) -> Iterator[str]:
    yield key
    number = 1
    while True:
        number += 1
        yield f"{key}~r{number}"


def _passed(key: str) -> str:
    return f"passed:{key}"
