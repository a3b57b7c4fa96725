"""Caohang village's story: 进出要持“护身符”. Everybody in it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from epiguard import (
    Crossing,
    DaySpan,
    Decision,
    DutyState,
    Effect,
    Exposure,
    LeaveGranted,
    Ledger,
    Override,
    PassApplication,
    PassDecision,
    PassRevoked,
    Person,
    PersonEnrolled,
    Policy,
    QuarantineOrdered,
    Registration,
    Return,
    TimeSpan,
    Traveller,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy.load(Path(__file__).parents[1] / "sites" / "caohang.toml")
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
VILLAGER, RETURNEE = "p-1024", "p-7"


def at(day: int, hour: int = 9, minute: int = 30) -> datetime:
    """A moment of February 2020."""
    return datetime(2020, 2, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """The village's record: a villager, and a tenant who came back on 30 January."""
    with Ledger.open(":memory:", policy=POLICY, clock=lambda: at(13)) as opened:
        opened.record(PersonEnrolled(Person(id=VILLAGER, name="王小明")), by="cadre-3")
        opened.record(PersonEnrolled(Person(id=RETURNEE, name="李芳")), by="cadre-3")
        back = Exposure(person=RETURNEE, reason=Return(region="420000"), arrived_on=date(2020, 1, 30))
        period = POLICY.period(back, gate_day=date(2020, 1, 30))
        opened.record(QuarantineOrdered(period, at=datetime(2020, 1, 30, 20, tzinfo=SHANGHAI)), by="cadre-3")
        yield opened


def apply(ledger: Ledger, person: str, number: str, colour: str, when: datetime, **said: Any) -> PassDecision:
    """Somebody asks for a pass at the committee's desk, asked, registered and measured."""
    values: dict[str, Any] = {"asked": True, "registered": True, "temperature": 36.4, **said}
    application = PassApplication(
        person=person, number=number, colour=colour, valid=FEBRUARY, at=when, **values
    )
    return ledger.issue_pass(application, by="cadre-3")


def ask(
    ledger: Ledger,
    direction: str,
    when: datetime,
    person: str | None = VILLAGER,
    card: str | None = "G-0031",
    **said: Any,
) -> Decision:
    """Somebody stands at the north entrance, measured, and asked where they come from."""
    override = said.pop("override", None)
    values: dict[str, Any] = {"temperature": 36.4, "asked": True, **said}
    traveller = Traveller(person=person, exit_pass=card, **values)
    crossing = Crossing(checkpoint="north", direction=direction, at=when, travellers=[traveller])
    return ledger.admit(crossing, by="guard-5", override=override)


def why(decision: Decision | PassDecision) -> list[str]:
    """The codes that made a decision what it is."""
    return [each.code for each in decision.reasons]


def strikes(ledger: Ledger, state: DutyState = DutyState.OPEN) -> list[str]:
    """What is to be struck on the back of passes."""
    return [each.text("zh") for each in ledger.duties(state=state) if each.kind == "strike-date"]


def test_three_musts_when_a_pass_is_issued(ledger: Ledger) -> None:
    """必询问、必登记、必测温: what is missing is named, and no pass is handed out."""
    decision = apply(
        ledger, VILLAGER, "G-0031", "green", at(13), asked=None, registered=None, temperature=None
    )
    assert decision.effect is Effect.HOLD
    assert decision.lifted_by == ("ask", "register", "measure-temperature")
    assert why(apply(ledger, VILLAGER, "G-0031", "green", at(13), temperature=37.8)) == ["pass-fever"]
    assert why(apply(ledger, VILLAGER, "G-0031", "green", at(13))) == ["pass-granted"]
    assert ask(ledger, "out", at(14)).effect is Effect.ALLOW


def test_three_musts_at_each_entry(ledger: Ledger) -> None:
    """Asked, registered where they come from elsewhere, measured: each alone holds."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    assert why(ask(ledger, "in", at(14), asked=None)) == ["not-asked"]
    assert why(ask(ledger, "in", at(14), temperature=None)) == ["not-measured"]
    assert why(ask(ledger, "in", at(14), returning_from="420106")) == ["not-registered"]
    assert ask(ledger, "in", at(14)).effect is Effect.ALLOW


def test_green_for_villagers_yellow_for_returnees(ledger: Ledger) -> None:
    """The returnee's last day is 13 February: a yellow pass falls due the next morning, and no other."""
    owed = {each.kind: each.due for each in ledger.duties() if each.subject == RETURNEE}
    assert owed["issue-yellow-pass"] == at(14, 0, 0)
    assert why(apply(ledger, RETURNEE, "Y-0007", "yellow", at(13))) == ["still-in-quarantine"]
    assert why(ask(ledger, "out", at(13), RETURNEE, None)) == ["no-pass", "in-quarantine"]
    assert why(apply(ledger, RETURNEE, "G-0099", "green", at(14))) == ["pass-yellow-instead"]
    assert why(apply(ledger, VILLAGER, "Y-0008", "yellow", at(14))) == ["pass-green-instead"]
    assert apply(ledger, RETURNEE, "Y-0007", "yellow", at(14)).effect is Effect.ALLOW
    assert ask(ledger, "out", at(14), RETURNEE, "Y-0007").effect is Effect.ALLOW


def test_nobody_passes_without_a_pass(ledger: Ledger) -> None:
    """无出入证者一律不准进出村宅; a villager on the way home waits for the committee and is not sent away."""
    assert why(ask(ledger, "out", at(13), card=None)) == ["no-pass"]
    held = ask(ledger, "in", at(13), card=None)
    assert (held.effect, held.lifted_by) == (Effect.HOLD, ("issue-pass",))
    assert "issue-pass" in {each.kind for each in ledger.duties()}
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    assert why(ask(ledger, "in", at(13), card=None)) == ["pass-not-shown"]
    assert why(ask(ledger, "in", at(13), card="G-9999")) == ["pass-unknown"]
    assert "pass-of-another" in why(ask(ledger, "out", at(14), RETURNEE, "G-0031"))
    assert why(ask(ledger, "in", at(13), None, None, role="visitor")) == ["no-visitors"]
    assert why(ask(ledger, "in", at(13), None, None, role="courier")) == ["courier-drop-point"]
    march = datetime(2020, 3, 2, 9, tzinfo=SHANGHAI)
    assert why(ask(ledger, "out", march)) == ["pass-expired"]


@pytest.mark.parametrize("role", ["resident", "staff", "courier", "visitor"])
def test_whoever_lives_here_shows_a_pass_whatever_the_gate_calls_them(ledger: Ledger, role: str) -> None:
    """无出入证者一律不准进出: a nanny who lives in, a rider who lives here: each has a green pass."""
    assert why(ask(ledger, "out", at(14), card=None, role=role)) == ["no-pass"]
    assert ask(ledger, "in", at(14), card=None, role=role).lifted_by == ("issue-pass",)
    apply(ledger, VILLAGER, "G-0031", "green", at(14))
    assert ask(ledger, "out", at(14, 10), role=role).effect is Effect.ALLOW
    assert strikes(ledger) == ["在出入证G-0031背面划去2月14日"]


def test_day_staff_need_no_pass(ledger: Ledger) -> None:
    """Who only works here comes and goes as the gate knows them, measured and asked."""
    ledger.record(PersonEnrolled(Person(id="p-30", resident=False)), by="cadre-3")
    for way, hour in (("in", 8), ("out", 12), ("in", 13), ("out", 18)):
        assert ask(ledger, way, at(14, hour), "p-30", None, role="staff").effect is Effect.ALLOW


def test_each_exit_strikes_its_day_once(ledger: Ledger) -> None:
    """每人每日限外出一次: the second exit of a day is refused, the next day's is not."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    decision = ask(ledger, "out", at(14))
    assert [each.text("zh") for each in decision.duties] == ["在出入证G-0031背面划去2月14日"]
    assert ask(ledger, "in", at(14, 10)).effect is Effect.ALLOW
    assert why(ask(ledger, "out", at(14, 15))) == ["exit-spent"]
    assert ask(ledger, "out", at(15)).effect is Effect.ALLOW
    assert strikes(ledger) == ["在出入证G-0031背面划去2月14日", "在出入证G-0031背面划去2月15日"]


def test_two_entrances_at_the_same_instant(ledger: Ledger) -> None:
    """Of two exits at once one takes place."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    traveller = Traveller(person=VILLAGER, exit_pass="G-0031", temperature=36.4)  # noqa: S106 - a card's number
    answers = [
        ledger.admit(Crossing(checkpoint=gate, direction="out", at=at(14), travellers=[traveller])).effect
        for gate in ("north", "south")
    ]
    assert answers == [Effect.ALLOW, Effect.DENY]


def test_a_lost_pass_is_revoked_and_replaced(ledger: Ledger) -> None:
    """Home is open, whoever finds the card does not pass with it, and the day's exit stays spent."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    assert ask(ledger, "out", at(14)).effect is Effect.ALLOW
    loss = PassRevoked(
        number="G-0031", person=VILLAGER, reason="left in the bus", cause="lost", at=at(14, 10)
    )
    ledger.record(loss, by="guard-5")
    assert ask(ledger, "in", at(14, 11), card=None).effect is Effect.ALLOW
    assert "replace-pass" in {each.kind for each in ledger.duties()}
    assert why(ask(ledger, "out", at(15), RETURNEE, "G-0031")) == ["pass-of-another"]
    assert "pass-misuse" in {each.kind for each in ledger.alerts()}
    assert apply(ledger, VILLAGER, "G-0032", "green", at(14, 12)).effect is Effect.ALLOW
    assert why(ask(ledger, "out", at(14, 13), card="G-0032")) == ["exit-spent"]
    assert why(ask(ledger, "out", at(15))) == ["pass-revoked"]
    assert ask(ledger, "out", at(15), card="G-0032").effect is Effect.ALLOW


def test_a_pass_that_was_taken_back_opens_nothing(ledger: Ledger) -> None:
    """Revoked for a reason, it is refused on the way out and seen to on the way home."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    ledger.record(PassRevoked(number="G-0031", person=VILLAGER, reason="lent to a friend"), by="cadre-3")
    assert why(ask(ledger, "out", at(14))) == ["pass-revoked"]
    assert ask(ledger, "in", at(14)).effect is Effect.HOLD


def test_a_return_after_midnight(ledger: Ledger) -> None:
    """It belongs to the exit it ends: the new day's exit is not spent."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    assert ask(ledger, "out", at(14, 22)).effect is Effect.ALLOW
    assert ask(ledger, "in", at(15, 0, 40)).effect is Effect.ALLOW
    assert ask(ledger, "out", at(15)).effect is Effect.ALLOW


def test_a_mistaken_exit_is_cancelled(ledger: Ledger) -> None:
    """The exit is given back, and the date need not be struck."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    decision = ask(ledger, "out", at(14))
    ledger.cancel(decision.id, by="guard-5", reason="forgot the purse and turned back")
    assert strikes(ledger) == []
    assert ask(ledger, "out", at(14, 10)).effect is Effect.ALLOW
    assert strikes(ledger) == ["在出入证G-0031背面划去2月14日"]


def test_an_emergency_passes_with_a_reason(ledger: Ledger) -> None:
    """A birth waits for no pass: a named person lets them through, which is recorded and alerted."""
    assert ask(ledger, "out", at(14), card=None).effect is Effect.DENY
    override = Override(reason="birth", by="cadre-3")
    decision = ask(ledger, "out", at(14), card=None, override=override)
    assert (decision.effect, decision.override) == (Effect.ALLOW, override)
    assert [each.kind for each in decision.alerts] == ["override"]
    assert strikes(ledger) == []


def test_leave_spends_no_exit(ledger: Ledger) -> None:
    """Treatment, a funeral, a night shift: the day's exit is still there afterwards."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    span = TimeSpan(at(14, 8), at(14, 12))
    ledger.record(LeaveGranted(person=VILLAGER, span=span, purpose="dialysis"), by="cadre-3")
    assert ask(ledger, "out", at(14)).effect is Effect.ALLOW
    assert ask(ledger, "in", at(14, 11)).effect is Effect.ALLOW
    assert strikes(ledger) == []
    assert ask(ledger, "out", at(14, 15)).effect is Effect.ALLOW


def test_a_first_arrival_gets_home(ledger: Ledger) -> None:
    """A tenant whom no list knows registers at the gate, and enters to begin quarantine."""
    form = Registration(id="paper-0214-1", source="gate", written={"name": "赵强"}, returning_from="420106")
    at_the_gate: dict[str, Any] = {"role": "resident", "returning_from": "420106"}
    assert ask(ledger, "in", at(14), None, None, **at_the_gate).effect is Effect.HOLD
    decision = ask(ledger, "in", at(14), None, None, registration=form, **at_the_gate)
    assert decision.effect is Effect.ALLOW
    assert {"first-arrival", "home-to-quarantine"} <= {each.code for each in decision.verdicts}
    # The same for a tenant in the register who comes back a second time.
    known = ask(ledger, "in", at(14), RETURNEE, None, returning_from="420106", registered=True)
    assert known.effect is Effect.ALLOW


def test_somebody_in_quarantine_comes_home(ledger: Ledger) -> None:
    """Whoever went out all the same enters, with an alert."""
    decision = ask(ledger, "in", at(12), RETURNEE, None)
    assert decision.effect is Effect.ALLOW
    assert [each.kind for each in decision.alerts] == ["quarantine-return"]


def test_the_record_holds(ledger: Ledger) -> None:
    """What was decided adds up to a chain that nobody altered."""
    apply(ledger, VILLAGER, "G-0031", "green", at(13))
    for day in range(14, 20):
        assert ask(ledger, "out", at(day)).effect is Effect.ALLOW
        assert ask(ledger, "in", at(day) + timedelta(hours=1)).effect is Effect.ALLOW
    assert len(strikes(ledger)) == 6
    assert ledger.verify() is None
