"""The day's job on the Jindu Road example, compared with the truth that the job never reads.

The headline is the account's: nobody of 1793 is lost through a wrong form.
"""

from __future__ import annotations

import csv
import importlib.util
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import attrs
import pytest

from epiguard import DutyState, Ledger, Policy
from epiguard.day import DayResult, run_day
from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone, read_phone, read_residence
from epiguard.people import Tenancy
from epiguard.registrations import Registration
from epiguard.situation import State

EXAMPLE = Path(__file__).parents[2] / "examples" / "meilong" / "jindu_road"
SEEDS = (20200213, 1, 2)
RETURNEES = 1793
FROM_HUBEI = 435


@attrs.frozen
class Returnee:
    """One line of the truth."""

    id: str
    person: str | None
    kind: str
    forms: tuple[str, ...]
    crossing: str


@attrs.frozen
class Day:
    """One seed's run beside its truth."""

    folder: Path
    out: Path
    result: DayResult
    state: State
    duties: tuple[Duty, ...]
    returnees: tuple[Returnee, ...]
    strangers: frozenset[str]


def generate(folder: Path, seed: int) -> None:
    """Make the files of a seed with the example's own generator."""
    spec = importlib.util.spec_from_file_location("jindu_road_generate", EXAMPLE / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    make: Callable[[Path, int], None] = module.generate
    make(folder, seed)


@cache
def run(seed: int, base: Path) -> Day:
    """Generate the files of a seed, hide the truth, run the job, and bring the truth back."""
    folder, out, truth = (base / name for name in ("files", "out", "truth"))
    generate(folder, seed)
    shutil.move(folder / "truth", truth)
    shutil.copy(EXAMPLE / "site.toml", folder)
    result = run_day(folder, out)
    with Ledger.open(out / "ledger.db", policy=Policy.load(folder / "site.toml")) as ledger:
        state = ledger.state
        duties = tuple(each.duty for each in ledger.duties(state=DutyState.OPEN))
    with (truth / "returnees.csv").open(encoding="utf-8", newline="") as lines:
        returnees = tuple(
            Returnee(
                row["returnee_id"],
                row["person"] or None,
                row["kind"],
                tuple(form for form in row["forms"].split(";") if form),
                row["crossing"],
            )
            for row in csv.DictReader(lines)
        )
    with (truth / "strangers.csv").open(encoding="utf-8", newline="") as lines:
        strangers = frozenset(row["form"] for row in csv.DictReader(lines))
    return Day(folder, out, result, state, duties, returnees, strangers)


@pytest.fixture(scope="module", params=SEEDS)
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The run of one seed."""
    return run(request.param, tmp_path_factory.mktemp(f"seed-{request.param}"))


def has_phone(form: Registration) -> bool:
    """Whether a complete number was written."""
    written = form.written.get("phone")
    try:
        return written is not None and isinstance(read_phone(written.value), Phone)
    except InvalidValueError:
        return False


def has_address(form: Registration) -> bool:
    """Whether a door was written."""
    written = form.written.get("residence")
    return written is not None and read_residence(written.value) is not None


def reaches(duty: Duty, forms: list[Registration], people: list[str], state: State) -> bool:
    """Whether the duty's route leads to somebody: a written or known number, a written or known door."""
    known = [state.people[each] for each in people if each in state.people]
    if duty.route is Route.PHONE:
        return any(map(has_phone, forms)) or any(each.phones for each in known)
    if duty.route is Route.DOOR:
        return any(map(has_address, forms)) or any(each.residence is not None for each in known)
    return False


def owed(day: Day, subject: str, *kinds: str) -> list[Duty]:
    """The open duties of some kinds about a subject."""
    return [each for each in day.duties if each.subject == subject and each.kind in kinds]


def matched_fate(day: Day, returnee: Returnee) -> str | None:
    """Matched rightly with somebody to tell, or wrongly."""
    found = {each.registration.id: each.person_id for each in day.result.lists.matched}
    persons = {found[form] for form in returnee.forms if form in found}
    if not persons:
        return None
    if persons != {returnee.person}:
        return "matched to somebody else"
    assert returnee.person is not None
    told = owed(day, returnee.person, "tell-returnee", "door-visit")
    forms = [day.state.registrations[form] for form in returnee.forms]
    routed = any(reaches(each, forms, [returnee.person], day.state) for each in told)
    return "matched" if routed else "matched without a route"


def unsure_fate(day: Day, returnee: Returnee) -> str | None:
    """Among the first five candidates, or nobody's candidate; with a duty to confirm and a route."""
    for unsure in day.result.lists.to_confirm:
        if unsure.registration.id in returnee.forms:
            first_five = [each.person_id for each in unsure.answer.candidates[:5]]
            duties = owed(day, unsure.registration.subject, "confirm-match")
            routed = any(reaches(each, [unsure.registration], first_five, day.state) for each in duties)
            if returnee.person in first_five and routed:
                return "to confirm"
            # Nobody in the register can be the right one: then the route must be the form's own.
            if returnee.person is None and any(
                reaches(each, [unsure.registration], [], day.state) for each in duties
            ):
                return "to confirm, not in the register"
    return None


def stranger_fate(day: Day, returnee: Returnee) -> str | None:
    """Listed as not in the register, with a duty and a route."""
    for stranger in day.result.lists.not_in_register:
        if stranger.registration.id in returnee.forms:
            subject = f"form:{stranger.same_as or stranger.registration.id}"
            duties = owed(day, subject, "register-newcomer")
            if any(reaches(each, [stranger.registration], [], day.state) for each in duties):
                return "not in the register"
    return None


def unregistered_fate(day: Day, returnee: Returnee) -> str | None:
    """Listed as seen at the gate without a form, with a duty to fetch it or to find out who it was."""
    gate = {each.key: each.crossing for each in day.result.files.gate}
    crossing = next((each for key, each in gate.items() if key.endswith(returnee.crossing)), None)
    for missing in day.result.lists.unregistered:
        if missing.person_id is not None and missing.person_id == returnee.person:
            duties = owed(day, missing.person_id, "fetch-form")
            if any(reaches(each, [], [missing.person_id], day.state) for each in duties):
                return "without a form"
        if missing.person_id is None and missing.crossing == crossing and not returnee.forms:
            duties = owed(day, missing.crossing.checkpoint, "identify-returnee")
            if any(missing.crossing.at.isoformat() in (each.basis or "") for each in duties):
                return "without a form, to be identified"
    return None


def fate(day: Day, returnee: Returnee) -> str:
    """What became of a returnee: ``lost`` unless one of the acceptable ends is found, route included."""
    ways = (matched_fate, unsure_fate, stranger_fate, unregistered_fate)
    return next((found for way in ways if (found := way(day, returnee)) is not None), "lost")


def test_nobody_of_1793_is_lost(day: Day) -> None:
    """Every returnee is matched, or among the first five, or listed; each with a duty and a route."""
    fates = Counter((returnee.kind, fate(day, returnee)) for returnee in day.returnees)
    assert sum(fates.values()) == RETURNEES
    wrong = {"lost", "matched to somebody else", "matched without a route"}
    assert {key: count for key, count in fates.items() if key[1] in wrong} == {}


def test_no_stranger_is_reported_as_a_resident(day: Day) -> None:
    """Neither a form that belongs to nobody nor a subtenant's is matched to a resident."""
    subtenants = {form for each in day.returnees if each.person is None for form in each.forms}
    matched = {each.registration.id for each in day.result.lists.matched}
    assert matched & (day.strangers | subtenants) == set()


def test_those_not_in_the_register_are_listed_as_such(day: Day) -> None:
    """Most of those whom no list knows are listed as such; the few with a namesake here are asked first."""
    found = Counter(fate(day, each) for each in day.returnees if each.kind == "not-in-register")
    assert set(found) <= {"not in the register", "to confirm, not in the register"}
    assert found["not in the register"] >= 0.8 * found.total()


def test_nothing_unconfirmed_is_reported_as_confirmed(day: Day) -> None:
    """Nobody has phoned yet, so the report has no confirmed returnee and no confirmed form."""
    figures = day.result.report
    assert (figures.returnees.confirmed, figures.forms.confirmed) == (0, 0)
    assert figures.returnees.unconfirmed == figures.returnees.to_date


def test_everybody_registered_in_hubei_is_to_be_phoned(day: Day) -> None:
    """The 435 are screened by their household registration, each by one duty with a route; nobody else is."""
    screened = [each for each in day.duties if each.kind == "screen-movements"]
    assert len({each.subject for each in screened}) == len(screened) == FROM_HUBEI
    assert all(reaches(each, [], [each.subject], day.state) for each in screened)


def test_every_matched_returnee_is_under_observation_from_the_day_of_arrival(day: Day) -> None:
    """A matched returnee has a period of fourteen days, and the duty to tell them with it."""
    matched = {each.person_id for each in day.result.lists.matched}
    with_period = {each.person for each in day.state.periods.values()}
    returned = {each.person for each in day.returnees if each.person in matched}
    assert returned - with_period == set()
    assert {each.total_days for each in day.state.periods.values()} == {14}
    told = {each.subject for each in day.duties if each.kind in ("tell-returnee", "door-visit")}
    assert returned - told == set()


def test_no_owner_is_visited_for_want_of_a_landlord(day: Day) -> None:
    """Of the register's people only tenants, or those with a tenant in the household, lack a landlord."""
    assert day.result.files.residents is not None
    known = {each.id: each.tenancy for each in day.result.files.residents.people}
    lacking = [
        each.subject for each in day.duties if each.kind == "door-visit" and "landlord" in each.text("en")
    ]
    assert lacking
    assert {known[each] for each in lacking if each in known} <= {Tenancy.TENANT}


def test_forms_add_up(day: Day) -> None:
    """Every form is in exactly one of the three lists."""
    lists, forms = day.result.lists, day.result.files.registrations
    ids = [
        each.registration.id
        for listed in (lists.matched, lists.to_confirm, lists.not_in_register)
        for each in listed
    ]
    assert sorted(ids) == sorted(each.id for each in forms)


def test_the_same_folder_again_adds_nothing(day: Day) -> None:
    """A second run records no fact and gives the same report and lists."""
    before = {path.name: path.read_bytes() for path in day.result.written}
    again = run_day(day.folder, day.out)
    assert again.facts_added == 0
    assert again.report == day.result.report
    assert {path.name: path.read_bytes() for path in again.written} == before


def test_the_job_reads_no_truth(day: Day) -> None:
    """The truth was not in the folder while the job ran."""
    assert not (day.folder / "truth").exists()
