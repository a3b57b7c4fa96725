"""Days that are over end with a notice or with signatures, and nobody is forgotten behind their door."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.days import DaySpan
from epiguard.decisions import Effect
from epiguard.duties import Duty
from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.facts import Fact, QuarantineChanged, ReleaseSigned
from epiguard.ledger import Ledger
from epiguard.passes import PassApplication
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange
from epiguard.rules.release_on_notice import ReleaseOnNotice
from epiguard.situation import Situation, State
from rules.gate import (
    NOON,
    RESIDENT,
    SHANGHAI,
    SITE,
    codes,
    crossing,
    follow,
    leave,
    load,
    quarantined,
    resident,
    review,
)

#: 10 February and 14 days: released on the 25th.
ORDER = quarantined()
LATER = datetime(2020, 2, 25, 9, tzinfo=SHANGHAI)
MARCH = DaySpan(date(2020, 2, 25), date(2020, 4, 1))
OUT = crossing("out", resident(), at=LATER)


def signed(by: str = "cadre-3", *, at: datetime | None = LATER, **options: Any) -> ReleaseSigned:
    """A signature."""
    return ReleaseSigned(period=ORDER.period.id, person="p-7", by=by, at=at, **options)


def changed(**values: Any) -> QuarantineChanged:
    """A change to the period."""
    change = PeriodChange(reason="so", by="cadre-9", **values)
    return QuarantineChanged(period=ORDER.period.id, person="p-7", change=change)


def ended(cause: EndCause) -> QuarantineChanged:
    """An end before the release."""
    return changed(kind=ChangeKind.ENDED, cause=cause, at=NOON)


EXTENDED = changed(kind=ChangeKind.EXTENDED, days=1, at=datetime(2020, 2, 24, 9, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], ["hold not-released"]),
        ([signed()], ["hold not-released"]),
        ([signed(), signed()], ["hold not-released"]),
        ([signed(), signed("doctor-1")], []),
        ([signed(notice="2020-0213")], []),
        ([ended(EndCause.EARLY_RELEASE)], ["hold not-released"]),
        ([ended(EndCause.EARLY_RELEASE), signed("cadre-9")], ["hold not-released"]),
        ([ended(EndCause.EARLY_RELEASE), signed()], []),
        ([ended(EndCause.ORDERED_IN_ERROR)], []),
        ([ended(EndCause.HOSPITAL)], []),
        ([attrs.evolve(signed(), period="q:other"), signed("doctor-1")], ["hold not-released"]),
    ],
)
def test_what_releases(before: list[Fact], expected: list[str]) -> None:
    """A notice, or two different people; an early release is one signature; an error needs none."""
    assert codes(ReleaseOnNotice(), OUT, RESIDENT, ORDER, *before) == expected


def test_what_was_signed_before_an_extension_is_void() -> None:
    """Whoever signed on the 23rd did not sign off the day that was added on the 24th."""
    early = datetime(2020, 2, 23, 9, tzinfo=SHANGHAI)
    asked = crossing("out", resident(), at=LATER + timedelta(days=1))
    before = [signed(at=early), signed("doctor-1", at=early), EXTENDED]
    assert codes(ReleaseOnNotice(), asked, RESIDENT, ORDER, *before) == ["hold not-released"]
    again = [signed(), signed("doctor-1")]
    assert codes(ReleaseOnNotice(), asked, RESIDENT, ORDER, *before, *again) == []


def test_when_it_says_nothing() -> None:
    """On the way home, before the days are over, and for days over before the rule came."""
    assert codes(ReleaseOnNotice(), crossing("in", resident(), at=LATER), RESIDENT, ORDER) == []
    assert codes(ReleaseOnNotice(), crossing("out", resident()), RESIDENT, ORDER) == []
    assert codes(ReleaseOnNotice(released_from=date(2020, 2, 26)), OUT, RESIDENT, ORDER) == []
    assert codes(ReleaseOnNotice(released_from=date(2020, 2, 25)), OUT, RESIDENT, ORDER) != []


def test_it_may_deny_and_says_what_is_missing() -> None:
    """The text counts the signatures; an arranged journey to the clinic passes."""
    [verdict] = review(ReleaseOnNotice(answer="deny", signatures=3), OUT, RESIDENT, ORDER, signed())
    assert (verdict.effect, verdict.lifted_by) == (Effect.DENY, None)
    assert verdict.text("zh") == "隔离期已满但尚未签字解除,还需2人签字或解除通知书"
    ill = crossing("out", resident(clinic_journey="clinic-3"), at=LATER)
    assert codes(ReleaseOnNotice(answer="deny"), ill, RESIDENT, ORDER) == ["allow clinic-journey"]


def test_signing_is_a_duty() -> None:
    """Due on the release, so that nobody is forgotten."""
    [owed] = follow(ReleaseOnNotice(), ORDER)
    assert isinstance(owed, Duty)
    assert (owed.kind, owed.due) == ("sign-release", datetime(2020, 2, 25, tzinfo=SHANGHAI))
    assert follow(ReleaseOnNotice(released_from=date(2020, 2, 26)), ORDER) == []


def test_no_pass_before_the_release() -> None:
    """The yellow pass waits for the same signatures."""
    application = PassApplication(
        person="p-7", number="Y-1", colour="yellow", valid=MARCH, at=LATER, asked=True, registered=True
    )
    state = State(SITE)
    for fact in (RESIDENT, ORDER):
        state.apply(fact)
    [verdict] = ReleaseOnNotice().review_pass(Situation.applying(state, application))
    assert (verdict.effect, verdict.lifted_by) == (Effect.HOLD, "release-notice")
    for each in (signed(), signed("doctor-1")):
        state.apply(each)
    assert list(ReleaseOnNotice().review_pass(Situation.applying(state, application))) == []


def test_with_the_ledger() -> None:
    """A slip in the period's id is refused, and leave waives the rule."""
    policy = load("use = 'admit-kinds'", "use = 'release-on-notice'")
    with Ledger.open(":memory:", policy=policy, clock=lambda: NOON) as ledger:
        ledger.record(RESIDENT, by="cadre-3")
        ledger.record(ORDER, by="cadre-3")
        with pytest.raises(UnknownIdError, match=r"ReleaseSigned\.period"):
            ledger.record(ReleaseSigned(period="q:p-7:2020", person="p-7", by="cadre-3"), by="cadre-3")
        held = ledger.admit(OUT)
        assert (held.effect, held.lifted_by) == (Effect.HOLD, ("release-notice",))
        ledger.record(leave(hours=24 * 12), by="cadre-3")
        assert ledger.admit(OUT).effect is Effect.ALLOW
        ledger.record(signed(), by="cadre-3")
        ledger.record(signed("doctor-1"), by="doctor-1")
        assert ledger.admit(OUT, follows=held.id).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"signatures": 0}, "ReleaseOnNotice.signatures: expected a whole number from 1 to 5"),
        ({"answer": "allow"}, "ReleaseOnNotice.answer: expected 'hold' or 'deny', got 'allow'"),
        ({"released_from": "2020-02-25"}, "ReleaseOnNotice.released_from: expected a date, got text"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Nothing that cannot be meant."""
    with pytest.raises(InvalidValueError) as caught:
        ReleaseOnNotice(**settings)
    assert str(caught.value).startswith(message)


signatures = st.builds(
    signed,
    st.sampled_from(["cadre-3", "doctor-1", "cadre-9"]),
    at=st.none() | st.datetimes(datetime(2020, 2, 20), datetime(2020, 2, 28), timezones=st.just(SHANGHAI)),  # noqa: DTZ001 - the strategy wants bounds without a zone
    notice=st.sampled_from([None, None, None, "2020-0213"]),
)


@given(st.lists(signatures, max_size=5), st.integers(1, 3), st.randoms(use_true_random=False))
def test_laws(signed_by: list[ReleaseSigned], wanted: int, chance: Any) -> None:
    """Exactly enough different people, or a notice; in whatever order they came."""
    rule = ReleaseOnNotice(signatures=wanted)
    free = len({each.by for each in signed_by}) >= wanted or any(each.notice for each in signed_by)
    said = codes(rule, OUT, RESIDENT, ORDER, *signed_by)
    assert (said == []) is free
    shuffled = list(signed_by)
    chance.shuffle(shuffled)
    assert codes(rule, OUT, RESIDENT, ORDER, *shuffled) == said
