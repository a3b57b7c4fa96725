"""Duties and alerts: the same thing twice is one thing."""

from __future__ import annotations

import copy
import itertools
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given

from epiguard.decisions import changed
from epiguard.duties import Alert, Duty, Outcome, Route
from epiguard.errors import InvalidValueError
from epiguard.testing import values

NOON = datetime(2020, 2, 14, 4, tzinfo=UTC)
CALL = Duty(kind="tell-landlord", subject="p-7", contact="l-1", basis="q:p-7:2020-02-10")
SEEN = Alert(kind="breach", subject="p-7", at=NOON, checkpoint="north", basis="d-1")
# What somebody without a type checker may pass.
ANY_DUTY: Any = Duty
ANY_ALERT: Any = Alert


@given(values(Duty))
def test_a_duty_is_known_by_what_it_is_about(duty: Duty) -> None:
    """Due time, route, assignee, source and texts may change: it stays the same duty."""
    again = Duty(kind=duty.kind, subject=duty.subject, contact=duty.contact, basis=duty.basis)
    assert again.id == duty.id


def test_a_duty_about_anything_else_is_another() -> None:
    """Another kind, person, contact or basis gives another id, and so do two that changed places."""
    about = {"kind": "tell-landlord", "subject": "p-7", "contact": "l-1", "basis": CALL.basis}
    others = [ANY_DUTY(**{**about, field: "other"}) for field in about]
    swapped = Duty(kind="tell-landlord", subject="l-1", contact="p-7", basis=CALL.basis)
    ids = [CALL.id, swapped.id, *(each.id for each in others)]
    assert len(set(ids)) == len(ids)
    assert all(each.startswith("duty-") for each in ids)


@given(values(Alert))
def test_an_alert_is_known_by_what_happened_when_and_where(alert: Alert) -> None:
    """In whatever zone the instant is told and whatever the texts say, it is one alert."""
    at = alert.at.astimezone(ZoneInfo("America/New_York")) if alert.at is not None else None
    same = Alert(
        kind=alert.kind, subject=alert.subject, at=at, checkpoint=alert.checkpoint, basis=alert.basis
    )
    assert same.id == alert.id


def test_an_alert_at_another_instant_or_place_is_another() -> None:
    """A person who passes twice is two alerts."""
    later = Alert(
        kind="breach", subject="p-7", at=NOON + timedelta(seconds=1), checkpoint="north", basis="d-1"
    )
    elsewhere = Alert(kind="breach", subject="p-7", at=NOON, checkpoint="south", basis="d-1")
    unknown = Alert(kind="breach", subject="p-7", checkpoint="north", basis="d-1")
    ids = [each.id for each in (SEEN, later, elsewhere, unknown)]
    assert all(one != other for one, other in itertools.combinations(ids, 2))


def test_ids_are_the_same_in_every_process() -> None:
    """They are made of a digest, not of Python's hash, which differs from run to run."""
    code = (
        "from epiguard.duties import Duty;"
        "print(Duty(kind='tell-landlord', subject='p-7', contact='l-1', basis='q:p-7:2020-02-10').id)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == CALL.id == "duty-adab86bdca44a367"


def test_only_reaching_somebody_or_doing_it_settles_a_duty() -> None:
    """A call that nobody answered, or a wrong number, leaves it owed."""
    assert [each for each in Outcome if each.settles] == [Outcome.REACHED, Outcome.DONE]


@pytest.mark.parametrize("told", [CALL, SEEN], ids=["duty", "alert"])
def test_it_is_told_in_the_language_there_is(told: Duty | Alert) -> None:
    """The wanted one, else the other, else the kind."""
    both = attrs.evolve(told, texts={"zh": "告知房东", "en": "tell the landlord"})
    assert (both.text(), both.text("en"), both.text("fr")) == ("告知房东", "tell the landlord", "告知房东")
    assert attrs.evolve(told, texts={"en": "tell", "zh": ""}).text("zh") == "tell"
    assert told.text() == told.kind


def test_words_are_taken_for_members() -> None:
    """A route is given by its word."""
    assert ANY_DUTY(kind="visit", subject="p-7", route="door").route is Route.DOOR


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ANY_DUTY(kind="tell landlord", subject="p-7"), r"^Duty\.kind: expected an identifier"),
        (lambda: ANY_DUTY(kind="call", subject=None), r"^Duty\.subject: .*, got nothing"),
        (lambda: ANY_DUTY(kind="call", subject="p-7", contact=""), r"^Duty\.contact: "),
        (lambda: ANY_DUTY(kind="call", subject="p-7", due=NOON.date()), r"^Duty\.due: expected a datetime"),
        (
            lambda: ANY_DUTY(kind="call", subject="p-7", route="letter"),
            r"^Duty\.route: expected one of 'phone'",
        ),
        (
            lambda: ANY_DUTY(kind="call", subject="p-7", basis=7),
            r"^Duty\.basis: expected str, got a whole num",
        ),
        (
            lambda: ANY_DUTY(kind="call", subject="p-7", source=None),
            r"^Duty\.source: expected str, got nothing",
        ),
        (
            lambda: ANY_DUTY(kind="call", subject="p-7", texts=["x"]),
            r"^Duty\.texts: expected a text per lang",
        ),
        (lambda: ANY_DUTY(kind="call", subject="p-7", id="a b"), r"^Duty\.id: expected an identifier"),
        (lambda: ANY_ALERT(kind="breach", subject="p-7", at="noon"), r"^Alert\.at: expected a datetime"),
        (lambda: ANY_ALERT(kind="breach", subject="p-7", checkpoint=" "), r"^Alert\.checkpoint: "),
        (lambda: ANY_ALERT(kind="breach", subject="p-7", basis=b"d"), r"^Alert\.basis: expected str"),
        (
            lambda: ANY_ALERT(kind="breach", subject="p-7", texts={"zh": 1}),
            r"^Alert\.texts: .*a whole number",
        ),
    ],
)
def test_bad_duties_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Each bad field gets one clear error that names it."""
    with pytest.raises(InvalidValueError, match=message):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda **more: Duty(kind="tell-landlord", subject="p-7", contact="p-9", basis="q-1", **more),
        lambda **more: Alert(kind="quarantine-breach", subject="p-7", basis="q-1", **more),
    ],
)
def test_an_id_is_the_same_whenever_it_is_asked_for(make: Any) -> None:
    """It is made when somebody reads it, from what the thing is about: of a copy too, in any process."""
    known = make().id
    assert known.partition("-")[0] in ("duty", "alert")
    for copied in (
        copy.deepcopy(make()),
        copy.copy(make()),
        pickle.loads(pickle.dumps(make())),  # noqa: S301 - our own
        changed(make(), {"source": "notice 3"}),
        attrs.evolve(make(), source="notice 3"),
    ):
        assert copied.id == known
    assert make() == make(id=known)
    assert hash(make()) == hash(make(id=known))
    assert repr(make()) == repr(make(id=known))
    assert make(id="of-ours").id == "of-ours"


@pytest.mark.parametrize("given", [None, "", "two words", 5])
def test_an_id_that_is_none_is_refused(given: Any) -> None:
    """Nothing stands for an id but leaving it out."""
    with pytest.raises(InvalidValueError, match=r"^Duty\.id: "):
        Duty(kind="tell-landlord", subject="p-7", id=given)
    with pytest.raises(InvalidValueError, match=r"^Alert\.id: "):
        Alert(kind="quarantine-breach", subject="p-7", id=given)
