"""Every kind of fact of the committee's work is kept as it was, and shows nothing personal."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from epiguard import Fact, Ledger, from_plain, to_plain
from epiguard.facts import FACT_KINDS
from epiguard.situation import freeze, thaw
from epiguard.work import (
    AlertAssigned,
    AlertEscalated,
    Business,
    BusinessRecorded,
    CommitmentBreached,
    CommitmentSigned,
    DeliveryFinished,
    DeliveryStarted,
    HandOutWithdrawn,
    HealthReported,
    Lease,
    LeaseExtended,
    LeaseRecorded,
    MovementDeclared,
    NeedReported,
    Notice,
    NoticeIssued,
    NoticeReceived,
    NoticeWithdrawn,
    ObjectionRaised,
    ObjectionRejected,
    Recurrence,
    RosterPosted,
    RoundOpened,
    SanctionImposed,
    SanctionWithdrawn,
    Shift,
    StatementTaken,
    SuppliesHandedOut,
    SuppliesReceived,
    SupplyRound,
    TradeForbidden,
    TradePermitted,
)
from work.committee import NOON, SITE, at, state_of

SLOTS = Recurrence("FREQ=DAILY;BYHOUR=8", date(2020, 2, 1), date(2020, 3, 1))
NOTICE = Notice(id="n-1", texts={"zh": "测温", "ne": "तापक्रम"}, channels=["app", "loudspeaker"], slots=SLOTS)
SAID = "住在3号楼的人"
OF_SANCTION = {"household": "h-1", "sanction": "s-1", "reason": SAID}
OF_ROUND = {"household": "h-1", "round": "m-1", "supply": "masks", "count": 5}
MADE = {"message": "n-1", "recipient": "h-1", "channel": "app", "attempt": 2}
FACTS: list[Fact] = [
    AlertAssigned(alert="a-1", team="t-1"),
    AlertEscalated(alert="a-1"),
    BusinessRecorded(Business(id="s-1", trade="food")),
    CommitmentBreached(household="h-1", commitment="c", id="b-1", evidence=SAID, at=NOON),
    CommitmentSigned(household="h-1", commitment="c", by="p-1"),
    DeliveryFinished(**MADE, outcome="sent"),  # type: ignore[arg-type]  # options of several types
    DeliveryStarted(**MADE),  # type: ignore[arg-type]  # options of several types
    HandOutWithdrawn(**OF_ROUND, reason="slip"),  # type: ignore[arg-type]  # options of several types
    HealthReported(person="p-1", period="q-1", day=date(2020, 2, 14), temperature=37.9, symptoms=True),
    LeaseExtended(lease="l-1", tenant="t-1", measure="m-1"),
    LeaseRecorded(Lease(id="l-1", tenant="t-1", place="stall", last_day=date(2020, 1, 31))),
    MovementDeclared(person="p-1", region="420100", returns_on=date(2020, 2, 20)),
    NeedReported(person="p-1", need="medicine", id="r-1", note=SAID),
    NoticeIssued(NOTICE, at=NOON),
    NoticeReceived(notice="n-1", recipient="h-1", channel="app", receipt="read"),
    NoticeWithdrawn(notice="n-1", reason="replaced"),
    ObjectionRaised(**OF_SANCTION),  # type: ignore[arg-type]  # options of several types
    ObjectionRejected(**OF_SANCTION),  # type: ignore[arg-type]  # options of several types
    RosterPosted(id="w-1", shifts=[Shift(post="north", start=at(8), end=at(16), people=["v-1"])]),
    RoundOpened(SupplyRound(id="m-1", supply="masks", per_household=5)),
    SanctionImposed(household="h-1", id="s-1", breach="b-1", year=2020, benefits=["dividend"]),
    SanctionWithdrawn(**OF_SANCTION),  # type: ignore[arg-type]  # options of several types
    StatementTaken(person="p-1", teller="family", says={"staying_in": SAID}),
    SuppliesHandedOut(**OF_ROUND),  # type: ignore[arg-type]  # options of several types
    SuppliesReceived(supply="masks", count=9),
    TradeForbidden(trade="food", since=date(2020, 2, 1), source="notice 3"),
    TradePermitted(trade="food", since=date(2020, 2, 1), source="notice 3"),
]
every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)


def test_every_kind_is_here() -> None:
    """None is left out below."""
    ours = {kind for kind, each in FACT_KINDS.items() if each.__module__.startswith("epiguard.work.")}
    assert ours == {each.kind for each in FACTS}


@every_fact
def test_its_kind_is_known_before_its_module_is_loaded(fact: Fact) -> None:
    """What a record can be read as does not depend on what a program has imported so far."""
    assert FACT_KINDS.promised[fact.kind] == type(fact).__module__


def test_whoever_can_read_facts_reads_these_too() -> None:
    """In a fresh interpreter, which has loaded no part of the work yet."""
    script = (
        "import sys\n"
        "from epiguard import Policy, from_plain, to_plain\n"
        "loaded = {name for name in sys.modules if name.startswith('epiguard.work.')}\n"
        "data = {'type': 'trade-forbidden', 'version': 1,\n"
        "        'data': {'at': None, 'trade': 'food', 'since': '2020-02-01', 'source': 'notice 3'}}\n"
        "print(sorted(loaded), to_plain(from_plain(data)) == data)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[] True"


def test_no_plugin_takes_the_name_of_one_that_is_not_loaded() -> None:
    """A kind of ours is ours, whether or not its module was imported before."""
    script = (
        "from epiguard.work import __all__\n"
        "from epiguard.facts import Fact\n"
        "class MovementDeclared(Fact): pass"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)
    assert "the name of the built-in kind 'movement-declared'" in done.stderr


@every_fact
def test_it_comes_back_as_it_was(fact: Fact) -> None:
    """Through text and back, and in a state that was put away and fetched."""
    again = from_plain(json.loads(json.dumps(to_plain(fact))))
    assert again == fact
    state = state_of(fact)
    fetched = thaw(SITE, json.loads(json.dumps(freeze(state))))
    assert (dict(fetched.notes_of), fetched.stocks) == (dict(state.notes_of), state.stocks)
    assert fact.subjects


@every_fact
def test_nothing_personal_shows(fact: Fact) -> None:
    """Neither what was said of somebody nor a reading."""
    assert not [each for each in (SAID, "37.9", "420100") if each in f"{fact!r} {fact}"]


def test_opening_a_ledger_is_enough_to_read_them() -> None:
    """Whoever imports the ledger knows all kinds: none is an unknown one."""
    assert Ledger.__module__ == "epiguard.ledger._ledger"
    assert "supplies-handed-out" in FACT_KINDS
