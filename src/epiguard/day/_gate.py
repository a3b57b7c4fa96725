"""What the logs say, row by row: decided, observed, corrected where a row was, and told where one is gone."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.day._corrections import CORRECTED, Corrections
from epiguard.days import to_utc
from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert
from epiguard.errors import EpiguardError, IntakeError
from epiguard.facts import AlertClosed, AlertRaised, CrossingDecided, CrossingObserved
from epiguard.identifiers import CardNumber
from epiguard.intake import DayFiles, LoggedCrossing
from epiguard.ledger import Entry, Ledger
from epiguard.places import Site

__all__ = ["Logs"]

#: Who says what a log says.
GATE_LOG, DOOR_LOG = "gate-log", "door-log"
_CROSSINGS = (CrossingDecided.kind, CrossingObserved.kind)


class Logs:
    """Takes the rows of the logs into the ledger.

    A row keeps its key over all runs. The first thing it said is recorded under the key itself; each time it
    says something else, that is recorded under the key with a number (``gate:17~r2``), after what it said
    before was withdrawn. But many logs begin anew every morning, or every shift: the same number on another
    day, or of other people at another time, is another row, and its key has the day and a number in it
    (``gate:17@2020-02-11``, ``gate:17@2020-02-11.2``).

    Of a row that was erased only its instant is left. One of the same instant is that row: it stays as the
    record has it, and whoever was erased is not taken in again.

    Args:
        ledger: Open, in a batch.
        site: Compares instants by its zone.
        files: Name the logs in messages.
    """

    def __init__(self, ledger: Ledger, site: Site, files: DayFiles) -> None:
        self._ledger = ledger
        self._site = site
        self._gate = files.gate
        self._names = {
            part: [each.file for each in files.rows if each.part == part] for part in ("gate_log", "door_log")
        }
        self._own_keys: dict[str, str] = {}
        self._first_keys: set[str] = set()
        self._back = Corrections(ledger, GATE_LOG)
        self._doors_back = Corrections(ledger, DOOR_LOG)
        self._watched = _watched_cards(ledger)
        self.corrected = 0

    def is_erased(self, logged: LoggedCrossing) -> bool:
        """Whether somebody of a row on record was erased since, or its time was over."""
        last = self._last(self._own_key(logged))
        return last is not None and last.erased

    def admit(self, logged: LoggedCrossing) -> Decision | None:
        """Decide a row of the gate's log; the same row again gives the same decision.

        Returns:
            Nothing where that was erased.

        Raises:
            IntakeError: If the ledger does not take it; it names file and row.
        """
        try:
            return self._admit(logged)
        except IntakeError:
            raise
        except EpiguardError as error:
            raise self.refused("gate_log", logged, error) from error

    def observe(self, logged: LoggedCrossing) -> None:
        """Record a row of a door's log.

        A door's row decides nothing, so there is no decision to withdraw where it is corrected: both
        observations stay on record. What the first had raised and owed is closed.

        Raises:
            IntakeError: If the ledger does not take it; it names file and row.
        """
        if logged.passed is False:
            return
        crossing = self._recognised(logged)
        fact = CrossingObserved(crossing, at=crossing.at)
        first = self._own_key(logged)
        before, new = None, first
        for key in _versions(first):
            entry, new = self._ledger.keyed(key), key
            if entry is None:
                break
            before = entry
        if before is not None and (before.erased or before.fact == fact):
            return
        try:
            self._ledger.record(fact, by=DOOR_LOG, key=new)
        except EpiguardError as error:
            raise self.refused("door_log", logged, error) from error
        if before is not None:
            self._doors_back.take_back(before, crossing)
            self.corrected += 1

    def settle(self, decisions: Iterable[Decision]) -> None:
        """Close what rows that were corrected had owed and raised; once all rows of gates and doors are in.

        Args:
            decisions: On the rows of the gate's log as they are now.
        """
        self._back.settle(decisions)
        self._doors_back.settle()

    def gone(self) -> tuple[str, ...]:
        """The rows on record that the gate's log no longer has, by their keys; once all rows are in.

        A log that was replaced by the next day's lacks nothing: only what lies between the first and the last
        row of a checkpoint is looked for. Whether it happened is for somebody to say.
        """
        spans: dict[str, tuple[datetime, datetime]] = {}
        for each in self._gate:
            at, where = to_utc(each.crossing.at), each.crossing.checkpoint
            first, last = spans.get(where, (at, at))
            spans[where] = (min(first, at), max(last, at))
        found = []
        for entry in self._ledger.facts(kinds=[CrossingDecided]) if spans else ():
            if entry.by != GATE_LOG or entry.key is None or not isinstance(entry.fact, CrossingDecided):
                continue
            decision = entry.fact.decision
            span = spans.get(decision.crossing.checkpoint)
            first_key, _, version = entry.key.partition("~r")
            if (
                span is not None
                and first_key not in self._first_keys
                and span[0] <= to_utc(decision.crossing.at) <= span[1]
                and not self._ledger.is_cancelled(decision.id)
                and not version
            ):
                found.append(first_key)
        return tuple(found)

    def _recognised(self, logged: LoggedCrossing) -> Crossing:
        """The crossing, with whose card it was where only the watch list knows."""
        travellers = logged.crossing.travellers
        if logged.card is None or any(each.person or each.household for each in travellers):
            return logged.crossing
        watched = {
            person
            for person in self._watched.get(logged.card, ())
            if any(
                each.card == logged.card for each in self._ledger.state.watches_on(person, logged.crossing.at)
            )
        }
        if len(watched) != 1:  # lent to two of them, it tells nobody
            return logged.crossing
        return attrs.evolve(logged.crossing, travellers=[Traveller(person=watched.pop(), role=Role.RESIDENT)])

    def _admit(self, logged: LoggedCrossing) -> Decision | None:
        first = self._own_key(logged)
        self._first_keys.add(first)
        last = self._last(first)
        if last is not None and last.erased:
            return last.fact.decision if isinstance(last.fact, CrossingDecided) else None
        key, decision, following = self._latest(first)
        if decision is not None and not self._says_the_same(logged, key, decision):
            for each in (key, _passed(key)):
                entry = self._ledger.keyed(each)
                if entry is not None:
                    self._back.take_back(entry, logged.crossing)
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
        if logged.key not in self._own_keys:
            self._own_keys[logged.key] = self._find_key(logged)
        return self._own_keys[logged.key]

    def _find_key(self, logged: LoggedCrossing) -> str:
        day = self._site.day_of(logged.crossing.at).isoformat()
        numbered = (f"{logged.key}@{day}.{number}" for number in itertools.count(2))
        for key in itertools.chain((logged.key, f"{logged.key}@{day}"), numbered):
            taken = self._last(key)
            if taken is None or self._is_row_of(taken, logged.crossing):
                return key
        raise AssertionError  # the numbers do not end

    def _last(self, first: str) -> Entry | None:
        """What the row of a key said last."""
        found = None
        for key in _versions(first):
            entry = self._ledger.keyed(key)
            if entry is None:
                return found
            if entry.kind in _CROSSINGS:
                found = entry
        return found

    def _is_row_of(self, known: Entry, row: Crossing) -> bool:
        # On the same day, the same people or the same instant: what differs was corrected (ours).
        at = known.occurred_at
        if at is None or self._site.day_of(at) != self._site.day_of(row.at):
            return False
        people = {each.person for each in row.travellers}
        return to_utc(at) == to_utc(row.at) or not people.isdisjoint(_people(known))

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

    def refused(self, part: str, logged: LoggedCrossing, error: EpiguardError) -> IntakeError:
        """The error for a row that the ledger does not take: it names file and row."""
        names = self._names[part]
        file = names[0] if len(names) == 1 else " or ".join(names)
        return IntakeError(
            f"{file}, row {logged.row}",
            expected="a row that the ledger takes",
            got=f"one that it does not ({error})",
            do="nothing was taken over; correct the row and run again",
        )


def _watched_cards(ledger: Ledger) -> Mapping[CardNumber, set[str]]:
    found: defaultdict[CardNumber, set[str]] = defaultdict(set)
    for person, watches in ledger.state.watches_of.items():
        for watch in watches:
            if watch.card is not None:
                found[watch.card].add(person)
    return found


def _people(entry: Entry) -> set[str]:
    """The party of an entry; where some of it was erased, by the pseudonyms that are left."""
    fact = entry.fact
    if entry.erased or not isinstance(fact, CrossingDecided | CrossingObserved):
        return set(entry.subjects)
    crossing = fact.decision.crossing if isinstance(fact, CrossingDecided) else fact.crossing
    return {each.person for each in crossing.travellers if each.person is not None}


def _versions(key: str) -> Iterator[str]:
    yield key
    number = 1
    while True:
        number += 1
        yield f"{key}~r{number}"


def _passed(key: str) -> str:
    return f"passed:{key}"
