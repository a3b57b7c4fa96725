"""Who was erased is forgotten: by the situation, and by every byte of the files; the chain verifies."""

from __future__ import annotations

import sqlite3
import traceback
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from campaigns.erasure import by_erase, by_plain_delete, canaries_in, run
from epiguard.crossings import Crossing, Traveller
from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError
from epiguard.facts import (
    CrossingDecided,
    CrossingObserved,
    HouseholdRecorded,
    MatchConfirmed,
    PersonEnrolled,
    PersonErased,
    QuarantineOrdered,
    Registered,
)
from epiguard.ledger import ErasedFact, Ledger, _postgresql, _postgresql_purge
from epiguard.people import Household, Membership, Person
from epiguard.registrations import Registration
from ledger.community import (
    NOON,
    WANG,
    Calls,
    OnceADay,
    StaysIn,
    enrolled,
    fault_at,
    out,
    period,
    policy,
    summary,
)

Open = Callable[..., Ledger]


def open_here(at: datetime) -> Ledger:
    """A ledger in memory whose clock stands still."""
    return Ledger.open(":memory:", policy=policy(OnceADay, StaysIn, Calls), clock=lambda: at)


def known(ledger: Ledger) -> None:
    """Somebody who was enrolled, registered, ordered to stay in, and asked to go out with another person."""
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(enrolled(8), by="cadre-3")
    form = Registration(id="r-1", source="paper", written={"name": "王小明"})
    ledger.record(Registered(form), by="cadre-3")
    ledger.record(MatchConfirmed(registration="r-1", person="p-7"), by="cadre-3")
    ledger.record(CrossingObserved(out("p-7", "p-8")), by="door-7")
    ledger.admit(out("p-7", "p-8"))
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")


def test_the_situation_knows_nothing_of_them(open_ledger: Open) -> None:
    """No person, form, period, duty or crossing; what was another's in the same party is as it was."""
    ledger = open_ledger(OnceADay, StaysIn, Calls)
    known(ledger)
    companion = [each.at for each in ledger.state.crossings_of["p-8"]]
    erasure = ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert (erasure.person, erasure.others) == ("p-7", ("form:r-1",))
    assert isinstance(erasure.entry and erasure.entry.fact, PersonErased)
    assert [each.id for each in ledger.people()] == ["p-8"]
    assert list(ledger.registrations()) == []
    assert ledger.periods() == []
    assert [each for each in ledger.duties(state=None) if each.subject == "p-7"] == []
    assert [each.at for each in ledger.state.crossings_of["p-8"]] == companion
    situation = ledger.situation(out("p-7"))
    [standing] = situation.standings
    assert (standing.person, standing.registrations, standing.periods) == (None, (), ())
    assert (standing.crossings, dict(standing.notes)) == ((), {})
    assert ledger.verify() is None


def test_what_is_left_of_the_facts(open_ledger: Open) -> None:
    """A fact that was theirs alone is an erased one; of a party the others stay, and the decision stands."""
    ledger = open_ledger(OnceADay, StaysIn)
    known(ledger)
    before = [(each.id, each.kind, each.hash) for each in ledger.facts()]
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    entries = list(ledger.facts())
    assert [(each.id, each.kind, each.hash) for each in entries[:-1]] == before
    first, decided = entries[0].fact, next(each for each in entries if each.kind == CrossingDecided.kind)
    assert first == ErasedFact(name="person-enrolled", about=("p-7",))
    assert isinstance(decided.fact, CrossingDecided)
    decision = decided.fact.decision
    assert [each.person for each in decision.crossing.travellers] == [None, "p-8"]
    assert {each.traveller for each in decision.verdicts} <= {None, 1}
    assert decision.id == decided.id
    assert ledger.decision(decided.id) == decision


def test_every_ledger_on_the_file_forgets(tmp_path: Path) -> None:
    """One that was open all the while, and one that is opened afterwards, add up to the same."""
    path, site = tmp_path / "site.db", policy(OnceADay, StaysIn)
    with Ledger.open(path, policy=site) as one, Ledger.open(path, policy=site, writer="other") as other:
        known(one)
        assert len(list(other.people())) == 2
        one.erase("p-7", reason="asked for it", by="cadre-3")
        assert [each.id for each in other.people()] == ["p-8"]
        assert summary(other.state) == summary(one.state)
        other.record(enrolled(9), by="cadre-3")
        with Ledger.open(path, policy=site, writer="third") as third:
            assert summary(third.state) == summary(one.state)


def test_who_is_enrolled_again_is_known_again(open_ledger: Open) -> None:
    """What is recorded afterwards is not erased, until it is; again for nothing, nothing is recorded."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    ledger.record(PersonEnrolled(Person(id="p-7", name="王小明")), by="cadre-3")
    assert [each.id for each in ledger.people()] == ["p-7"]
    assert ledger.verify() is None
    assert ledger.erase("p-7", reason="asked for it", by="cadre-3").parts == 1
    position = ledger.position
    again = ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert (again.parts, again.entry, ledger.position) == (0, None, position)


def test_a_form_of_nobody_is_erased_by_its_subject(open_ledger: Open) -> None:
    """A stranger's form, also where it was filled in at the gate: nothing else has their data."""
    ledger = open_ledger()
    form = Registration(id="r-1", source="gate", written={"name": "王小明"})
    party = Crossing(
        checkpoint="north",
        direction="in",
        at=NOON,
        travellers=[Traveller(registration=form)],
        purpose="探亲",
    )
    ledger.admit(party)
    stored = ledger._journal.store.after(0, 1)[0]
    assert [each.subject for each in stored.parts] == ["", "form:r-1"]
    assert ledger.erase("form:r-1", reason="left", by="cadre-3").parts == 1
    assert list(ledger.registrations()) == []


def test_a_household_goes_with_its_last_member(open_ledger: Open) -> None:
    """While somebody lives there it is theirs, and names the other by a pseudonym."""
    ledger = open_ledger()
    home = Household(id="h-1", residence="3号楼502室", members=[Membership(person=f"p-{n}") for n in (1, 2)])
    for each in (enrolled(1), enrolled(2), HouseholdRecorded(home)):
        ledger.record(each, by="cadre-3")
    assert ledger.erase("p-1", reason="moved", by="cadre-3").others == ()
    assert list(ledger.state.households) == ["h-1"]
    assert ledger.erase("p-2", reason="moved", by="cadre-3").others == ("h-1",)
    assert list(ledger.state.households) == []


def test_what_is_refused(open_ledger: Open) -> None:
    """Nobody on record, no reason, inside a batch, or the fact by itself: nothing is recorded."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    with pytest.raises(UnknownIdError, match=r"Ledger\.erase\(person\): expected somebody"):
        ledger.erase("p-8", reason="asked for it", by="cadre-3")
    with pytest.raises(InvalidValueError, match=r"PersonErased\.reason"):
        ledger.erase("p-7", reason=" ", by="cadre-3")
    with ledger.batch(), pytest.raises(LedgerError, match=r"Ledger\.erase: expected no batch to be open"):
        ledger.erase("p-7", reason="asked for it", by="cadre-3")
    with pytest.raises(LedgerError, match=r"use Ledger\.erase, which erases"):
        ledger.record(PersonErased(person="p-7", reason="asked for it"), by="cadre-3")
    assert ledger.position == 1
    assert [each.id for each in ledger.people()] == ["p-7"]


def neighbours(ledger: Ledger) -> None:
    """Three people, two of them under one roof, with a form that was first said to be another's."""
    known(ledger)
    ledger.record(enrolled(9), by="cadre-3")
    ledger.record(MatchConfirmed(registration="r-1", person="p-9"), by="cadre-3")
    home = Household(id="h-1", residence="3号楼502室", members=[Membership(person=f"p-{n}") for n in (7, 8)])
    ledger.record(HouseholdRecorded(home), by="cadre-3")


def left_of(ledger: Ledger) -> list[object]:
    """What is read of every entry, hashes aside, which differ by the salts."""
    return [(each.kind, each.subjects, each.erased, each.fact) for each in ledger.facts()]


@pytest.mark.parametrize("order", list(permutations(("p-7", "p-8", "p-9"))))
def test_some_at_once_is_as_one_after_the_other(order: tuple[str, ...]) -> None:
    """Each with a fact and a reason of their own; forms and households go with whom they went with."""
    reasons = {person: f"asked for it, letter {number}" for number, person in enumerate(order)}
    clock = NOON + timedelta(hours=9)
    with open_here(clock) as one, open_here(clock) as other:
        neighbours(one)
        neighbours(other)
        together = one.erase_all(reasons, by="cadre-3")
        apart = [other.erase(person, reason=reason, by="cadre-3") for person, reason in reasons.items()]
        said = [[(each.person, set(each.others), each.parts) for each in all_] for all_ in (together, apart)]
        assert said[0] == said[1]
        assert [each.entry and each.entry.fact.reason.value for each in together] == list(reasons.values())  # type: ignore[attr-defined]  # it is a PersonErased
        assert left_of(one) == left_of(other)
        assert summary(one.state) == summary(other.state)
        assert one.verify() is None


def test_all_of_them_are_erased_or_none(open_ledger: Open) -> None:
    """An id that is not on record, or a blank reason, among those that are: nothing was recorded or lost."""
    ledger, index = open_ledger(OnceADay), Forgetful()
    known(ledger)
    ledger.register_index(index)
    before = left_of(ledger)
    with pytest.raises(UnknownIdError, match=r"another id, number 2 of 3.*nobody was erased"):
        ledger.erase_all({"p-7": "asked", "p-0": "asked", "p-8": "asked"}, by="cadre-3")
    with pytest.raises(InvalidValueError, match=r"PersonErased\.reason"):
        ledger.erase_all({"p-7": "asked", "p-8": " "}, by="cadre-3")
    with pytest.raises(InvalidValueError, match=r"Ledger\.erase_all\(reasons\): expected Mapping"):
        ledger.erase_all(["p-7"], by="cadre-3")  # type: ignore[arg-type]  # wrong on purpose
    assert left_of(ledger) == before
    assert index.told == []


def test_the_files_are_cleaned_once_for_all(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """One purge and one compaction, however many; none where nobody is named."""
    ledger, index = open_ledger(OnceADay), Forgetful()
    purges: list[None] = []
    known(ledger)
    ledger.register_index(index)
    purge = ledger._journal.store.purge
    monkeypatch.setattr(ledger._journal.store, "purge", lambda: purges.append(purge()))
    assert ledger.erase_all({}, by="cadre-3") == []
    assert (purges, index.told) == ([], [])
    ledger.erase_all({"p-7": "asked", "p-8": "asked"}, by="cadre-3")
    assert (len(purges), index.told) == (1, [{"p-7", "form:r-1", "p-8"}])


def test_a_payload_that_goes_without_a_word_shows(tmp_path: Path) -> None:
    """Whoever empties payloads by hand is found out; so is who does it after an erasure of somebody."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-3")
        ledger.record(enrolled(8), by="cadre-3")
        ledger.erase("p-7", reason="asked for it", by="cadre-3")
        ledger.record(PersonEnrolled(WANG), by="cadre-3")
        assert ledger.verify() is None
        for position in (4, 2):
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute(f"UPDATE payload SET text = NULL, salt = NULL WHERE entry = {position}")  # noqa: S608 - a number
            assert fault_at(ledger) == position


def test_no_canary_is_left_in_any_file(tmp_path: Path) -> None:
    """Hundreds of values in all places where facts hold something personal; everybody else's are there."""
    figures = run(tmp_path, 300, by_erase)
    assert figures.erased >= 300
    assert figures.left == 0
    assert figures.still_there == figures.kept > 0
    assert figures.first_bad is None


@pytest.mark.parametrize(
    "written",
    [
        b"zq00001000qz",
        b"x" + "zq00001000qz".encode("utf-16-le"),
        "zq00001000qz".encode("utf-16-be"),
        zlib.compress(b'["zq00001000qz"]'),
    ],
)
def test_the_search_finds_what_is_there(written: bytes) -> None:
    """In whatever way it is written; also a Chinese character."""
    assert canaries_in(b"\xff\x00\x01" + written) == {"zq00001000qz"}
    for plate in ("沪A00001".encode(), b"\\u6caaA00001", "沪A00001".encode("gb18030")):
        assert canaries_in(b"\x00" + plate) == {"沪A00001"}


def test_the_control_is_caught(tmp_path: Path) -> None:
    """The same search finds what a plain delete leaves behind, and the chain tells that nobody said so."""
    figures = run(tmp_path, 300, by_plain_delete)
    assert figures.left > 0
    assert figures.first_bad is not None


def test_an_interrupted_purge_is_made_good(tmp_path: Path) -> None:
    """Where the files could not be cleaned, the error says so, and the same call again cleans them."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-3")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entry").fetchone()
            ledger._journal.store._connection.execute("PRAGMA busy_timeout = 10")  # type: ignore[attr-defined]  # the store is SQLite
            with pytest.raises(LedgerError, match="nobody to be reading an older state"):
                ledger.erase("p-7", reason="asked for it", by="cadre-3")
        assert list(ledger.people()) == []
        ledger.erase("p-7", reason="asked for it", by="cadre-3")
        written = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert "王小明".encode() not in written


class Forgetful:
    """An index that notes what it is told to forget, or fails."""

    def __init__(self) -> None:
        self.told: list[set[str]] = []
        self.broken = False

    def compact(self, erased: Collection[str]) -> None:
        """Forget."""
        if self.broken:
            raise ValueError("王小明")
        self.told.append(set(erased))


def test_registered_indexes_forget_too(open_ledger: Open) -> None:
    """Before erase returns; one that is registered later forgets at once whoever is not back."""
    ledger, index, late = open_ledger(), Forgetful(), Forgetful()
    known(ledger)
    ledger.register_index(index)
    ledger.register_index(index)
    assert index.told == []
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert index.told == [{"p-7", "form:r-1"}]
    ledger.register_index(late)
    assert late.told == [{"p-7", "form:r-1"}]
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    back = Forgetful()
    ledger.register_index(back)
    assert back.told == [{"form:r-1"}]


def test_an_index_that_fails_is_told_and_made_good(open_ledger: Open) -> None:
    """The others forget all the same; the same call again lets the one that failed forget."""
    ledger, broken, sound = open_ledger(), Forgetful(), Forgetful()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.register_index(broken)
    ledger.register_index(sound)
    broken.broken = True
    with pytest.raises(LedgerError, match="gone from the ledger, but not from the index") as caught:
        ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert "王小明" not in "".join(traceback.format_exception(caught.value))
    assert sound.told == [{"p-7"}]
    broken.broken = False
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert broken.told == [{"p-7"}]
    with pytest.raises(InvalidValueError, match=r"an object with a method compact"):
        ledger.register_index(object())  # type: ignore[arg-type]  # wrong on purpose


def test_what_was_erased_and_is_told_again_stays_erased(open_ledger: Open) -> None:
    """A call repeated with its key finds that it was made: it neither fails nor brings anything back."""
    ledger = open_ledger(OnceADay)
    ledger.record(PersonEnrolled(WANG), by="cadre-3", key="k-1")
    seen = CrossingObserved(out("p-7", "p-8"))
    ledger.record(seen, by="door-7", key="k-2")
    asked = out("p-7", "p-8", at=NOON.replace(hour=15))
    decision = ledger.admit(asked, key="k-3")
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    position = ledger.position
    assert ledger.record(PersonEnrolled(WANG), by="cadre-3", key="k-1").fact == ErasedFact(
        name="person-enrolled", about=("p-7",)
    )
    assert ledger.record(seen, by="door-7", key="k-2").erased
    assert ledger.admit(asked, key="k-3").id == decision.id
    assert (ledger.position, list(ledger.people())) == (position, [])
    with pytest.raises(LedgerError, match="a new key, or the same question again"):
        ledger.admit(out("p-7", "p-8"), key="k-3")


def pages_of(address: str) -> bytes:
    """All pages of all tables and indexes of a ledger on a server."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        files = connection.execute(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c WHERE c.relfilenode <> 0 AND"
            " (c.relnamespace = current_schema()::regnamespace OR c.oid IN"
            " (SELECT reltoastrelid FROM pg_class WHERE relnamespace = current_schema()::regnamespace))"
        ).fetchall()
        read = "SELECT pg_read_binary_file(%s)"
        return b"".join(row[0] for (file,) in files for row in connection.execute(read, (file,)))


def test_no_page_of_a_server_holds_what_was_erased(new_address: Callable[[], str]) -> None:
    """Tables and indexes are clean when erase returns; a plain update, as a control, leaves the old rows."""
    for erased in (False, True):
        address = new_address()
        with Ledger.open(address, policy=policy()) as ledger:
            ledger.record(PersonEnrolled(Person(id="p-7", latin_name="zq00001000qz")), by="cadre-3")
            ledger.record(PersonEnrolled(Person(id="p-8", latin_name="zq00002000qz")), by="cadre-3")
            assert canaries_in(pages_of(address)) >= {"zq00001000qz", "zq00002000qz"}
            if erased:
                ledger.erase("p-7", reason="asked for it", by="cadre-3")
            else:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute("UPDATE epiguard_payload SET text = NULL WHERE subject = 'p-7'")
            found = canaries_in(pages_of(address))
        assert "zq00002000qz" in found
        assert ("zq00001000qz" in found) is not erased


@contextmanager
def looking_on(address: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody else's transaction, which sees what the database held when it began."""
    with psycopg.connect(address) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1")
        yield other
        other.rollback()


def test_who_looks_on_is_waited_for(new_address: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that an open transaction can see is copied by a vacuum that does not wait, as a control does."""
    for waits in (False, True):
        address = new_address()
        with Ledger.open(address, policy=policy()) as ledger:
            ledger.record(PersonEnrolled(Person(id="p-7", latin_name="zq00001000qz")), by="cadre-3")
            with looking_on(address) as other, monkeypatch.context() as patched:
                if waits:
                    Timer(1, other.rollback).start()
                else:
                    patched.setattr(_postgresql, "purge", lambda run, _: run("VACUUM FULL epiguard_payload"))
                ledger.erase("p-7", reason="asked for it", by="cadre-3")
            found = canaries_in(pages_of(address))
        assert ("zq00001000qz" in found) is not waits


def test_who_looks_on_for_too_long_is_told(
    new_address: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The indexes forget all the same, no query finds anything, and the same call again cleans the files."""
    address, index = new_address(), Forgetful()
    monkeypatch.setattr(_postgresql_purge, "PATIENCE", 0.2)
    with Ledger.open(address, policy=policy()) as ledger:
        ledger.record(PersonEnrolled(Person(id="p-7", latin_name="zq00001000qz")), by="cadre-3")
        ledger.register_index(index)
        with looking_on(address), pytest.raises(LedgerError, match="may still see what was erased; end them"):
            ledger.erase("p-7", reason="asked for it", by="cadre-3")
        assert list(ledger.people()) == []
        assert index.told == [{"p-7"}]
        monkeypatch.undo()
        ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert "zq00001000qz" not in canaries_in(pages_of(address))
