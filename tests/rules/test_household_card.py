"""One card a household: the fixed member, once in some days."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.crossings import Traveller
from epiguard.decisions import Effect, Override
from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.facts import CardHolderNamed, PersonEnrolled, PersonLeft, QuarantineChanged
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.quarantine import EndCause
from epiguard.rules.household_card import HouseholdCard
from rules.gate import NOON, codes, crossing, household, leave, load, quarantined, resident

POLICY = load("use = 'admit-kinds'", "use = 'household-card'")
DAY = timedelta(days=1)
MEMBERS = ("p-7", "p-8", "p-9")


def village(*, fixed: bool = True) -> Ledger:
    """A household of three."""
    policy = POLICY if fixed else load("use = 'admit-kinds'", "use = 'household-card'\nfixed = false")
    ledger = Ledger.open(":memory:", policy=policy, clock=lambda: NOON)
    for each in MEMBERS:
        ledger.record(PersonEnrolled(Person(id=each)), by="cadre-3")
    ledger.record(household(*MEMBERS), by="cadre-3")
    return ledger


def ask(ledger: Ledger, person: str, day: int = 0, **options: Any) -> str:
    """What the gate says to one of them, so many days later."""
    asked = crossing("out", resident(person, **options), at=NOON + day * DAY)
    return next(each.code for each in reversed(ledger.admit(asked).verdicts) if each.rule == "household-card")


def test_whoever_goes_first_stays_the_one() -> None:
    """On the second day nobody goes, on the third the same member does and no other."""
    with village() as ledger:
        assert ask(ledger, "p-7") == "card-exit"
        assert ask(ledger, "p-8") == "another-member"
        assert ask(ledger, "p-7") == "card-used"
        assert ask(ledger, "p-7", day=1) == "card-used"
        assert ask(ledger, "p-8", day=2) == "another-member"
        assert ask(ledger, "p-7", day=2) == "card-exit"


def test_the_household_names_the_member() -> None:
    """Whom it named last goes, whoever went before; the card stays one."""
    with village() as ledger:
        ledger.record(CardHolderNamed(household="h-1", person="p-8"), by="leader-4")
        assert ask(ledger, "p-7") == "another-member"
        assert ask(ledger, "p-8") == "card-exit"
        ledger.record(CardHolderNamed(household="h-1", person="p-9"), by="leader-4")
        assert ask(ledger, "p-9", day=1) == "card-used"
        assert ask(ledger, "p-8", day=2) == "another-member"
        assert ask(ledger, "p-9", day=2) == "card-exit"


def test_without_a_fixed_member_any_one_goes() -> None:
    """But only one of them in two days."""
    with village(fixed=False) as ledger:
        assert ask(ledger, "p-7") == "card-exit"
        assert ask(ledger, "p-8", day=1) == "card-used"
        assert ask(ledger, "p-8", day=2) == "card-exit"


def test_somebody_else_goes_for_a_member_who_cannot() -> None:
    """While the fixed member is in quarantine, and after they moved away."""
    with village() as ledger:
        ledger.record(CardHolderNamed(household="h-1", person="p-8"), by="leader-4")
        order = quarantined("p-8")
        ledger.record(order, by="cadre-3")
        assert ask(ledger, "p-7") == "card-exit"
        over = order.period.finish(EndCause.EARLY_RELEASE, at=NOON, reason="by mistake", by="cadre-3")
        ended = QuarantineChanged(period=order.period.id, person="p-8", change=over.changes[-1])
        ledger.record(ended, by="cadre-3")
        assert ask(ledger, "p-7", day=2) == "another-member"
        ledger.record(PersonLeft(person="p-8", reason="moved"), by="cadre-3")
        assert ask(ledger, "p-7", day=2) == "card-exit"


def test_what_uses_no_card() -> None:
    """Leave, an override, a journey to the clinic, and an exit that was cancelled."""
    with village() as ledger:
        ledger.record(leave("p-7"), by="cadre-3")
        asked = crossing("out", resident("p-7"))
        assert ledger.admit(asked).effect is Effect.ALLOW
        fire = Override(reason="fire", by="cadre-3")
        assert ledger.admit(crossing("out", resident("p-9")), override=fire).effect is Effect.ALLOW
        assert ask(ledger, "p-9", clinic_journey="clinic-3") == "clinic-journey"
        decision = ledger.admit(crossing("out", resident("p-8")))
        assert decision.effect is Effect.ALLOW
        ledger.cancel(decision.id, by="guard-5", reason="turned back")
        assert ask(ledger, "p-9") == "card-exit"


def test_somebody_without_a_household_counts_alone() -> None:
    """They have a card of their own."""
    with village() as ledger:
        ledger.record(PersonEnrolled(Person(id="p-1")), by="cadre-3")
        assert [ask(ledger, "p-1", day=day) for day in (0, 1, 2)] == ["card-exit", "card-used", "card-exit"]


@pytest.mark.parametrize(
    "traveller", [resident(None), resident("p-7", role="staff"), resident(None, role="resident")]
)
def test_who_has_no_card(traveller: Traveller) -> None:
    """People at work, and people nobody knows."""
    assert codes(HouseholdCard(), crossing("out", traveller), household("p-7")) == []


def test_two_of_one_household_together() -> None:
    """Nobody was named, so the first of the party goes and the other stays."""
    asked = crossing("out", resident("p-7"), resident("p-8"))
    assert codes(HouseholdCard(), asked, household("p-7", "p-8")) == ["allow card-exit", "deny card-used"]


def test_a_slip_in_the_naming_is_refused() -> None:
    """An unknown household or member vanishes nowhere."""
    with village() as ledger:
        with pytest.raises(UnknownIdError, match=r"CardHolderNamed\.household"):
            ledger.record(CardHolderNamed(household="h-9", person="p-7"), by="leader-4")
        with pytest.raises(UnknownIdError, match=r"CardHolderNamed\.person"):
            ledger.record(CardHolderNamed(household="h-1", person="p-404"), by="leader-4")


@pytest.mark.parametrize("days", [0, 15, True])
def test_settings_that_are_refused(days: Any) -> None:
    """The rule looks back on fourteen days and promises no more."""
    with pytest.raises(InvalidValueError, match=r"HouseholdCard\.days: expected a whole number from 1 to 14"):
        HouseholdCard(days=days)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(MEMBERS)), max_size=12),
    st.booleans(),
)
def test_laws(asked: list[tuple[int, str]], fixed: bool) -> None:
    """Whatever is asked: one exit in two days, and always by the same member where one is fixed."""
    with village(fixed=fixed) as ledger:
        day, went = 0, []
        for later, person in asked:
            day += later
            if ask(ledger, person, day=day) == "card-exit":
                went.append((day, person))
        days = [each for each, _ in went]
        assert all(second - first >= 2 for first, second in itertools.pairwise(days))
        if fixed:
            gaps = [second - first for first, second in itertools.pairwise(days)]
            assert len({person for _, person in went}) <= 1 or max(gaps) >= 14
