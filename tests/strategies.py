"""Generated values of the domain, for the tests; everybody in them is invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller, Vehicle
from epiguard.days import DayCount, DaySpan, TimeSpan
from epiguard.decisions import (
    Claim,
    Decision,
    Effect,
    Override,
    PassDecision,
    Restricts,
    Source,
    Verdict,
)
from epiguard.duties import Alert, Duty, Outcome, Route
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    CardHolderNamed,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    DataExpired,
    DecisionCancelled,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    ExportMade,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    MatchRejected,
    PassDecided,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonErased,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    ReleaseSigned,
    RuleFailed,
    WatchEnded,
    WatchListed,
)
from epiguard.identifiers import Document, ResidentId
from epiguard.passes import ExitPass, PassApplication, PassColour, RevocationCause
from epiguard.people import Household, Membership, Person, Relation, Relationship, Tenancy
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic
from epiguard.quarantine import (
    ChangeKind,
    Contact,
    EndCause,
    Exposure,
    PeriodChange,
    QuarantinePeriod,
    QuarantineSetting,
    Return,
)
from epiguard.registrations import FORM_FIELDS, Registration, RegistrationSource

SHANGHAI = ZoneInfo("Asia/Shanghai")
ids = st.from_regex(r"[a-z]{1,3}-[0-9]{1,5}", fullmatch=True)
dates = st.dates(date(2019, 12, 1), date(2020, 12, 31))
instants = st.datetimes(
    datetime(2019, 12, 1),  # noqa: DTZ001 - the strategy wants the bounds without a zone
    datetime(2020, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([SHANGHAI, ZoneInfo("UTC")]),
)
maybe_instants = st.none() | instants
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
texts = st.dictionaries(st.sampled_from(["zh", "en"]), words, max_size=2)
regions = st.sampled_from(["310112", "420106", "420000", "330113"])
names = st.text(st.sampled_from("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊"), min_size=2, max_size=3)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
temperatures = st.none() | st.floats(35, 41).map(lambda value: round(value, 1))
flags = st.sampled_from([None, True, False])


@st.composite
def resident_ids(draw: st.DrawFn) -> ResidentId:
    """Valid numbers with their check digit."""
    head = draw(st.sampled_from(["310115", "420106", "830000", "900000"]))
    born = draw(st.dates(date(1930, 1, 1), date(2019, 12, 31)))
    first17 = f"{head}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return ResidentId(first17 + ResidentId.check_digit_of(first17))


@st.composite
def residences(draw: st.DrawFn) -> str:
    """Addresses as people write them."""
    building, unit, floor, door = (draw(st.integers(1, 9)) for _ in range(4))
    compound = draw(st.sampled_from(["", "金都新村", "金都花园"]))
    return f"{compound}{building}号楼{unit}单元{floor}0{door}室"


documents = st.builds(Document, kind=st.just("passport"), country=st.just("NPL"), number=st.just("A1234567"))
people = st.builds(
    Person,
    id=ids,
    name=st.none() | names,
    latin_name=st.none() | st.sampled_from(["Ana Silva", "Sam Example"]),
    sex=st.sampled_from([None, "M", "F"]),
    birth_date=st.none() | st.dates(date(1930, 1, 1), date(2019, 12, 31)),
    resident_id=st.none() | resident_ids(),
    documents=st.lists(documents, max_size=1),
    phones=st.lists(phones, max_size=2),
    residence=st.none() | residences(),
    registered_region=st.none() | regions,
    plates=st.lists(st.sampled_from(["沪A12345", "沪AD12345"]), max_size=1),
    cards=st.lists(st.from_regex(r"[0-9]{4,8}", fullmatch=True), max_size=2),
    guardian=st.none() | ids,
    tenancy=st.none() | st.sampled_from(Tenancy),
    resident=st.booleans(),
)
memberships = st.builds(Membership, person=ids, since=st.none() | dates, until=st.none())
households = st.builds(
    Household, id=ids, residence=st.none() | residences(), members=st.lists(memberships, max_size=3)
)
lanes = st.builds(
    lambda since, days, **options: Lane(
        since=since,
        until=since + timedelta(days=days) if since is not None and days is not None else None,
        **options,
    ),
    direction=st.sampled_from(Direction),
    traffic=st.sampled_from(Traffic),
    since=st.none() | dates,
    days=st.none() | st.integers(1, 60),
)
checkpoints = st.builds(
    Checkpoint,
    id=ids,
    name=st.just("") | words,
    kind=st.sampled_from(CheckpointKind),
    lanes=st.lists(lanes, max_size=3),
)
sites = st.builds(
    Site,
    id=ids,
    zone=st.sampled_from(["Asia/Shanghai", "Pacific/Apia"]),
    name=st.just("") | words,
    region=st.none() | regions,
    day_starts=st.sampled_from([time(0), time(3)]),
    compounds=st.lists(words, max_size=2),
    checkpoints=st.lists(checkpoints, max_size=3, unique_by=lambda each: each.id),
)
day_spans = st.builds(
    lambda start, days: DaySpan(start, start + timedelta(days=days)), dates, st.integers(1, 60)
)
time_spans = st.builds(
    lambda start, hours: TimeSpan(start, start + timedelta(hours=hours)), instants, st.integers(25, 99)
)
relationships = st.builds(
    Relationship, person=ids, relation=st.sampled_from(Relation), contact=ids, span=st.none() | day_spans
)
registrations = st.builds(
    Registration,
    id=ids,
    source=st.sampled_from(RegistrationSource),
    written=st.dictionaries(st.sampled_from(FORM_FIELDS), words, max_size=4),
    submitted_at=maybe_instants,
    returning_from=st.none() | regions,
    left_on=st.none() | dates,
    arrived_on=st.none() | dates,
    person=st.none() | ids,
)
travellers = st.builds(
    Traveller,
    person=st.none() | ids,
    role=st.sampled_from(Role),
    temperature=temperatures,
    retested=temperatures,
    not_measured=st.none() | st.sampled_from(NotMeasured),
    exit_pass=st.none() | ids,
    asked=flags,
    returning_from=st.none() | regions,
    returned_on=st.none() | dates,
    registered=flags,
    registration=st.none() | registrations,
    health_code=st.none() | st.sampled_from(CodeColour),
    code_not_shown=st.none() | st.sampled_from(CodeNotShown),
    clinic_journey=st.none() | ids,
    host=st.none() | ids,
    host_agreed=flags,
)


def nobody_twice(party: list[Traveller]) -> bool:
    """Whether nobody stands in a party twice."""
    known = [each.person for each in party if each.person is not None]
    return len(known) == len(set(known))


vehicles = st.builds(Vehicle, plate=st.none() | st.just("沪A12345"), trunk_opened=flags, luggage_found=flags)
crossings = st.builds(
    Crossing,
    checkpoint=st.sampled_from(["north", "south"]),
    direction=st.sampled_from(Direction),
    at=instants,
    travellers=st.lists(travellers, min_size=1, max_size=3).filter(nobody_twice),
    vehicle=st.none() | vehicles,
    purpose=st.none() | words,
)
returns = st.builds(Return, region=regions)
contacts = st.builds(Contact, with_person=st.none() | ids)
exposures = st.builds(
    Exposure,
    person=ids,
    reason=returns | contacts,
    last_on=st.none() | dates,
    last_at=maybe_instants,
    left_on=st.none() | dates,
    arrived_on=st.none() | dates,
)
extensions = st.builds(
    PeriodChange,
    kind=st.just(ChangeKind.EXTENDED),
    days=st.integers(1, 30),
    reason=words,
    by=ids,
    at=maybe_instants,
)
moves = st.builds(
    PeriodChange,
    kind=st.just(ChangeKind.MOVED_SETTING),
    setting=st.sampled_from(QuarantineSetting),
    reason=words,
    by=ids,
    at=maybe_instants,
)
ends = st.builds(
    PeriodChange,
    kind=st.just(ChangeKind.ENDED),
    cause=st.sampled_from(EndCause),
    reason=words,
    by=ids,
    at=instants,
)
changes = extensions | moves | ends


def _period(stages: tuple[int, QuarantineSetting | None], **values: Any) -> QuarantinePeriod:
    return QuarantinePeriod(then_days=stages[0], then_setting=stages[1], **values)


periods = st.builds(
    _period,
    id=ids,
    person=ids,
    exposure=exposures,
    anchor=instants | dates,
    days=st.integers(3, 60),
    zone=st.sampled_from(["Asia/Shanghai", "Pacific/Apia"]),
    convention=st.sampled_from([DayCount.DAY0_EXCLUDED, DayCount.DAY1_INCLUDED]),
    setting=st.sampled_from(QuarantineSetting),
    release_hour=st.none() | st.just(time(8)),
    anchor_unconfirmed=st.booleans(),
    policy_version=st.none() | ids,
    changes=st.lists(changes, max_size=3),
    stages=st.sampled_from([(0, None), (0, None), (2, QuarantineSetting.HEALTH_MONITORING)]),
)
exit_passes = st.builds(ExitPass, number=ids, person=ids, colour=st.sampled_from(PassColour), valid=day_spans)
applications = st.builds(
    PassApplication,
    number=ids,
    person=ids,
    colour=st.sampled_from(PassColour),
    valid=day_spans,
    at=instants,
    asked=flags,
    registered=flags,
    temperature=temperatures,
    not_measured=st.none() | st.sampled_from(NotMeasured),
)
duties = st.builds(
    Duty,
    kind=st.sampled_from(["tell-landlord", "confirm-match"]),
    subject=ids,
    contact=st.none() | ids,
    due=maybe_instants,
    route=st.none() | st.sampled_from(Route),
    basis=st.none() | ids,
    assignee=st.none() | ids,
    source=words,
    texts=texts,
)
alerts = st.builds(
    Alert,
    kind=st.sampled_from(["override", "rule-fault"]),
    subject=ids,
    at=maybe_instants,
    checkpoint=st.none() | ids,
    basis=st.none() | ids,
    source=words,
    texts=texts,
)
claims = st.builds(
    Claim, name=st.just("exit"), subject=ids, days=st.none() | st.integers(1, 3), slot=st.integers(0, 2)
)
sources = st.builds(
    Source,
    entry=ids,
    rule=ids,
    distribution=words,
    notice=words,
    since=st.none() | dates,
    until=st.none() | dates,
    restricts=st.sampled_from(Restricts),
)
verdicts = st.builds(
    Verdict,
    effect=st.sampled_from(Effect),
    code=ids,
    texts=texts,
    traveller=st.none() | st.integers(0, 2),
    grants=st.booleans(),
    lifted_by=st.none() | ids,
    claims=st.lists(claims, max_size=2),
    duties=st.lists(duties, max_size=1),
    alerts=st.lists(alerts, max_size=1),
    source=st.none() | sources,
    waived=st.booleans(),
    fault=st.none() | words,
)
overrides = st.builds(Override, reason=words, by=ids)
decisions = st.builds(
    Decision,
    crossing=crossings,
    day=dates,
    effect=st.sampled_from(Effect),
    verdicts=st.lists(verdicts, max_size=2),
    duties=st.lists(duties, max_size=1),
    alerts=st.lists(alerts, max_size=1),
    policy_version=ids,
    override=st.none() | overrides,
    id=ids,
    follows=st.none() | ids,
    at=maybe_instants,
)
pass_decisions = st.builds(
    PassDecision,
    application=applications,
    day=dates,
    effect=st.sampled_from(Effect),
    verdicts=st.lists(verdicts, max_size=2),
    duties=st.lists(duties, max_size=1),
    alerts=st.lists(alerts, max_size=1),
    policy_version=ids,
    override=st.none() | overrides,
    id=ids,
    at=maybe_instants,
)

#: One strategy per domain type that has plain data of its own.
DOMAIN: dict[type[Any], st.SearchStrategy[Any]] = {
    Alert: alerts, Checkpoint: checkpoints, Claim: claims, Contact: contacts, Crossing: crossings,
    DaySpan: day_spans, Decision: decisions, Document: documents, Duty: duties, ExitPass: exit_passes,
    Exposure: exposures, Household: households, Lane: lanes, Membership: memberships, Override: overrides,
    PassApplication: applications, PassDecision: pass_decisions, PeriodChange: changes, Person: people,
    QuarantinePeriod: periods, Registration: registrations, Relationship: relationships, Return: returns,
    Site: sites, Source: sources, TimeSpan: time_spans, Traveller: travellers, Vehicle: vehicles,
    Verdict: verdicts,
}  # fmt: skip

#: One strategy per kind of fact.
FACTS: dict[type[Fact], st.SearchStrategy[Fact]] = {
    AlertClosed: st.builds(AlertClosed, alert=ids, outcome=words, at=maybe_instants),
    AlertRaised: st.builds(AlertRaised, alerts, at=maybe_instants),
    CardHolderNamed: st.builds(CardHolderNamed, household=ids, person=ids, at=maybe_instants),
    CrossingDecided: st.builds(CrossingDecided, decisions, at=maybe_instants),
    CrossingObserved: st.builds(CrossingObserved, crossings, decision=st.none() | ids, at=maybe_instants),
    ClaimContested: st.builds(
        ClaimContested,
        claim=st.builds("exit|{}|2020-02-14|0".format, ids),
        decision=ids,
        at=maybe_instants,
    ),
    DataExpired: st.builds(
        DataExpired,
        entries=st.lists(st.builds("main {}-999".format, st.integers(1, 99)), max_size=2),
        counts=st.dictionaries(ids, st.integers(0, 99), max_size=2),
        reason=words,
        at=maybe_instants,
    ),
    DecisionCancelled: st.builds(
        DecisionCancelled, decision=ids, reason=words, persons=st.lists(ids, max_size=2), at=maybe_instants
    ),
    DutyAssigned: st.builds(DutyAssigned, duty=ids, assignee=st.none() | ids, at=maybe_instants),
    DutyAttempted: st.builds(
        DutyAttempted,
        duty=ids,
        outcome=st.sampled_from(Outcome),
        note=words,
        call=st.none() | ids,
        at=maybe_instants,
    ),
    DutyClosed: st.builds(DutyClosed, duty=ids, reason=words, at=maybe_instants),
    DutyOpened: st.builds(DutyOpened, duties, at=maybe_instants),
    ExportMade: st.builds(ExportMade, purpose=words, what=words, rows=st.integers(0, 99), at=maybe_instants),
    HouseholdRecorded: st.builds(HouseholdRecorded, households, at=maybe_instants),
    LeaveGranted: st.builds(LeaveGranted, person=ids, span=time_spans, purpose=words, at=maybe_instants),
    MatchConfirmed: st.builds(MatchConfirmed, registration=ids, person=ids, at=maybe_instants),
    MatchFound: st.builds(MatchFound, registration=ids, person=ids, at=maybe_instants),
    MatchRejected: st.builds(MatchRejected, registration=ids, person=ids, at=maybe_instants),
    PassDecided: st.builds(PassDecided, pass_decisions, at=maybe_instants),
    PassIssued: st.builds(PassIssued, exit_passes, decision=st.none() | ids, at=maybe_instants),
    PassRevoked: st.builds(
        PassRevoked,
        number=ids,
        person=ids,
        reason=words,
        cause=st.sampled_from(RevocationCause),
        at=maybe_instants,
    ),
    PersonChanged: st.builds(PersonChanged, people, at=maybe_instants),
    PersonErased: st.builds(PersonErased, person=ids, others=st.lists(ids, max_size=2), reason=words),
    PersonEnrolled: st.builds(PersonEnrolled, people, at=maybe_instants),
    PersonLeft: st.builds(
        PersonLeft,
        person=ids,
        reason=words,
        cause=st.sampled_from([EndCause.DEATH, EndCause.MOVED_AWAY]),
        at=maybe_instants,
    ),
    QuarantineChanged: st.builds(
        QuarantineChanged, period=ids, person=ids, change=changes, at=maybe_instants
    ),
    QuarantineOrdered: st.builds(QuarantineOrdered, periods, at=maybe_instants),
    Registered: st.builds(Registered, registrations, at=maybe_instants),
    RelationshipRecorded: st.builds(RelationshipRecorded, relationships, at=maybe_instants),
    ReleaseSigned: st.builds(
        ReleaseSigned, period=ids, person=ids, by=ids, notice=st.none() | ids, at=maybe_instants
    ),
    RuleFailed: st.builds(
        RuleFailed, rule=ids, distribution=words, hook=ids, fault=words, about=ids, at=maybe_instants
    ),
    WatchEnded: st.builds(WatchEnded, person=ids, reason=words, at=maybe_instants),
    WatchListed: st.builds(
        WatchListed,
        person=ids,
        reason=words,
        until=dates,
        plate=st.none() | st.just("沪A12345"),
        card=st.none() | st.from_regex(r"[0-9]{4,8}", fullmatch=True),
        at=maybe_instants,
    ),
}
