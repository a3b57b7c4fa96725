"""Quarantine stays in, and coming home is never refused."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given

from epiguard.crossings import Crossing
from epiguard.decisions import Effect, Override, Restricts
from epiguard.duties import Alert
from epiguard.errors import InvalidValueError
from epiguard.facts import CrossingObserved, Fact
from epiguard.ledger import Ledger
from epiguard.places import Direction
from epiguard.quarantine import QuarantineSetting
from epiguard.rules.quarantine_stays_in import QuarantineStaysIn
from rules.gate import (
    NOON,
    RESIDENT,
    SHANGHAI,
    codes,
    crossing,
    crossings,
    follow,
    histories,
    household,
    leave,
    load,
    quarantined,
    resident,
    review,
)

MONITORED = quarantined(setting=QuarantineSetting.HEALTH_MONITORING)
OBSERVED = quarantined(setting=QuarantineSetting.HOME_OBSERVATION)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of February 2020; 30 stands for 1 March."""
    return datetime(2020, 2, 1, hour, minute, tzinfo=SHANGHAI) + timedelta(days=day - 1)


@pytest.mark.parametrize(
    ("direction", "moment", "before", "expected"),
    [
        ("out", at(14), [], []),
        ("out", at(14), [quarantined()], ["deny in-quarantine"]),
        ("out", at(14), [OBSERVED], ["deny in-quarantine"]),
        ("out", at(14), [MONITORED], []),
        ("in", at(14), [quarantined()], ["allow quarantine-return"]),
        ("in", at(10), [quarantined()], ["allow begins-quarantine"]),
        ("in", at(11), [quarantined()], ["allow quarantine-return"]),
        ("out", at(10, 0), [quarantined()], ["deny in-quarantine"]),
        ("out", at(24, 23, 59), [quarantined()], ["deny in-quarantine"]),
        ("out", at(25, 0), [quarantined()], []),
        ("out", at(25, 0), [quarantined(release_hour=time(8))], ["deny in-quarantine"]),
        ("out", at(25, 8), [quarantined(release_hour=time(8))], []),
        ("out", at(14), [quarantined("p-8")], []),
        ("out", at(14), [quarantined("p-8"), household("p-7", "p-8")], []),
    ],
)
def test_who_stays_in(direction: str, moment: datetime, before: list[Fact], expected: list[str]) -> None:
    """From the first instant of the period to its release, and not a minute longer."""
    assert (
        codes(QuarantineStaysIn(), crossing(direction, resident(), at=moment), RESIDENT, *before) == expected
    )


def test_the_refusal_names_the_day_and_the_release() -> None:
    """And it raises an alert that somebody asked to leave."""
    [verdict] = review(QuarantineStaysIn(), crossing("out", resident()), RESIDENT, quarantined())
    assert verdict.text("zh") == "隔离观察第4天(共14天),2020-02-25 00:00解除,其间不得外出"
    assert (
        verdict.text("en") == "in quarantine, day 4 of 14, released 2020-02-25 00:00; no leaving until then"
    )
    [alert] = verdict.alerts
    assert (alert.kind, alert.subject, alert.checkpoint) == ("quarantine-exit-attempt", "p-7", "north")


def test_of_two_periods_the_later_release_is_named() -> None:
    """Overlapping periods union."""
    longer = quarantined(days=20, id="q:p-7:2")
    [verdict] = review(QuarantineStaysIn(), crossing("out", resident()), RESIDENT, longer, quarantined())
    assert "2020-03-02 00:00" in verdict.text("zh")


def test_coming_home_is_looked_at() -> None:
    """The way in is open; the committee hears of it."""
    [verdict] = review(QuarantineStaysIn(), crossing("in", resident()), RESIDENT, quarantined())
    assert verdict.effect is Effect.ALLOW
    assert not verdict.grants
    assert [each.kind for each in verdict.alerts] == ["quarantine-return"]


@pytest.mark.parametrize("way", ["leave", "override", "clinic", "against the rules"])
def test_whoever_was_let_out_comes_home_unreported(way: str) -> None:
    """Leave that is over by then, an ambulance, a fever clinic; an alert only where nobody let them out."""
    policy = load("use = 'admit-kinds'", "use = 'quarantine-stays-in'")
    with Ledger.open(":memory:", policy=policy, clock=lambda: NOON) as ledger:
        for fact in (RESIDENT, quarantined(), *([leave()] if way == "leave" else [])):
            ledger.record(fact, by="cadre-3")
        asked = crossing("out", resident(clinic_journey="clinic-3" if way == "clinic" else None))
        if way == "against the rules":
            ledger.record(CrossingObserved(asked), by="door-3")
        else:
            override = Override(reason="ambulance", by="cadre-3") if way == "override" else None
            assert ledger.admit(asked, override=override).effect is Effect.ALLOW
        home = ledger.admit(crossing("in", resident(), at=NOON + timedelta(hours=9)))
    assert home.effect is Effect.ALLOW
    assert [each.kind for each in home.alerts] == (
        ["quarantine-return"] if way == "against the rules" else []
    )


def test_an_arrival_is_not_a_return() -> None:
    """Whoever was asked and says that they come from elsewhere raises no alert."""
    arriving = crossing("in", resident(returning_from="420106"))
    [verdict] = review(QuarantineStaysIn(), arriving, RESIDENT, quarantined())
    assert (verdict.code, verdict.alerts) == ("begins-quarantine", ())


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_clinic_journey_is_no_breach(direction: str) -> None:
    """An ill person goes to the fever clinic and comes back, without an alert."""
    asked = crossing(direction, resident(clinic_journey="clinic-3"))
    [verdict] = review(QuarantineStaysIn(), asked, RESIDENT, quarantined())
    assert (verdict.effect, verdict.code, verdict.alerts) == (Effect.ALLOW, "clinic-journey", ())
    assert follow(QuarantineStaysIn(), CrossingObserved(asked, at=NOON), quarantined()) == []


def test_a_whole_household_where_a_site_orders_it() -> None:
    """The person in quarantine and those who live with them; coming home stays open for all."""
    rule, home = QuarantineStaysIn(whole_household=True), household("p-7", "p-8")
    for direction, expected in (("out", "deny in-quarantine"), ("in", "allow quarantine-return")):
        party = crossing(direction, resident("p-7"), resident("p-8"), resident("p-9"))
        assert codes(rule, party, home, quarantined("p-8")) == [expected] * 2
    mate, patient = review(rule, crossing("out", resident("p-7"), resident("p-8")), home, quarantined("p-8"))
    assert mate.text("zh").startswith("同住人员隔离观察")
    assert mate.text("en").startswith("a household member is in quarantine")
    assert patient.text("zh").startswith("隔离观察")
    assert mate.alerts[0].subject == "p-7"


def test_only_the_settings_named_restrict() -> None:
    """A site can leave home observation to trust."""
    rule = QuarantineStaysIn(settings=["home-quarantine"])
    assert codes(rule, crossing("out", resident()), OBSERVED) == []
    assert codes(rule, crossing("out", resident()), quarantined()) == ["deny in-quarantine"]


def seen(direction: str = "out", checkpoint: str = "north", **options: Any) -> CrossingObserved:
    """That a card or face passed."""
    return CrossingObserved(crossing(direction, resident(**options), checkpoint=checkpoint), at=NOON)


@pytest.mark.parametrize(
    ("fact", "before", "expected"),
    [
        (seen(), [quarantined()], ["quarantine-breach"]),
        (seen(), [], []),
        (seen(), [MONITORED], []),
        (seen("in"), [quarantined()], []),
        (seen(), [quarantined(), leave()], []),
        (seen(person=None), [quarantined()], []),
        (seen(person="p-8"), [quarantined(), household("p-7", "p-8")], []),
    ],
)
def test_a_breach_seen_afterwards(fact: CrossingObserved, before: list[Fact], expected: list[str]) -> None:
    """Going out during a period, without leave, is an alert."""
    alerts = follow(QuarantineStaysIn(), fact, *before)
    assert [each.kind for each in alerts] == expected


def test_a_breach_says_what_passed_and_not_who() -> None:
    """With the checkpoint, the instant and the period; a housemate's where the whole household stays in."""
    [alert] = follow(QuarantineStaysIn(), seen(), quarantined())
    assert isinstance(alert, Alert)
    assert (alert.subject, alert.at, alert.checkpoint, alert.basis) == (
        "p-7",
        NOON,
        "north",
        "q:p-7:2020-02-10",
    )
    assert "card" in alert.text("en")
    assert "不表明何人持卡" in alert.text("zh")
    rule, home = QuarantineStaysIn(whole_household=True), household("p-7", "p-8")
    assert [each.subject for each in follow(rule, seen(person="p-8"), quarantined(), home)] == ["p-8"]


def test_other_facts_are_not_its_business() -> None:
    """The order itself is followed up by others."""
    assert follow(QuarantineStaysIn(), attrs.evolve(quarantined(), at=NOON)) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"settings": []}, "QuarantineStaysIn.settings: expected at least one setting, got an empty list"),
        ({"settings": ["hotel"]}, "QuarantineStaysIn.settings: expected one of 'home-observation', "),
        ({"whole_household": 1}, "QuarantineStaysIn.whole_household: expected bool, got a whole number"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """An empty list would restrict nobody without saying so."""
    with pytest.raises(InvalidValueError) as caught:
        QuarantineStaysIn(**settings)
    assert str(caught.value).startswith(message)


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """It refuses nobody the way in, grants nothing, and is a movement rule, so that leave waives it."""
    for rule in (QuarantineStaysIn(), QuarantineStaysIn(whole_household=True)):
        verdicts = review(rule, asked, *facts)
        assert not any(each.grants for each in verdicts)
        if asked.direction is Direction.IN:
            assert all(each.effect is Effect.ALLOW for each in verdicts)
        assert rule.restricts is Restricts.MOVEMENT
