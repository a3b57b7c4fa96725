"""Ten thousand canaries: whatever holds one, no way of showing it lets the canary out.

Each is a value nobody else has, in one of the fields that hold what people are called or what they say.
"""

from __future__ import annotations

import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from epiguard import facts
from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.days import TimeSpan
from epiguard.decisions import Decision, Override
from epiguard.errors import EpiguardError
from epiguard.identifiers import FreeText
from epiguard.ledger import Ledger
from epiguard.people import Household, Person
from epiguard.quarantine import ChangeKind, PeriodChange
from epiguard.registrations import Registration
from epiguard.work import NeedReported, NoticeWithdrawn, StatementTaken

CANARIES = 10_000
NOW = datetime(2020, 2, 14, 9, tzinfo=UTC)
SPAN = TimeSpan(NOW, datetime(2020, 2, 14, 12, tzinfo=UTC))


def crossing(**fields: Any) -> Crossing:
    """One with a canary somewhere."""
    return Crossing(
        checkpoint="north", direction="out", at=NOW, **{"travellers": [Traveller(person="p-7")], **fields}
    )


def decision(**fields: Any) -> Decision:
    """The answer to a crossing with a canary somewhere."""
    purpose = fields.pop("purpose", None)
    return Decision(crossing=crossing(purpose=purpose), day=date(2020, 2, 14), effect="allow", **fields)


#: What holds a canary of its own words, wherever somebody may write some.
SAID: dict[str, Callable[[str], Any]] = {
    "crossing": lambda said: crossing(purpose=said),
    "override": lambda said: Override(reason=said, by="cadre-3"),
    "decided": lambda said: facts.CrossingDecided(decision(purpose=said)),
    "overridden": lambda said: facts.CrossingDecided(decision(override=Override(reason=said, by="cadre-3"))),
    "observed": lambda said: facts.CrossingObserved(crossing(purpose=said)),
    "change": lambda said: PeriodChange(kind=ChangeKind.EXTENDED, days=1, reason=said, by="cadre-3"),
    "cancelled": lambda said: facts.DecisionCancelled(decision="main-1", reason=said),
    "left": lambda said: facts.PersonLeft(person="p-7", reason=said),
    "revoked": lambda said: facts.PassRevoked(number="G-1", person="p-7", reason=said),
    "leave": lambda said: facts.LeaveGranted(person="p-7", span=SPAN, purpose=said),
    "watched": lambda said: facts.WatchListed(person="p-7", reason=said, until=date(2020, 3, 1)),
    "no longer watched": lambda said: facts.WatchEnded(person="p-7", reason=said),
    "attempt": lambda said: facts.DutyAttempted(duty="duty-1", outcome="done", note=said),
    "closed": lambda said: facts.DutyClosed(duty="duty-1", reason=said),
    "looked at": lambda said: facts.AlertClosed(alert="alert-1", outcome=said),
    "exported": lambda said: facts.ExportMade(purpose=said, what=said),
    "erased": lambda said: facts.PersonErased(person="p-7", reason=said),
    "need": lambda said: NeedReported(person="p-7", need="food", id="n-1", note=said),
    "statement": lambda said: StatementTaken(person="p-7", teller="self", says={"arrived_on": said}),
    "withdrawn": lambda said: NoticeWithdrawn(notice="n-1", reason=said),
    "form": lambda said: facts.Registered(Registration(id="r-1", source="gate", written={"name": said})),
}
#: What holds somebody's name, number, home or car; a mask may show a part of it.
CALLED: dict[str, Callable[[str], Any]] = {
    "name": lambda name: facts.PersonEnrolled(Person(id="p-7", name=name)),
    "latin name": lambda name: Person(id="p-7", latin_name=name),
    "home": lambda name: facts.HouseholdRecorded(Household(id="h-1", residence=name)),
    "card": lambda name: Person(id="p-7", cards=[name]),
    "phone": lambda name: Person(id="p-7", phones=[name]),
    "plate": lambda name: crossing(vehicle=Vehicle(plate=name)),
}


def holders() -> Iterator[tuple[str, Any]]:
    """Ten thousand values, each with the canary that it holds."""
    makers = [*SAID.items(), *CALLED.items()]
    for number in range(CANARIES):
        kind, make = makers[number % len(makers)]
        canary = f"Canary{number:08d}"
        written = {
            "phone": "138" + canary[-8:],
            "plate": "沪A" + canary[-5:],
            "home": f"12号{canary[-4:]}室",
        }.get(kind, canary)
        yield written, make(written)


def logged(value: object) -> str:
    """What a log makes of it, as argument and as the error's."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    log = logging.getLogger("epiguard.test.leaks")
    log.propagate, log.level = False, logging.INFO
    log.addHandler(handler)
    log.info("%s %r", value, value)
    try:
        json.dumps({"field": value})  # which refuses it by its type
    except TypeError:
        log.exception("failed")
    log.removeHandler(handler)
    return stream.getvalue()


def with_locals(value: object) -> str:
    """A traceback that prints the local variables of every frame, as many services do."""

    def fail(held: object) -> None:
        raise ZeroDivisionError(held)

    try:
        fail(value)
    except ZeroDivisionError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return ""


def shown(value: Any) -> Iterator[str]:
    """Every way in which a value shows without anybody asking for the plain text."""
    yield f"{value!r} {value} {[value]} {value!s:>9}" + "%s %r" % (value, value)  # noqa: UP031 - a way of its own
    yield repr(attrs.asdict(value))
    yield repr(attrs.astuple(value))
    yield logged(value)
    yield with_locals(value)


def test_no_canary_shows() -> None:
    """Of ten thousand values none shows its canary: repr, str, format, asdict, logs, tracebacks."""
    leaked = [canary for canary, value in holders() if any(canary in text for text in shown(value))]
    assert leaked == []


def test_control_a_plain_note_is_found() -> None:
    """A class that holds what was said as plain text shows it in each of these ways."""

    @attrs.frozen
    class Slip:
        note: str

    assert ["Canary" in text for text in shown(Slip("Canary"))] == [True] * 5


@pytest.mark.parametrize("kind", SAID)
def test_errors_about_what_is_said_repeat_nothing(kind: str) -> None:
    """Blank or of another type: the message names the field, and neither it nor its pickle shows a value."""
    wrongs: tuple[Any, ...] = (["Canary"], {"Canary": 1}, b"Canary", 5)
    for wrong in wrongs:
        with pytest.raises(EpiguardError) as caught:
            SAID[kind](wrong)
        error = caught.value
        texts = [str(error), repr(error), repr(error.args), repr(pickle.dumps(error))]
        assert [text for text in texts if "Canary" in text] == []


def test_free_text_equals_what_it_holds() -> None:
    """Rules compare it with their words; nothing but ``.value`` gives it out."""
    said = FreeText("drop-point")
    assert said == "drop-point"
    assert said != "drop"
    assert said in {"drop-point", "market"}
    assert "drop-point" in {said, "market"}
    assert said == FreeText("drop-point")
    assert (bool(said), bool(FreeText(""))) == (True, False)
    for reach in ("join", "upper", "__iter__", "__str__.__self__.upper", "__len__"):
        with suppress(AttributeError):
            assert "drop" not in repr(getattr(said, reach)), reach


def test_a_ledger_gives_back_what_was_said(open_ledger: Callable[..., Ledger]) -> None:
    """Written and read again it is the same text, and the same fact."""
    ledger = open_ledger()
    said = facts.CrossingObserved(crossing(purpose="  看病 \n"), at=NOW)
    ledger.record(said, by="door-7")
    (entry,) = ledger.facts()
    assert entry.fact == said
    assert isinstance(entry.fact, facts.CrossingObserved)
    assert entry.fact.crossing.purpose is not None
    assert entry.fact.crossing.purpose.value == "  看病 \n"
