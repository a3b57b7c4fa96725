"""Deciding at the gate, so that once is once however many gates ask at the same instant.

The rules run on a slice cut before the store's lock is taken, so a slow rule keeps nobody waiting. Under
the lock the slice is cut again: where anything in it changed, the rules are asked again. Whatever the
rules did not look at is guarded by their claims, unique keys that are written with the decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Decision, Effect, Override, Restricts, changed
from epiguard.duties import DutyState
from epiguard.errors import LedgerError, UnknownIdError
from epiguard.facts import CrossingDecided, DecisionCancelled, DutyClosed, DutyOpened
from epiguard.ledger._claims import cancellation_key, let_go
from epiguard.ledger._entry import Entry, unpack
from epiguard.ledger._follow_up import BY_LEDGER, append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.ledger._store import ClaimTaken
from epiguard.situation import Situation, State

__all__ = [
    "Request",
    "admit",
    "cancel",
    "cancellation",
    "decided",
    "is_cancelled",
    "key_reused",
    "owed_for_passing",
]

#: How often the rules are asked again because the party's slice changed meanwhile (ours). After that they
#: are asked under the lock: then others wait for them, but the question gets its answer.
ROUNDS = 5


@attrs.frozen(kw_only=True)
class Request:
    """What was asked, by whom and how."""

    crossing: Crossing = attrs.field(repr=False)
    by: str
    key: str | None = None
    follows: str | None = None
    override: Override | None = None


def admit(journal: Journal, request: Request, recorded_at: datetime) -> Decision:
    """Decide a crossing and record the decision, with what it claims, owes and raises.

    Raises:
        UnknownIdError: If the checkpoint, or the decision it follows, is not known.
        LedgerError: If the key was used for something else, its decision was cancelled since, or the store
            cannot be written.
    """
    for _ in range(ROUNDS):
        with journal.reading() as state:
            answered = _answered(journal, request)
            if answered is not None:
                return answered
            _check_followed(journal, request)
            situation = Situation.cut(state, request.crossing, recorded_at)
            position = journal.position
        decision = journal.policy.decide(request.crossing, situation, override=request.override)
        with journal.writing() as state:
            answered = _answered(journal, request)
            if answered is not None:
                return answered
            if (
                journal.position != position
                and Situation.cut(state, request.crossing, recorded_at) != situation
            ):
                continue
            return _write(journal, request, decision, recorded_at)
    with journal.writing() as state:
        answered = _answered(journal, request)
        if answered is not None:
            return answered
        situation = Situation.cut(state, request.crossing, recorded_at)
        decision = journal.policy.decide(request.crossing, situation, override=request.override)
        return _write(journal, request, decision, recorded_at)


def _write(journal: Journal, request: Request, decision: Decision, recorded_at: datetime) -> Decision:
    decision = changed(
        decision,
        {
            "id": journal.next_id,
            "follows": request.follows,
            "at": journal.policy.site.local(recorded_at),
        },
    )
    try:
        _append(journal, request, decision, recorded_at)
    except ClaimTaken:
        # The slice is what the rules have just seen, and they would say the same again.
        decision = journal.policy.claim_taken(decision)
        _append(journal, request, decision, recorded_at)
    return decision


def _append(journal: Journal, request: Request, decision: Decision, recorded_at: datetime) -> None:
    append_with_follow_ups(
        journal,
        CrossingDecided(decision, at=decision.crossing.at),
        by=request.by,
        recorded_at=recorded_at,
        key=request.key,
        claims=decision.claim_keys,
    )


def _answered(journal: Journal, request: Request) -> Decision | None:
    if request.key is None:
        return None
    entry = journal.keyed(request.key)
    if entry is None:
        return None
    if isinstance(entry.fact, CrossingDecided):
        decision = entry.fact.decision
        site = journal.policy.site
        asked = attrs.evolve(request.crossing, at=site.local(request.crossing.at))
        answered = attrs.evolve(decision.crossing, at=site.local(decision.crossing.at))
        if entry.erased:  # whoever of the party was erased is not known any more
            asked, answered = _without_party(asked), _without_party(answered)
        if (asked, request.follows) == (answered, decision.follows) and (
            entry.erased or request.override == decision.override
        ):
            _check_stands(journal, decision)
            return decision
    raise key_reused("admit")


def _without_party(crossing: Crossing) -> Crossing:
    blank = [Traveller()] * len(crossing.travellers)
    return attrs.evolve(crossing, travellers=blank, vehicle=None, purpose=None)


def _check_stands(journal: Journal, decision: Decision) -> None:
    # Given again, a cancelled allow would let somebody out whose exit nobody counts; and decided anew, a
    # line that only repeats itself would count an exit of somebody who turned back.
    if journal.store.holder(cancellation_key(decision.id)) is not None:
        raise LedgerError(
            "Ledger.admit(key=)",
            expected="the key of a decision that stands",
            got=f"that of {decision.id}, which was cancelled since",
            do="let nobody through on it; to ask anew, use a new key",
        )


def key_reused(where: str) -> LedgerError:
    """The error for a key under which something else is on record."""
    return LedgerError(
        f"Ledger.{where}(key=)",
        expected="a new key, or the same question again",
        got="a key under which something else was recorded",
        do="give every crossing and every fact a key of its own",
    )


def decided(journal: Journal, decision_id: str, where: str) -> tuple[Entry, Decision]:
    """The entry of a decision; to be called with the lock held.

    Raises:
        UnknownIdError: If there is none of that id.
    """
    entry = journal.entry(decision_id)
    if entry is None or not isinstance(entry.fact, CrossingDecided):
        raise UnknownIdError(
            where,
            expected="the id of a decision of this ledger about a crossing",
            got="another id",
            do="take it from decision.id",
        )
    return entry, entry.fact.decision


def _check_followed(journal: Journal, request: Request) -> None:
    if request.follows is None:
        return
    where = "Ledger.admit(follows=)"
    _, before = decided(journal, request.follows, where)
    if not _same_party(before.crossing, request.crossing):
        raise UnknownIdError(
            where,
            expected="the id of a decision about the same party, or one of which this is a part",
            got="one about others",
            do="pass the id of the decision that is asked again",
        )


def _same_party(one: Crossing, other: Crossing) -> bool:
    # Whoever is held may stay behind while the others go on, and somebody nobody knew at first may be known
    # now. Nobody joins, and whoever was named is not another person now.
    mine, theirs = ({each.person for each in crossing.travellers} - {None} for crossing in (one, other))
    stayed = len(one.travellers) - len(other.travellers)
    unnamed = len(one.travellers) - len(mine)
    missing, known_now = len(mine - theirs), len(theirs - mine)
    return stayed >= 0 and known_now <= unnamed and (known_now == 0 or missing <= stayed)


def cancel(journal: Journal, decision_id: str, *, by: str, reason: str, recorded_at: datetime) -> Entry:
    """Record that a crossing did not happen, and free what it claimed.

    Raises:
        UnknownIdError: If there is no such decision.
        LedgerError: If it allowed nothing and nobody was seen to pass, or was cancelled before.
    """
    with journal.writing() as state:
        where = "Ledger.cancel"
        entry, decision = decided(journal, decision_id, where)
        if decision.effect is not Effect.ALLOW and not _happened(state, decision):
            raise LedgerError(
                where,
                expected="a decision that allowed a crossing",
                got=f"one that said {decision.effect.value}",
                do="there is nothing to undo",
            )
        party = CrossingDecided(decision).subjects
        fact = DecisionCancelled(decision=decision_id, reason=reason, persons=party)
        # A decision is cancelled once: the same guard that makes an exit be had once.
        try:
            cancelled = append_with_follow_ups(
                journal, fact, by=by, recorded_at=recorded_at, claims=(cancellation_key(decision_id),)
            )
        except ClaimTaken:
            raise LedgerError(
                where,
                expected="a decision that stands",
                got="one that was cancelled before",
                do="there is nothing more to undo",
            ) from None
        rivals = {claim: _positions(journal, state.rivals(claim)) for claim in entry.claims}
        let_go(journal, entry.position, entry.claims, rivals)
        for duty_id in owed_for_passing(journal, entry, decision):
            closing = DutyClosed(duty=duty_id, reason="the crossing did not take place")
            journal.append(closing, by=BY_LEDGER, recorded_at=recorded_at)
        return cancelled


def _positions(journal: Journal, ids: Iterable[str]) -> list[int]:
    return [each.position for each in map(journal.entry, ids) if each is not None]


def owed_for_passing(
    journal: Journal, entry: Entry, decision: Decision, traveller: int | None = None
) -> list[str]:
    """The ids of open duties that a decision owed for passing, and that nothing had owed before.

    They were recorded right after it. What is owed for somebody's health stays owed, wherever they went.

    Args:
        journal: Where it was recorded; its lock is held.
        entry: Of the decision.
        decision: That allowed the party to pass.
        traveller: The place of the one for whom they were owed; nothing means whoever of the party.
    """
    movement = (
        each
        for each in decision.verdicts
        if each.effect is Effect.ALLOW
        and each.source is not None
        and each.source.restricts is Restricts.MOVEMENT
        and (traveller is None or each.traveller == traveller or len(decision.crossing.travellers) == 1)
    )
    mine = {duty.id for each in movement for duty in each.duties} & {duty.id for duty in decision.duties}
    found = []
    for stored in journal.store.after(entry.position, len(decision.duties)) if mine else ():
        opened = unpack(stored)
        if opened.by != BY_LEDGER or not isinstance(opened.fact, DutyOpened):
            break
        status = journal.state.duties.get(opened.fact.duty.id)
        if opened.fact.duty.id in mine and status is not None and status.state is DutyState.OPEN:
            found.append(opened.fact.duty.id)
    return found


def _happened(state: State, decision: Decision) -> bool:
    """Whether somebody of the party counts as having passed, if only because they were seen to."""
    return any(
        past.decision == decision.id
        for each in decision.crossing.travellers
        for past in state.crossings_of.get(each.person or "", ())
    )


def cancellation(journal: Journal, decision_id: str) -> Entry | None:
    """The entry that cancelled a decision; to be called with the lock held.

    Raises:
        UnknownIdError: If there is no such decision.
    """
    decided(journal, decision_id, "Ledger.cancellation")
    position = journal.store.holder(cancellation_key(decision_id))
    return unpack(journal.store.after(position - 1, 1)[0]) if position is not None else None


def is_cancelled(journal: Journal, decision_id: str) -> bool:
    """Whether a decision was cancelled; to be called with the lock held.

    Raises:
        UnknownIdError: If there is no such decision.
    """
    decided(journal, decision_id, "Ledger.is_cancelled")
    return journal.store.holder(cancellation_key(decision_id)) is not None
